/** What a request brings, read and bounded [R1]. */
import type { z } from "zod";
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import { parseJson } from "../protocol/frame.ts";
import { read } from "../protocol/read.ts";
import { MAX_FRAME } from "../protocol/words.ts";

/** The body as JSON, or undefined when there is none. Bytes are counted while they come. */
export async function readJson(request: Request): Promise<Outcome<unknown>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_FRAME) return refuse("too_large", `A body has at most ${MAX_FRAME} bytes`, { status: 413 });
    chunks.push(chunk);
  }
  if (size === 0) return ok(undefined);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  try {
    const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
    return parseJson(text);
  } catch {
    return refuse("bad_json", "The body is not UTF-8");
  }
}

/** A body or a query by its schema; faults point from its root. */
export const check = <S extends z.ZodType>(schema: S, value: unknown): Outcome<z.infer<S>> =>
  read(schema, value, "bad_request");
