/** What a device is: `defineKind` turns one file in `devices/` into a checked, typed value [K]. */
import type { z } from "zod";
import type { Effect } from "../protocol/record.ts";
import { NAME, type Role } from "../protocol/words.ts";
import { type Field, type Fields, strictly } from "./field.ts";
import { type Checks, checksOf } from "./check.ts";
import { BASE_COMMANDS, BASE_EXAMPLES, BASE_TELEMETRY } from "./base.ts";
import type { Behaviour } from "./behaviour.ts";
import { wholeCommand } from "./command.ts";
import type { Interlock } from "./interlock.ts";
import { checkReferences } from "./references.ts";

/** What the panel asks before it sends. */
export type Danger = "none" | "confirm" | "type";

/** What a command declares [K2]; `wholeCommand` fills in the rest. */
export interface CommandSpec {
  title?: string;
  description?: string;
  effect: Effect;
  params?: z.ZodObject;
  result?: Field;
  /** Seconds to start acting: the default, and the greatest that a caller may ask for. */
  ttl?: { default?: number; max?: number };
  /** Seconds from `sent` to the outcome. */
  timeout?: number;
  /** May it wait for an offline device? */
  queue?: boolean;
  danger?: Danger;
  role?: Role;
  /**
   * The reported field that proves it: equal to a param, or to a value. With a param `channel` it is that channel's
   * field [K6].
   */
  confirms?: Confirms;
  /** The device's own failure codes, beside the common ones. */
  errors?: readonly string[];
  /** Does the hub itself demand select-then-operate [K8]? */
  select?: boolean;
  /** With effect `stream`: seconds without a frame after which the device stops by itself [K9]. */
  deadman?: number;
}

export type Confirms = { field: string; param: string } | { field: string; value: unknown };

export type CommandSpecs = Record<string, CommandSpec>;

export interface Command extends CommandSpec {
  title: string;
  params: z.ZodObject;
  ttl: { default: number; max: number };
  timeout: number;
  queue: boolean;
  danger: Danger;
  role: Role;
  errors: readonly string[];
  select: boolean;
  /** Names of the params that only the device sees [C19]. */
  secrets: readonly string[];
  /** Names of the params that tell apart what may supersede what [C17]. */
  keys: readonly string[];
}

export interface KindSpec<T extends Fields, S extends Fields, E extends Fields, C extends CommandSpecs> {
  /** The name on the wire and of the file: `env-sensor`. */
  name: string;
  version: number;
  title: string;
  description?: string;
  /** A lucide icon's name. */
  icon?: string;
  /** Seconds between proofs of life once it pinged [P3]. */
  heartbeat?: number;
  /** Seconds of silence that are ordinary without a promise [P4]. */
  stale?: number;
  /** Seconds that it may sleep with its connection gone [P1]. */
  sleeps?: number;
  telemetry: T;
  state: S;
  events?: E;
  commands: C;
  /** How long history is kept at each resolution [K10]. */
  retention?: Partial<Retention>;
  /** What its reported state forbids [K7]. */
  interlocks?: readonly Interlock[];
  /** May only one operator at a time drive it [K8]? */
  lease?: boolean;
  /** How many of its commands it may work on at once [C5]; 1 where it says nothing. */
  inFlight?: number;
  /** Media types of the blobs that it may send. */
  blobs?: readonly string[];
  /** What documents and tests show; each fits the kind. */
  examples?: Examples<T & typeof BASE_TELEMETRY, S, E, C>;
  /** How a simulated one behaves. */
  behaviour?: Behaviour<T & typeof BASE_TELEMETRY, S, E, C>;
}

/** Seconds that samples are kept as they came, by the minute and by the hour; null is for good. */
export interface Retention {
  raw: number;
  minute: number | null;
  hour: number | null;
}

export interface Examples<T extends Fields, S extends Fields, E extends Fields, C extends CommandSpecs> {
  telemetry: readonly Partial<Values<T>>[];
  state: readonly Partial<Values<S>>[];
  events?: { [N in keyof E]?: readonly Values<E>[N][] };
  commands: { [N in keyof C]?: readonly Example<C[N]>[] };
}

/** A command as it is sent and how it may be answered. */
interface Example<S extends CommandSpec> {
  params: S extends { params: infer P extends z.ZodObject } ? z.infer<P> : Record<string, never>;
  result?: S extends { result: infer R extends Field } ? z.infer<R> : never;
}

export interface Kind<
  T extends Fields = Fields,
  S extends Fields = Fields,
  E extends Fields = Fields,
  C extends CommandSpecs = CommandSpecs,
> {
  name: string;
  version: number;
  title: string;
  description: string;
  icon: string;
  heartbeat: number;
  stale: number;
  sleeps: number;
  telemetry: T & typeof BASE_TELEMETRY;
  state: S;
  events: E;
  commands: { [N in keyof C | keyof typeof BASE_COMMANDS]: Command };
  /** Only for types: what each command was declared with. */
  specs: C & typeof BASE_COMMANDS;
  retention: Retention;
  interlocks: readonly Interlock[];
  lease: boolean;
  inFlight: number;
  blobs: readonly string[];
  examples: Examples<T & typeof BASE_TELEMETRY, S, E, C & typeof BASE_COMMANDS>;
  check: Checks;
  behaviour?: Behaviour<T & typeof BASE_TELEMETRY, S, E, C>;
}

/** Any kind, where its fields do not matter. */
// deno-lint-ignore no-explicit-any
export type AnyKind = Kind<any, any, any, any>;

/** One sample's data: every field is optional. */
export type TelemetryOf<K extends AnyKind> = Partial<Values<K["telemetry"]>>;
export type StateOf<K extends AnyKind> = Values<K["state"]>;
export type EventsOf<K extends AnyKind> = Values<K["events"]>;
export type CommandNames<K extends AnyKind> = keyof K["specs"] & string;
export type ParamsOf<K extends AnyKind, N extends CommandNames<K>> = K["specs"][N] extends
  { params: infer P extends z.ZodObject } ? z.infer<P>
  : Record<string, never>;
export type ResultOf<K extends AnyKind, N extends CommandNames<K>> = K["specs"][N] extends
  { result: infer R extends Field } ? z.infer<R>
  : void;
export type Values<F extends Fields> = { [N in keyof F]: z.infer<F[N]> };

export const KIND_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function defineKind<
  T extends Fields,
  S extends Fields,
  C extends CommandSpecs,
  E extends Fields = Record<never, never>,
>(spec: KindSpec<T, S, E, C>): Kind<T, S, E, C> {
  if (!KIND_NAME.test(spec.name)) throw new Error(`kind ${spec.name}: a name is lower-case words joined by -`);
  const telemetry = { ...BASE_TELEMETRY, ...spec.telemetry };
  const specs = { ...BASE_COMMANDS, ...spec.commands };
  const events = Object.fromEntries(
    Object.entries(spec.events ?? {}).map(([name, event]) => [name, strictly(event)]),
  ) as E;
  for (const name of [telemetry, spec.state, events, specs].flatMap(Object.keys)) {
    if (!NAME.test(name)) throw new Error(`kind ${spec.name}: ${name} is not lower_snake_case`);
  }
  const twice = Object.keys(telemetry).find((name) => Object.hasOwn(spec.state, name));
  if (twice) throw new Error(`kind ${spec.name}: ${twice} is telemetry and state; they are one space of names`);
  checkReferences(spec, specs);
  const commands = Object.fromEntries(
    Object.entries(specs).map(([name, command]) => [name, wholeCommand(name, command)]),
  ) as Kind<T, S, E, C>["commands"];
  return {
    name: spec.name,
    version: spec.version,
    title: spec.title,
    description: spec.description ?? "",
    icon: spec.icon ?? "circuit-board",
    heartbeat: spec.heartbeat ?? 30,
    stale: spec.stale ?? 300,
    sleeps: spec.sleeps ?? 0,
    telemetry,
    state: spec.state,
    events,
    commands,
    specs,
    retention: { ...RETENTION, ...spec.retention },
    interlocks: spec.interlocks ?? [],
    lease: spec.lease ?? false,
    inFlight: spec.inFlight ?? 1,
    blobs: spec.blobs ?? [],
    examples: {
      telemetry: [],
      state: [],
      ...spec.examples,
      commands: withBase(spec.examples?.commands) as Kind<T, S, E, C>["examples"]["commands"],
    },
    check: checksOf({ telemetry, state: spec.state, events, commands }),
    behaviour: spec.behaviour,
  };
}

const withBase = (own: object = {}): object => ({ ...BASE_EXAMPLES, ...own });

const DAY = 86_400;
const RETENTION: Retention = { raw: DAY, minute: 30 * DAY, hour: null };
