/** By what rows are found, and when they may go. */
import type { Rows, Table } from "./rows.ts";

const DAY = 86_400_000;
export const SESSION_LIFE = 30 * DAY;
const BLOB_RETENTION = 30 * DAY;
/** How long a job may go on, in ms, and for how long it is kept afterwards [J13]. */
export const LONGEST_JOB = 7 * DAY;
export const JOB_RETENTION = 90 * DAY;

export interface TableOf<R> {
  owner?: (row: R) => string;
  /** A row may get another owner; of any other table's row it never changes. */
  changesOwner?: true;
  expires?: (row: R) => number | null;
  /** Its rows end in the order of their keys, so what is over is found from the first one on, without an index. */
  endsInOrder?: true;
  /** Its `bytes` are kept beside the JSON of the rest. */
  hasBytes?: true;
}

/** By what a row is found besides its key, and when it may go. Whatever can grow without end has an end here. */
export const TABLES: { [T in Table]: TableOf<Rows[T]> } = {
  device: {},
  trace: {},
  device_token: { owner: (row) => row.device },
  operator_token: {},
  session: { owner: (row) => row.from.token, expires: (row) => row.expiresAt },
  ticket: { owner: (row) => row.from.token, expires: (row) => row.expiresAt },
  claim: {},
  command: {
    owner: (row) => row.device,
    expires: (row) => row.finishedAt === undefined ? null : row.finishedAt + 90 * DAY,
  },
  // It goes when its command is final, which whoever deletes a device sees to.
  pending: {},
  job: {
    owner: (row) => row.view.finishedAt === undefined ? "open" : "over",
    changesOwner: true,
    expires: (row) => row.view.finishedAt === undefined ? null : row.view.finishedAt + JOB_RETENTION,
  },
  job_target: { owner: (row) => row.job, expires: (row) => row.expiresAt },
  former: {},
  selection: { owner: (row) => row.device, expires: (row) => row.expiresAt },
  replay: { expires: (row) => row.at + DAY },
  event: { owner: (row) => row.device, expires: (row) => row.at + 30 * DAY },
  // Never before the row before it, whatever the clock did: what is left is always the end of the chain [A5].
  audit: { expires: (row) => Math.max(row.at, row.prevAt ?? row.at) + 365 * DAY, endsInOrder: true },
  // Found by ranges of their keys: an index would double what they cost to write.
  journal: { hasBytes: true },
  page: { hasBytes: true },
  hourly: { hasBytes: true },
  settling: {},
  erasure: {},
  checkpoint: {},
  blob: { owner: (row) => row.device, expires: (row) => row.at + BLOB_RETENTION },
  // Never before their blob.
  blob_part: { owner: (row) => row.blob, expires: (row) => row.at + BLOB_RETENTION + DAY, hasBytes: true },
  kind: { owner: (row) => row.kind },
  view: { owner: (row) => row.by.id },
  // Bounded by how many there are [N22].
  outbox: {},
};
