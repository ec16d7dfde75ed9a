/** The newest of what happened and of what failed, as it happens; each list has a screen of its own. */
import { Link } from "@tanstack/react-router";
import { useCalled } from "../../live/called.ts";
import { useFleetCommands, useFleetEvents } from "../../live/fleet.ts";
import { useWatch } from "../../live/use_watch.ts";
import { COMMANDS, EVENTS, NOT_DONE } from "../../words/fleet.ts";
import { CommandLine } from "../commands/command_line.tsx";
import { EventRow } from "../events/event_row.tsx";

const EVENTS_SHOWN = 12;
const FAILING_SHOWN = 6;

export function Recent() {
  useWatch({ window: [0, 1], fields: ["id"], include: ["events", "commands"], rate: 1 });
  const { items: events } = useFleetEvents({}, EVENTS_SHOWN, () => true);
  const { items: failing } = useFleetCommands({ status: NOT_DONE }, FAILING_SHOWN, ({ status }) => FAILED.has(status));
  const shown = [...failing?.slice(0, FAILING_SHOWN) ?? [], ...events?.slice(0, EVENTS_SHOWN) ?? []];
  const called = useCalled(shown.map(({ device }) => device));
  return (
    <>
      <section className="panel-box" aria-labelledby="home-failing">
        <h2 id="home-failing" className="heading">{COMMANDS.failing}</h2>
        {failing?.length === 0 && <p className="py-2 text-ink3">{COMMANDS.failingNone}</p>}
        {failing && failing.length > 0 && (
          <div className="sheet fleet-commands" role="table" aria-label={COMMANDS.failing}>
            {failing.slice(0, FAILING_SHOWN).map((record) => (
              <CommandLine key={record.id} record={record} called={called.get(record.device)} />
            ))}
          </div>
        )}
        <Link to="/commands" className="link">{COMMANDS.all}</Link>
      </section>
      <section className="panel-box" aria-labelledby="home-events">
        <h2 id="home-events" className="heading">{EVENTS.title}</h2>
        {events?.length === 0 && <p className="py-2 text-ink3">{EVENTS.none}</p>}
        {events && events.length > 0 && (
          <div className="sheet fleet-events" role="table" aria-label={EVENTS.title}>
            {events.slice(0, EVENTS_SHOWN).map((event) => (
              <EventRow key={event.id} event={event} called={called.get(event.device)} />
            ))}
          </div>
        )}
        <Link to="/events" className="link">{EVENTS.all}</Link>
      </section>
    </>
  );
}

const FAILED: ReadonlySet<string> = new Set(NOT_DONE.split(","));
