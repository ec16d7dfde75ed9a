/** What a job would be: the devices that it is for, and what follows from their kinds [J1, J2]. */
import { type Fault, ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { type JobCounts, type JobTerms, MOST_TARGETS, TARGET_STATUSES } from "../../protocol/job.ts";
import { parseQuery } from "../../protocol/query.ts";
import { type Role, roleOpens } from "../../protocol/words.ts";
import type { AnyKind, Command } from "../../kind/kind.ts";
import type { ArgsOf } from "../call.ts";
import { checkForm } from "../commands/form.ts";
import type { Operator } from "../access/identity.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";
import { devicesOf } from "../devices/view.ts";

type NewJob = ArgsOf<"start_job">;

/** [J1] In the order of ids. */
export function find(turn: Turn, { query = "", devices, expect }: NewJob): Outcome<Device[]> {
  const found = devices ? named(turn, devices) : queried(turn, query, expect);
  return found.ok ? ok(found.value.sort((one, other) => one.row.id < other.row.id ? -1 : 1)) : found;
}

/** [J15] */
function named({ memory }: Turn, ids: readonly string[]): Outcome<Device[]> {
  const stranger = ids.findIndex((id) => !memory.devices.has(id));
  if (stranger >= 0) {
    return refuse("not_found", `There is no device ${ids[stranger]}`, { pointer: `#/devices/${stranger}` });
  }
  return ok([...new Set(ids)].map((id) => memory.devices.get(id)!));
}

function queried(turn: Turn, text: string, expect: number | undefined): Outcome<Device[]> {
  const pointer = { pointer: "#/query" };
  const query = parseQuery(text, "query");
  if (!query.ok) return query;
  if (query.value.length === 0) return refuse("bad_request", "query: id:* finds all devices", pointer);
  const devices = devicesOf(turn, query.value);
  if (devices.length === 0) return refuse("not_found", "The query finds no device", pointer);
  if (devices.length > MOST_TARGETS) {
    return refuse("too_large", `The query finds ${devices.length} devices; a job has at most ${MOST_TARGETS}`, pointer);
  }
  if (expect !== undefined && expect !== devices.length) {
    // [J16] Who counted them meant these, and no others.
    return refuse("conflict", `The query finds ${devices.length} devices by now, and not ${expect}`, {
      pointer: "#/expect",
    });
  }
  return ok(devices);
}

/** [J2] What follows from the kinds of these devices. */
export interface Plan {
  role: Role;
  secretNames: string[];
}

export function planOf(by: Operator, devices: readonly Device[], args: NewJob): Outcome<Plan> {
  // A command's form is a matter of its kind, of which there are few.
  const kinds = new Map<AnyKind, Device>(devices.map((device) => [device.kind, device]));
  const secrets = new Set<string>();
  const roles: Role[] = [];
  const faults: Fault[] = [];
  for (const device of kinds.values()) {
    const spec = specIn(device.kind, args.name);
    // Also where its form is refused: what is secret somewhere is shown nowhere.
    for (const name of spec?.secrets ?? []) if (Object.hasOwn(args.params, name)) secrets.add(name);
    if (spec?.select) {
      return refuse("conflict", `${args.name} of ${device.kind.name} is selected first, device by device`, {
        pointer: "#/name",
      });
    }
    const form = checkForm(by, device, args);
    if (form.ok) roles.push(form.value.spec.role);
    else faults.push(form.fault);
  }
  if (roles.length > 0) return ok({ role: highest(roles), secretNames: [...secrets] });
  return { ok: false, fault: faults.find(({ code }) => code !== "unknown_command") ?? faults[0] };
}

const specIn = ({ commands }: AnyKind, name: string): Command | undefined =>
  Object.hasOwn(commands, name) ? commands[name] : undefined;

const highest = (roles: readonly Role[]): Role =>
  roles.reduce((least, role) => roleOpens(least, role) ? least : role, "viewer");

export const noCounts = () => Object.fromEntries(TARGET_STATUSES.map((status) => [status, 0])) as JobCounts;

/** [J12] What is shown of what was asked. */
export function termsOf(
  by: Operator,
  { query = "", name, params, ttl, rate, canary, stopAt }: NewJob,
  { secretNames }: Plan,
  counts: JobCounts,
  total: number,
): JobTerms {
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
