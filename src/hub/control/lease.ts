/** Control leases: everybody may watch, one drives, and an older driver is known by its fence [G]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { DeviceView, LeaseView } from "../../protocol/record.ts";
import type { ArgsOf } from "../call.ts";
import type { OperatorConnection } from "../connections/connection.ts";
import { estopSentence } from "./latched.ts";
import type { Operator } from "../access/identity.ts";
import type { Device } from "../devices/device.ts";
import type { LeaseRow } from "./rows.ts";
import { evidenceOf } from "../devices/presence.ts";
import type { Turn } from "../turn.ts";
import { type By, HUB } from "../access/by.ts";

/** Without evidence of its holder, in ms [G2]. */
const LASTS = 15_000;

type Asked = Pick<Turn, "now" | "memory" | "env">;

/** The lease that holds now, or null: one that lapsed is none, whether or not anybody looked yet. */
export function leaseOf(turn: Asked, { row: { lease } }: Device): LeaseRow | null {
  return lease && turn.now < lapsesAt(turn, lease) ? lease : null;
}

function lapsesAt({ memory, env }: Pick<Turn, "memory" | "env">, { connection: id, evidence }: LeaseRow): number {
  const connection = id === null ? undefined : memory.connections.get(id) as OperatorConnection | undefined;
  return LASTS + Math.max(evidence, connection ? evidenceOf(connection, env.pingedAt(connection.id)) : 0);
}

export function leaseView(turn: Asked, device: Device): DeviceView["lease"] {
  const lease = leaseOf(turn, device);
  return lease &&
    { fence: lease.fence, holder: lease.holder, since: lease.since, expiresAt: lapsesAt(turn, lease) };
}

/** `over` is the connection that asks; null over REST. */
export function lead(
  turn: Turn,
  by: Operator,
  device: Device,
  { action = "take", reason = "" }: Omit<ArgsOf<"lease">, "device">,
  over: string | null,
): Outcome<LeaseView> {
  const { name } = device.row;
  if (!device.kind.lease) return refuse("conflict", `Anybody may drive ${name}: its kind asks for no lease`);
  // One that lapsed and that nobody looked at yet ends first, and who had it hears so [A2, G5].
  if (!leaseOf(turn, device)) lookAtLease(turn, device);
  if (device.row.estop) return refuse("estop", estopSentence(device));
  if (action === "release") return release(turn, by, device);
  if (action === "force" && reason === "") {
    return refuse("bad_request", "Whoever takes a lease from somebody says why", { pointer: "#/reason" });
  }
  const held = leaseOf(turn, device);
  const isOwn = held?.holder.id === by.id;
  if (held && !isOwn && action === "take") {
    return refuse("conflict", `${held.holder.name} drives ${name}; force takes the lease, with a reason`);
  }
  if (isOwn && held!.connection === over) return ok(renew(turn, device, held!));
  if (held && !isOwn) return ok(grant(turn, by, device, over, { from: held, reason }));
  return ok(grant(turn, by, device, over));
}

function renew(turn: Turn, device: Device, lease: LeaseRow): LeaseView {
  keep(turn, device, { ...lease, evidence: turn.now });
  return shown(turn, device);
}

function grant(
  turn: Turn,
  by: Operator,
  device: Device,
  connection: string | null,
  lost?: { from: LeaseRow; reason: string },
): LeaseView {
  const { row } = device;
  const fence = row.fence + 1;
  device.row = { ...row, fence };
  keep(turn, device, { fence, holder: nameOf(by), connection, since: turn.now, evidence: turn.now });
  const detail = lost ? { fence, from: lost.from.holder, reason: lost.reason } : { fence };
  turn.audit(by, "lease", row.id, lost ? "forced" : "taken", detail);
  if (lost) tellLoss(turn, device, lost.from, by, lost.reason);
  return shown(turn, device);
}

function release(turn: Turn, by: Operator, device: Device): Outcome<LeaseView> {
  const held = leaseOf(turn, device);
  if (held?.holder.id !== by.id) {
    return refuse("lease_lost", `${held ? held.holder.name : "Nobody"} holds the lease of ${device.row.name} now`);
  }
  keep(turn, device, null);
  turn.audit(by, "lease", device.row.id, "released", { fence: held.fence });
  return ok(shown(turn, device));
}

/** Nobody drives any more, and who did is told. */
export function endLease(turn: Turn, device: Device, by: By, reason: string): void {
  const { lease } = device.row;
  if (!lease) return;
  keep(turn, device, null);
  tellLoss(turn, device, lease, by, reason);
}

/** Its time may have come: then it is over, else it is looked at again when it may be [G2, G6]. */
export function lookAtLease(turn: Turn, device: Device): void {
  const { lease } = device.row;
  if (!lease) return;
  const at = lapsesAt(turn, lease);
  if (turn.now < at) return turn.memory.deadlines.add(at, device.row.id);
  turn.audit(null, "lease", device.row.id, "lapsed", { fence: lease.fence, from: lease.holder });
  endLease(turn, device, HUB, "lapsed");
}

/** What this connection drove too long ago is over before it says anything new: nothing that lapsed comes back. */
export function lapseOverdue(turn: Turn, connection: OperatorConnection): void {
  for (const id of turn.memory.leased) {
    const device = turn.memory.devices.get(id);
    if (device?.row.lease?.connection === connection.id && !leaseOf(turn, device)) lookAtLease(turn, device);
  }
}

/** Its connection is no more: what was last heard of it counts on for what is left of its time. */
export function noteEvidence(turn: Turn, connection: OperatorConnection): void {
  for (const id of turn.memory.leased) {
    const device = turn.memory.devices.get(id);
    const lease = device?.row.lease;
    if (!device || lease?.connection !== connection.id) continue;
    keep(turn, device, { ...lease, evidence: lapsesAt(turn, lease) - LASTS });
  }
}

function keep(turn: Turn, device: Device, lease: LeaseRow | null): void {
  const { id } = device.row;
  device.row = { ...device.row, lease };
  turn.put("device", device.row);
  turn.touch(id);
  if (!lease) return void turn.memory.leased.delete(id);
  turn.memory.leased.add(id);
  turn.memory.deadlines.add(lapsesAt(turn, lease), id);
}

const nameOf = ({ id, name }: By): By => ({ id, name });

const shown = (turn: Turn, device: Device): LeaseView => {
  const { fence, lease } = device.row;
  return { fence, holder: lease?.holder ?? null, expiresAt: lease ? lapsesAt(turn, lease) : null };
};

/** [G5] */
function tellLoss(turn: Turn, device: Device, { holder }: LeaseRow, by: By, reason: string): void {
  for (const connection of turn.memory.operators()) {
    if (connection.operator.id !== holder.id || connection.isStream) continue;
    turn.toOperator(connection, {
      type: "lease",
      device: device.row.id,
      ...shown(turn, device),
      by: nameOf(by),
      reason,
    });
  }
}
