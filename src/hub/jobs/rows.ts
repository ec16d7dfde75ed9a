/** What is remembered of jobs. */
import type { Doc } from "../../history/sample.ts";
import type { JobResult, JobView } from "../../protocol/job.ts";
import type { Role } from "../../protocol/words.ts";
import type { GrantRow } from "../access/rows.ts";

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
