/** Calls on jobs: one command to many devices [J]. */
import { type Fault, ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { type JobCounts, type JobResult, type JobView, MOST_TARGETS, TARGET_STATUSES } from "../../protocol/job.ts";
import type { JobTrial } from "../../protocol/job.ts";
import { matches, parseQuery } from "../../protocol/query.ts";
import { type Role, roleOpens } from "../../protocol/words.ts";
import type { AnyKind, Command } from "../../kind/kind.ts";
import { auditRefusal } from "../audit.ts";
import type { ArgsOf, List, ValueOf } from "../call.ts";
import { refusalOf } from "../door.ts";
import { checkForm } from "../form.ts";
import type { Operator } from "../identity.ts";
import { enterJob, stop, targetsAfter } from "../jobs.ts";
import type { Device } from "../memory.ts";
import type { Doc, JobRow } from "../ports.ts";
import type { Turn } from "../turn.ts";
import { viewOf } from "../view.ts";
import { DEFAULT_LIMIT, pageOf } from "./common.ts";

type NewJob = ArgsOf<"start_job">;

const MOST_RUNNING = 20;

export function startJob(turn: Turn, by: Operator, args: NewJob): Outcome<JobView> {
  const devices = find(turn, args.query);
  return devices.ok ? begin(turn, by, devices.value, args) : devices;
}

/** [J11] */
export function tryJob(turn: Turn, by: Operator, args: NewJob): Outcome<JobTrial> {
  const devices = find(turn, args.query);
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

/** [J1] In the order of ids. */
function find(turn: Turn, text: string): Outcome<Device[]> {
  const pointer = { pointer: "#/query" };
  const query = parseQuery(text, "query");
  if (!query.ok) return query;
  if (query.value.length === 0) return refuse("bad_request", "query: id:* finds all devices", pointer);
  const devices = [...turn.memory.devices.values()].filter((device) => matches(query.value, viewOf(turn, device)));
  if (devices.length === 0) return refuse("not_found", "The query finds no device", pointer);
  if (devices.length > MOST_TARGETS) {
    return refuse("too_large", `The query finds ${devices.length} devices; a job has at most ${MOST_TARGETS}`, pointer);
  }
  return ok(devices.sort((one, other) => one.row.id < other.row.id ? -1 : 1));
}

/** [J2] What follows from the kinds of these devices. */
interface Plan {
  role: Role;
  secretNames: string[];
}

function planOf(by: Operator, devices: readonly Device[], args: NewJob): Outcome<Plan> {
  // A command's form is a matter of its kind, of which there are few.
  const kinds = new Map<AnyKind, Device>(devices.map((device) => [device.kind, device]));
  const secrets = new Set<string>();
  const roles: Role[] = [];
  const faults: Fault[] = [];
  for (const device of kinds.values()) {
    const spec = specIn(device.kind, args.name);
    if (spec?.select) {
      return refuse("conflict", `${args.name} of ${device.kind.name} is selected first, device by device`, {
        pointer: "#/name",
      });
    }
    const form = checkForm(by, device, args);
    if (!form.ok) {
      faults.push(form.fault);
      continue;
    }
    roles.push(form.value.spec.role);
    for (const name of form.value.spec.secrets) if (Object.hasOwn(args.params, name)) secrets.add(name);
  }
  if (roles.length > 0) return ok({ role: highest(roles), secretNames: [...secrets] });
  return { ok: false, fault: faults.find(({ code }) => code !== "unknown_command") ?? faults[0] };
}

const specIn = ({ commands }: AnyKind, name: string): Command | undefined =>
  Object.hasOwn(commands, name) ? commands[name] : undefined;

const highest = (roles: readonly Role[]): Role =>
  roles.reduce((least, role) => roleOpens(least, role) ? least : role, "viewer");

const noCounts = () => Object.fromEntries(TARGET_STATUSES.map((status) => [status, 0])) as JobCounts;

/** [J12] What is shown of what was asked. */
function termsOf(
  by: Operator,
  { query, name, params, ttl, rate, canary, stopAt }: NewJob,
  { secretNames }: Plan,
  counts: JobCounts,
  total: number,
) {
  const shown = Object.fromEntries(Object.entries(params).filter(([name]) => !secretNames.includes(name)));
  return {
    query,
    name,
    params: shown,
    by: { id: by.id, name: by.name },
    total,
    counts,
    rate,
    ...(canary !== undefined && { canary }),
    stopAt,
    ...(ttl !== undefined && { ttl }),
  };
}

function begin(turn: Turn, by: Operator, devices: readonly Device[], args: NewJob, of?: string): Outcome<JobView> {
  const plan = planOf(by, devices, args);
  if (!plan.ok) {
    const { name, query } = args;
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
export const currentJob = (turn: Turn, view: JobView): JobView => rowOf(turn, view.id)?.view ?? view;

export function getJob(turn: Turn, _by: Operator, { job }: ArgsOf<"get_job">): Outcome<JobView> {
  const row = rowOf(turn, job);
  return row ? ok(row.view) : NO_JOB;
}

export function listJobs(turn: Turn, _by: Operator, page: ArgsOf<"list_jobs">): Outcome<List<JobView>> {
  const { items, ...rest } = pageOf(turn, "job", page);
  return ok({ items: items.map(({ view }) => view), ...rest });
}

/** The cursor is the last device of the page before. */
export function listResults(
  turn: Turn,
  _by: Operator,
  { job, limit = DEFAULT_LIMIT, cursor = "" }: ArgsOf<"list_job_results">,
): Outcome<ValueOf<"list_job_results">> {
  const row = rowOf(turn, job);
  if (!row) return NO_JOB;
  const results = targetsAfter(turn, job, cursor, limit + 1).map(({ result }) => resultIn(row.view, result));
  const items = results.slice(0, limit);
  return ok({ items, next: results.length > limit ? items[items.length - 1].device : null, total: row.view.total });
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
