/** Where a tracker is and was: over a grid of metres, or a map where somebody wants one. */
import { Navigation } from "lucide-react";
import { useState } from "react";
import { Press } from "../../control/press.tsx";
import { Roads } from "../../control/roads.tsx";
import { useMap } from "../../live/map.ts";
import { gapOf, type Series, useSeries } from "../../live/series.ts";
import type { Shown } from "../../live/watch.ts";
import { Ago } from "../../parts/age.tsx";
import { TRACKER } from "../../words/faces.ts";
import { inWords } from "../../words/format.ts";
import type { FaceProps } from "../mod.ts";
import type { TrackerParts } from "../shapes/tracker.ts";
import { Ground } from "./ground.tsx";
import { MapOffer } from "./map_offer.tsx";
import { metresInWords } from "./metres.ts";
import { type At, distance, type Fence, type Place } from "./projection.ts";
import type { Sight } from "./sight.ts";

const HOUR = 3_600_000;
const SPANS: Record<string, number> = { "1h": HOUR, "6h": 6 * HOUR, "24h": 24 * HOUR };
const POINTS = 400;

export default function Tracker({ parts, kind, ...around }: FaceProps<TrackerParts>) {
  const { device, situation } = around;
  const [span, setSpan] = useState("1h");
  /** Null follows the track. */
  const [sight, look] = useState<Sight | null>(null);
  const choice = useMap();
  const [lat, lon] = [device.telemetry?.[parts.lat.name], device.telemetry?.[parts.lon.name]];
  const asked = { device: device.id, span: SPANS[span], points: POINTS };
  const lats = useSeries({ ...asked, field: parts.lat.name }, lat);
  const lons = useSeries({ ...asked, field: parts.lon.name }, lon);
  const here = typeof lat?.value === "number" && typeof lon?.value === "number"
    ? { lat: lat.value, lon: lon.value, at: lat.at }
    : null;
  const track = lats && lons ? joined(lats, lons) : [];
  const fence = fenceOf(device, parts);
  const speed = parts.speed && device.telemetry?.[parts.speed.name];
  return (
    <section className="control face" aria-label={TRACKER.place}>
      <header>
        <h2 className="heading">{TRACKER.place}</h2>
        <div className="segments small" role="group" aria-label={TRACKER.span}>
          {TRACKER.spans.map(([name, title]) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === span}
              onClick={() => {
                setSpan(name);
                look(null);
              }}
            >
              {title}
            </button>
          ))}
        </div>
      </header>
      {here
        ? (
          <Ground
            here={here}
            track={track}
            gap={lats ? gapOf(lats) : Infinity}
            fence={fence}
            device={device}
            parts={parts}
            choice={choice}
            sight={sight}
            onLook={look}
          />
        )
        : <p className="plan-none">{TRACKER.none}</p>}
      {here && (
        <p className="tracker-said live">
          <b>{inWords(here.lat, parts.lat)}, {inWords(here.lon, parts.lon)}</b>
          {speed && <span>{inWords(speed.value, parts.speed!)}</span>}
          <Ago at={here.at} />
        </p>
      )}
      {here && fence && <p className="hint">{fenceInWords(here, fence)}</p>}
      <MapOffer choice={choice} />
      {parts.locate && (
        <div className="face-buttons">
          <Press command={parts.locate} kind={kind} device={device} situation={situation} isPlain>
            <Navigation size={14} aria-hidden="true" />
          </Press>
        </div>
      )}
      {parts.locate && <Roads commands={[parts.locate]} {...around} />}
    </section>
  );
}

/** Both coordinates of one instant or step. They were asked for one after the other, so their steps may begin apart. */
function joined(lats: Series, lons: Series): At[] {
  const width = Math.max(lats.resolution, lons.resolution, 0.5) * 1000;
  let next = 0;
  return lats.points.flatMap(([start, , mean]) => {
    const at = Number(start);
    while (next < lons.points.length && Number(lons.points[next][0]) < at - width / 2) next += 1;
    const lon = lons.points[next];
    return lon && Math.abs(Number(lon[0]) - at) <= width ? [{ at, lat: Number(mean), lon: Number(lon[2]) }] : [];
  });
}

function fenceOf({ reported }: Shown, { fence }: TrackerParts): Fence | null {
  if (!fence) return null;
  const read = (name: string) => reported?.[name];
  const [lat, lon, radius] = [read(fence.lat.name), read(fence.lon.name), read(fence.radius.name)];
  if (typeof lat !== "number" || typeof lon !== "number" || typeof radius !== "number" || radius <= 0) return null;
  return { lat, lon, radius, name: String((fence.name && read(fence.name.name)) || TRACKER.fence) };
}

function fenceInWords(here: Place, fence: Fence): string {
  const beyond = distance(here, fence) - fence.radius;
  return beyond <= 0 ? TRACKER.inside(fence.name) : TRACKER.outside(fence.name, metresInWords(beyond));
}
