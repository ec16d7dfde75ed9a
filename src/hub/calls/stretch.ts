/** A bounded look through rows that nobody counts, newest first [R15]. */
import type { Stretch } from "../../protocol/record.ts";
import { DEFAULT_LIMIT } from "./common.ts";

/** Rows that one answer looks at, where only some of them are wanted, and that are read at once. */
const MOST_READ = 2_000;
const CHUNK = 500;

/** `isWanted` is null where all of them are; `read` answers so many of the newest rows below a key, or all. */
export function stretch<R extends { id: string }>(
  { limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string },
  isWanted: ((row: R) => boolean) | null,
  read: (below: string | undefined, limit: number) => R[],
): Stretch<R> {
  const size = isWanted ? CHUNK : limit + 1;
  const items: R[] = [];
  /** Everything from this one on was looked at. */
  let below = cursor;
  for (let looked = 0; looked < MOST_READ; looked += size) {
    const rows = read(below, size);
    for (const row of rows) {
      if (items.length === limit) return { items, next: below! };
      below = row.id;
      if (!isWanted || isWanted(row)) items.push(row);
    }
    if (rows.length < size) return { items, next: null };
  }
  return { items, next: below! };
}
