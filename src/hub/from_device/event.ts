/** `event`: something happened; kept one by one [T9]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import type { Device } from "../devices/device.ts";
import { owe } from "../bridge/outbox.ts";
import { refuseFrame } from "../connections/refuse.ts";
import { timeOf } from "../history/samples.ts";
import { acceptSeqNow, awaitStored, isRepeat } from "../history/seq.ts";
import type { Turn } from "../turn.ts";
import { showEvent } from "../watching/show.ts";

export function onEvent(turn: Turn, device: Device, frame: FrameOf<"event">): void {
  if (!isRepeat(device, frame.seq)) happen(turn, device, frame);
  awaitStored(turn, device, frame.seq);
}

function happen(turn: Turn, device: Device, frame: FrameOf<"event">): void {
  const checked = device.kind.check.event(frame.name, frame.data ?? {});
  if (!checked.ok) {
    refuseFrame(turn, device.connection!, checked.fault, { of: "event", seq: frame.seq });
    return;
  }
  const event = {
    id: turn.id(),
    device: device.row.id,
    name: frame.name,
    data: checked.value,
    ...timeOf(device, frame, turn.now),
  };
  turn.put("event", event);
  acceptSeqNow(turn, device, frame.seq);
  showEvent(turn, event);
  owe(turn, { what: "event", event });
}
