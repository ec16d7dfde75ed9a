/** How a simulated device of a kind behaves: declared in the kind's file, run by `src/device/simulator.ts`. */
import type { z } from "zod";
import type { CommandSpecs, Values } from "./kind.ts";
import type { Fields } from "./field.ts";

/** What a simulated device may do while it works on a command. */
export interface Handling {
  /** The command's id; a blob that answers it says so. */
  readonly id: string;
  progress(percent?: number, note?: string): void;
  /** Aborted when the command is cancelled. */
  readonly cancelled: AbortSignal;
}

type Handlers<C extends CommandSpecs> = {
  [N in keyof C]?: (
    params: C[N] extends { params: infer P extends z.ZodObject } ? z.infer<P> : Record<string, never>,
    handling: Handling,
  ) => unknown;
};

type Streams<C extends CommandSpecs> = {
  [N in keyof C as C[N]["effect"] extends "stream" ? N : never]?: (
    data: C[N] extends { params: infer P extends z.ZodObject } ? z.infer<P> : Record<string, never>,
  ) => void;
};

/** What a behaviour can do and see. */
export interface SimulatedDevice<T extends Fields, S extends Fields, E extends Fields> {
  /** One sample; `ago` is how many simulated seconds old it is. */
  telemetry(data: Partial<Values<T>>, ago?: number): void;
  /** Reports state and remembers it. */
  report(state: Partial<Values<S>>): void;
  event<N extends keyof E & string>(name: N, data: Values<E>[N], ago?: number): void;
  /** Sends bytes, of a media type that the kind names; resolves with the blob's id once the hub has stored it. */
  blob(mime: string, bytes: Uint8Array, command?: string): Promise<string>;
  /** What it reported so far. */
  readonly state: Partial<Values<S>>;
  /** Simulated seconds since the simulation began. */
  readonly time: number;
  /** The hour of the simulated day, from 0 up to 24. */
  readonly hour: number;
  /** What whoever simulates chose for this one, such as a lock's `pin`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Between 0 and 1, from the simulation's seed. */
  random(): number;
  /** Fails the command that is being handled, with a code of section X or of the kind. */
  fail(code: string, message: string): never;
  /** Seconds of simulated time, for what takes a while; it rejects when the signal is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

export type Behaviour<T extends Fields, S extends Fields, E extends Fields, C extends CommandSpecs> = (
  self: SimulatedDevice<T, S, E>,
) => {
  /** Seconds between ticks; may change, and counts anew after each command and desired document. */
  readonly every: number;
  /** Moves the world by `dt` seconds and reports what changed. */
  tick(dt: number): void;
  /** What the device does on a command; a throw by `fail` is its failure. */
  commands: Handlers<C>;
  /** What it does with each frame of a real-time lane: the newest one, and no frame twice. */
  streams?: Streams<C>;
  /** A lane's frames have stopped for its dead-man time: the device stops by itself. */
  silent?(name: keyof Streams<C>): void;
  /** Takes a desired document by reporting what it now is; returns the fields that it refuses. */
  desired?(state: Partial<Values<S>>): void | { [N in keyof S]?: { code: string; message: string } };
};
