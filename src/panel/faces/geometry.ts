/** Angles of dials: from below left, clockwise, to below right. Pure. */

/** In degrees. */
export const SWEEP = 270;
/** Where it begins, clockwise from the right, in degrees. */
const START = 135;

export const angleAt = (value: number, min: number, max: number): number =>
  Math.min(1, Math.max(0, (value - min) / (max - min))) * SWEEP;

/** The value below a finger, so far right of and below the middle; in the gap it is the nearer end. */
export function valueAt(right: number, below: number, min: number, max: number): number {
  const turned = (Math.atan2(below, right) * 180 / Math.PI - START + 720) % 360;
  const angle = turned <= SWEEP ? turned : turned > SWEEP + (360 - SWEEP) / 2 ? 0 : SWEEP;
  return min + angle / SWEEP * (max - min);
}

export function onCircle(middle: number, radius: number, angle: number): [number, number] {
  const radians = (angle + START) * Math.PI / 180;
  return [rounded(middle + radius * Math.cos(radians)), rounded(middle + radius * Math.sin(radians))];
}

/** An SVG path from one angle to a larger one. */
export function arc(middle: number, radius: number, from: number, to: number): string {
  const isLarge = to - from > 180 ? 1 : 0;
  return `M${onCircle(middle, radius, from).join(" ")}A${radius} ${radius} 0 ${isLarge} 1 ${
    onCircle(middle, radius, to).join(" ")
  }`;
}

const rounded = (value: number) => Math.round(value * 100) / 100;
