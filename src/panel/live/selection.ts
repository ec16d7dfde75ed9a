/** Which devices are chosen for one act: some by hand, or all that the query finds but some. Outside React. */
import { useValue, type Value, valueOf } from "./value.ts";

export interface Chosen {
  /** All that the query finds; `ids` are those that are not. */
  isAll: boolean;
  ids: ReadonlySet<string>;
}

export const NOBODY: Chosen = { isAll: false, ids: new Set() };
/** By hand; whoever wants more says what they have in common. */
export const MOST_CHOSEN = 500;
/** What a query holds, with room for a term more [O10]. */
const QUERY = 800;

export const isChosen = ({ isAll, ids }: Chosen, id: string): boolean => isAll !== ids.has(id);
export const isNobody = ({ isAll, ids }: Chosen): boolean => !isAll && ids.size === 0;
export const sizeOf = ({ isAll, ids }: Chosen, total: number): number => isAll ? total - ids.size : ids.size;

/** With these chosen, or not; the same as before where that would be more than can be sent. */
export function withChosen(chosen: Chosen, ids: readonly string[], isOn: boolean): Chosen {
  const next = new Set(chosen.ids);
  for (const id of ids) {
    if (isOn === chosen.isAll) next.delete(id);
    else next.add(id);
  }
  const isTooMuch = chosen.isAll ? [...next].join().length > QUERY : next.size > MOST_CHOSEN;
  return isTooMuch ? chosen : { ...chosen, ids: next };
}

/** Queries that find them, each short enough for a request [O10]. */
export function queriesOf({ isAll, ids }: Chosen, q: string): string[] {
  if (isAll) return [ids.size === 0 ? q : `${q} -id:${[...ids].join()}`.trim()];
  const parts: string[][] = [];
  let length = Infinity;
  for (const id of ids) {
    length += id.length + 1;
    if (length > QUERY) {
      parts.push([]);
      length = id.length;
    }
    parts.at(-1)!.push(id);
  }
  return parts.map((part) => `id:${part.join()}`);
}

/** From where the last one was chosen to this one, as the list stands; null where it is not all here. */
export function rangeOf(order: readonly string[], anchor: string | null, id: string): string[] | null {
  const [from, to] = [order.indexOf(anchor ?? id), order.indexOf(id)];
  if (from < 0 || to < 0) return null;
  return order.slice(Math.min(from, to), Math.max(from, to) + 1);
}

export const selectionOf = (chosen: Chosen = NOBODY): Value<Chosen> => valueOf(chosen);
export const useIsChosen = (selection: Value<Chosen>, id: string): boolean =>
  useValue(selection, (chosen) => isChosen(chosen, id));
