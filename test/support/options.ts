/** A hub's options as most tests want them: what a process has, with a journal that is soon repacked. */
import { KINDS } from "../../devices/mod.ts";
import type { HubOptions } from "../../src/hub/options.ts";
import { sha256 } from "../../src/platform/crypto.ts";

export const ADMIN = "an-admin-token-of-more-than-32-characters";

export const OPTIONS: HubOptions = {
  kinds: KINDS,
  build: "test",
  adminDigest: sha256(ADMIN),
  window: 1_000,
  sequencedWindow: 1_000,
  journalSize: 256 * 1024,
  settleSize: 1024 * 1024,
  spill: 0,
  gathersTraces: false,
  idleSweep: 60_000,
  claimLife: 0,
};
