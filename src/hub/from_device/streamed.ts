/** `streamed`: the newest frame of a lane that the device acted on [L4]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import { answered } from "../control/lanes.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";

export function onStreamed(turn: Turn, device: Device, { name, n }: FrameOf<"streamed">): void {
  answered(turn, device, name, n);
}
