/** What a device's standing forbids, looked at when something is asked of it and again when it is sent [C21, L2]. */
import type { FaultCode } from "../../protocol/fault.ts";
import type { Command } from "../../kind/kind.ts";
import { fieldsOf, holds, interlocked } from "../../kind/interlock.ts";
import { estopSentence } from "./latched.ts";
import { leaseOf } from "./lease.ts";
import type { Device } from "../devices/device.ts";
import type { Doc } from "../../history/sample.ts";
import type { Turn } from "../turn.ts";
import { standing } from "../devices/view.ts";

export interface Refusal {
  code: FaultCode;
  message: string;
}

/** What is asked: by whom, and with which fence; `holder` where the request has no place for one [G4]. */
export interface Asks {
  name: string;
  effect: Command["effect"];
  by: { id: string };
  fence: number | "holder" | undefined;
}

/** [E4, G4] What no state of the device would mend. `stop` passes always. */
export function forbids(turn: Turn, device: Device, asks: Asks): Refusal | null {
  if (asks.name === "stop") return null;
  if (!device.row.estop) return withoutLease(turn, device, asks);
  // Nobody drives what is stopped, and everybody may ask what is the matter.
  return asks.effect === "query" ? null : { code: "estop", message: estopSentence(device) };
}

function withoutLease(turn: Turn, device: Device, { by, fence }: Asks): Refusal | null {
  if (!device.kind.lease) return null;
  const { name } = device.row;
  const lease = leaseOf(turn, device);
  const isHolder = lease?.holder.id === by.id;
  if (isHolder && (fence === "holder" || fence === lease.fence)) return null;
  if (fence === undefined || (fence === "holder" && !lease)) {
    return { code: "lease_required", message: `${name} is driven under a lease: take it first, and send its fence` };
  }
  const whose = !lease ? "Nobody holds" : isHolder ? "With another fence you hold" : `${lease.holder.name} holds`;
  return { code: "lease_lost", message: `${whose} the lease of ${name} now` };
}

/** [C24] The sentence of the interlock that forbids this command now, or null. */
export function interlockFault(turn: Turn, device: Device, name: string): Refusal | null {
  const { interlocks } = device.kind;
  if (interlocks.length === 0 || name === "stop") return null;
  const fresh = freshlyReported(turn, device);
  const interlock = interlocked(interlocks, name, fresh);
  if (!interlock) return null;
  const { when, sentence } = interlock;
  const unknown = [...new Set(fieldsOf(when))].filter((field) => !Object.hasOwn(fresh, field)).join(", ");
  const message = holds(when, fresh, false)
    ? sentence
    : `${unknown} is not known: it was never reported, or is too old to go by`;
  return { code: "interlock", message };
}

/** What it reported and would have taken back if it were not so any more. */
function freshlyReported(turn: Turn, device: Device): Doc {
  const { connection, row, kind } = device;
  if (!connection || standing(turn, device).presence !== "online") return {};
  const since = connection.openedAt - kind.stale * 1000;
  return Object.fromEntries(Object.entries(row.reported).filter(([field]) => (row.reportedAt[field] ?? 0) >= since));
}
