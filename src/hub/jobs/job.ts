/** A job's rows: its list of devices, its counts, and the one way to change them [J3]. */
import type { JobResult, JobView } from "../../protocol/job.ts";
import type { JobRow, JobTargetRow } from "./rows.ts";
import { JOB_RETENTION, LONGEST_JOB } from "../retention.ts";
import { saveTraces } from "../history/traces.ts";
import type { Turn } from "../turn.ts";

/** A job of which something may still move. */
export interface OpenJob {
  row: JobRow;
  /** When its operator was last told of it, and whether there is more to tell [J14]; losing these is harmless. */
  shownAt: number;
  isDirty: boolean;
}

/** What was sent last may end a while after its job was stopped; never before it are its results dropped. */
const TARGET_LIFE = LONGEST_JOB + JOB_RETENTION + 7 * 86_400_000;

/** Below any longer id that begins with it: ids have no letter as low as this one. */
const AFTER = "!";
export const targetKey = (job: string, device: string): string => `${job}.${device}`;

/** The targets behind a device in the order of turns; the first ones, behind none. */
export const targetsAfter = (turn: Turn, job: string, device: string, limit?: number): JobTargetRow[] =>
  turn.reader.list("job_target", {
    owner: job,
    limit,
    ...(device !== "" && { from: targetKey(job, device) + AFTER }),
  });

/** A job begins: its list is as it is now. */
export function enterJob(turn: Turn, row: JobRow, devices: readonly string[]): void {
  turn.memory.addJob(row).isDirty = true;
  saveTraces(turn);
  turn.put("job", row);
  for (const device of devices) putTarget(turn, row.view, { device, status: "waiting" });
}

function putTarget(turn: Turn, { id, createdAt }: JobView, result: JobResult): void {
  turn.put("job_target", {
    id: targetKey(id, result.device),
    job: id,
    expiresAt: createdAt + TARGET_LIFE,
    result,
  });
}

/** Whatever changes of it is written and told. */
export function change(turn: Turn, job: OpenJob, change: Partial<JobRow>): void {
  const row = { ...job.row, ...change };
  // [J12] Nobody needs them any more.
  job.row = row.view.counts.waiting === 0 ? { ...row, secrets: {} } : row;
  job.isDirty = true;
  turn.put("job", job.row);
}

/** A device moves from one status to another. */
export function mark(turn: Turn, job: OpenJob, from: "waiting" | "running", result: JobResult): void {
  const { view } = job.row;
  putTarget(turn, view, result);
  const counts = { ...view.counts, [from]: view.counts[from] - 1 };
  change(turn, job, { view: { ...view, counts: { ...counts, [result.status]: counts[result.status] + 1 } } });
}
