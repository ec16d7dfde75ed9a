/** `telemetry`: one sample or buffered ones [T]. */
import type { Fault } from "../../protocol/fault.ts";
import type { FrameOf } from "../../protocol/from_device.ts";
import type { Device } from "../devices/device.ts";
import { leaveOut, refuseFrame } from "../connections/refuse.ts";
import { readSamples } from "../history/samples.ts";
import { acceptSeq, awaitStored, isRepeat } from "../history/seq.ts";
import { carrySamples } from "../history/flush.ts";
import type { Turn } from "../turn.ts";

/** Each bad sample is named, up to this many in a frame; what is over is counted. */
const MOST_NAMED = 10;

export function onTelemetry(turn: Turn, device: Device, frame: FrameOf<"telemetry">): void {
  if (!isRepeat(device, frame.seq)) {
    const { good, faults } = readSamples(device, frame, turn.now);
    if (faults.length > 0) refuseAll(turn, device, faults, frame.seq);
    if (good.length > 0) {
      acceptSeq(turn, device, frame.seq);
      carrySamples(turn, device, good, frame.seq !== undefined);
    }
  }
  awaitStored(turn, device, frame.seq);
}

function refuseAll(turn: Turn, device: Device, faults: readonly Fault[], seq: number | undefined): void {
  for (const fault of faults.slice(0, MOST_NAMED)) {
    refuseFrame(turn, device.connection!, fault, { of: "telemetry", seq });
  }
  for (const { code } of faults) turn.tally.refuseSample(code);
  leaveOut(turn, device.connection!, faults.length - MOST_NAMED);
}
