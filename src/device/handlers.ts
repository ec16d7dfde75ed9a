/** What a device does on its commands, and how it says that it did not. */
import type { AnyKind, CommandNames, ParamsOf, ResultOf } from "../kind/kind.ts";

/** What a handler knows about its command, beside the params. */
export interface CommandContext {
  readonly id: string;
  /** 1, and more when the hub sends it again after a lost connection. */
  readonly attempt: number;
  /** Seconds that were left to start acting. */
  readonly ttl: number;
  /** Of the lease under which it was given, where the kind asks for one: for what the device hands it on to [G7]. */
  readonly fence?: number;
  /** Tells how far it is, and gives it more time [C9]. */
  progress(percent?: number, note?: string): void;
  /** Aborted when somebody cancels the command, or the device is closed. */
  readonly cancelled: AbortSignal;
}

/** What the device does on each command; what it returns is the result's value. */
export type Handlers<K extends AnyKind> = {
  [N in CommandNames<K>]?: (
    params: ParamsOf<K, N>,
    context: CommandContext,
  ) => ResultOf<K, N> | Promise<ResultOf<K, N>>;
};
export type AnyHandler = (params: never, context: CommandContext) => unknown;

/** The device did not do it, and says why: a code of section X that is the device's, or one that the kind declares. */
export class CommandFailed extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What becomes of a command. */
export type Outcome = { ok: true; value?: unknown } | { ok: false; error: { code: string; message: string } };

/** What a handler threw, in words. */
export const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);
