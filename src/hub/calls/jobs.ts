/** Calls on jobs: one command to many devices [J]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { JobResult, JobTrial, JobView } from "../../protocol/job.ts";
import { roleOpens } from "../../protocol/words.ts";
import { auditRefusal } from "../access/audit.ts";
import type { ArgsOf, List, ValueOf } from "../call.ts";
import { refusalOf } from "../commands/door.ts";
import type { Operator } from "../access/identity.ts";
import { enterJob, targetsAfter } from "../jobs/job.ts";
import { stop } from "../jobs/end.ts";
import { find, noCounts, planOf, termsOf } from "../jobs/plan.ts";
import type { Device } from "../devices/device.ts";
import type { Doc } from "../../history/sample.ts";
import type { JobRow } from "../jobs/rows.ts";
import type { Turn } from "../turn.ts";
import { DEFAULT_LIMIT, pageOf } from "./common.ts";

type NewJob = ArgsOf<"start_job">;

const MOST_RUNNING = 20;

export function startJob(turn: Turn, by: Operator, args: NewJob): Outcome<JobView> {
  const devices = find(turn, args);
  return devices.ok ? begin(turn, by, devices.value, args) : devices;
}

/** [J11] */
export function tryJob(turn: Turn, by: Operator, args: NewJob): Outcome<JobTrial> {
  const devices = find(turn, args);
  if (!devices.ok) return devices;
  const plan = planOf(by, devices.value, args);
  if (!plan.ok) return plan;
  const counts = noCounts();
  const refusals: Record<string, number> = {};
  for (const device of devices.value) {
    const refusal = refusalOf(turn, by, device, args);
    counts[refusal?.status ?? "waiting"]++;
    if (refusal) refusals[refusal.code] = (refusals[refusal.code] ?? 0) + 1;
  }
  return ok({ ...termsOf(by, args, plan.value, counts, devices.value.length), refusals });
}

function begin(turn: Turn, by: Operator, devices: readonly Device[], args: NewJob, of?: string): Outcome<JobView> {
  const plan = planOf(by, devices, args);
  if (!plan.ok) {
    const { name, query = "" } = args;
    if (plan.fault.code === "forbidden") auditRefusal(turn, by, "start_job", "", "forbidden", { name, query });
    return plan;
  }
  const running = [...turn.memory.jobs.values()].filter(({ row }) => row.view.status === "running");
  if (running.length >= MOST_RUNNING) {
    return refuse("rate_limited", `${MOST_RUNNING} jobs run already; stop one, or wait`, { retryAfter: 10 });
  }
  const id = turn.id();
  const view: JobView = {
    id,
    ...termsOf(by, args, plan.value, { ...noCounts(), waiting: devices.length }, devices.length),
    status: "running",
    createdAt: turn.now,
    ...(of !== undefined && { of }),
  };
  const { secretNames, role } = plan.value;
  const secrets: Doc = Object.fromEntries(secretNames.map((name) => [name, args.params[name]]));
  const pace = { turns: 0, after: "", dueAt: turn.now, stepAt: turn.now, heldUntil: null };
  enterJob(turn, { id, view, from: by.from, role, secrets, secretNames, ...pace }, devices.map(({ row }) => row.id));
  turn.audit(by, "start_job", id, "accepted", {
    query: view.query,
    name: view.name,
    total: view.total,
    ...(of !== undefined && { of }),
  });
  return ok(view);
}

const NO_JOB = refuse("not_found", "There is no such job");

const rowOf = (turn: Turn, id: string): JobRow | undefined =>
  turn.memory.jobs.get(id)?.row ?? turn.reader.get("job", id);

/** A repeat of a job's call shows how far the job is by now. */
export const currentJob = (turn: Turn, view: JobView): Outcome<JobView> => ok(rowOf(turn, view.id)?.view ?? view);

export function getJob(turn: Turn, _by: Operator, { job }: ArgsOf<"get_job">): Outcome<JobView> {
  const row = rowOf(turn, job);
  return row ? ok(row.view) : NO_JOB;
}

export function listJobs(turn: Turn, _by: Operator, page: ArgsOf<"list_jobs">): Outcome<List<JobView>> {
  const { items, ...rest } = pageOf(turn, "job", page);
  return ok({ items: items.map(({ view }) => view), ...rest });
}

/** Rows that are read at once, where only some of them are wanted. */
const CHUNK = 1_000;

/** The cursor is the last device of the page before. */
export function listResults(
  turn: Turn,
  _by: Operator,
  { job, limit = DEFAULT_LIMIT, cursor = "", status }: ArgsOf<"list_job_results">,
): Outcome<ValueOf<"list_job_results">> {
  const row = rowOf(turn, job);
  if (!row) return NO_JOB;
  const { counts, total } = row.view;
  const results: JobResult[] = [];
  const size = status ? CHUNK : limit + 1;
  for (let after = cursor; results.length <= limit;) {
    const read = targetsAfter(turn, job, after, size).map(({ result }) => resultIn(row.view, result));
    results.push(...read.filter((result) => !status || status.includes(result.status)));
    if (read.length < size) break;
    after = read[read.length - 1].device;
  }
  const items = results.slice(0, limit);
  return ok({
    items,
    next: results.length > limit ? items[items.length - 1].device : null,
    total: status ? [...new Set(status)].reduce((sum, one) => sum + counts[one], 0) : total,
  });
}

/** [J3] Whose turn did not come before the stop: that was written once, with the job. */
const resultIn = ({ status }: JobView, result: JobResult): JobResult =>
  status === "stopped" && result.status === "waiting" ? { ...result, status: "skipped" } : result;

/** [J9] */
export function stopJob(turn: Turn, by: Operator, { job: id }: ArgsOf<"stop_job">): Outcome<JobView> {
  const row = rowOf(turn, id);
  if (!row) return NO_JOB;
  const job = turn.memory.jobs.get(id);
  if (!job || row.view.status !== "running") return refuse("conflict", `The job is ${row.view.status} already`);
  if (!roleOpens(by.role, row.role)) {
    auditRefusal(turn, by, "stop_job", id, "forbidden");
    return refuse("forbidden", `Stopping this needs the role ${row.role}`);
  }
  stop(turn, job, by, `Stopped by ${by.name}`);
  return ok(job.row.view);
}

/** A newer command has its way there, or this one had. */
const SETTLED = ["succeeded", "superseded", "running"];

/** [J10] */
export function retryJob(turn: Turn, by: Operator, args: ArgsOf<"retry_job">): Outcome<JobView> {
  const row = rowOf(turn, args.job);
  if (!row) return NO_JOB;
  const { id, query, name, params, ttl, rate, canary, stopAt, status } = row.view;
  if (status === "running") return refuse("conflict", "The job runs; stop it first, or wait for its end");
  const refused = checkSecrets(row, args.params);
  if (refused) return refused;
  const left = targetsAfter(turn, id, "").filter(({ result }) => !SETTLED.includes(result.status));
  const devices = left.flatMap(({ result }) => turn.memory.devices.get(result.device) ?? []);
  if (devices.length === 0) return refuse("conflict", "There is nothing left to do at any of its devices");
  const again = { query, name, params: { ...params, ...args.params }, ttl, rate, canary, stopAt };
  return begin(turn, by, devices, again, id);
}

/** [J12] The same params as before: those that were forgotten, and no others. */
function checkSecrets({ secretNames }: JobRow, given: Doc): Outcome<never> | null {
  const missing = secretNames.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) {
    return refuse("invalid_params", `${missing}: is secret and was forgotten; give it again`, {
      pointer: `#/params/${missing}`,
    });
  }
  const more = Object.keys(given).find((name) => !secretNames.includes(name));
  if (more === undefined) return null;
  return refuse("invalid_params", `${more}: a retry has the params of its job; only secrets are given again`, {
    pointer: `#/params/${more}`,
  });
}
