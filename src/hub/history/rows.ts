/** What is remembered of samples: the journal, pages and steps, and what is being settled. */
import type { Page as HistoryPage } from "../../history/page.ts";
import type { TraceRow } from "../devices/rows.ts";

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

/** A deleted device of which something is left [Q12]. */
export interface ErasureRow {
  /** A time-ordered id: what was told before it goes, what comes after it is of another device with this id. */
  id: string;
  device: string;
  kind: string;
  /** What is being looked through, and from which key on; null once only the journal may have something. */
  place: ErasurePlace | null;
  from: string;
}

export type ErasurePlace = "raw" | "minute" | "begun" | "hourly" | "checkpoint" | "event" | "command" | "blob";

/** Traces of devices that were heard of since the last one. */
export interface CheckpointRow {
  /** Time-ordered. */
  id: string;
  traces: TraceRow[];
}
