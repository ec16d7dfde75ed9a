/** What the hub shows of devices and commands, as schemas for the descriptions; the types are in record.ts. */
import { z } from "zod";
import { type Applied, type CommandRecord, type DesiredDocument, type DeviceView, STATUSES } from "./record.ts";
import type { AuditView } from "./record.ts";
import type { BlobView, EstopView, EventView, FieldStanding, LastValue, LeaseView, OperatorView } from "./record.ts";
import type { LookerView, Preview, SelectionView } from "./record.ts";
import { object, presence, role, time } from "./words.ts";

/** Each key of a type with the schema of its values: one too many or one forgotten does not compile. */
export type Shape<T> = { [K in keyof T]-?: z.ZodType<T[K]> };

const text = z.string();
const version = z.int().min(0);
const problem = z.strictObject({ code: text, message: text });

export const lastValue = z.strictObject(
  {
    value: z.unknown(),
    at: time,
    clock: z.literal("wrong").optional(),
    off: z.number().optional(),
  } satisfies Shape<LastValue>,
);

export const applied = z.strictObject(
  {
    version,
    ok: z.boolean(),
    at: time,
    errors: z.array(z.strictObject({ field: text, code: text, message: text })).optional(),
  } satisfies Shape<Applied>,
);

export const auditView = z.strictObject(
  {
    id: text,
    at: time,
    who: z.strictObject({ id: text, name: text, sort: z.enum(["device", "nobody"]).optional() }),
    what: text,
    target: text,
    outcome: text,
    detail: object.optional(),
    chain: text.optional(),
    n: z.int().min(1).optional(),
    prev: text.optional(),
    prevAt: time.optional(),
    hash: text.optional(),
  } satisfies Shape<AuditView>,
);

export const desiredDocument = z.strictObject(
  {
    version,
    state: object,
    applied: applied.nullable(),
    standing: z.record(
      text,
      z.strictObject(
        {
          state: z.enum(["in_sync", "pending", "refused", "diverged"]),
          why: text.optional(),
        } satisfies Shape<FieldStanding>,
      ),
    ),
  } satisfies Shape<DesiredDocument>,
);

const person = z.strictObject({ id: text, name: text });

export const leaseView = z.strictObject(
  { fence: version, holder: person.nullable(), expiresAt: time.nullable() } satisfies Shape<LeaseView>,
);

export const estopView = z.strictObject(
  {
    at: time,
    by: person,
    reason: text,
    reach: z.enum(["device", "hub"]),
    command: text.nullable(),
    confirmedAt: time.nullable(),
  } satisfies Shape<EstopView>,
);

export const selectionView = z.strictObject(
  {
    select: text,
    expiresAt: time,
    preview: z.strictObject(
      {
        name: text,
        title: text,
        params: object,
        effect: z.enum(["once", "set", "query", "stream"]),
        danger: z.enum(["none", "confirm", "type"]),
        ttl: z.number(),
        presence,
        confirms: z.strictObject({ field: text, is: z.unknown(), at: time.nullable(), becomes: z.unknown() })
          .optional(),
      } satisfies Shape<Preview>,
    ),
  } satisfies Shape<SelectionView>,
);

export const deviceView = z.strictObject(
  {
    id: text,
    kind: text,
    name: text,
    tags: z.array(text),
    presence,
    since: time,
    reason: text.optional(),
    seen: time.nullable(),
    createdAt: time,
    telemetry: z.record(text, lastValue),
    reported: object,
    reportedAt: z.record(text, time),
    desired: desiredDocument,
    firmware: text.nullable(),
    flags: z.array(text),
    pending: z.int().min(0),
    lease: leaseView.extend({ since: time }).nullable(),
    estop: estopView.nullable(),
  } satisfies Shape<DeviceView>,
);

export const commandRecord = z.strictObject(
  {
    id: text,
    device: text,
    name: text,
    params: object,
    effect: z.enum(["once", "set", "query", "stream"]),
    status: z.enum(STATUSES),
    by: z.strictObject({ id: text, name: text }),
    createdAt: time,
    expiresAt: time,
    dueAt: time.optional(),
    attempt: z.int().min(1).optional(),
    sentAt: time.optional(),
    receivedAt: time.optional(),
    finishedAt: time.optional(),
    progress: z.strictObject({ percent: z.number().optional(), note: text.optional(), at: time }).optional(),
    value: z.unknown().optional(),
    unchecked: z.literal(true).optional(),
    error: problem.optional(),
    late: z.strictObject({ at: time, ok: z.boolean(), value: z.unknown().optional(), error: problem.optional() })
      .optional(),
    cancelAt: time.optional(),
    fence: z.int().min(0).optional(),
    key: text.optional(),
    job: text.optional(),
  } satisfies Shape<CommandRecord>,
);

export const operatorView = z.strictObject({ id: text, name: text, role } satisfies Shape<OperatorView>);
export const lookerView = z.strictObject(
  { id: text, name: text, windows: z.int().min(1) } satisfies Shape<LookerView>,
);

export const eventView = z.strictObject(
  {
    id: text,
    device: text,
    name: text,
    data: object,
    at: time,
    clock: z.literal("wrong").optional(),
  } satisfies Shape<EventView>,
);

export const blobView = z.strictObject(
  {
    id: text,
    device: text,
    mime: text,
    size: z.int().min(1),
    sha256: text,
    at: time,
    command: text.optional(),
  } satisfies Shape<BlobView>,
);
