/** How a simulated device of a kind behaves: declared in the kind's file, run by `src/device/simulator.ts`. */
import type { z } from "zod";
import type { CommandSpecs, Values } from "./kind.ts";
import type { Fields } from "./field.ts";

type Handlers<C extends CommandSpecs> = {
  [N in keyof C]?: (
    params: C[N] extends { params: infer P extends z.ZodObject } ? z.infer<P> : Record<string, never>,
  ) => unknown;
};

/** What a behaviour can do and see. */
export interface SimulatedDevice<T extends Fields, S extends Fields, E extends Fields> {
  telemetry(data: Partial<Values<T>>): void;
  /** Reports state and remembers it. */
  report(state: Partial<Values<S>>): void;
  event<N extends keyof E & string>(name: N, data: Values<E>[N]): void;
  /** What it reported so far. */
  readonly state: Partial<Values<S>>;
  /** Between 0 and 1, from the simulation's seed. */
  random(): number;
  /** Fails the command that is being handled, with a code of section X or of the kind. */
  fail(code: string, message: string): never;
  /** Seconds of simulated time, for what takes a while. */
  sleep(seconds: number): Promise<void>;
}

export type Behaviour<T extends Fields, S extends Fields, E extends Fields, C extends CommandSpecs> = (
  self: SimulatedDevice<T, S, E>,
) => {
  /** Seconds between ticks. */
  every: number;
  /** Moves the world by `dt` seconds and reports what changed. */
  tick(dt: number): void;
  /** What the device does on a command; a throw by `fail` is its failure. */
  commands: Handlers<C>;
  /** Takes a desired document: answers by reporting what it now is. */
  desired?(state: Partial<Values<S>>): void;
};
