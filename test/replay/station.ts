/** A weather station in Seattle, four years of days: a kind for these tests alone, and its record. */
import { readFileSync } from "node:fs";
import { every, oneOf, quantity } from "../../src/kind/field.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { celsius, metresPerSecond } from "../../src/kind/quantities.ts";
import { rounded } from "./nmea.ts";
import type { Recorded } from "./voyage.ts";

const WEATHERS = ["sun", "fog", "drizzle", "rain", "snow"] as const;

export default defineKind({
  name: "station",
  version: 1,
  title: "Weather station",
  telemetry: {
    temperature: celsius({ title: "Temperature" }),
    wind: metresPerSecond({ title: "Wind" }),
    weather: oneOf(WEATHERS, { title: "Weather" }),
    rain: every(quantity({ title: "Rain", unit: "mm", deviceClass: "precipitation", min: 0, class: "counter" })),
  },
  state: {},
  commands: {},
});

const FILE = new URL("../../node_modules/vega-datasets/data/seattle-weather.csv", import.meta.url);
const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

interface Day {
  at: number;
  rain: number;
  warmest: number;
  coldest: number;
  wind: number;
  weather: string;
}

export function daysOfSeattle(): Day[] {
  const [header, ...lines] = readFileSync(FILE, "utf8").trim().split("\n");
  if (header.trim() !== "date,precipitation,temp_max,temp_min,wind,weather") throw new Error(header);
  return lines.map((line) => {
    const [date, rain, warmest, coldest, wind, weather] = line.trim().split(",");
    return {
      at: Date.parse(`${date}T00:00:00Z`),
      rain: Number(rain),
      warmest: Number(warmest),
      coldest: Number(coldest),
      wind: Number(wind),
      weather,
    };
  });
}

/** Each day its weather at midnight, the cold before dawn, the heat in the afternoon and the rain of all days so far. */
export function recordOf(days: readonly Day[], resets: readonly number[]): Recorded[] {
  let total = 0;
  return days.flatMap(({ at, rain, warmest, coldest, wind, weather }): Recorded[] => {
    if (resets.includes(at)) total = 0;
    total = rounded(total + rain, 1);
    return [
      { at, data: { weather } },
      { at: at + 5 * HOUR, data: { temperature: coldest } },
      { at: at + 15 * HOUR, data: { temperature: warmest, wind } },
      { at: at + 23.5 * HOUR, data: { rain: total } },
    ];
  });
}
