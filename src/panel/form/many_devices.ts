/** Many new devices out of a table: which rows can be added, and what is wrong with the others [F8]. */
import { ADD_MANY } from "../words/add_many.ts";
import { readCsv } from "./csv.ts";
import { type Draft, idFrom, problemsAtTheEnd } from "./new_device.ts";

export interface PlannedRow {
  line: number;
  draft: Draft;
  problem: string | null;
}

export type Plan = { rows: PlannedRow[] } | { problem: string };

/** What somebody waits for at twenty a second, and what one look at a preview is for. */
export const MOST_ROWS = 2_000;

export function planOf(text: string, kinds: ReadonlySet<string>): Plan {
  const [head, ...lines] = readCsv(text);
  if (!head) return { problem: ADD_MANY.empty };
  const names = head.cells.map((cell) => cell.toLowerCase());
  const at = (column: string) => names.indexOf(column);
  if (at("kind") < 0 || (at("id") < 0 && at("name") < 0)) return { problem: ADD_MANY.noHead };
  if (lines.length === 0) return { problem: ADD_MANY.noRows };
  if (lines.length > MOST_ROWS) return { problem: ADD_MANY.tooMany(lines.length, MOST_ROWS) };
  const seen = new Map<string, number>();
  return {
    rows: lines.map(({ line, cells }) => {
      const cell = (column: string) => cells[at(column)] ?? "";
      const name = cell("name");
      const draft: Draft = { name, id: cell("id") || idFrom(name), kind: cell("kind"), tags: cell("tags") };
      const twin = seen.get(draft.id);
      if (twin === undefined) seen.set(draft.id, line);
      const problems = problemsAtTheEnd(draft);
      const problem = problems.id ?? problems.kind ?? problems.tags ??
        (kinds.has(draft.kind) ? null : ADD_MANY.noKind(draft.kind)) ??
        (twin === undefined ? null : ADD_MANY.twice(draft.id, twin));
      return { line, draft, problem };
    }),
  };
}
