/** Running jobs, as the clock drives them: their devices have their turn one after another [J4, J5, J7, J8]. */
import { roleOpens } from "../../protocol/words.ts";
import { accept } from "../commands/door.ts";
import { fromSource, type Operator } from "../access/identity.ts";
import { change, mark, type OpenJob, targetsAfter } from "./job.ts";
import { countEnded, judge, stop } from "./end.ts";
import type { Memory } from "../memory.ts";
import type { JobRow } from "./rows.ts";
import { LONGEST_JOB } from "../retention.ts";
import type { Turn } from "../turn.ts";
import { showJob } from "../watching/show.ts";

const SECOND = 1_000;
/** Between two steps, and between two frames about one job, in ms [J14]. */
const STEP = 250;
/** Within it a peer whose connection ended comes back [Z]. */
const RETURN = 60_000;

/** When a job wants to go on, though nothing happens until then; null for never. */
export function nextStep({ jobs }: Memory, now: number): number | null {
  let next: number | null = null;
  for (const { row } of jobs.values()) {
    const due = stepDue(row, now);
    if (due !== null && (next === null || due < next)) next = due;
  }
  return next;
}

function stepDue(row: JobRow, now: number): number | null {
  const { status, counts, createdAt, rate } = row.view;
  if (status !== "running") return null;
  const last = createdAt + LONGEST_JOB;
  if (counts.waiting === 0 || waitsForCanaries(row)) return last;
  const due = Math.ceil(Math.max(row.dueAt, row.stepAt));
  // A step never looks further ahead than this: the clock was set back, and the job must not wait until it is there again.
  return due > now + Math.max(SECOND, SECOND / rate) + 1 ? now : Math.min(last, due);
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

const isHeld = ({ heldUntil }: JobRow, now: number): boolean =>
  heldUntil !== null && now < heldUntil && heldUntil - now <= RETURN;

/** Is there a device whose connection ended without a word of it, since the hub ended first? */
const isCutOff = ({ devices }: Memory): boolean =>
  [...devices.values()].some(({ connection, trace: { seen, gone, posting } }) =>
    connection === null && seen !== null && gone === null && posting === null
  );

/** Every job that is due goes one step on. */
export function stepJobs(turn: Turn): void {
  for (const job of [...turn.memory.jobs.values()]) {
    const due = stepDue(job.row, turn.now);
    if (due !== null && due <= turn.now) step(turn, job);
  }
}

function step(turn: Turn, job: OpenJob): void {
  const { row } = job;
  const { view } = row;
  const by = operatorOf(turn, row);
  if (by === null) return stop(turn, job, null, `The credential of ${view.by.name} is gone, or opens this no more`);
  if (turn.now >= view.createdAt + LONGEST_JOB) return stop(turn, job, null, "It was not done within a week");
  if (isHeld(row, turn.now) && isCutOff(turn.memory)) {
    return change(turn, job, { stepAt: turn.now + SECOND });
  }
  const interval = SECOND / view.rate;
  const first = Math.max(Math.min(row.dueAt, turn.now), turn.now - Math.max(0, SECOND - interval));
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

/** [J14] After a turn: who made a job hears how it goes, if that was not told just now. */
export function showJobs(turn: Turn): void {
  for (const job of turn.memory.jobs.values()) {
    const ago = turn.now - job.shownAt;
    if (!job.isDirty || (ago >= 0 && ago < STEP)) continue;
    job.isDirty = false;
    job.shownAt = turn.now;
    showJob(turn, job.row.view);
  }
}

/** When there is more to tell, or null. */
export function nextShow(memory: Memory): number | null {
  if (memory.jobs.size === 0) return null;
  const dirty = [...memory.jobs.values()].filter(({ isDirty, row }) =>
    isDirty && memory.operators().some(({ operator, isStream }) => operator.id === row.view.by.id && !isStream)
  );
  return dirty.length === 0 ? null : Math.min(...dirty.map(({ shownAt }) => shownAt + STEP));
}
