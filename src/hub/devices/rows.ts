/** What is remembered of devices, and of their kinds and blobs. */
import type { Doc } from "../../history/sample.ts";
import type { Applied, BlobView, LastValue } from "../../protocol/record.ts";
import type { EstopRow, LeaseRow } from "../control/rows.ts";

/** Who a device is and what is wanted of it. */
export interface DeviceRow {
  id: string;
  kind: string;
  name: string;
  tags: string[];
  createdAt: number;
  /** Grows with every connection that comes before the last one is gone; only the newest speaks for the device [P6]. */
  epoch: number;
  /** When its connections were taken over, within the last minute [P7]. */
  takeovers: number[];
  flags: string[];
  reported: Doc;
  /** When each field was last reported. */
  reportedAt: Record<string, number>;
  desired: { version: number; state: Doc };
  applied: Applied | null;
  /** Who drives it, and the newest fence that was ever given out [G]. */
  lease: LeaseRow | null;
  fence: number;
  estop: EstopRow | null;
}

/**
 * The last that was heard of a device. Its row is written for its connections' beginnings and ends [P8], and many together
 * as a checkpoint; what it told since then is in the journal.
 */
export interface TraceRow {
  id: string;
  /** A time-ordered id: of a row and a checkpoint the later one counts, and of the journal what came after. */
  saved: string;
  /** The newest evidence, or null when there never was any [P2]. */
  seen: number | null;
  /** Since when it has been posting samples without a gap; null when its last evidence came by socket. */
  posting: number | null;
  /** When its last connection ended, and why. */
  gone: { at: number; reason: string } | null;
  firmware: string | null;
  /** The newest boot that a `hello` named, and the highest `seq` accepted in its scope [T5]. */
  boot: { id: string; seq: number; unkept?: readonly number[] } | null;
  values: Record<string, LastValue>;
}

/** What outlives a device: the machine may, and come back under the same name [G3]. */
export interface FormerRow {
  id: string;
  /** The newest fence that it was given. */
  fence: number;
}

/** A kind as it was at one of its versions [K5]. */
export interface KindRow {
  /** `kindKey` of the version, so that the newest key is the newest version. */
  id: string;
  kind: string;
  version: number;
  seenAt: number;
  /** As JSON: it is compared at each start, and read only where it differs. */
  document: string;
}

/** A blob; its bytes are `blob_part` rows [B6]. */
export interface BlobRow extends Omit<BlobView, "id"> {
  /** Its key, newer ones above older ones; the device's own `id` is its name. */
  id: string;
  name: string;
  /** How many parts there are; null until it is whole. */
  parts: number | null;
}

/** The bytes of one frame. */
export interface BlobPartRow {
  /** `partKey`, so that the order of keys is the order of bytes. */
  id: string;
  blob: string;
  at: number;
  bytes: Uint8Array;
}
