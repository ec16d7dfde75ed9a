/** What a device may say [F, T, D1, C9, C10]. Unknown keys fall away; the reserved ones are refused [F5]. */
import { z } from "zod";
import { type Envelope } from "./frame.ts";
import { ok, type Outcome, refuse } from "./fault.ts";
import { isObject } from "./merge.ts";
import { read } from "./read.ts";
import { id, mime, name, object, seconds, sha256, time } from "./words.ts";

const when = { at: time.optional(), ago: seconds.optional() };
const seq = z.int().min(0).optional();
const text = z.string().max(256);
const eitherTime = (frame: { at?: number; ago?: number }) => frame.at === undefined || frame.ago === undefined;
const onlyOneTime = { message: "a sample has one of at and ago", path: ["at"] };

const samplePart = { data: object, ...when };
const sample = z.object(samplePart).refine(eitherTime, onlyOneTime);
const strictSample = z.strictObject(samplePart).refine(eitherTime, onlyOneTime);

/** One sample, or buffered ones. */
const samples = {
  data: object.optional(),
  samples: z.array(z.unknown()).min(1).optional(),
  ...when,
  seq,
};
const dataOrSamples = (frame: { data?: unknown; samples?: unknown }) =>
  (frame.data === undefined) !== (frame.samples === undefined);
const onlyOneOfThem = { message: "a telemetry frame has one of data and samples", path: ["data"] };

const telemetry = z.object({ type: z.literal("telemetry"), ...samples })
  .refine(eitherTime, onlyOneTime)
  .refine(dataOrSamples, onlyOneOfThem);

/** The same without `type`, as the body of a REST call: unknown keys are refused there [F5]. */
export const telemetryBody = z.strictObject(samples)
  .refine(eitherTime, onlyOneTime)
  .refine(dataOrSamples, onlyOneOfThem);

const state = z.object({
  type: z.literal("state"),
  reported: object,
  full: z.boolean().optional(),
  applied: z.object({
    version: z.int().min(0),
    ok: z.boolean(),
    errors: z.array(z.object({ field: text, code: text, message: text.default("") })).max(64).optional(),
  }).optional(),
  ...when,
  seq,
}).refine(eitherTime, onlyOneTime);

const event = z.object({
  type: z.literal("event"),
  name,
  data: object.optional(),
  ...when,
  seq,
}).refine(eitherTime, onlyOneTime);

const received = z.object({ type: z.literal("received"), id });
const progress = z.object({
  type: z.literal("progress"),
  id,
  percent: z.number().min(0).max(100).optional(),
  note: text.optional(),
});
/** [C10] Refused for its envelope only: `failureOf` makes of any `error` what it can. */
const result = z.object({
  type: z.literal("result"),
  id,
  ok: z.boolean(),
  value: z.unknown().optional(),
  error: z.unknown().optional().meta({ description: "{code, message}" }),
});
const hello = z.object({
  type: z.literal("hello"),
  firmware: text.optional(),
  boot: text.optional(),
  maxFrame: z.int().min(1).optional(),
  commands: z.array(id).max(256).optional(),
});

/** The binary frames that follow are its bytes [B1]. Whether it may be as large is not its form's to say. */
const blob = z.object({
  type: z.literal("blob"),
  id,
  mime,
  size: z.int().min(1),
  sha256,
  command: id.optional(),
});
const streamed = z.object({ type: z.literal("streamed"), name, n: z.int().min(0) });

const LONGEST_CODE = 256;
const LONGEST_MESSAGE = 1024;

/** Why a device says that it failed. What has another shape than `{code, message}` is the message itself. */
export function failureOf({ error }: { error?: unknown }): { code: string; message: string } {
  if (error === undefined) return { code: "refused", message: "The device gave no reason" };
  const { code = "unreadable", message = "" } = isObject(error) ? error : { message: error };
  const told = (part: unknown) => typeof part === "string" ? part : JSON.stringify(part);
  return { code: told(code).slice(0, LONGEST_CODE), message: told(message).slice(0, LONGEST_MESSAGE) };
}

const SHAPES = { telemetry, state, event, received, progress, result, hello, blob, streamed };

export type DeviceFrame = { [T in keyof typeof SHAPES]: z.infer<typeof SHAPES[T]> }[keyof typeof SHAPES];
export type FrameOf<T extends DeviceFrame["type"]> = Extract<DeviceFrame, { type: T }>;
export const DEVICE_FRAMES = SHAPES;

/**
 * The commonest frame as it nearly always comes: one sample, with no more than whole numbers beside it. It is read by
 * hand, since the schema costs more than the sample; whatever else there is goes to the schema, which words refusals.
 */
export function isPlainSample(frame: Envelope): frame is FrameOf<"telemetry"> & { data: Record<string, unknown> } {
  if (frame.type !== "telemetry" || !isObject(frame.data)) return false;
  if (frame.at !== undefined && frame.ago !== undefined) return false;
  for (const key in frame) {
    if (key === "type" || key === "data") continue;
    if (key !== "seq" && key !== "at" && key !== "ago") return false;
    if (!Number.isSafeInteger(frame[key]) || frame[key] as number < 0) return false;
  }
  return true;
}

/** A device's frame, checked up to what its kind decides. */
export function readDeviceFrame(frame: Envelope): Outcome<DeviceFrame> {
  if (isPlainSample(frame)) return ok(frame);
  for (const reserved of ["child", "device"]) {
    if (Object.hasOwn(frame, reserved)) {
      return refuse("bad_frame", `${reserved}: this key is reserved`, { pointer: `#/${reserved}` });
    }
  }
  if (!Object.hasOwn(SHAPES, frame.type)) {
    return refuse("unknown_type", `a device has no frame of type ${JSON.stringify(frame.type.slice(0, 40))}`, {
      pointer: "#/type",
    });
  }
  return read(SHAPES[frame.type as keyof typeof SHAPES], frame, "bad_frame");
}

/** One entry of `samples`, checked by itself so that a bad one harms no other [T2]; strictly in a body [F5]. */
export const readSample = (value: unknown, index: number, isBody = false): Outcome<z.infer<typeof sample>> =>
  read(isBody ? strictSample : sample, value, "invalid_telemetry", ["samples", index]);
