/** Hue and saturation of a mix of red, green and blue, and the brightest mix that has them. */

type Doc = Record<string, unknown>;

export function hueOf({ r, g, b }: Doc): { h: number; s: number } | undefined {
  if (![r, g, b].every((part) => typeof part === "number" && Number.isFinite(part) && part >= 0)) return undefined;
  const [red, green, blue] = [r, g, b] as number[];
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (most === 0 || spread === 0) return { h: 0, s: 0 };
  const sixth = most === red
    ? (green - blue) / spread
    : most === green
    ? (blue - red) / spread + 2
    : (red - green) / spread + 4;
  return { h: Math.round((sixth * 60 + 360) % 360), s: Math.round(spread / most * 100) };
}

export function rgbOf({ h, s }: Doc): { r: number; g: number; b: number } | undefined {
  if (typeof h !== "number" || typeof s !== "number") return undefined;
  const part = (offset: number) => {
    const sixth = (offset + h / 60) % 6;
    return Math.round(255 * (1 - s / 100 * Math.max(0, Math.min(sixth, 4 - sixth, 1))));
  };
  return { r: part(5), g: part(3), b: part(1) };
}
