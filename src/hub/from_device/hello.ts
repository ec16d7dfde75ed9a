/** `hello`: version, boot, frame size, and what the device still works on [T5, F7, C15, D6]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import { DEFAULT_DEVICE_FRAME, MAX_FRAME } from "../../protocol/words.ts";
import { dispatch } from "../commands/dispatch.ts";
import { sendDesired } from "../devices/desired.ts";
import type { DeviceConnection } from "../connections/connection.ts";
import type { Device } from "../devices/device.ts";
import { roomIn } from "../mqtt/tell.ts";
import { enterScope } from "../history/seq.ts";
import { flushDevice } from "../history/flush.ts";
import type { Turn } from "../turn.ts";

export function onHello(turn: Turn, device: Device, frame: FrameOf<"hello">): void {
  const { boot, firmware } = frame;
  const isNewScope = boot !== undefined && boot !== device.connection!.boot;
  if (firmware !== undefined) device.trace = { ...device.trace, firmware };
  if (isNewScope) enterScope(turn, device, boot);
  else if (firmware !== undefined) flushDevice(turn, device);
  const connection = device.connection!;
  const asked = frame.maxFrame ?? connection.maxFrame;
  turn.attach({
    ...connection,
    maxFrame: Math.min(mostOf(connection), Math.max(connection.maxFrame, DEFAULT_DEVICE_FRAME, asked)),
    // Only those that are still open: the list must fit a sleeping socket's attachment.
    working: device.open.map(({ record }) => record.id).filter((id) => frame.commands?.includes(id)),
    resendAt: null,
    ...(connection.mqtt && { mqtt: { ...connection.mqtt, hasGreeted: true } }),
  });
  if (device.connection!.desired === null) sendDesired(turn, device);
  dispatch(turn, device);
}

/** [F7, M8] */
const mostOf = ({ device, mqtt }: DeviceConnection): number =>
  Math.min(MAX_FRAME, mqtt?.maxPacket === undefined ? MAX_FRAME : roomIn(device, mqtt.maxPacket));
