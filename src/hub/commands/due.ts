/** When the time of a command or of its device has come: what ends now, and what may go again [C3, C8, C15]. */
import { lookAtLease } from "../control/lease.ts";
import { dropOverdue } from "../devices/blobs.ts";
import type { Device } from "../devices/device.ts";
import { dispatch } from "./dispatch.ts";
import { expire, unknownOutcome } from "./end.ts";
import { deadlineOf, type OpenCommand } from "./open.ts";
import type { Turn } from "../turn.ts";

/** Commands whose time has come, and devices whose commands may go again [C3, C8, C15]. */
export function decideDue(turn: Turn): void {
  const { memory, now } = turn;
  const freed = new Set<Device>();
  for (let id = memory.deadlines.due(now); id !== undefined; id = memory.deadlines.due(now)) {
    const open = memory.commands.get(id);
    const device = memory.devices.get(open?.record.device ?? id);
    if (!device) continue;
    freed.add(device);
    // Only a hint: the command may be final, or have been given more time.
    if (!open || deadlineOf(open.record) > now) continue;
    if (open.record.status === "accepted") expire(turn, device, open);
    else unknownOutcome(turn, device, open, silent(open));
  }
  for (const device of freed) {
    dropOverdue(turn, device);
    lookAtLease(turn, device);
    endGreeting(turn, device);
    dispatch(turn, device);
  }
}

/** It waited for a `hello` long enough; a memory that is made anew does not wait again. */
function endGreeting(turn: Turn, { connection }: Device): void {
  const isOver = connection?.resendAt != null && connection.resendAt <= turn.now;
  if (isOver) turn.attach({ ...connection, resendAt: null });
}

const silent = ({ spec }: OpenCommand) => `No answer within ${spec.timeout} s. It may have acted: check the device`;
