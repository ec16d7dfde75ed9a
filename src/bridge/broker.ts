/** A connection to a broker, as the bridge wants one, whichever library makes it. */

export interface Publication {
  topic: string;
  /** Empty and retained takes away what was retained. */
  payload: string;
  qos: 0 | 1;
  retain?: boolean;
  /** What only MQTT 5 has, and others are not told. */
  contentType?: string;
  correlation?: Uint8Array;
  user?: Record<string, string>;
}

/** A message that came from the broker. */
export interface Message {
  topic: string;
  payload: Uint8Array;
  retained: boolean;
  /** Seconds; with MQTT 5 only, as what follows. */
  expiry?: number;
  replyTo?: string;
  correlation?: Uint8Array;
  user: Record<string, string | string[]>;
  /** For how many ms the line may have held it, where it stands still [N12]; else 0. */
  held: number;
}

/** Taken, or why not. `isQuota`: the broker may take it later. */
export type Taking = { ok: true } | { ok: false; reason: string; isQuota?: boolean };

export interface BrokerEar {
  message(message: Message): void;
  /** Once, also while it is not connected yet; nothing comes any more. Not after an own `close`. */
  closed(reason: string): void;
}

export interface Broker {
  version: 4 | 5;
  /** How many messages it takes at a time, and how many bytes of one; where it says so. */
  mostInFlight?: number;
  largest?: number;
  /** What it said that it does not do, as a sentence; it is done without. */
  lacks?: string;
  /** Neither is ever answered where the connection ends first: `closed` says so. With QoS 0 it is once it is written. */
  publish(publication: Publication): Promise<Taking>;
  /** `isOthers`: a message counts as retained only where the broker had kept it, not where it was to be kept [N43]. */
  subscribe(filter: string, options?: { isOthers?: boolean }): Promise<Taking>;
  /** With a last word (DISCONNECT), which has the broker forget the Will. */
  close(): void;
}

export type Connected = { ok: true; broker: Broker } | { ok: false; reason: string };

/** Never throws; the wait for a broker that says nothing is the caller's. */
export type ConnectBroker = (ear: BrokerEar, signal: AbortSignal) => Promise<Connected>;
