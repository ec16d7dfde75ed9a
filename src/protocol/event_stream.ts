/** Server-sent events [R7]: what may be asked of the stream, and how a frame is written into it. */
import { z } from "zod";
import { type CloseName, closeName } from "./close.ts";
import { INCLUDES } from "./from_operator.ts";
import { names } from "./words.ts";

/** What a stream may show; the raw frames and who looks are for one device at a time. */
const STREAMED = INCLUDES.filter((part) => part !== "frames" && part !== "people");
const LONGEST_WINDOW = 500;

/** The parameters of a stream, with what holds where nothing is said [R7, R8]. */
export const streamQuery = z.object({
  q: z.string().max(1024).default("").describe("Which devices; none finds every one"),
  fields: names(z.string().max(64), "Fields with commas between them: only these are shown").optional(),
  include: names(z.enum(STREAMED), `Any of ${STREAMED.join(",")}; all where nothing is said`).default([...STREAMED]),
  sort: z.string().max(65).regex(/^-?[A-Za-z][A-Za-z0-9_]*$/, "a field's name, - before it for descending").optional(),
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LONGEST_WINDOW).default(LONGEST_WINDOW),
  rate: z.coerce.number().gt(0).max(20).default(4),
});
export type StreamQuery = z.infer<typeof streamQuery>;

/** The last event [R11]. */
export interface StreamEnd {
  type: "end";
  code: number;
  name: CloseName;
  /** Seconds. */
  retryAfter?: number;
}

export const streamEnd = z.strictObject({
  type: z.literal("end"),
  code: z.int(),
  name: z.string(),
  retryAfter: z.number().optional(),
});

/** What a close with this code and reason says at the end of a stream. */
export function endOf(code: number, reason: string): StreamEnd {
  const more = reason === "" ? {} : JSON.parse(reason);
  return { type: "end", code, name: closeName(code)!, ...more };
}

/** A frame begins with its type, and one of a watch goes on with its revision. */
const HEAD = /^\{"type":"(\w+)"(?:,"watch":"\w+","revision":(\d+))?/;

/** An encoded frame as an event. */
export function serverSent(frame: string): string {
  const [, type, revision] = HEAD.exec(frame)!;
  return `event: ${type}\n${revision === undefined ? "" : `id: ${revision}\n`}data: ${frame}\n\n`;
}
