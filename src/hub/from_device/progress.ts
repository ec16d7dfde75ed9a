/** `progress`: a long command moves, and gets its time anew [C9]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import { step } from "../commands/ledger.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";

export function onProgress(turn: Turn, device: Device, { id, percent, note }: FrameOf<"progress">): void {
  const open = device.open.find(({ record }) => record.id === id);
  if (!open || open.record.status === "accepted") return;
  step(turn, device, open, {
    progress: { at: turn.now, ...(percent !== undefined && { percent }), ...(note !== undefined && { note }) },
    dueAt: turn.now + open.spec.timeout * 1000,
  });
}
