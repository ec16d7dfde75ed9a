/** What a settled day leaves goes, a few pages at a time [Q11]: its samples last, which say that there is more to do. */
import { type Keys, keysBefore } from "../../history/page.ts";
import type { Reader } from "../ports.ts";
import { clearFirst, rowsIn } from "./ration.ts";
import { DAY, HOUR } from "./repack.ts";
import type { SettlingRow } from "./rows.ts";
import type { Turn } from "../turn.ts";

/** What the settling has read: its samples, and the minutes in whose place there are others now. */
function* keysOf({ id: kind, day, generation }: SettlingRow): Generator<Keys> {
  yield keysBefore({ tier: "minute", kind, span: day }, generation);
  for (let span = day * DAY / HOUR; span < (day + 1) * DAY / HOUR; span++) {
    yield keysBefore({ tier: "raw", kind, span }, generation);
  }
}

/** Is something left of a day whose devices are all settled? */
export const isLeftOver = (reader: Reader, row: SettlingRow): boolean =>
  [...keysOf(row)].some((keys) => reader.heads("page", { ...keys, limit: 1 }).length > 0);

/** Some of it, in the order in which it may go; is that all? */
export function clearSome(turn: Turn, row: SettlingRow): boolean {
  let left = rowsIn(turn.memory.options.settleSize);
  for (const keys of keysOf(row)) {
    const found = clearFirst(turn, "page", keys, left);
    if (found > left) return false;
    left -= found;
  }
  return true;
}
