/** `received`: the device has the command and has noted its id [C9]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import { step } from "../commands/ledger.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";

export function onReceived(turn: Turn, device: Device, frame: FrameOf<"received">): void {
  const open = device.open.find(({ record }) => record.id === frame.id);
  if (open?.record.status !== "sent") return;
  const dueAt = turn.now + open.spec.timeout * 1000;
  step(turn, device, open, { status: "received", receivedAt: turn.now, dueAt });
}
