/** What the hub says to an operator [O]. */
import type { FaultCode } from "./fault.ts";
import type { JobView } from "./job.ts";
import type { BlobView, CommandRecord, DeviceView, EventView, LeaseView, LookerView, OperatorView } from "./record.ts";
import type { Refusal } from "./refusal.ts";
import type { Presence } from "./words.ts";
import type { ErrorFrame } from "./to_device.ts";

export type Counts = Record<Presence, number>;

/** A merge-patch on what the watch showed before, or a whole device that enters. */
export type DevicePatch = Record<string, unknown>;

export interface ReplyError {
  code: FaultCode;
  message: string;
  retryable: boolean;
  pointer?: string;
  command?: string;
}

export type ToOperator =
  | { type: "welcome"; protocol: 1; operator: OperatorView; time: number; build: string }
  | { type: "reply"; id: string; ok: true; value: unknown }
  | { type: "reply"; id: string; ok: false; error: ReplyError }
  | { type: "snapshot"; watch: string; revision: number; total: number; counts: Counts; devices: Partial<DeviceView>[] }
  | {
    type: "changes";
    watch: string;
    revision: number;
    devices: Record<string, DevicePatch>;
    order?: string[];
    gone?: string[];
    total?: number;
    counts?: Counts;
  }
  | { type: "command"; command: CommandRecord }
  | { type: "job"; job: JobView }
  /** To who lost it [G5]. */
  | ({ type: "lease"; device: string; by: { id: string; name: string }; reason: string } & LeaseView)
  | ({ type: "event" } & EventView)
  | ({ type: "blob" } & BlobView)
  | { type: "frame"; watch: string; device: string; direction: "in" | "out"; at: number; text: string }
  | ({ type: "refused"; watch: string; at: number; more?: number } & Refusal)
  | { type: "people"; watch: string; device: string; people: LookerView[] }
  | ErrorFrame;
