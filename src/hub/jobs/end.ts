/** How a job ends: its devices' outcomes are counted, and it is done with the last one, or stopped before [J6, J9]. */
import type { JobResult, TargetStatus } from "../../protocol/job.ts";
import type { CommandRecord } from "../../protocol/record.ts";
import { withdraw } from "../commands/cancel.ts";
import { change, mark, type OpenJob, targetKey } from "./job.ts";
import type { Turn } from "../turn.ts";
import type { By } from "../access/by.ts";
import { showJob } from "../watching/show.ts";

const FAILURES = ["failed", "rejected", "expired", "unknown", "refused"] as const satisfies TargetStatus[];

/** After a turn and within one: commands of jobs that became final are counted. */
export function countEnded(turn: Turn): void {
  // Counting may stop a job, which ends further ones.
  for (let record = turn.ended.shift(); record; record = turn.ended.shift()) {
    const job = turn.memory.jobs.get(record.job!);
    if (!job) continue;
    mark(turn, job, "running", resultOf(record));
    judge(turn, job);
  }
}

const resultOf = ({ id, device, status, error, finishedAt }: CommandRecord): JobResult => ({
  device,
  status: status as TargetStatus,
  command: id,
  ...(error && { error }),
  finishedAt,
});

/** A device is gone: it has no turn any more, and one that gets its id is another one [J3]. */
export function skipDevice(turn: Turn, device: string): void {
  for (const job of [...turn.memory.jobs.values()]) {
    const target = turn.reader.get("job_target", targetKey(job.row.id, device));
    if (job.row.view.status !== "running" || target?.result.status !== "waiting") continue;
    mark(turn, job, "waiting", { device, status: "skipped" });
    judge(turn, job);
  }
}

/** Is it done, or does it fail too often [J6]? */
export function judge(turn: Turn, job: OpenJob): void {
  const { view, turns } = job.row;
  const { counts, total, canary, stopAt } = view;
  if (view.status === "running") {
    const among = canary !== undefined && turns <= canary ? Math.min(canary, total) : total;
    const failures = FAILURES.reduce((sum, status) => sum + counts[status], 0);
    if (failures / among > stopAt) {
      const which = among === total ? "devices" : "canaries";
      const percent = Math.round(stopAt * 1000) / 10;
      return stop(turn, job, null, `${failures} of ${among} ${which} failed, more than ${percent} %`);
    }
  }
  if (counts.running === 0 && (counts.waiting === 0 || view.status === "stopped")) end(turn, job);
}

/** Nothing more has its turn; what is accepted and not sent yet is cancelled [J9]. `by` is null for the hub itself. */
export function stop(turn: Turn, job: OpenJob, by: By | null, reason: string): void {
  const { view } = job.row;
  const { counts } = view;
  change(turn, job, {
    view: {
      ...view,
      status: "stopped",
      reason,
      counts: { ...counts, waiting: 0, skipped: counts.skipped + counts.waiting },
    },
  });
  job.shownAt = 0;
  turn.audit(by, "stop_job", view.id, "done", { reason });
  withdraw(turn, (record) => record.job === view.id, "Its job was stopped");
  countEnded(turn);
  judge(turn, job);
}

function end(turn: Turn, job: OpenJob): void {
  const { view } = job.row;
  if (view.finishedAt !== undefined) return;
  const status = view.status === "stopped" ? "stopped" : "done";
  change(turn, job, { view: { ...view, status, finishedAt: turn.now } });
  turn.memory.jobs.delete(view.id);
  turn.audit(null, "end_job", view.id, status, { total: view.total, counts: view.counts });
  showJob(turn, job.row.view);
}
