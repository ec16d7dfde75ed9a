/** Recorded weather, read from its CSV and played back: nothing is said that was not observed. */
import type { BehaviourOf } from "./simulator.ts";
import type envSensor from "../../devices/env-sensor.ts";

/** One observed day. */
export interface WeatherDay {
  date: string;
  precipitation: number;
  temp_max: number;
  temp_min: number;
  wind: number;
  weather: string;
}

const HEADER = "date,precipitation,temp_max,temp_min,wind,weather";
const NUMBERS = ["precipitation", "temp_max", "temp_min", "wind"] as const;

/** The days of `seattle-weather.csv` (vega-datasets). Another header, or a row that is not a day, is an error. */
export function parseWeather(csv: string): WeatherDay[] {
  const [header, ...rows] = csv.trim().split(/\r?\n/);
  if (header !== HEADER) throw new Error(`weather: expected the columns ${HEADER}, got ${header.slice(0, 120)}`);
  if (rows.length === 0) throw new Error("weather: there is not one day in it");
  return rows.map((row, index) => dayOf(row.split(","), index + 2));
}

function dayOf(cells: string[], line: number): WeatherDay {
  const row = Object.fromEntries(HEADER.split(",").map((name, at) => [name, cells[at]]));
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, row[name] ? Number(row[name]) : NaN]));
  const isDay = cells.length === 6 && /^\d{4}-\d{2}-\d{2}$/.test(row.date) &&
    Object.values(numbers).every(Number.isFinite);
  if (!isDay) throw new Error(`weather: line ${line} is not a day: ${cells.join(",").slice(0, 120)}`);
  return { ...row, ...numbers } as unknown as WeatherDay;
}

/**
 * Each day as two samples, its lowest and then its highest temperature, and at the end from the beginning.
 * They carry no time of their own: they are filed as they arrive, since 2012 would be a wrong clock [T3].
 */
export function replay(days: readonly WeatherDay[], secondsPerDay: number): BehaviourOf<typeof envSensor> {
  const samples = days.flatMap((day) => [day.temp_min, day.temp_max]);
  return (self) => {
    let interval = secondsPerDay / 2;
    let at = -1;
    self.report({ report_interval: interval });
    const play = () => self.telemetry({ temperature: samples[at] });
    return {
      get every() {
        return interval;
      },
      tick() {
        at = (at + 1) % samples.length;
        play();
      },
      // There is nothing newer to measure: what was observed last is told again.
      commands: { read_now: () => play() },
      desired({ report_interval }) {
        if (report_interval === undefined) return;
        interval = report_interval;
        self.report({ report_interval });
      },
    };
  };
}
