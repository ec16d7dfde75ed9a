/** `stream`: steering a device, one frame of a real-time lane [L1, L2]. */
import type { Command } from "../../kind/kind.ts";
import { type Fault, type FaultCode, ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { OperatorFrameOf } from "../../protocol/from_operator.ts";
import type { ToDevice } from "../../protocol/to_device.ts";
import { roleOpens } from "../../protocol/words.ts";
import { auditRefusal } from "../access/audit.ts";
import { deviceOf, NO_DEVICE } from "../calls/common.ts";
import type { OperatorConnection } from "../connections/connection.ts";
import type { Operator } from "../access/identity.ts";
import { drive, fits, laneFault, pass } from "../control/lanes.ts";
import type { Device } from "../devices/device.ts";
import { refuseFrame } from "../connections/refuse.ts";
import type { Turn } from "../turn.ts";
import { standing } from "../devices/view.ts";
import type { Asking } from "./requests.ts";

type Stream = Extract<ToDevice, { type: "stream" }>;

export function onStream(turn: Turn, { connection, operator }: Asking, frame: OperatorFrameOf<"stream">): void {
  const device = deviceOf(turn, frame.device);
  const stream = device ? streamOf(turn, device, operator, frame) : NO_DEVICE;
  if (!stream.ok) {
    if (stream.fault.code === "forbidden") auditRefusal(turn, operator, frame.name, frame.device, "forbidden");
    return refuseStream(turn, connection, stream.fault);
  }
  const { lane, begins } = drive(device!, frame.name, operator.id, turn.now);
  if (begins) turn.audit(operator, frame.name, frame.device, "driven");
  pass(turn, device!, lane, stream.value, operator);
}

/** The frame for the device, or why there is none. */
function streamOf(
  turn: Turn,
  device: Device,
  by: Operator,
  { name, data, n, fence }: OperatorFrameOf<"stream">,
): Outcome<Stream> {
  const { commands, check, name: kind } = device.kind;
  const spec: Command | undefined = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (spec?.effect !== "stream") return refuse("unknown_command", `${kind} has no lane ${name}`, { pointer: "#/name" });
  if (!roleOpens(by.role, spec.role)) return refuse("forbidden", `${name} needs the role ${spec.role}`);
  const checked = check.params(name, data, ["data"]);
  if (!checked.ok) return checked;
  if (!device.connection || standing(turn, device).presence === "offline") {
    return refuse("offline", `${device.row.name} is offline`);
  }
  const forbidden = laneFault(turn, device, name, by, fence);
  if (forbidden) return refuse(forbidden.code, forbidden.message);
  const stream: Stream = {
    type: "stream",
    name,
    data: checked.value,
    n,
    ...(device.kind.lease && fence !== undefined && { fence }),
  };
  return fits(device, stream) ? ok(stream) : refuse("too_large", "It is larger than the device takes");
}

const TOLD_EVERY = 1_000;
const STANDING: readonly FaultCode[] = ["offline", "estop", "lease_required", "lease_lost", "interlock"];

/** [L2] Who holds the stick forward must not be flooded with what the first answer said. */
function refuseStream(turn: Turn, connection: OperatorConnection, fault: Fault): void {
  if (STANDING.includes(fault.code)) {
    if (turn.now - connection.errors.at < TOLD_EVERY) return;
    turn.attach({ ...connection, errors: { at: turn.now, more: 0 } });
  }
  refuseFrame(turn, connection, fault, { of: "stream" });
}
