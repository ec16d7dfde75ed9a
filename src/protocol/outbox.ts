/** What the hub and its own bridge say to each other beside what any operator may say [N20-N29]; nobody else has it. */
import { z } from "zod";
import { type Outcome } from "./fault.ts";
import type { Envelope } from "./frame.ts";
import { OPERATOR_FRAMES, type OperatorFrame, readOperatorFrame } from "./from_operator.ts";
import { read } from "./read.ts";
import type { CommandRecord, DeviceView, EventView } from "./record.ts";
import { time } from "./words.ts";

/** How many rows, and how many states, one `take` asks for at most. */
export const MOST_TAKEN = 200;
export const MOST_DONE = 500;

/** Something that is owed to the broker until it acknowledged it; ids are in the order in which it goes. */
export type OutboxRow = { id: string; at: number } & Owed;
export type Owed =
  | { what: "event"; event: EventView }
  /** The command is final. */
  | { what: "outcome"; command: CommandRecord }
  /** Likewise, to whoever asked for it over the broker. */
  | ({ what: "reply"; command: CommandRecord } & ReplyTo)
  /** The device was deleted. */
  | { what: "gone"; device: string };

/** Where whoever asked over the broker waits for the outcome. */
export interface ReplyTo {
  topic: string;
  /** In base64url. */
  correlation?: string;
}

/** What is retained on the broker of one device, as it is now. */
export type BridgeState = Pick<
  DeviceView,
  | "id"
  | "kind"
  | "name"
  | "tags"
  | "presence"
  | "since"
  | "reason"
  | "telemetry"
  | "reported"
  | "desired"
  | "firmware"
>;

/** What `take` answers. */
export interface Taken {
  /** The oldest first. They come again until they are `done`. */
  rows: OutboxRow[];
  /** Of devices that changed since their state was taken, each once. A state that is lost is asked for by `all`. */
  states: BridgeState[];
  /** Is there more of either now? Then nobody rings for it. */
  more: boolean;
  /** Rows that went unsent since the outbox is there, because it was full [N22]. */
  dropped: number;
}

/** How the bridge is, in its own words. */
export interface BridgeHealth {
  state: "connected" | "degraded";
  reason?: string;
  /** Since when it is so. */
  since: number;
  /** Counted since the bridge began. */
  published: number;
  received: number;
  refused: number;
}

/** The request's own id; it comes back. */
const id = z.string().min(1).max(64);
const count = z.int().min(0);
/** Of an event or outcome an id, of a deleted device its name behind a word. */
const rowId = z.string().min(1).max(80);
const replyTo = z.strictObject({
  topic: z.string().min(1).max(1_024),
  correlation: z.string().max(1_024).regex(/^[\w-]*$/, "base64url").optional(),
});

const SHAPES = {
  take: z.strictObject({
    type: z.literal("take"),
    id,
    most: z.int().min(1).max(MOST_TAKEN).optional(),
    /** Rows that the broker acknowledged: they go in this turn. */
    done: z.array(rowId).max(MOST_DONE).optional(),
    /** Rows above this one only: the others are on their way already. */
    after: rowId.optional(),
    /** Every state again: the broker's connection is a new one. */
    all: z.literal(true).optional(),
  }),
  bridge: z.strictObject({
    type: z.literal("bridge"),
    id,
    state: z.enum(["connected", "degraded"]),
    reason: z.string().max(256).optional(),
    since: time,
    published: count,
    received: count,
    refused: count,
  }),
  command: z.strictObject({ ...OPERATOR_FRAMES.command.shape, reply: replyTo.optional() }),
};

/** Its own, and what it says otherwise than other operators. */
export const BRIDGE_FRAMES = SHAPES;
type Own = { [T in keyof typeof SHAPES]: z.infer<typeof SHAPES[T]> }[keyof typeof SHAPES];
export type BridgeFrame = Own | Exclude<OperatorFrame, { type: "command" }>;
export type BridgeFrameOf<T extends BridgeFrame["type"]> = Extract<BridgeFrame, { type: T }>;

/** What the hub says to the bridge of its own accord: something waits, so `take`. */
export type ToBridge = { type: "outbox" };
export const TO_BRIDGE = { outbox: z.strictObject({ type: z.literal("outbox") }) };

export const readBridgeFrame = (frame: Envelope): Outcome<BridgeFrame> =>
  Object.hasOwn(SHAPES, frame.type)
    ? read(SHAPES[frame.type as keyof typeof SHAPES], frame, "bad_frame")
    : readOperatorFrame(frame) as Outcome<BridgeFrame>;
