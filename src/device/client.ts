/**
 * The client library for devices: `connect(kind, { url, token, commands })`.
 * It keeps the connection, the samples and the results; the device only says what is and does what it is asked.
 * It runs wherever there is a standard WebSocket, or is given one: Deno, Node, browsers, Workers.
 *
 *     const hall = connect(thermostat, {
 *       url: "https://hub.example",
 *       token,
 *       commands: {
 *         async set_target({ target }) {
 *           await heater.set(target);
 *           hall.report({ target });
 *         },
 *       },
 *     });
 *     setInterval(() => hall.telemetry({ temperature: read() }), 10_000);
 */
import type { AnyKind, EventsOf, StateOf, TelemetryOf } from "../kind/kind.ts";
import type { Clock } from "./clock.ts";
import { Connected } from "./connected.ts";
import type { Handlers, Outcome } from "./handlers.ts";
import type { StreamHandlers } from "./lanes.ts";
import type { SocketConstructor, Status } from "./link.ts";
import type { Bounds, Counters } from "./outbox.ts";
import type { Fetch } from "./probe.ts";
import type { Refusals } from "./twin.ts";

export { CommandFailed } from "./handlers.ts";
export type { CommandContext, Handlers, Outcome } from "./handlers.ts";
export type { StreamContext, StreamHandlers } from "./lanes.ts";
export type { SocketConstructor, Status } from "./link.ts";
export type { Counters } from "./outbox.ts";

/** What the device is, or is to be; `null` takes a field away. */
export type Patch<T> = { [F in keyof T]?: T[F] | null };

/** Something that was refused or went wrong, and did not end anything. */
export interface Trouble {
  code: string;
  message: string;
  /** The frame's type, or the command's name. */
  of?: string;
  pointer?: string;
}

export interface DeviceOptions<K extends AnyKind> {
  /** Where the hub is: `http://hub.local:8000`. */
  url: string;
  token: string;
  /**
   * What it does on each command; one that is missing is answered with `unsupported`, but for `identify`, which
   * writes to the console, and `get_diagnostics`, which tells of the connection. A `reboot` returns before it goes
   * down: `() => void device.settled(5).then(restart)`. Handlers run side by side: a `stop` is called at once, and has
   * to end what the others are at [E9].
   */
  commands?: Handlers<K>;
  /** What it does with each frame of a real-time lane; it sees the newest ones, in order, and none twice. */
  streams?: StreamHandlers<K>;
  /** A lane's frames have stopped for its dead-man time, or the device closes: it has to stop by itself. */
  silent?(name: keyof StreamHandlers<K> & string): void;
  /** Takes the desired document; returns the fields that it refuses, and reports what it now is. */
  onDesired?(
    state: Partial<StateOf<K>>,
    version: number,
  ): void | Refusals<keyof StateOf<K> & string> | Promise<void | Refusals<keyof StateOf<K> & string>>;
  onStatus?(status: Status): void;
  onTrouble?(trouble: Trouble): void;
  /** After a command's outcome is known here; for logs. */
  onOutcome?(name: string, outcome: Outcome): void;
  firmware?: string;
  /** A name of this life of the process, different in each: the hub tells repeats by it [T5]. */
  boot?: string;
  /** The greatest frame that it takes. */
  maxFrame?: number;
  buffer?: Partial<Bounds>;
  /** A person reads `status`: stop where only a person can help, instead of trying again every 15 minutes. */
  attended?: boolean;
  /** Where there is no global one: `import { WebSocket } from "ws"`. */
  WebSocket?: SocketConstructor;
  fetch?: Fetch;
  clock?: Clock;
  random?: () => number;
}

export interface Device<K extends AnyKind> {
  /** One sample; every field is optional. `ago` is how many seconds old it is. */
  telemetry(data: TelemetryOf<K>, ago?: number): void;
  /** What the device now is: only what changed. */
  report(state: Patch<StateOf<K>>): void;
  event<N extends keyof EventsOf<K> & string>(name: N, data: EventsOf<K>[N], ago?: number): void;
  /**
   * Sends bytes, of a media type that the kind names; `command` is the id of the one that they answer. Resolves with
   * the blob's id once the hub has stored it, over however many connections that takes; rejects with a `CommandFailed`
   * when the hub does not want it, or the device is closed.
   */
  blob(mime: string, bytes: Uint8Array, about?: { command?: string }): Promise<string>;
  readonly status: Status;
  readonly counters: Readonly<Counters>;
  /** Everything that was reported so far. */
  readonly state: Patch<StateOf<K>>;
  /** Resolves when the hub has everything said so far, or never will, or after so many seconds; true when it has. */
  settled(seconds?: number): Promise<boolean>;
  /** For good, and at once: what is still buffered is lost, unless `settled` was waited for. */
  close(): void;
}

/** Begins to connect, and never stops by itself. */
export function connect<K extends AnyKind>(kind: K, options: DeviceOptions<K>): Device<K> {
  return new Connected(kind, options);
}
