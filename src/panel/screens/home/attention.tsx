/** Devices that are not as they should be: stopped ones first, then who is silent, the latest first. */
import { Link } from "@tanstack/react-router";
import { OctagonX } from "lucide-react";
import { useOutline, useShown, useWatch } from "../../live/use_watch.ts";
import type { WatchStore } from "../../live/watch.ts";
import { Ago } from "../../parts/age.tsx";
import { PresenceMark } from "../../parts/presence.tsx";
import { HOME } from "../../words/home.ts";
import { reasonInWords } from "../../words/words.ts";

const MOST = 8;
const FIELDS = ["id", "name", "presence", "reason", "seen", "estop"];
const SILENT = "status:suspect,offline";
const STOPPED = "is:stopped";

export function Attention() {
  const stopped = useWatch({ query: STOPPED, sort: "name", window: [0, MOST], fields: FIELDS, rate: 1 })!;
  const silent = useWatch({ query: SILENT, sort: "-seen", window: [0, MOST], fields: FIELDS, rate: 1 })!;
  const [stops, silence] = [useOutline(stopped), useOutline(silent)];
  const isQuiet = !silence.isLoading && stops.total + silence.total === 0;
  return (
    <section className="panel-box" aria-labelledby="home-look">
      <h2 id="home-look" className="heading">{HOME.look}</h2>
      {isQuiet ? <p className="py-2 text-ink3">{HOME.lookNone}</p> : (
        <ul className="attention">
          {stops.order.map((id) => <Item key={id} store={stopped} id={id} isStopped />)}
          {silence.order.map((id) => <Item key={id} store={silent} id={id} />)}
        </ul>
      )}
      {stops.total > MOST && (
        <Link to="/devices" search={{ q: STOPPED }} className="link">{HOME.stoppedMore(stops.total)}</Link>
      )}
      {silence.total > MOST && (
        <Link to="/devices" search={{ q: SILENT, sort: "-seen" }} className="link">{HOME.lookMore(silence.total)}</Link>
      )}
    </section>
  );
}

function Item({ store, id, isStopped = false }: { store: WatchStore; id: string; isStopped?: boolean }) {
  const device = useShown(store, id);
  if (!device) return null;
  return (
    <li>
      {isStopped
        ? (
          <span className="stopped">
            <OctagonX size={14} aria-hidden="true" />
            {HOME.stopped}
          </span>
        )
        : <PresenceMark presence={device.presence ?? "offline"} />}
      <Link to="/devices/$id" params={{ id }} className="row-link" dir="auto">{device.name}</Link>
      <span className="why">{device.reason ? reasonInWords(device.reason) : ""}</span>
      {device.seen ? <Ago at={device.seen} className="when" /> : <span className="when">{HOME.seenNever}</span>}
    </li>
  );
}
