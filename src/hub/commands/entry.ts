/** How a command enters the ledger: what its device's standing says to it, and its record [C1, C4, C5]. */
import { isOver } from "../../protocol/frame.ts";
import type { CommandRecord } from "../../protocol/record.ts";
import { laneOf, tooLarge } from "./dispatch.ts";
import { type Asks, forbids, interlockFault, type Refusal } from "../control/forbids.ts";
import type { Form } from "./form.ts";
import { ID_LENGTH } from "../id.ts";
import { deadlineOf, type OpenCommand } from "./open.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";
import type { By } from "../access/by.ts";
import { standing } from "../devices/view.ts";

/** What is asked, before its kind says more. */
type Asked = Omit<Asks, "effect">;

/** Why the device cannot be asked for this now, or null: the first in the order of [C1]. */
export function standingFault(turn: Turn, device: Device, asked: Asked, form: Form): Refusal | null {
  return forbids(turn, device, { ...asked, effect: form.spec.effect }) ?? unreachable(turn, device, form) ??
    interlockFault(turn, device, asked.name) ?? overfull(device, asked.name) ?? oversized(device, asked.name, form);
}

function unreachable(turn: Turn, device: Device, { spec }: Form): Refusal | null {
  const { presence } = standing(turn, device);
  const isReachable = device.connection !== null && presence !== "offline" &&
    !(spec.effect === "once" && presence === "suspect");
  if (isReachable || spec.queue) return null;
  return { code: "offline", message: `${device.row.name} is ${presence === "online" ? "without a socket" : presence}` };
}

/** How many may wait for one device [C5]. */
const MOST_WAITING = 50;

function overfull(device: Device, name: string): Refusal | null {
  const waiting = device.open.filter(({ record }) =>
    record.status === "accepted" && laneOf(record) === laneOf({ name })
  );
  if (waiting.length < MOST_WAITING) return null;
  return { code: "queue_full", message: `${MOST_WAITING} commands wait for ${device.row.name} already` };
}

/** What `type`, `id`, `ttl`, `expires`, `attempt` and `fence` add to a command's frame at most, in bytes. */
const ENVELOPE = 100 + ID_LENGTH;

function oversized({ connection }: Device, name: string, { shown, secrets }: Form): Refusal | null {
  const frame = { name, params: { ...shown, ...secrets } };
  if (!connection || !isOver(JSON.stringify(frame), connection.maxFrame - ENVELOPE)) return null;
  return { code: "too_large", message: tooLarge(connection) };
}

/** The record as it enters, last in its device's order. */
export function enter(
  turn: Turn,
  by: By,
  device: Device,
  { name, fence, key, job }: { name: string; fence?: number; key?: string; job?: string },
  { spec, shown, secrets, ttl }: Form,
): OpenCommand {
  const record: CommandRecord = {
    id: turn.id(),
    device: device.row.id,
    name,
    params: shown,
    effect: spec.effect,
    status: "accepted",
    by: { id: by.id, name: by.name },
    createdAt: turn.now,
    expiresAt: turn.now + Math.round(ttl * 1000),
    // A stop is obeyed whoever sends it: it must not look older than the driver's word.
    // Without a lease nobody gave it out: a large one would shut out whoever sends none.
    ...(device.kind.lease && fence !== undefined && name !== "stop" && { fence }),
    ...(key !== undefined && { key }),
    ...(job !== undefined && { job }),
  };
  const open = { record, spec, pending: { id: record.id, device: device.row.id, secrets, over: null } };
  device.open.push(open);
  turn.memory.isAtStake = true;
  turn.memory.commands.set(record.id, open);
  turn.memory.deadlines.add(deadlineOf(record), record.id);
  return open;
}
