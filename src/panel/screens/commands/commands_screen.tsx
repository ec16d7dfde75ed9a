/** What was asked of the fleet, as it goes on: by outcome, which stands in the address. */
import { getRouteApi } from "@tanstack/react-router";
import { useCalled } from "../../live/called.ts";
import { useFleetCommands } from "../../live/fleet.ts";
import { useWatch } from "../../live/use_watch.ts";
import { Notice, NotRead, whyNotRead } from "../../parts/notice.tsx";
import { useTitle } from "../../shell/title.ts";
import { COMMANDS, OLDER, OUTCOMES, SOME, WHOLE } from "../../words/fleet.ts";
import { CommandLine } from "./command_line.tsx";
import "../../styles/fleet.css";

const route = getRouteApi("/commands");
const PAGE = 50;

export function CommandsScreen() {
  useTitle(COMMANDS.title);
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  useWatch({ window: [0, 1], fields: ["id"], include: ["commands"], rate: 1 });
  const { items, next, problem, read, older } = useFleetCommands({ status }, PAGE, () => true);
  // One that moved on since is another matter.
  const shown = items?.filter((record) => !status || status.split(",").includes(record.status));
  const called = useCalled(shown?.map(({ device }) => device) ?? []);
  return (
    <>
      <div className="page-head">
        <h1>{COMMANDS.title}</h1>
        <p>{COMMANDS.lead}</p>
      </div>
      <div className="toolbar">
        <div className="counters" role="group" aria-label={COMMANDS.filter}>
          {OUTCOMES.map(({ word, statuses }) => (
            <button
              key={word}
              type="button"
              className="counter"
              aria-pressed={status === statuses}
              onClick={() => void navigate({ search: statuses ? { status: statuses } : {}, replace: true })}
            >
              {word}
            </button>
          ))}
        </div>
      </div>
      {!shown && problem && <NotRead what={COMMANDS.read} problem={problem} onRetry={() => void read()} />}
      {shown?.length === 0 && next === null && (
        <Notice title={status ? COMMANDS.noneFound : COMMANDS.none}>{COMMANDS.noneText}</Notice>
      )}
      {shown && shown.length > 0 && (
        <div className="sheet fleet-commands" role="table" aria-label={COMMANDS.title}>
          <div className="line head" role="row">
            {[COMMANDS.when, COMMANDS.device, COMMANDS.what, COMMANDS.by, COMMANDS.outcome, COMMANDS.took].map((
              title,
            ) => <span key={title} role="columnheader">{title}</span>)}
          </div>
          {shown.map((record) => <CommandLine key={record.id} record={record} called={called.get(record.device)} />)}
        </div>
      )}
      {shown && (shown.length > 0 || next !== null) && (
        <div className="sheet-foot">
          <p className="text-ink3">{next === null ? WHOLE(shown.length) : SOME(shown.length)}</p>
          {problem && <p className="problem" role="alert">{whyNotRead(problem)}</p>}
          {next !== null && <button type="button" className="button" onClick={() => void older()}>{OLDER}</button>}
        </div>
      )}
    </>
  );
}
