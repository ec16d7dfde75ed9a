/** What the runner asks of a runtime; each of them gives its own. */
import type { Connection } from "../hub/connections/connection.ts";
import type { Log } from "../hub/log.ts";
import type { Env } from "../hub/ports.ts";
import type { Vitals } from "../hub/metrics/vitals.ts";

/** What a runtime gives the hub. */
export interface Shell {
  now(): number;
  /** The values of all open sockets, as they were last attached. */
  connections(): Connection[];
  /** Keeps a connection's value with its socket, if that is still there. */
  attach(connection: Connection): void;
  send(connection: string, text: string): void;
  sendBytes(connection: string, bytes: Uint8Array): void;
  close(connection: string, code: number, reason: string): void;
  pingedAt: Env["pingedAt"];
  backlog: Env["backlog"];
  random: Env["random"];
  /** Asks for `wake` at this time, for `flush` at that one; null for never. */
  schedule(wakeAt: number | null, flushAt: number | null): void;
  log: Log;
  /** For durations, in ms; absent where the runtime's clocks stand still while it computes. */
  elapsed?(): number;
  vitals(): Vitals;
}
