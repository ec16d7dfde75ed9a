/** What is remembered: every table with its row. */
import type { Page as HistoryPage } from "../history/page.ts";
import type { Doc } from "../history/sample.ts";
import type { JobResult, JobView } from "../protocol/job.ts";
import type { OutboxRow, ReplyTo } from "../protocol/outbox.ts";
import type { Applied, AuditView, BlobView, CommandRecord, EventView, LastValue } from "../protocol/record.ts";
import type { SavedView } from "../protocol/saved_view.ts";
import type { Role } from "../protocol/words.ts";

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

export interface LeaseRow {
  fence: number;
  holder: { id: string; name: string };
  /** The connection that took it; null where that was REST. */
  connection: string | null;
  since: number;
  /** The holder's newest proof of life that is written; its connection may know a newer one [G2]. */
  evidence: number;
}

export interface EstopRow {
  at: number;
  by: { id: string; name: string };
  reason: string;
  command: string | null;
  confirmedAt: number | null;
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

export interface DeviceTokenRow {
  id: string;
  device: string;
  digest: string;
  createdAt: number;
  lastUsedAt: number | null;
}

export interface OperatorTokenRow {
  id: string;
  name: string;
  role: Role;
  digest: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** A panel's session or a ticket: a digest that stands for the credential it came from [I6, I7]. */
export interface GrantRow {
  id: string;
  digest: string;
  /** The operator token that it came from; the digest pins the setting's token, which has no row. */
  from: { token: string; digest: string };
  /** The session that a ticket came from, and ends with. */
  session: string | null;
  expiresAt: number;
}

/** What only the hub knows of a command that is not final; gone, secrets included, when it is [C19]. */
export interface PendingRow {
  id: string;
  device: string;
  secrets: Doc;
  /** The connection over which it was last sent, and the one over which the device was told to cancel it. */
  over: string | null;
  told?: string;
  /** A `stop` that an emergency stop sent; only the newest of the present one goes, or goes again [E2, E6]. */
  isLatched?: true;
  /** It was one of those, and will not go again. */
  isSpent?: true;
  /** Where its outcome is waited for on the broker [N26]. */
  replies?: ReplyTo[];
}

/** How many rows of the outbox went unsent [N22]. */
export interface DroppedRow {
  id: "dropped";
  count: number;
}

/** A bridge was given states: a broker may have what is retained of devices, whether or not there is a bridge now [N28]. */
export interface BridgedRow {
  id: "bridged";
  at: number;
}

/** What outlives a device: the machine may, and come back under the same name [G3]. */
export interface FormerRow {
  id: string;
  /** The newest fence that it was given. */
  fence: number;
}

/** A command that was selected and not sent yet [C22]; its key is the device's and the command's. */
export interface SelectionRow {
  id: string;
  device: string;
  /** The operator's id. */
  by: string;
  digest: string;
  /** Of the params, together with what the operator was given. */
  args: string;
  expiresAt: number;
}

/** A job [J], and what only the hub knows of it. */
export interface JobRow {
  id: string;
  view: JobView;
  /** Who made it; that credential is looked at again at each step [J7]. */
  from: GrantRow["from"];
  /** The highest role that its command asks for. */
  role: Role;
  /** Secret params for the devices that wait; and the names of all that were given, for a retry [J12]. */
  secrets: Doc;
  secretNames: string[];
  /** How many had their turn, and the last of them. */
  turns: number;
  after: string;
  /** When the next may have its own, and when to look for it. */
  dueAt: number;
  stepAt: number;
  /** Until then it waits for devices that a restart cut off; null once it went on [J8]. */
  heldUntil: number | null;
}

/** One device of a job. */
export interface JobTargetRow {
  /** `targetKey`, so that the order of keys is the order of turns. */
  id: string;
  job: string;
  expiresAt: number;
  result: JobResult;
}

/** The first answer to a call that carried an idempotency key [C20]. */
export interface ReplayRow {
  id: string;
  digest: string;
  at: number;
  value: unknown;
}

export type AuditRow = AuditView;

/** A saved view, as it is shown [R18]. */
export type ViewRow = SavedView;

/** What many devices told within one window, in the order in which it was flushed: read as a whole, and soon repacked. */
export interface JournalRow {
  /** Time-ordered. */
  id: string;
  at: number;
  /** Each device's samples are the next so many bytes, with its list of names (`carried.ts`). */
  entries: JournalEntry[];
  names: (readonly string[])[];
  bytes: Uint8Array;
}

/** So short since a row has one for each device; `ago` is how long before the row it was heard of, in ms. */
export type JournalEntry = [device: string, length: number, names: number, ago: number, boot?: TraceRow["boot"]];

/** Samples and steps of minutes, packed by kind and device [Q3]. */
export type PageRow = HistoryPage;

/** The steps of an hour of one device's day; its key is `hourlyKey`. */
export interface HourlyRow {
  id: string;
  /** Of the settling that made it, and of the last one that added to it; rows of earlier versions have none. */
  generation?: string;
  again?: string;
  bytes: Uint8Array;
}

/** A day of a kind that is being settled [Q4]; its key is the kind. */
export interface SettlingRow {
  id: string;
  day: number;
  /** It was settled before, and something came since: its kind keeps raw history for longer now, or the clock was wrong. */
  isAgain: boolean;
  /** Of the pages that it makes. */
  generation: string;
  /** The last device that is done; null once all are, and later ids are above the generation all the same. */
  after: string | null;
  /** The next device, where some of its day is done: until when, and that hour, counted from the epoch [Q11]. */
  begun?: { device: string; hour: number; at?: number };
}

/** A deleted device of whose history something is left [Q12]. */
export interface ErasureRow {
  /** A time-ordered id: what was told before it goes, what comes after it is of another device with this id. */
  id: string;
  device: string;
  kind: string;
  /** What is being looked through, and from which key on; null once only the journal may have something. */
  place: ErasurePlace | null;
  from: string;
}

export type ErasurePlace = "raw" | "minute" | "begun" | "hourly" | "checkpoint";

/** Traces of devices that were heard of since the last one. */
export interface CheckpointRow {
  /** Time-ordered. */
  id: string;
  traces: TraceRow[];
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

export interface ClaimRow {
  id: "claim";
  digest: string;
  at: number;
}

/** Every table with its row. A row's key is its `id`. */
export interface Rows {
  device: DeviceRow;
  trace: TraceRow;
  device_token: DeviceTokenRow;
  operator_token: OperatorTokenRow;
  session: GrantRow;
  ticket: GrantRow;
  claim: ClaimRow;
  command: CommandRecord;
  pending: PendingRow;
  job: JobRow;
  job_target: JobTargetRow;
  former: FormerRow;
  selection: SelectionRow;
  replay: ReplayRow;
  event: EventView;
  audit: AuditRow;
  journal: JournalRow;
  page: PageRow;
  hourly: HourlyRow;
  settling: SettlingRow;
  erasure: ErasureRow;
  checkpoint: CheckpointRow;
  blob: BlobRow;
  blob_part: BlobPartRow;
  kind: KindRow;
  view: ViewRow;
  outbox: OutboxRow | DroppedRow | BridgedRow;
}
export type Table = keyof Rows;
