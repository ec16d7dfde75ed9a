/** What is drawn on the ground: grid, fence, the way that it came, where it is, and how long a square is. */
import { TRACKER } from "../../words/faces.ts";
import type { GroundProps } from "./ground.tsx";
import { stretches } from "./projection.ts";
import { type Box, metresPerPixel, placed, type Point, scaleOf, type Sight } from "./sight.ts";

/** Slower than this, in its own unit, its course says nothing. */
const STILL = 0.3;

interface Props extends Pick<GroundProps, "here" | "track" | "gap" | "fence" | "device" | "parts"> {
  box: Box;
  sight: Sight;
  /** Of the grid and of the scale, in metres. */
  step: number;
  /** Then it needs no grid. */
  hasMap: boolean;
}

export function Track({ here, track, gap, fence, device, parts, box, sight, step, hasMap }: Props) {
  const { width, height } = box;
  const all = [...track, here];
  const parted = stretches(all.map((place) => ({ at: place.at, ...placed(place, sight, box) })), gap);
  const me = placed(here, sight, box);
  const read = (field: { name: string } | undefined) => {
    const value = field && device.telemetry?.[field.name]?.value;
    return typeof value === "number" ? value : null;
  };
  const [accuracy, course, speed] = [read(parts.accuracy), read(parts.course), read(parts.speed)];
  const isMoving = course !== null && (speed === null || speed > STILL);
  const square = step / scaleOf(sight);
  const long = (metres: number, lat: number) => metres / metresPerPixel(lat, sight.zoom);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={TRACKER.track(all.length)} data-map={hasMap}>
      {!hasMap &&
        lines(me.x, square, width).map((x) => <path key={`e${x}`} className="plan-grid" d={`M${x} 0V${height}`} />)}
      {!hasMap &&
        lines(me.y, square, height).map((y) => <path key={`n${y}`} className="plan-grid" d={`M0 ${y}H${width}`} />)}
      {fence && (
        <circle className="ground-fence" {...circle(placed(fence, sight, box), long(fence.radius, fence.lat))} />
      )}
      {hasMap && parted.map((part, index) => <path key={index} className="ground-casing" d={lineOf(part)} />)}
      {parted.map((part, index) => (
        <g key={index}>
          {index > 0 && <path className="ground-gap" d={lineOf([parted[index - 1].at(-1)!, part[0]])} />}
          <path className="plan-track" d={lineOf(part)} />
        </g>
      ))}
      {accuracy !== null && <circle className="ground-accuracy" {...circle(me, long(accuracy, here.lat))} />}
      <g transform={`translate(${short(me.x)} ${short(me.y)}) rotate(${isMoving ? course : 0})`}>
        {isMoving
          ? <path className="plan-rover" d="M0 -13L9 10L0 5L-9 10Z" />
          : <circle className="plan-rover" r="7" />}
      </g>
      <path className="ground-scale casing" d={`M12 ${height - 16}v6h${short(square)}v-6`} />
      <path className="ground-scale" d={`M12 ${height - 16}v6h${short(square)}v-6`} />
      <text className="ground-north" x="18" y="22">N</text>
    </svg>
  );
}

const short = (pixels: number) => pixels.toFixed(1);

/** One goes through where it is, so that the grid moves with it and not below it. */
function lines(through: number, square: number, length: number): string[] {
  const first = through - Math.floor(through / square) * square;
  return Array.from(
    { length: Math.max(0, Math.ceil((length - first) / square)) },
    (_, index) => short(first + index * square),
  );
}

const circle = ({ x, y }: Point, r: number) => ({ cx: short(x), cy: short(y), r: short(r) });

/** One alone is a dot. */
const lineOf = (points: readonly Point[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${short(x)} ${short(y)}`).join("") +
  (points.length === 1 ? "h.01" : "");
