/** What an operator may say [O]. Unknown keys are refused [F5]. */
import { z } from "zod";
import { type Envelope } from "./frame.ts";
import { type Outcome, refuse } from "./fault.ts";
import { read } from "./read.ts";
import { id as deviceId, KEY, name, namedDevices, object, seconds } from "./words.ts";

/** The operator program's own id for a request or a watch; it comes back. */
const id = z.string().min(1).max(64);
const key = z.string().regex(KEY, "1 to 128 visible characters");
const deviceName = deviceId;

export const INCLUDES = ["telemetry", "state", "presence", "commands", "events", "frames", "people"] as const;
export type Include = typeof INCLUDES[number];

/** Why an operator does it, for whoever reads the audit or loses something by it. */
export const reason = z.string().trim().max(256);
export const LEASE_ACTIONS = ["take", "release", "force"] as const;

/** The body of a command, by REST and by socket [O7]. */
export const commandBody = {
  name,
  params: object.default({}),
  ttl: seconds.optional(),
  fence: z.int().min(0).optional(),
  select: z.string().max(64).optional(),
};

/** What is to be sent, to be looked at first [C22]. */
export const selectBody = { name, params: object.default({}) };

const SHAPES = {
  watch: z.strictObject({
    type: z.literal("watch"),
    id,
    query: z.string().max(1024).optional(),
    window: z.tuple([z.int().min(0), z.int().min(1).max(500)]).optional(),
    sort: z.string().max(65).regex(/^-?[A-Za-z][A-Za-z0-9_]*$/, "a field's name, - before it for descending")
      .optional(),
    fields: z.array(z.string().max(64)).max(64).optional(),
    rate: z.number().gt(0).max(20).optional(),
    device: deviceName.optional(),
    include: z.array(z.enum(INCLUDES)).max(INCLUDES.length).optional(),
  }),
  unwatch: z.strictObject({ type: z.literal("unwatch"), id }),
  seen: z.strictObject({ type: z.literal("seen"), watch: id, revision: z.int().min(0), id: id.optional() }),
  command: z.strictObject({ type: z.literal("command"), id, device: deviceName, key: key.optional(), ...commandBody }),
  desire: z.strictObject({
    type: z.literal("desire"),
    id,
    device: deviceName,
    state: object.optional(),
    patch: object.optional(),
    ifVersion: z.int().min(0).optional(),
  }).refine((frame) => (frame.state === undefined) !== (frame.patch === undefined), {
    message: "desire has one of state and patch",
    path: ["state"],
  }),
  cancel: z.strictObject({ type: z.literal("cancel"), id, command: deviceId }),
  select: z.strictObject({ type: z.literal("select"), id, device: deviceName, ...selectBody }),
  lease: z.strictObject({
    type: z.literal("lease"),
    id,
    device: deviceName,
    action: z.enum(LEASE_ACTIONS),
    reason: reason.optional(),
  }),
  estop: z.strictObject({
    type: z.literal("estop"),
    id,
    device: deviceName.optional(),
    query: z.string().max(1024).optional(),
    devices: namedDevices.optional(),
    action: z.enum(["set", "clear"]),
    reason: reason.optional(),
  }).refine(({ device, query, devices }) => [device, query, devices].filter((one) => one !== undefined).length === 1, {
    message: "estop has one of device, query and devices",
    path: ["device"],
  }),
  stream: z.strictObject({
    type: z.literal("stream"),
    device: deviceName,
    name,
    data: object,
    n: z.int().min(0),
    fence: z.int().min(0).optional(),
  }),
};

export type OperatorFrame = { [T in keyof typeof SHAPES]: z.infer<typeof SHAPES[T]> }[keyof typeof SHAPES];
export type OperatorFrameOf<T extends OperatorFrame["type"]> = Extract<OperatorFrame, { type: T }>;
export const OPERATOR_FRAMES = SHAPES;

export function readOperatorFrame(frame: Envelope): Outcome<OperatorFrame> {
  if (!Object.hasOwn(SHAPES, frame.type)) {
    return refuse("unknown_type", `an operator has no frame of type ${JSON.stringify(frame.type.slice(0, 40))}`, {
      pointer: "#/type",
    });
  }
  return read(SHAPES[frame.type as keyof typeof SHAPES], frame, "bad_frame");
}
