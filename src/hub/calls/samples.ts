/** Samples by REST, of devices that cannot hold a socket [I3, R]. */
import type { Credential } from "../../protocol/credential.ts";
import { type Fault, ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { auditRefusedCall } from "../access/audit.ts";
import { asDevice } from "../access/by.ts";
import type { ArgsOf, ValueOf } from "../call.ts";
import { identify, unauthenticated } from "../access/identity.ts";
import type { Device } from "../devices/device.ts";
import { append, NOTHING } from "../../history/carried.ts";
import { writeJournal } from "../history/journal.ts";
import { keepValues, readSamples } from "../history/samples.ts";
import { saveTrace } from "../history/traces.ts";
import { flushDevice } from "../history/flush.ts";
import { hear } from "../devices/session.ts";
import type { Turn } from "../turn.ts";
import { once } from "./once.ts";

export function postTelemetry(
  turn: Turn,
  credential: Credential,
  args: ArgsOf<"post_telemetry">,
  key?: string,
): Outcome<ValueOf<"post_telemetry">> {
  const caller = identify(turn, credential);
  if (!caller.ok) return caller;
  if (caller.value.sort !== "device") return unauthenticated("Samples come with the device's own token");
  const { device } = caller.value;
  if (device.row.id !== args.device) {
    auditRefusedCall(turn, asDevice(device), "post_telemetry", args.device);
    return refuse("forbidden", "A device's token opens only its own telemetry");
  }
  const run = () => keep(turn, device, args.body);
  const by = { id: `device/${device.row.id}` };
  return key === undefined ? run() : once(turn, { by, name: "post_telemetry", args, key }, run);
}

/** Durable when answered. */
function keep(
  turn: Turn,
  device: Device,
  body: ArgsOf<"post_telemetry">["body"],
): Outcome<ValueOf<"post_telemetry">> {
  const { good, faults } = readSamples(device, body, turn.now, true);
  for (const { code } of faults) turn.tally.refuseSample(code);
  if (good.length === 0) return { ok: false, fault: together(faults) };
  if (device.connection) flushDevice(turn, device);
  hear(turn, device);
  const posting = device.connection ? null : device.trace.posting ?? turn.now;
  if (posting !== device.trace.posting) {
    device.trace = { ...device.trace, posting };
    saveTrace(turn, device);
  }
  if (posting !== null) turn.memory.posting.add(device.row.id);
  keepValues(device.trace, good);
  writeJournal(turn, [{ device, carried: append(NOTHING, good) }]);
  turn.vow();
  turn.tally.samples += good.length;
  const refused = faults.map(({ code, message, pointer }) => ({ code, message, ...(pointer && { pointer }) }));
  return ok({ accepted: good.length, ...(refused.length > 0 && { refused }) });
}

const together = (faults: readonly Fault[]): Fault => ({
  ...faults[0],
  errors: faults.flatMap(({ errors = [] }) => errors),
});
