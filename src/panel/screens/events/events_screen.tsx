/** What happened in the fleet, as it happens: of the devices that a query finds, which stands in the address. */
import { getRouteApi } from "@tanstack/react-router";
import { useCalled } from "../../live/called.ts";
import { useFleetEvents } from "../../live/fleet.ts";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import { Notice, NotRead, whyNotRead } from "../../parts/notice.tsx";
import { useTitle } from "../../shell/title.ts";
import { EVENTS, OLDER, SOME, WHOLE } from "../../words/fleet.ts";
import { SearchBox } from "../devices/search.tsx";
import { EventRow } from "./event_row.tsx";
import "../../styles/fleet.css";

const route = getRouteApi("/events");
const PAGE = 50;

export function EventsScreen() {
  useTitle(EVENTS.title);
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const watch = useWatch({ query: q, window: [0, 1], fields: ["id"], include: ["events"], rate: 1 })!;
  const { error } = useOutline(watch);
  const { items, next, problem, read, older } = useFleetEvents({ q }, PAGE, () => true);
  const called = useCalled(items?.map(({ device }) => device) ?? []);
  return (
    <>
      <div className="page-head">
        <h1>{EVENTS.title}</h1>
        <p>{EVENTS.lead}</p>
      </div>
      <div className="toolbar">
        <SearchBox
          q={q}
          problem={error?.message}
          onSearch={(q) => void navigate({ search: q ? { q } : {}, replace: true })}
        />
      </div>
      {!items && problem && <NotRead what={EVENTS.read} problem={problem} onRetry={() => void read()} />}
      {items?.length === 0 && next === null && (
        <Notice title={q === "" ? EVENTS.none : EVENTS.noneFound}>{EVENTS.noneText}</Notice>
      )}
      {items && items.length > 0 && (
        <div className="sheet fleet-events" role="table" aria-label={EVENTS.title}>
          <div className="line head" role="row">
            {[EVENTS.when, EVENTS.device, EVENTS.what, EVENTS.data].map((title) => (
              <span key={title} role="columnheader">{title}</span>
            ))}
          </div>
          {items.map((event) => <EventRow key={event.id} event={event} called={called.get(event.device)} />)}
        </div>
      )}
      {items && (items.length > 0 || next !== null) && (
        <div className="sheet-foot">
          <p className="text-ink3">{next === null ? WHOLE(items.length) : SOME(items.length)}</p>
          {problem && <p className="problem" role="alert">{whyNotRead(problem)}</p>}
          {next !== null && <button type="button" className="button" onClick={() => void older()}>{OLDER}</button>}
        </div>
      )}
    </>
  );
}
