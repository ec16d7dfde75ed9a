/** What the hub may wait for, and gather, in a Durable Object: there each row costs, and memory is small. */
import type { HubOptions } from "../hub/options.ts";

const MINUTE = 60_000;

export const DURABLE_WINDOWS: Pick<
  HubOptions,
  "window" | "sequencedWindow" | "spill" | "gathersTraces" | "journalSize" | "settleSize" | "idleSweep" | "claimLife"
> = {
  window: MINUTE,
  sequencedWindow: 4_000,
  // Of the 128 MB that an object has.
  spill: 4 * 1024 * 1024,
  gathersTraces: false,
  journalSize: 4 * 1024 * 1024,
  // Each step costs rows: a dozen devices that tell every ten seconds share one, of which less than 10 MB are read.
  settleSize: 24 * 1024 * 1024,
  idleSweep: null,
  claimLife: 60 * MINUTE,
};
