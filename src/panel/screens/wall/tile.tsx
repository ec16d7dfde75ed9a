/** A device as it is read from across a room: what is wrong with it, then its values. */
import { Link } from "@tanstack/react-router";
import { Clock, OctagonX } from "lucide-react";
import { type Headline, headlineOf } from "../../form/controls.ts";
import { staleFrom, toldOf } from "../../live/fresh.ts";
import { useKind } from "../../live/kinds.ts";
import { useClock } from "../../live/time.ts";
import { useShown } from "../../live/use_watch.ts";
import type { Shown } from "../../live/watch.ts";
import { Age } from "../../parts/age.tsx";
import { KindIcon } from "../../parts/icon.tsx";
import { PresenceShape } from "../../parts/presence.tsx";
import { Written } from "../../parts/written.tsx";
import { latchOf, markInWords } from "../../words/estop.ts";
import { ageOf } from "../../words/format.ts";
import { WALL } from "../../words/wall.ts";
import { PRESENCE } from "../../words/words.ts";
import type { Shown as OnWall } from "./use_wall.ts";

export function Tile({ id, store }: OnWall) {
  const device = useShown(store, id);
  const kind = useKind(device?.kind);
  if (!device) return <li className="wall-tile" />;
  const presence = device.presence ?? "new";
  const latch = latchOf(device);
  const wrong = latch ? "stopped" : presence === "offline" || presence === "suspect" ? presence : "nothing";
  const headline = kind ? headlineOf(kind).slice(0, 3) : [];
  const newest = Math.max(...headline.map((one) => toldOf(device, one).at ?? 0));
  return (
    <li className="wall-tile" data-wrong={wrong}>
      <p className="wall-state">
        {latch
          ? (
            <span className="wall-stopped">
              <OctagonX size="1em" aria-hidden="true" />
              {markInWords(latch).word}
            </span>
          )
          : (
            <span className="wall-presence">
              <PresenceShape presence={presence} size={16} />
              {PRESENCE[presence].word}
              {wrong !== "nothing" && device.since && <Since at={device.since} />}
            </span>
          )}
        <span className="text-ink3">
          {newest > 0 && wrong === "nothing" && <Age at={newest} />}
          <KindIcon name={kind?.icon} />
        </span>
      </p>
      <h2>
        <Link to="/devices/$id" params={{ id }} className="wall-name" dir="auto">{device.name}</Link>
      </h2>
      <div className="wall-values">
        {headline.map((one) => <Told key={one.field.name} device={device} of={one} stale={kind!.stale} />)}
      </div>
    </li>
  );
}

const Since = ({ at }: { at: number }) => <span>{useClock((now) => WALL.since(ageOf(now - at)))}</span>;

interface ToldProps {
  device: Shown;
  of: Headline;
  stale: number;
}

function Told({ device, of, stale }: ToldProps) {
  const { value, at } = toldOf(device, of);
  const from = staleFrom(device, of.part, at, stale);
  const isStale = useClock((now) => now > from);
  const age = useClock((now) => at === undefined ? "" : ageOf(now - at));
  if (value === undefined) return null;
  return (
    <p className="wall-value" data-stale={isStale}>
      <span className="wall-field">
        {isStale && <Clock size="1em" role="img" aria-label={WALL.stale(age)} />}
        <span className="truncate">{of.field.title}</span>
      </span>
      <b>
        <Written value={value} field={of.field} />
      </b>
    </p>
  );
}
