/** A dialogue between a device's firmware and the hub, recorded as data, and what a mapping makes of it, step by step. */
import type { AnyKind } from "../../../src/kind/kind.ts";
import type { DeviceFrame } from "../../../src/protocol/from_device.ts";
import type { ToDevice } from "../../../src/protocol/to_device.ts";
import type { Envelope } from "../../../src/protocol/frame.ts";
import { readDeviceFrame } from "../../../src/protocol/from_device.ts";
import { KINDS } from "../../../devices/mod.ts";

export interface Dialogue {
  /** Where its payloads are from. */
  source: string;
  mapping: string;
  topic: string;
  vars?: Record<string, string>;
  steps: Step[];
}

export type Step =
  & {
    /** Seconds since the beginning. */
    at?: number;
    frames?: unknown[];
  }
  & (
    | { heard: string; payload: unknown; retained?: boolean; presence?: string }
    | {
      told: ToDevice | "welcome";
      desired?: { version: number; state: Record<string, unknown> };
      publishes?: unknown[];
    }
    /** One command, as the hub sends it. */
    | { command: string; id: string; params?: Record<string, unknown>; publishes?: unknown[] }
  );

/** What the hub says in this step. */
export function frameOf(step: Exclude<Step, { heard: string }>): ToDevice {
  if ("command" in step) {
    return { type: "command", id: step.id, name: step.command, params: step.params ?? {}, ttl: 10, expires: 0 };
  }
  return step.told === "welcome" ? welcome(step.desired?.version, step.desired?.state) : step.told;
}

export const kindNamed = (name: string): AnyKind => KINDS.find((kind) => kind.name === name)!;

/** What the hub would refuse of a frame, in a word. */
export function refusal(kind: AnyKind, frame: DeviceFrame): string | undefined {
  const read = readDeviceFrame(JSON.parse(JSON.stringify(frame)) as Envelope);
  if (!read.ok) return read.fault.message;
  const checked = frame.type === "telemetry"
    ? kind.check.telemetry(frame.data!, ["data"])
    : frame.type === "state"
    ? kind.check.reported({}, frame.reported)
    : frame.type === "event"
    ? kind.check.event(frame.name, frame.data ?? {})
    : undefined;
  return checked && !checked.ok ? checked.fault.message : undefined;
}

/** A `welcome` with this desired document. */
export const welcome = (version = 0, state: Record<string, unknown> = {}): ToDevice => ({
  type: "welcome",
  protocol: 1,
  device: "d",
  time: 0,
  heartbeat: 30,
  limits: { maxFrame: 1024, rate: 100, burst: 500, maxBlob: 0 },
  desired: { version, state },
});
