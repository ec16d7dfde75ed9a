/** A map without a map: places as metres around one of them, and what is drawn of the ground. Pure. */

export interface Place {
  lat: number;
  lon: number;
}

/** East and north of the middle, in metres. */
export interface Metres {
  east: number;
  north: number;
}

const METRES_PER_DEGREE = 111_320;

/** Equirectangular around `middle`: over what a track covers in a day nobody sees the error. */
export function projected({ lat, lon }: Place, middle: Place): Metres {
  // The short way around, also where the days meet.
  const turned = ((lon - middle.lon + 540) % 360) - 180;
  return {
    east: turned * METRES_PER_DEGREE * Math.cos(middle.lat * Math.PI / 180),
    north: (lat - middle.lat) * METRES_PER_DEGREE,
  };
}

export const distance = (one: Place, other: Place): number => {
  const { east, north } = projected(one, other);
  return Math.hypot(east, north);
};

export interface Frame {
  west: number;
  south: number;
  width: number;
  height: number;
}

/** What holds all of it with some room around, in the shape of the picture. */
export function frameOf(points: readonly Metres[], shape: number, least: number): Frame {
  const easts = points.map(({ east }) => east);
  const norths = points.map(({ north }) => north);
  const [west, east] = [Math.min(...easts), Math.max(...easts)];
  const [south, north] = [Math.min(...norths), Math.max(...norths)];
  const height = Math.max(least, (north - south) * 1.24, (east - west) * 1.16 / shape);
  const width = height * shape;
  return { west: (west + east - width) / 2, south: (south + north - height) / 2, width, height };
}

const STEPS = [1, 2, 5];

/** A round number of metres of which four to twelve fit. */
export function stepOf(height: number): number {
  for (let power = 1;; power *= 10) {
    for (const step of STEPS) if (height / (step * power) <= 6) return step * power;
  }
}

/** Where a track breaks: longer than `gap` nothing was heard. */
export function stretches<T extends { at: number }>(points: readonly T[], gap: number): T[][] {
  const all: T[][] = [];
  for (const point of points) {
    const last = all.at(-1);
    const before = last?.at(-1);
    if (last && before && point.at - before.at <= gap) last.push(point);
    else all.push([point]);
  }
  return all;
}
