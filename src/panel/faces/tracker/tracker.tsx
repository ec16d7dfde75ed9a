/** Where a tracker is and was, over a grid of metres: no map, since that would be asked of somebody else's host. */
import { Navigation } from "lucide-react";
import { useState } from "react";
import { Press } from "../../control/press.tsx";
import { Roads } from "../../control/roads.tsx";
import { gapOf, type Series, useSeries } from "../../live/series.ts";
import type { Shown } from "../../live/watch.ts";
import { Ago } from "../../parts/age.tsx";
import { TRACKER } from "../../words/faces.ts";
import { inWords } from "../../words/format.ts";
import type { FaceProps } from "../mod.ts";
import type { TrackerParts } from "../shapes/tracker.ts";
import { distance, frameOf, type Place, projected, stepOf, stretches } from "./projection.ts";

const HOUR = 3_600_000;
const SPANS: Record<string, number> = { "1h": HOUR, "6h": 6 * HOUR, "24h": 24 * HOUR };
const POINTS = 400;
const WIDTH = 480;
const HEIGHT = 320;
/** In metres: a parked one does not tremble over the whole picture. */
const LEAST = 240;
/** Slower than this, in its own unit, its course says nothing. */
const STILL = 0.3;

type At = Place & { at: number };

export default function Tracker({ parts, kind, ...around }: FaceProps<TrackerParts>) {
  const { device, situation } = around;
  const [span, setSpan] = useState("1h");
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
              onClick={() => setSpan(name)}
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
      <p className="hint">{TRACKER.noTiles} {TRACKER.gap}</p>
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

type Fence = Place & { radius: number; name: string };

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

const metresInWords = (metres: number): string =>
  metres >= 1000
    ? inWords(metres / 1000, { unit: "km", precision: metres % 1000 === 0 ? 0 : 1 })
    : inWords(metres, { unit: "m", precision: 0 });

interface GroundProps {
  here: At;
  track: At[];
  gap: number;
  fence: Fence | null;
  device: Shown;
  parts: TrackerParts;
}

function Ground({ here, track, gap, fence, device, parts }: GroundProps) {
  const all = [...track, here];
  const points = all.map((place) => projected(place, here));
  const edge = fence && projected(fence, here);
  // A fence that is far away is not worth a picture in which the track is a dot.
  const shown = edge && Math.hypot(edge.east, edge.north) < 5 * fence!.radius + 2_000
    ? [
      { east: edge.east - fence!.radius, north: edge.north - fence!.radius },
      { east: edge.east + fence!.radius, north: edge.north + fence!.radius },
    ]
    : [];
  const frame = frameOf([...points, ...shown], WIDTH / HEIGHT, LEAST);
  const scale = HEIGHT / frame.height;
  const on = ({ east, north }: { east: number; north: number }) => ({
    x: (east - frame.west) * scale,
    y: HEIGHT - (north - frame.south) * scale,
  });
  const step = stepOf(frame.height);
  const lines = (from: number, length: number) =>
    Array.from({ length: Math.ceil(length / step) + 1 }, (_, index) => Math.ceil(from / step) * step + index * step);
  const parted = stretches(all.map((place, index) => ({ ...place, ...on(points[index]) })), gap);
  const me = on({ east: 0, north: 0 });
  const read = (field: { name: string } | undefined) => {
    const value = field && device.telemetry?.[field.name]?.value;
    return typeof value === "number" ? value : null;
  };
  const [accuracy, course, speed] = [read(parts.accuracy), read(parts.course), read(parts.speed)];
  const isMoving = course !== null && (speed === null || speed > STILL);
  return (
    <figure className="plan">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={TRACKER.track(all.length)} className="live">
        {lines(frame.west, frame.width).map((east) => (
          <path key={`e${east}`} className="plan-grid" d={`M${on({ east, north: 0 }).x.toFixed(1)} 0V${HEIGHT}`} />
        ))}
        {lines(frame.south, frame.height).map((north) => (
          <path key={`n${north}`} className="plan-grid" d={`M0 ${on({ east: 0, north }).y.toFixed(1)}H${WIDTH}`} />
        ))}
        {edge && <circle className="ground-fence" {...circle(on(edge), fence!.radius * scale)} />}
        {parted.map((part, index) => (
          <g key={index}>
            {index > 0 && <path className="ground-gap" d={lineOf([parted[index - 1].at(-1)!, part[0]])} />}
            <path className="plan-track" d={part.length === 1 ? `${lineOf(part)}h.01` : lineOf(part)} />
          </g>
        ))}
        {accuracy !== null && <circle className="ground-accuracy" {...circle(me, accuracy * scale)} />}
        <g transform={`translate(${me.x} ${me.y}) rotate(${isMoving ? course : 0})`}>
          {isMoving
            ? <path className="plan-rover" d="M0 -13L9 10L0 5L-9 10Z" />
            : <circle className="plan-rover" r="7" />}
        </g>
        <path className="ground-scale" d={`M12 ${HEIGHT - 16}v6h${(step * scale).toFixed(1)}v-6`} />
        <text className="ground-north" x={WIDTH - 18} y="22">N</text>
      </svg>
      <figcaption>
        <span>{metresInWords(step)}</span>
      </figcaption>
    </figure>
  );
}

const circle = ({ x, y }: { x: number; y: number }, r: number) => ({ cx: x, cy: y, r });
const lineOf = (points: { x: number; y: number }[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
