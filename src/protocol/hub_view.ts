/** How the hub is [R14]: what its panel shows below everything else, and a script looks at first. */
import { z } from "zod";
import { presence, time } from "./words.ts";

const count = z.int().min(0);
const bytes = z.number().min(0);
const rate = z.number().min(0);

/** Where the tiles of a map are, and what is said of it [S7]. */
export const mapView = z.strictObject({
  /** An address with `{z}`, `{x}` and `{y}`. */
  tiles: z.string(),
  /** Whose map it is: a line in which a link is `[words](https://…)`. */
  attribution: z.string().nullable(),
  /** The deepest zoom of which there are tiles. */
  zoom: count,
});

export type MapView = z.infer<typeof mapView>;

export const hubView = z.strictObject({
  build: z.string(),
  runtime: z.string(),
  /** When its counters began: with the program, on Durable Objects with each wake-up. */
  startedAt: time,
  time,
  devices: z.record(presence, count),
  connections: z.strictObject({ device: count, operator: count, stream: count }),
  open: z.strictObject({ commands: count, jobs: count, watches: count }),
  /** Over the last minute, or since `startedAt`. */
  perSecond: z.strictObject({ samples: rate, framesIn: rate, framesOut: rate }),
  /** Of as many seconds: frames refused, commands that failed, bugs, and the latest wake-up, in seconds. */
  lately: z.strictObject({
    seconds: z.number().min(0),
    refused: count,
    failed: count,
    faults: count,
    lag: z.number().min(0).nullable(),
  }),
  store: z.strictObject({
    state: z.enum(["ok", "refusing"]),
    /** Since when it takes no writes. */
    since: time.optional(),
    /** Samples that wait to be written. */
    waiting: count,
    size: bytes.optional(),
    free: bytes.optional(),
  }),
  /** Bytes that the process holds, where the runtime tells. */
  memory: bytes.optional(),
  /** The bridge to an MQTT broker; null where none is set up [N50]. */
  bridge: z.strictObject({
    state: z.enum(["connected", "degraded"]),
    since: time,
    /** Why it is degraded, in a sentence. */
    reason: z.string().optional(),
    /** Events, outcomes and replies that its broker has not acknowledged, and those that were too many to keep. */
    waiting: count,
    dropped: count,
    /** Messages that the broker acknowledged, that came from it, and of these the refused ones. */
    published: count,
    received: count,
    refused: count,
  }).nullable(),
  /** Null where this hub names none. */
  map: mapView.nullable(),
});

export type BridgeView = NonNullable<HubView["bridge"]>;

export type HubView = z.infer<typeof hubView>;
