/** Where a rover is and was: its own grid of metres, the way that it came, where it looks, and what is free ahead. */
import { useRef } from "react";
import { ROVER } from "../../words/faces.ts";
import { inWords } from "../../words/format.ts";
import type { Shown } from "../../live/watch.ts";
import type { RoverParts } from "../shapes/rover.ts";

interface Pose {
  x: number;
  y: number;
}

/** Kept for the life of the page, by device: who comes back finds the way that it came. */
const tracks = new Map<string, Pose[]>();
const LONGEST = 600;
/** Nearer to the last place than this is the same place, in metres. */
const SAME = 0.03;

function followed(device: string, pose: Pose | null): readonly Pose[] {
  const track = tracks.get(device) ?? [];
  tracks.set(device, track);
  const last = track.at(-1);
  if (pose && (!last || Math.hypot(pose.x - last.x, pose.y - last.y) > SAME)) track.push(pose);
  if (track.length > LONGEST) track.shift();
  return track;
}

const WIDTH = 480;
const HEIGHT = 290;
/** In metres: it does not jump at every step, and shows something of the room. */
const LEAST = 6;

export function Plan(
  { device, place, ahead }: { device: Shown } & Required<Pick<RoverParts, "place">> & Pick<RoverParts, "ahead">,
) {
  const read = (name: string | undefined) => {
    const value = name === undefined ? undefined : device.telemetry?.[name]?.value;
    return typeof value === "number" ? value : null;
  };
  const [x, y, heading] = [read(place.x.name), read(place.y.name), read(place.heading?.name)];
  const pose = x === null || y === null ? null : { x, y };
  const track = followed(device.id, pose);
  const frame = useFrame(track);
  if (!pose) return <p className="plan-none">{ROVER.noPlace}</p>;
  const scale = HEIGHT / frame.size;
  const on = (one: Pose) => ({ x: (one.x - frame.west) * scale, y: HEIGHT - (one.y - frame.south) * scale });
  const here = on(pose);
  const lines = gridOf(frame);
  const free = read(ahead?.name);
  const path = track.map((one, index) => {
    const { x, y } = on(one);
    return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join("");
  const words = ROVER.here(inWords(pose.x, place.x), inWords(pose.y, place.y));
  return (
    <figure className="plan">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={ROVER.plan(words)} className="live">
        {lines.map((at) => {
          const { x: right } = on({ x: at.x, y: 0 });
          const { y: below } = on({ x: 0, y: at.y });
          return (
            <path
              key={`${at.x} ${at.y}`}
              className={at.x === 0 || at.y === 0 ? "plan-grid zero" : "plan-grid"}
              d={at.isNorth ? `M${right} 0V${HEIGHT}` : `M0 ${below}H${WIDTH}`}
            />
          );
        })}
        <path className="plan-track" d={path} />
        <g transform={`translate(${here.x} ${here.y}) rotate(${heading ?? 0})`}>
          {free !== null && heading !== null && (
            <path
              className="plan-free"
              d={`M0 -9V${-Math.max(9, free * scale)}`}
            />
          )}
          {heading === null
            ? <circle className="plan-rover" r="8" />
            : <path className="plan-rover" d="M0 -13L9 10L0 5L-9 10Z" />}
        </g>
      </svg>
      <figcaption className="live">
        <span>{words}</span>
        <span>{lines.step} m</span>
      </figcaption>
    </figure>
  );
}

/** So much of the ground: as high as `size`, and as wide as that makes it. */
interface Frame {
  west: number;
  south: number;
  size: number;
}

const WIDER = WIDTH / HEIGHT;

/** Grows with the track, in whole metres, and never shrinks under the eyes of who drives. */
function useFrame(track: readonly Pose[]): Frame {
  const frame = useRef<Frame>({ west: -LEAST * WIDER / 2, south: -LEAST / 2, size: LEAST });
  const all = track.length > 0 ? track : [{ x: 0, y: 0 }];
  const [west, east] = [Math.min(...all.map(({ x }) => x)) - 1, Math.max(...all.map(({ x }) => x)) + 1];
  const [south, north] = [Math.min(...all.map(({ y }) => y)) - 1, Math.max(...all.map(({ y }) => y)) + 1];
  const now = frame.current;
  const holds = west >= now.west && south >= now.south && east <= now.west + now.size * WIDER &&
    north <= now.south + now.size;
  if (!holds) {
    const size = Math.ceil(Math.max(LEAST, (east - west) / WIDER, north - south) / 2) * 2;
    frame.current = { west: (west + east - size * WIDER) / 2, south: (south + north - size) / 2, size };
  }
  return frame.current;
}

interface GridLine extends Pose {
  isNorth: boolean;
}

function gridOf({ west, south, size }: Frame): GridLine[] & { step: number } {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => size / one <= 14) ?? 1000;
  const from = (start: number) => Math.ceil(start / step) * step;
  const along = (start: number, length: number) =>
    Array.from(
      { length: Math.floor((start + length - from(start)) / step) + 1 },
      (_, index) => from(start) + index * step,
    );
  const lines: GridLine[] = [
    ...along(west, size * WIDER).map((x) => ({ x, y: NaN, isNorth: true })),
    ...along(south, size).map((y) => ({ x: NaN, y, isNorth: false })),
  ];
  return Object.assign(lines, { step });
}
