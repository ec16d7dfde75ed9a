/** What the hub says, as far as this library knows it. Everything else is ignored [F6]. */
import { z } from "zod";
import { decode } from "../protocol/frame.ts";
import { id, MAX_FRAME, name, object } from "../protocol/words.ts";

const SHAPES = {
  welcome: z.object({
    type: z.literal("welcome"),
    device: z.string(),
    time: z.number(),
    heartbeat: z.number().min(1).max(86_400).catch(30),
    limits: z.object({
      maxFrame: z.number().min(1_024).catch(MAX_FRAME),
      rate: z.number().gt(0).catch(10),
      burst: z.number().min(1).catch(50),
    }).catch({ maxFrame: MAX_FRAME, rate: 10, burst: 50 }),
    desired: z.object({ version: z.number(), state: object.optional() }).optional(),
  }),
  command: z.object({
    type: z.literal("command"),
    id,
    name: z.string(),
    params: object.default({}),
    /** Below zero too: a frame that says so is late, not malformed. */
    ttl: z.number(),
    expires: z.number().optional(),
    attempt: z.number().default(1),
    fence: z.number().optional(),
  }),
  cancel: z.object({ type: z.literal("cancel"), id }),
  desired: z.object({ type: z.literal("desired"), version: z.number(), state: object }),
  stream: z.object({ type: z.literal("stream"), name, data: object, n: z.number(), fence: z.number().optional() }),
  stored: z.object({
    type: z.literal("stored"),
    seq: z.number().optional(),
    id: id.optional(),
    blob: id.optional(),
  }),
  error: z.object({
    type: z.literal("error"),
    code: z.string(),
    message: z.string().default(""),
    of: z.string().optional(),
    seq: z.number().optional(),
    id: z.string().optional(),
    pointer: z.string().optional(),
    more: z.number().optional(),
  }),
};

export type FromHub = { [T in keyof typeof SHAPES]: z.infer<typeof SHAPES[T]> }[keyof typeof SHAPES];
export type FromHubOf<T extends FromHub["type"]> = Extract<FromHub, { type: T }>;

export function readHubFrame(text: string): FromHub | undefined {
  const frame = decode(text);
  if (!frame.ok || !Object.hasOwn(SHAPES, frame.value.type)) return undefined;
  const parsed = SHAPES[frame.value.type as keyof typeof SHAPES].safeParse(frame.value);
  return parsed.success ? parsed.data : undefined;
}
