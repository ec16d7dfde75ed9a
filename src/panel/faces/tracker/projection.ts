/** Places as metres around one of them, and what is drawn of the ground. Pure. */

export interface Place {
  lat: number;
  lon: number;
}

/** Where it was, and when. */
export interface At extends Place {
  at: number;
}

export interface Fence extends Place {
  /** In metres. */
  radius: number;
  name: string;
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

/** So far from there: what `projected` takes apart. */
export const beside = (middle: Place, { east, north }: Metres): Place => ({
  lat: middle.lat + north / METRES_PER_DEGREE,
  lon: middle.lon + east / METRES_PER_DEGREE / Math.cos(middle.lat * Math.PI / 180),
});

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
