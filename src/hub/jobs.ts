/** A job's life: its devices have their turn one after another, and what becomes of each is counted [J]. */
import type { JobResult, JobView, TargetStatus } from "../protocol/job.ts";
import type { CommandRecord } from "../protocol/record.ts";
import { roleOpens } from "../protocol/words.ts";
import { dispatch } from "./command.ts";
import { accept } from "./door.ts";
import { fromSource, type Operator } from "./identity.ts";
import { finish } from "./ledger.ts";
import type { Memory, OpenJob } from "./memory.ts";
import { JOB_RETENTION, type JobRow, type JobTargetRow, LONGEST_JOB } from "./ports.ts";
import type { By, Turn } from "./turn.ts";
import { showJob } from "./watch.ts";

const SECOND = 1_000;
/** Between two steps, and between two frames about one job, in ms [J14]. */
const STEP = 250;
/** Within it a peer whose connection ended comes back [Z]. */
const RETURN = 60_000;
/** What was sent last may end a while after its job was stopped; never before it are its results dropped. */
const TARGET_LIFE = LONGEST_JOB + JOB_RETENTION + 7 * 86_400_000;

const FAILURES = ["failed", "rejected", "expired", "unknown", "refused"] as const satisfies TargetStatus[];

/** Below any longer id that begins with it: ids have no letter as low as this one. */
const AFTER = "!";
const targetKey = (job: string, device: string): string => `${job}.${device}`;

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

/** When a job wants to go on, though nothing happens until then; null for never. */
export function nextStep({ jobs }: Memory): number | null {
  let next: number | null = null;
  for (const { row } of jobs.values()) {
    const due = stepDue(row);
    if (due !== null && (next === null || due < next)) next = due;
  }
  return next;
}

function stepDue(row: JobRow): number | null {
  const { status, counts, createdAt } = row.view;
  if (status !== "running") return null;
  const last = createdAt + LONGEST_JOB;
  return counts.waiting === 0 || waitsForCanaries(row)
    ? last
    : Math.min(last, Math.ceil(Math.max(row.dueAt, row.stepAt)));
}

/** [J5] */
const waitsForCanaries = ({ view, turns }: JobRow): boolean => turns === view.canary && view.counts.running > 0;

/** [J8] After a restart without any socket, jobs wait for the devices that had one; once, until they go on. */
export function holdJobs(turn: Turn): void {
  const { memory, now } = turn;
  if ([...memory.connections.values()].some(({ sort }) => sort === "device")) return;
  for (const job of memory.jobs.values()) {
    if (job.row.heldUntil === null) change(turn, job, { heldUntil: now + RETURN });
  }
}

/** Is there a device whose connection ended without a word of it, since the hub ended first? */
const isCutOff = ({ devices }: Memory): boolean =>
  [...devices.values()].some(({ connection, trace: { seen, gone, posting } }) =>
    connection === null && seen !== null && gone === null && posting === null
  );

/** Every job that is due goes one step on. */
export function stepJobs(turn: Turn): void {
  for (const job of [...turn.memory.jobs.values()]) {
    const due = stepDue(job.row);
    if (due !== null && due <= turn.now) step(turn, job);
  }
}

function step(turn: Turn, job: OpenJob): void {
  const { row } = job;
  const { view } = row;
  const by = operatorOf(turn, row);
  if (by === null) return stop(turn, job, null, `The credential of ${view.by.name} is gone, or opens this no more`);
  if (turn.now >= view.createdAt + LONGEST_JOB) return stop(turn, job, null, "It was not done within a week");
  if (row.heldUntil !== null && turn.now < row.heldUntil && isCutOff(turn.memory)) {
    return change(turn, job, { stepAt: turn.now + SECOND });
  }
  const interval = SECOND / view.rate;
  const first = Math.max(row.dueAt, turn.now - Math.max(0, SECOND - interval));
  const due = Math.floor((turn.now - first) / interval) + 1;
  const canaries = (view.canary ?? 0) - row.turns;
  const count = canaries > 0 ? Math.min(due, canaries) : due;
  change(turn, job, { dueAt: first + count * interval, stepAt: turn.now + STEP, heldUntil: null });
  for (const { result } of targetsAfter(turn, row.id, row.after, count)) {
    if (job.row.view.status !== "running") break;
    change(turn, job, { turns: job.row.turns + 1, after: result.device });
    if (result.status === "waiting") give(turn, job, by, result.device);
    // What was refused at once counts before the next has its turn.
    countEnded(turn);
    judge(turn, job);
  }
}

/** [J7] */
function operatorOf(turn: Turn, { from, role }: JobRow): Operator | null {
  const operator = fromSource(turn, from);
  return operator && roleOpens(operator.role, role) ? operator : null;
}

/** A device has its turn: its command and that it had it are one transaction [J8]. */
function give(turn: Turn, job: OpenJob, by: Operator, id: string): void {
  const { view, secrets } = job.row;
  const { name, params, ttl } = view;
  const device = turn.memory.devices.get(id);
  if (!device) return mark(turn, job, "waiting", { device: id, status: "skipped" });
  const given = accept(turn, by, device, { name, params: { ...params, ...secrets }, ttl, job: view.id });
  const command = given.ok ? given.value.id : given.fault.command;
  if (command !== undefined) return mark(turn, job, "waiting", { device: id, status: "running", command });
  const { code, message } = (given as { fault: { code: string; message: string } }).fault;
  mark(turn, job, "waiting", { device: id, status: "refused", error: { code, message }, finishedAt: turn.now });
}

/** A device is gone: it has no turn any more, and one that gets its id is another one [J3]. */
export function skipDevice(turn: Turn, device: string): void {
  for (const job of [...turn.memory.jobs.values()]) {
    const target = turn.reader.get("job_target", targetKey(job.row.id, device));
    if (job.row.view.status !== "running" || target?.result.status !== "waiting") continue;
    mark(turn, job, "waiting", { device, status: "skipped" });
    judge(turn, job);
  }
}

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

/** A device moves from one status to another. */
function mark(turn: Turn, job: OpenJob, from: "waiting" | "running", result: JobResult): void {
  const { view } = job.row;
  putTarget(turn, view, result);
  const counts = { ...view.counts, [from]: view.counts[from] - 1 };
  change(turn, job, { view: { ...view, counts: { ...counts, [result.status]: counts[result.status] + 1 } } });
}

/** Is it done, or does it fail too often [J6]? */
function judge(turn: Turn, job: OpenJob): void {
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
  const unsent = [...turn.memory.commands.values()].filter(({ record }) =>
    record.job === view.id && record.status === "accepted"
  );
  for (const open of unsent) {
    const device = turn.memory.devices.get(open.record.device)!;
    finish(turn, device, open, "cancelled", { error: { code: "cancelled", message: "Its job was stopped" } });
    dispatch(turn, device);
  }
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

function change(turn: Turn, job: OpenJob, change: Partial<JobRow>): void {
  const row = { ...job.row, ...change };
  // [J12] Nobody needs them any more.
  job.row = row.view.counts.waiting === 0 ? { ...row, secrets: {} } : row;
  job.isDirty = true;
  turn.put("job", job.row);
}

/** [J14] After a turn: who made a job hears how it goes, if that was not told just now. */
export function showJobs(turn: Turn): void {
  for (const job of turn.memory.jobs.values()) {
    if (!job.isDirty || job.shownAt + STEP > turn.now) continue;
    job.isDirty = false;
    job.shownAt = turn.now;
    showJob(turn, job.row.view);
  }
}

/** When there is more to tell, or null. */
export function nextShow(memory: Memory): number | null {
  const dirty = [...memory.jobs.values()].filter(({ isDirty, row }) =>
    isDirty && memory.operators().some(({ operator }) => operator.id === row.view.by.id)
  );
  return dirty.length === 0 ? null : Math.min(...dirty.map(({ shownAt }) => shownAt + STEP));
}
