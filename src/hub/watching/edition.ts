/** What a window on a list shows at one moment, and the words that lead from one moment to another [O3]. */
import type { Counts } from "../../protocol/to_operator.ts";
import type { Projection, Shown } from "./projection.ts";
import type { Sights } from "./sights.ts";

/** Whoever was told the same shares it: it never changes. */
export interface Edition {
  readonly order: readonly string[];
  /** In that order. */
  readonly shown: readonly Shown[];
  readonly total: number;
  readonly counts: Counts;
}

export const NOTHING: Edition = {
  order: [],
  shown: [],
  total: 0,
  counts: { new: 0, online: 0, suspect: 0, sleeping: 0, offline: 0 },
};

interface Seeing {
  sights: Sights;
  projection: Projection;
}

/** The edition after this one, or itself where all is as it was. Only what was touched, or enters, is looked at. */
export function nextEdition(
  before: Edition,
  { order, total, counts }: Omit<Edition, "shown">,
  { sights, projection, isTouched }: Seeing & { isTouched: (id: string) => boolean },
): Edition {
  const isInOrder = isSameOrder(before.order, order);
  const known = knownIn(before, order);
  const shown = order.map((id, at) => {
    const old = known(id, at);
    return old && !isTouched(id) ? old : sights.show(projection, id, old);
  });
  const isSame = isInOrder && total === before.total && isSameCounts(counts, before.counts) &&
    shown.every((one, at) => one === before.shown[at]);
  return isSame ? before : { order: isInOrder ? before.order : order, shown, total, counts };
}

/** The rest of a `changes` frame as JSON without its braces, or null where nothing changed. */
export function changesBetween(before: Edition, after: Edition, by: Seeing): string | null {
  const devices = changedDevices(before, after, by);
  const rest = changedRest(before, after);
  return devices === "" && rest === "" ? null : `"devices":{${devices}}${rest}`;
}

/** A patch for each device that stays, the whole of each that enters. */
function changedDevices(before: Edition, after: Edition, { sights, projection }: Seeing): string {
  const known = knownIn(before, after.order);
  let text = "";
  for (const [at, id] of after.order.entries()) {
    const old = known(id, at);
    const shown = after.shown[at];
    const change = old ? sights.patch(projection, old, shown) : sights.text(shown);
    if (change !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(id)}:${change}`;
  }
  return text;
}

function changedRest(before: Edition, after: Edition): string {
  let text = "";
  if (!isSameOrder(before.order, after.order)) {
    text += `,"order":${JSON.stringify(after.order)}`;
    const left = new Set(after.order);
    const gone = before.order.filter((id) => !left.has(id));
    if (gone.length > 0) text += `,"gone":${JSON.stringify(gone)}`;
  }
  if (before.total !== after.total) text += `,"total":${after.total}`;
  if (!isSameCounts(before.counts, after.counts)) text += `,"counts":${JSON.stringify(after.counts)}`;
  return text;
}

/** Finds what the edition shows of a device, by its place in the order that it is asked in where that is the same. */
function knownIn({ order, shown }: Edition, asked: readonly string[]): (id: string, at: number) => Shown | undefined {
  if (isSameOrder(order, asked)) return (_, at) => shown[at];
  const byId = new Map(order.map((id, at) => [id, shown[at]]));
  return (id) => byId.get(id);
}

const isSameOrder = (one: readonly string[], other: readonly string[]): boolean =>
  one === other || (one.length === other.length && one.every((id, at) => id === other[at]));

const isSameCounts = (one: Counts, other: Counts): boolean =>
  one.new === other.new && one.online === other.online && one.suspect === other.suspect &&
  one.sleeping === other.sleeping && one.offline === other.offline;
