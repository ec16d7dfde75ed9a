/** A life from the ranges alone: how a device is simulated whose kind does not say how it behaves [K1]. */
import { BASE_COMMANDS } from "../kind/base.ts";
import type { Behaviour, Handling } from "../kind/behaviour.ts";
import { channelField, confirmedField } from "../kind/channel.ts";
import type { Fields } from "../kind/field.ts";
import type { CommandSpecs } from "../kind/kind.ts";
import type { CommandDocument, KindDocument } from "../kind/schema.ts";
import { isObject } from "../protocol/merge.ts";
import { grainOf, rangeOf, rounded, sample, type Schema, withoutGaps } from "./sample.ts";

export type AnyBehaviour = Behaviour<Fields, Fields, Fields, CommandSpecs>;
type Doc = Record<string, unknown>;
type Random = () => number;

/** Seconds between two samples. */
const EVERY = 5;
/** After so many seconds, on average, something happens or changes that is no number. */
const SELDOM = 600;
/** How fast a number forgets where it was, in seconds. */
const MEMORY = 1800;
/** What the machine tells of itself. */
const OF_THE_MACHINE = ["uptime", "rssi", "firmware"];

/** From the document, so that a kind of a hub elsewhere can be simulated as well. */
export function fromRanges({ properties, commands, examples }: KindDocument): AnyBehaviour {
  const steered = new Set(Object.values(commands).flatMap(steers));
  const isFree = ([name, schema]: [string, Schema]) => !schema.desirable && !steered.has(plainName(name, schema));

  return (self) => {
    const { random } = self;
    const channels = Number(self.settings.channels ?? 1);
    const fields = (part: unknown) =>
      Object.entries((part as Schema).properties ?? {})
        .filter(([name, { channel = 1 }]) => channel <= channels && !OF_THE_MACHINE.includes(name));
    const lives = (fields: [string, Schema][], examples: readonly Doc[] = []) =>
      fields.map(([name, schema]) => {
        const example = examples.find((doc) => name in doc);
        return [name, lifeOf(schema, example ? example[name] : sample(schema, random), random)] as const;
      });
    const after = (dt: number, lives: (readonly [string, Life])[]) =>
      withoutGaps(lives.map(([name, life]) => [name, life(dt)]));

    const measured = lives(fields(properties.telemetry), examples?.telemetry);
    const state = fields(properties.state);
    const free = lives(state.filter(isFree), examples?.state);
    const events = fields(properties.events);
    self.report(after(0, [...lives(state.filter((field) => !isFree(field)), examples?.state), ...free]));

    /** Tells what is another than before. */
    const report = (now: Doc) => {
      const changed = Object.entries(now).filter(([name, value]) => !isSame((self.state as Doc)[name], value));
      if (changed.length > 0) self.report(Object.fromEntries(changed));
    };
    const act = (command: CommandDocument) => async (params: Doc, { cancelled }: Handling) => {
      if (Number(params.channel ?? 1) > channels) self.fail("out_of_range", `There is no channel ${params.channel}.`);
      await self.sleep(0.2 + random() * 1.3, cancelled);
      const told = effectOf(command, params).filter(([name]) => state.some(([known]) => known === name));
      if (told.length > 0) self.report(Object.fromEntries(told));
      return command.result && sample(command.result, random);
    };
    return {
      every: EVERY,
      tick(dt) {
        self.telemetry(after(dt, measured));
        report(after(dt, free));
        for (const [name, schema] of events) {
          if (random() < chance(dt)) self.event(name, sample(schema, random) as never);
        }
      },
      commands: Object.fromEntries(
        Object.entries(commands).filter(isOwn).map(([name, command]) => [name, act(command)]),
      ),
      desired: (wanted) => self.report(wanted),
    };
  };
}

/** What every device can do the simulator does; a real-time lane is no command that is answered. */
const isOwn = ([name, { effect }]: [string, CommandDocument]) => !(name in BASE_COMMANDS) && effect !== "stream";
/** The name without its channel. */
const plainName = (name: string, { channel }: Schema) =>
  channel === undefined ? name : name.slice(0, -`_${channel}`.length);
const chance = (dt: number) => 1 - Math.exp(-dt / SELDOM);
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The state that a command may change: what it confirms, and what its params have the names of. */
const steers = ({ confirms, params }: CommandDocument): string[] => [
  ...Object.keys((params as Schema).properties ?? {}),
  ...(confirms ? [confirms.field] : []),
];

function effectOf({ confirms }: CommandDocument, { channel, ...params }: Doc): [string, unknown][] {
  const asked = Object.entries(params).map((
    [name, value],
  ): [string, unknown] => [channelField(name, channel as number | undefined), value]);
  if (!confirms) return asked;
  return [...asked, [
    confirmedField(confirms, { channel }),
    "param" in confirms ? params[confirms.param] : confirms.value,
  ]];
}

/** What a field is after `dt` more seconds. */
type Life = (dt: number) => unknown;

function lifeOf(schema: Schema, start: unknown, random: Random): Life {
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
