/** The small shapes that frames, bodies and kinds share [F8]. */
import { z } from "zod";

/** UTF-8 bytes in a frame or a body, both ways [F4, R1]. */
export const MAX_FRAME = 65_536;
/** Bytes that the hub sends a device before a `hello` raises them [F7]. */
export const DEFAULT_DEVICE_FRAME = 1_024;
export const MAX_BLOB = 4 * 1024 * 1024;
/** Levels of nesting that JSON may have [F2]. */
export const MAX_DEPTH = 32;

export const id = z.string().regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  "1 to 64 of A-Z a-z 0-9 . _ -, starting with a letter or digit",
);
/** Of fields, events and commands. Whether there is such a one is its kind's to say. */
export const NAME = /^[a-z][a-z0-9_]{0,63}$/;
export const name = z.string().min(1).max(64);
/** An idempotency key [C20]: visible, so that it can be logged and compared. */
export const KEY = /^[!-~]{1,128}$/;
/** A media type without parameters, in lower case. */
export const mime = z.string().max(127).toLowerCase().regex(
  /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/,
  "a media type, such as image/jpeg",
);
export const sha256 = z.string().toLowerCase().regex(/^[0-9a-f]{64}$/, "64 hex digits");
/** Milliseconds since the epoch. */
export const time = z.int().min(0);
/** What the number of a duration must be, which is in seconds. */
export const asDuration = <N extends z.ZodNumber>(number: N): N =>
  number.refine((value) => {
    const ms = value * 1000;
    // A float that was written with three decimals is next to a whole number of them, and of a month not within 1e-6.
    return Math.abs(ms - Math.round(ms)) < Math.max(1e-6, Math.abs(ms) * 2 * Number.EPSILON);
  }, "at most three decimals");
export const seconds = asDuration(z.number().min(0));
export const title = z.string().min(1).max(120).refine(
  (text) => text.isWellFormed() && !/\p{Cc}/u.test(text),
  "one line of text",
);
export const tags = z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, "a tag: letters, digits, . _ : -"))
  .max(32);
/** Devices that are named one by one, by whoever chose them by hand [J15, E10]. */
export const namedDevices = z.array(id).min(1).max(1_000);
export const role = z.enum(["viewer", "operator", "admin"]);
export type Role = z.infer<typeof role>;

export const presence = z.enum(["new", "online", "suspect", "sleeping", "offline"]);
export type Presence = z.infer<typeof presence>;

/** A JSON object whose contents somebody else checks. Kept as parsed: a record schema would drop `__proto__` in silence. */
export const object = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

const RANK = { viewer: 0, operator: 1, admin: 2 };
/** Does `has` open what `needs` asks for [I5]? */
export const roleOpens = (has: Role, needs: Role): boolean => RANK[has] >= RANK[needs];

/** Names with commas between them, as a list. */
export const names = <S extends z.ZodType<unknown, string>>(each: S, description: string) =>
  z.string().max(2048).describe(description).transform((text) =>
    text.split(",").map((name) => name.trim()).filter((name) => name !== "")
  )
    .pipe(z.array(each).max(64));
