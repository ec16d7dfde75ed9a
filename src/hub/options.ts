/** What a hub is told when it is made, once for its life. */
import type { AnyKind } from "../kind/kind.ts";
import type { MapView } from "../protocol/hub_view.ts";

export interface HubOptions {
  kinds: readonly AnyKind[];
  build: string;
  /** Digest of `SIGNALBOX_ADMIN_TOKEN`, or null where none is set. */
  adminDigest: string | null;
  /** How long samples wait to be written together, in ms: unsequenced ones [T7], and sequenced ones [T6]. */
  window: number;
  sequencedWindow: number;
  /** Bytes of samples that may wait in memory alone, beyond what their sockets keep in a sleep [T7]. */
  spill: number;
  /** Do beginnings and ends of connections wait for the window's flush? Only where memory outlives what is idle [P8]. */
  gathersTraces: boolean;
  /** Bytes of the journal at which it is repacked. */
  journalSize: number;
  /** Bytes of history that one step of settling reads and unpacks [Q11]. */
  settleSize: number;
  /** How often presence is looked over while nobody watches, in ms; null for only where something hangs on it [P5]. */
  idleSweep: number | null;
  /** A claim code younger than this many ms is not made anew at a start [I9]. */
  claimLife: number;
  /** Is there a bridge to a broker, which is owed what happens [N20-N29]? */
  bridge?: boolean;
  /** The map that its panel may offer [S7]. */
  map?: MapView | null;
}
