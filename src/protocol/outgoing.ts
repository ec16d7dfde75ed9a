/** What the hub sends, as schemas for the descriptions; the types are in to_device.ts and to_operator.ts. */
import { z } from "zod";
import { type FaultCode, FAULTS } from "./fault.ts";
import { jobView } from "./job.ts";
import { blobView, commandRecord, deviceView, eventView, leaseView, lookerView, operatorView } from "./shown.ts";
import type { Shape } from "./shown.ts";
import type { Counts, ReplyError, ToOperator } from "./to_operator.ts";
import type { ErrorFrame, ToDevice } from "./to_device.ts";
import { DOORS } from "./refusal.ts";
import { object, seconds, time } from "./words.ts";

type Frame<U extends { type: string }, T extends U["type"]> = Extract<U, { type: T }>;
type Schemas<U extends { type: string }> = { [T in U["type"]]: z.ZodType<Frame<U, T>> };

const text = z.string();
const count = z.int().min(0);
const code = z.enum(Object.keys(FAULTS) as FaultCode[]);

const error = z.strictObject(
  {
    type: z.literal("error"),
    code,
    message: text,
    of: text.optional(),
    seq: count.optional(),
    id: text.optional(),
    pointer: text.optional(),
    more: count.optional(),
  } satisfies Shape<ErrorFrame>,
);

export const TO_DEVICE = {
  welcome: z.strictObject({
    type: z.literal("welcome"),
    protocol: z.literal(1),
    device: text,
    time,
    heartbeat: z.number(),
    limits: z.strictObject({ maxFrame: count, rate: count, burst: count, maxBlob: count }),
    desired: z.strictObject({ version: count, state: object.optional() }),
  }),
  command: z.strictObject({
    type: z.literal("command"),
    id: text,
    name: text,
    params: object,
    ttl: seconds,
    expires: time,
    attempt: z.int().min(1).optional(),
    fence: count.optional(),
  }),
  cancel: z.strictObject({ type: z.literal("cancel"), id: text }),
  desired: z.strictObject({ type: z.literal("desired"), version: count, state: object }),
  stream: z.strictObject({
    type: z.literal("stream"),
    name: text,
    data: object,
    n: count,
    fence: count.optional(),
  }),
  stored: z.union([
    z.strictObject({ type: z.literal("stored"), seq: count }),
    z.strictObject({ type: z.literal("stored"), id: text }),
    z.strictObject({ type: z.literal("stored"), blob: text }),
  ]),
  error,
} satisfies Schemas<ToDevice>;

const counts = z.strictObject(
  { new: count, online: count, suspect: count, sleeping: count, offline: count } satisfies Shape<Counts>,
);
const watch = { watch: text, revision: count };
const replyError = z.strictObject(
  {
    code,
    message: text,
    retryable: z.boolean(),
    pointer: text.optional(),
    command: text.optional(),
  } satisfies Shape<ReplyError>,
);

export const TO_OPERATOR = {
  welcome: z.strictObject({
    type: z.literal("welcome"),
    protocol: z.literal(1),
    operator: operatorView,
    time,
    build: text,
  }),
  reply: z.union([
    z.strictObject({ type: z.literal("reply"), id: text, ok: z.literal(true), value: z.unknown() }),
    z.strictObject({ type: z.literal("reply"), id: text, ok: z.literal(false), error: replyError }),
  ]),
  snapshot: z.strictObject({
    type: z.literal("snapshot"),
    ...watch,
    total: count,
    counts,
    devices: z.array(deviceView.partial()),
  }),
  changes: z.strictObject({
    type: z.literal("changes"),
    ...watch,
    devices: z.record(text, object),
    order: z.array(text).optional(),
    gone: z.array(text).optional(),
    total: count.optional(),
    counts: counts.optional(),
  }),
  command: z.strictObject({ type: z.literal("command"), command: commandRecord }),
  job: z.strictObject({ type: z.literal("job"), job: jobView }),
  lease: leaseView.extend({
    type: z.literal("lease"),
    device: text,
    by: z.strictObject({ id: text, name: text }),
    reason: text,
  }),
  event: eventView.extend({ type: z.literal("event") }),
  blob: blobView.extend({ type: z.literal("blob") }),
  frame: z.strictObject({
    type: z.literal("frame"),
    watch: text,
    device: text,
    direction: z.enum(["in", "out"]),
    at: time,
    text,
  }),
  refused: z.strictObject({
    type: z.literal("refused"),
    watch: text,
    device: text,
    at: time,
    over: z.enum(DOORS),
    code,
    message: text,
    more: count.optional(),
  }),
  people: z.strictObject({ type: z.literal("people"), watch: text, device: text, people: z.array(lookerView) }),
  error,
} satisfies Schemas<ToOperator>;
