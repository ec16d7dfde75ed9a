/** Colours of lamps as a screen can show them. Pure. */

/** Hue in degrees, saturation in percent, at full light. */
export function ofHue(hue: number, saturation: number): string {
  const s = saturation / 100;
  const channel = (shift: number) => {
    const k = (shift + hue / 60) % 6;
    return Math.round(255 * (1 - s * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return `rgb(${channel(5)} ${channel(3)} ${channel(1)})`;
}

/** A black body's light, roughly as eyes see it beside daylight; in kelvin, or in mired. */
export function ofWhite(value: number, unit: string | undefined): string {
  const hundreds = Math.min(120, Math.max(10, (unit === "mired" ? 1e6 / value : value) / 100));
  const red = hundreds <= 66 ? 255 : 329.7 * (hundreds - 60) ** -0.1332;
  const green = hundreds <= 66 ? 99.47 * Math.log(hundreds) - 161.12 : 288.12 * (hundreds - 60) ** -0.0755;
  const blue = hundreds >= 66 ? 255 : hundreds <= 19 ? 0 : 138.52 * Math.log(hundreds - 10) - 305.04;
  return `rgb(${[red, green, blue].map((part) => Math.round(Math.min(255, Math.max(0, part)))).join(" ")})`;
}

/** Where a point of a wheel is: hue clockwise from above, saturation from the middle to the rim. */
export function onWheel(right: number, below: number, radius: number): { hue: number; saturation: number } {
  const hue = Math.round((Math.atan2(right, -below) * 180 / Math.PI + 360) % 360);
  return { hue, saturation: Math.round(Math.min(1, Math.hypot(right, below) / radius) * 100) };
}
