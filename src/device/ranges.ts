/** A life from the ranges alone: how a device is simulated whose kind does not say how it behaves [K1]. */
import { BASE_COMMANDS } from "../kind/base.ts";
import type { Behaviour, Handling, SimulatedDevice } from "../kind/behaviour.ts";
import { channelField, confirmedField } from "../kind/channel.ts";
import type { Fields } from "../kind/field.ts";
import type { CommandSpecs } from "../kind/kind.ts";
import type { CommandDocument, KindDocument } from "../kind/schema.ts";
import { chance, type Life, lifeOf } from "./life.ts";
import { sample, type Schema, withoutGaps } from "./sample.ts";

export type AnyBehaviour = Behaviour<Fields, Fields, Fields, CommandSpecs>;
type Self = SimulatedDevice<Fields, Fields, Fields>;
type Doc = Record<string, unknown>;
type Named = [name: string, schema: Schema];

/** Seconds between two samples. */
const EVERY = 5;
/** What the machine tells of itself. */
const OF_THE_MACHINE = ["uptime", "rssi", "firmware"];

/** From the document, so that a kind of a hub elsewhere can be simulated as well. */
export function fromRanges({ properties, commands }: KindDocument): AnyBehaviour {
  const steered = new Set(Object.values(commands).flatMap(steers));
  /** What nobody steers changes by itself. */
  const isFree = ([name, schema]: Named) => !schema.desirable && !steered.has(plainName(name, schema));

  return (self) => {
    const channels = channelsOf(self);
    const measured = fieldsOf(properties.telemetry, channels);
    const state = fieldsOf(properties.state, channels);
    const events = fieldsOf(properties.events, channels);
    const measure = livesOf(measured, properties.telemetry.examples, self.random);
    const change = livesOf(state.filter(isFree), properties.state.examples, self.random);
    const stay = livesOf(state.filter((field) => !isFree(field)), properties.state.examples, self.random);
    const lanes = lanesOf(self, commands, measured);
    const orders = { stops: 0 };
    const act = ([name, command]: [string, CommandDocument]) => [name, acting(self, command, properties.state, orders)];
    const stop = () => {
      orders.stops += 1;
      lanes.silent();
    };
    self.report({ ...stay(0), ...change(0) });
    return {
      every: EVERY,
      tick(dt) {
        self.telemetry({ ...measure(dt), ...lanes.driven });
        report(self, change(dt));
        for (const [name, schema] of events) {
          if (self.random() < chance(dt)) self.event(name, sample(schema, self.random) as never);
        }
      },
      commands: {
        ...Object.fromEntries(Object.entries(commands).filter(isOwn).map(act)),
        ...(commands.stop && { stop: stopping(self, commands.stop, properties.state, stop) }),
      },
      streams: lanes.streams,
      silent: lanes.silent,
      desired(wanted) {
        const beyond = Object.keys(wanted).filter((name) => !Object.hasOwn(self.state, name));
        report(self, wanted);
        return Object.fromEntries(beyond.map((name) => [name, { code: "unsupported", message: "It has no such." }]));
      },
    };
  };
}

/** Reports what is another than before, of what there is. */
function report(self: Self, now: Doc): void {
  const before = self.state as Doc;
  const changed = Object.entries(now)
    .filter(([name, value]) => Object.hasOwn(before, name) && JSON.stringify(before[name]) !== JSON.stringify(value));
  if (changed.length > 0) self.report(Object.fromEntries(changed));
}

/** Orders end with a `stop` that comes before they are done [E9]. */
const acting =
  (self: Self, command: CommandDocument, state: Schema, orders: { stops: number }) =>
  async (params: Doc, { cancelled }: Handling) => {
    const channels = channelsOf(self);
    if (Number(params.channel ?? 1) > channels) self.fail("out_of_range", `The last channel is ${channels}.`);
    const { stops } = orders;
    await self.sleep(0.2 + self.random() * 1.3, cancelled);
    if (orders.stops !== stops) self.fail("cancelled", "It was stopped.");
    return done(self, command, state, params);
  };

const stopping = (self: Self, command: CommandDocument, state: Schema, stop: () => void) => (params: Doc) => {
  stop();
  return done(self, command, state, params);
};

function done(self: Self, command: CommandDocument, state: Schema, params: Doc): unknown {
  report(self, fitting(state, effectOf(command, params)));
  return command.result && sample(command.result, self.random);
}

/** A param may have the name of a field and not its range: what the field cannot be is not reported. */
const fitting = ({ properties = {} }: Schema, values: Doc): Doc =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      const { type, enum: choices, minimum = -Infinity, maximum = Infinity } = properties[name] ?? {};
      if (choices) return choices.includes(value);
      if (type === "number" || type === "integer") return Number(value) >= minimum && Number(value) <= maximum;
      return true;
    }),
  );

/** What frames of a lane ask for is told as measured, under the same name; when they stop, it is at rest. */
function lanesOf(self: Self, commands: KindDocument["commands"], measured: readonly Named[]) {
  const driven: Doc = {};
  const drive = (data: Doc) => {
    for (const [name] of measured) if (name in data) driven[name] = data[name];
  };
  const lanes = Object.keys(commands).filter((name) => commands[name].effect === "stream");
  return {
    driven,
    streams: Object.fromEntries(lanes.map((name) => [name, drive])),
    silent() {
      for (const name of Object.keys(driven)) driven[name] = 0;
      if (Object.keys(driven).length > 0) self.telemetry(driven);
    },
  };
}

const channelsOf = ({ settings }: Self) => Math.max(1, Number(settings.channels) || 1);

const fieldsOf = (part: Schema, channels: number): Named[] =>
  Object.entries(part.properties ?? {})
    .filter(([name, { channel = 1 }]) => channel <= channels && !OF_THE_MACHINE.includes(name));

/** All of these fields after `dt` more seconds; each begins where the kind's examples are. */
function livesOf(fields: readonly Named[], examples: readonly Doc[] = [], random: () => number): (dt: number) => Doc {
  const lives = fields.map(([name, schema]): [string, Life] => {
    const example = examples.find((doc) => name in doc);
    return [name, lifeOf(schema, example ? example[name] : sample(schema, random), random)];
  });
  return (dt) => withoutGaps(lives.map(([name, life]) => [name, life(dt)]));
}

/** What every device can do the simulator does; a real-time lane is no command that is answered. */
const isOwn = ([name, { effect }]: [string, CommandDocument]) => !(name in BASE_COMMANDS) && effect !== "stream";

/** The name without its channel. */
const plainName = (name: string, { channel }: Schema) =>
  channel === undefined ? name : name.slice(0, -`_${channel}`.length);

/** The state that a command may change: what it confirms, and what its params have the names of. */
const steers = ({ confirms, params }: CommandDocument): string[] => [
  ...Object.keys((params as Schema).properties ?? {}),
  ...(confirms ? [confirms.field] : []),
];

function effectOf({ confirms }: CommandDocument, { channel, ...params }: Doc): Doc {
  const asked = Object.entries(params)
    .map(([name, value]) => [channelField(name, channel as number | undefined), value]);
  return {
    ...Object.fromEntries(asked),
    ...(confirms && {
      [confirmedField(confirms, { channel })]: "param" in confirms ? params[confirms.param] : confirms.value,
    }),
  };
}
