/** How a simulated value goes on when only its schema is known: it wanders, grows, or changes now and then. */
import { isObject } from "../protocol/merge.ts";
import { grainOf, rangeOf, rounded, sample, type Schema, withoutGaps } from "./sample.ts";

type Random = () => number;

/** After so many seconds, on average, something happens or changes that is no number. */
const SELDOM = 600;
/** How fast a number forgets where it was, in seconds. */
const MEMORY = 1800;

/** How likely it is within `dt` seconds that something happens. */
export const chance = (dt: number) => 1 - Math.exp(-dt / SELDOM);

/** What it is after `dt` more seconds. */
export type Life = (dt: number) => unknown;

export function lifeOf(schema: Schema, start: unknown, random: Random): Life {
  if (typeof start === "number" && !schema.enum) {
    return schema.class === "counter" ? growing(schema, start, random) : wandering(schema, start, random);
  }
  const { properties } = schema;
  if (!properties || !isObject(start)) return changing(schema, start, random);
  const parts = Object.entries(start).map(([name, part]) =>
    [name, lifeOf(properties[name] ?? {}, part, random)] as const
  );
  return (dt) => withoutGaps(parts.map(([name, life]) => [name, life(dt)]));
}

/** Around where it began, by steps that are small against the range and against what is worth telling. */
function wandering(schema: Schema, home: number, random: Random): Life {
  const { low, high } = rangeOf(schema, home);
  const spread = Math.min((high - low) / 100, 50 * grainOf(schema));
  let value = home;
  return (dt) => {
    const pull = (home - value) * (1 - Math.exp(-dt / MEMORY));
    value += pull + (random() - 0.5) * 2 * spread * Math.sqrt(Math.min(dt, MEMORY) / 60);
    value = Math.min(high, Math.max(low, value));
    return rounded(value, schema);
  };
}

/** A total: it never goes back, and stays at its end. */
function growing(schema: Schema, start: number, random: Random): Life {
  const grain = grainOf(schema);
  const end = schema.maximum ?? Infinity;
  const pace = 0.2 + random();
  let value = start;
  return (dt) => {
    value = Math.min(end, value + random() * pace * grain * dt);
    return Math.min(end, Number((Math.floor(value / grain + 1e-9) * grain).toFixed(9)));
  };
}

/** The same for long, then another. */
function changing(schema: Schema, start: unknown, random: Random): Life {
  let value = start;
  return (dt) => {
    if (random() < chance(dt)) value = sample(schema, random);
    return value;
  };
}
