/** `state`: what the device now is, and which desired version it answers [D1, D3]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import type { Device } from "../devices/device.ts";
import { refuseFrame } from "../connections/refuse.ts";
import { timeOf } from "../history/samples.ts";
import { acceptSeqNow, awaitStored, isRepeat } from "../history/seq.ts";
import type { Turn } from "../turn.ts";

export function onState(turn: Turn, device: Device, frame: FrameOf<"state">): void {
  if (!isRepeat(device, frame.seq)) report(turn, device, frame);
  awaitStored(turn, device, frame.seq);
}

function report(turn: Turn, device: Device, frame: FrameOf<"state">): void {
  const before = frame.full ? {} : device.row.reported;
  const reported = device.kind.check.reported(before, frame.reported);
  if (!reported.ok) {
    refuseFrame(turn, device.connection!, reported.fault, { of: "state", seq: frame.seq });
    return;
  }
  const { at } = timeOf(device, frame, turn.now);
  // A field that was not told keeps its time, one that was removed has none.
  const toldAt = (field: string) => Object.hasOwn(frame.reported, field) ? at : device.row.reportedAt[field];
  device.row = {
    ...device.row,
    reported: reported.value,
    reportedAt: Object.fromEntries(Object.keys(reported.value).map((field) => [field, toldAt(field)])),
    applied: appliedAfter(turn, device, frame),
  };
  turn.put("device", device.row);
  acceptSeqNow(turn, device, frame.seq);
  turn.touch(device.row.id);
}

/** [D3] A word about a version that is older than the last one, or not yet made, does not count. */
function appliedAfter(turn: Turn, device: Device, { applied }: FrameOf<"state">) {
  const { row } = device;
  if (!applied || applied.version > row.desired.version || applied.version < (row.applied?.version ?? 0)) {
    return row.applied;
  }
  return { ...applied, at: turn.now };
}
