/** A device's samples: read from a frame, with times that can be believed, and the last values of its fields [T]. */
import type { Fault } from "../../protocol/fault.ts";
import { readSample } from "../../protocol/from_device.ts";
import type { Doc, Sample } from "../../history/sample.ts";
import type { Device } from "../devices/device.ts";
import type { TraceRow } from "../devices/rows.ts";

interface Times {
  at?: number;
  ago?: number;
}

/** How far ahead a device's clock may be, in ms. */
export const AHEAD = 60_000;

/** When something happened, or when it arrived where the device's time is not believable [T3]. */
export function timeOf({ kind }: Device, { at, ago }: Times, now: number): { at: number; clock?: "wrong" } {
  const claimed = ago === undefined ? at ?? now : Math.round(now - ago * 1000);
  const believable = claimed <= now + AHEAD && claimed >= now - kind.retention.raw * 1000;
  return believable ? { at: claimed } : { at: now, clock: "wrong" };
}

export function sampleOf(device: Device, times: Times, now: number, data: Doc): Sample {
  const { at, clock } = timeOf(device, times, now);
  if (!clock) return { at, data };
  return times.at === undefined ? { at, data, clock } : { at, data, clock, off: times.at - now };
}

/** The good samples of a frame or a body, and the faults of those left out [T2]. */
export function readSamples(
  device: Device,
  frame: { data?: Doc; samples?: unknown[] } & Times,
  now: number,
  isBody = false,
): { good: Sample[]; faults: Fault[] } {
  const good: Sample[] = [];
  const faults: Fault[] = [];
  const take = (data: Doc, times: Times, under: readonly PropertyKey[]) => {
    const checked = device.kind.check.telemetry(data, under);
    if (checked.ok) good.push(sampleOf(device, times, now, checked.value));
    else faults.push(checked.fault);
  };
  if (frame.data) take(frame.data, frame, ["data"]);
  frame.samples?.forEach((entry, index) => {
    const sample = readSample(entry, index, isBody);
    if (sample.ok) take(sample.value.data, sample.value, ["samples", index, "data"]);
    else faults.push(sample.fault);
  });
  return { good, faults };
}

/** The newest value of each field wins [T4]. */
export function keepValues(trace: TraceRow, samples: readonly Sample[]): void {
  const before = trace.values;
  const values = { ...before };
  // From the last one back: nearly always it has the newest value of everything.
  for (let index = samples.length - 1; index >= 0; index--) {
    const { at, data, clock, off } = samples[index];
    for (const field of Object.keys(data)) {
      const known = values[field];
      // Of two of one time the later word counts: what came before these samples yields, what came after this one stays.
      if (known && (known === before[field] ? known.at > at : known.at >= at)) continue;
      const value = data[field];
      values[field] = !clock ? { value, at } : off === undefined ? { value, at, clock } : { value, at, clock, off };
    }
  }
  // An older word than the last `hello`'s is not told again with every sample.
  if (values.firmware !== trace.values.firmware) trace.firmware = String(values.firmware.value);
  trace.values = values;
}
