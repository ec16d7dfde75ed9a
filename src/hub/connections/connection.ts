/** A connection is a small value: it fits a sleeping socket's attachment, and waking up is reading it back. */
import type { Include } from "../../protocol/from_operator.ts";
import type { BridgeHealth } from "../../protocol/outbox.ts";
import type { OperatorView } from "../../protocol/record.ts";
import { DEFAULT_DEVICE_FRAME } from "../../protocol/words.ts";
import { type Carried, NOTHING } from "../../history/carried.ts";
import { NO_REST, type Rest, type Speech } from "../mqtt/speech.ts";

/** Frames a second, and at once [F9]. */
export const RATE = 100;
export const BURST = 500;

interface Both {
  id: string;
  openedAt: number;
  /** The newest proof of life by a frame; the runtime may know a newer `ping` [P2]. */
  evidence: number;
  /** When it first promised to ping, or null [P3]. */
  promisedAt: number | null;
  /** Times of the bad frames within the last minute [F3]. */
  faults: readonly number[];
  /** What is left of the burst, counted at `at`; `overSince` while frames are refused [F9]. */
  bucket: { left: number; at: number; overSince: number | null };
  /** The last `error` that was sent, and how many were left out since [F10]. */
  errors: { at: number; more: number };
}

export interface DeviceConnection extends Both {
  sort: "device";
  device: string;
  /** The token that opened it; revoking that one closes it [I4]. */
  token: string;
  /** The device's epoch when it connected; a lower one than the row's is a connection that was taken over [P6]. */
  epoch: number;
  /** What a `hello` made of F7, T5, C15 and D6. */
  maxFrame: number;
  boot: string | null;
  working: readonly string[];
  /** The highest `seq` accepted in its scope: the boot's, or else this connection's [T5]. */
  seq: number;
  /** Below it, what a store that takes no writes refused: it may come again under its `seq` [X1]. */
  unkept?: readonly number[];
  /** The highest `seq` that waits for its `stored`, and when the last one was sent [T6]. */
  unsettled: number | null;
  storedAt: number;
  /** The version of the desired document that went out whole; null until one fitted. */
  desired: number | null;
  /** Commands of an earlier connection go again at this time; a `hello` brings it forward [C15]. */
  resendAt: number | null;
  /** Samples that no flush has written yet, and when that flush is due, which also settles [T6, T7]. */
  carried: Carried;
  flushAt: number | null;
  /** The blob that is on its way, or the rest of one that is swallowed [B5]. */
  blob: IncomingBlob | null;
  /** What it has besides where it came by the door for MQTT [M]. */
  mqtt?: Speech;
}

/** What was announced and has not all come yet. */
export interface IncomingBlob {
  /** Its row's key; null where nothing of it is kept. */
  key: string | null;
  name: string;
  /** Bytes that are still to come. */
  left: number;
  parts: number;
  /** Dropped then, unless a byte comes before [B3]. */
  until: number;
}

export interface OperatorConnection extends Both {
  sort: "operator";
  operator: OperatorView;
  /** The credential behind it; its end is this connection's end [I5]. */
  from: { token: string; digest: string };
  /** The panel's session that opened it; signing out closes it. */
  session: string | null;
  watches: readonly WatchDefinition[];
  /** Since when its socket has not been read [O8]. */
  slowSince: number | null;
  /** It is no socket but the body of an answer: nobody speaks over it [R12]. */
  isStream?: true;
  /** What the bridge last said of itself [N27]. */
  health?: BridgeHealth;
  /** The newest row of the outbox that it was given: later ones have keys above it, whatever the clock does [N23]. */
  taken?: string;
}

/** The credential of the hub's own bridge, and the token of whom it speaks for [N20]. */
export const BRIDGE = "bridge";
export const isBridge = ({ from }: OperatorConnection): boolean => from.token === BRIDGE;

/** A socket of MQTT that has not said who it is [M2]. */
export interface Guest {
  sort: "guest";
  id: string;
  openedAt: number;
  rest: Rest;
}

export type Connection = DeviceConnection | OperatorConnection | Guest;

/** What an operator asked to see [O2]; the rest of a watch is in memory only. */
export interface WatchDefinition {
  id: string;
  query?: string;
  window: [number, number];
  sort?: string;
  fields?: string[];
  /** Frames a second. */
  rate: number;
  device?: string;
  include?: Include[];
  /** What a list has besides its devices, of every one that its query finds [O14]. */
  tells?: Include[];
  /** Its frames are confirmed with `seen`: that outlives the watch's memory [O6]. */
  confirms?: true;
}

export const guest = (id: string, now: number): Guest => ({ sort: "guest", id, openedAt: now, rest: NO_REST });

const both = (id: string, now: number): Both => ({
  id,
  openedAt: now,
  evidence: now,
  promisedAt: null,
  faults: [],
  bucket: { left: BURST, at: now, overSince: null },
  errors: { at: 0, more: 0 },
});

export const deviceConnection = (
  id: string,
  now: number,
  who: { device: string; token: string; epoch: number },
): DeviceConnection => ({
  ...both(id, now),
  ...who,
  sort: "device",
  maxFrame: DEFAULT_DEVICE_FRAME,
  boot: null,
  working: [],
  seq: -1,
  unsettled: null,
  storedAt: 0,
  desired: null,
  resendAt: null,
  carried: NOTHING,
  flushAt: null,
  blob: null,
});

export const operatorConnection = (
  id: string,
  now: number,
  who: Pick<OperatorConnection, "operator" | "from" | "session">,
): OperatorConnection => ({ ...both(id, now), ...who, sort: "operator", watches: [], slowSince: null });

/** What is left after one more frame, or a part of one, and whether that is within the rate [F9]. */
export function takeFromBucket(
  { left, at, overSince }: Both["bucket"],
  now: number,
  frames = 1,
): { bucket: Both["bucket"]; within: boolean } {
  const filled = Math.min(BURST, left + Math.max(0, now - at) * RATE / 1000);
  const within = filled >= frames;
  // Who is over and gets single frames through is still over; a second's worth of rest ends it.
  const stillOver = filled >= RATE ? null : overSince;
  const bucket = within
    ? { left: filled - frames, at: now, overSince: stillOver }
    : { left: filled, at: now, overSince: stillOver ?? now };
  return { bucket, within };
}

const MINUTE = 60_000;
const MOST_FAULTS = 10;

/** The connection after one more bad frame, and whether that was one too many [F3]. */
export function countFault<C extends DeviceConnection | OperatorConnection>(
  connection: C,
  now: number,
): { connection: C; tooMany: boolean } {
  const faults = [...connection.faults.filter((at) => at > now - MINUTE), now];
  return { connection: { ...connection, faults }, tooMany: faults.length >= MOST_FAULTS };
}
