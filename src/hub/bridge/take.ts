/** `take`: what is owed to the broker goes to the bridge, and what the broker has goes from the store [N23]. */
import { type BridgeFrameOf, MOST_TAKEN, type OutboxRow, type Taken } from "../../protocol/outbox.ts";
import { above, dropRow, GONE, HAPPENED, noteServed } from "./outbox.ts";
import type { Turn } from "../turn.ts";

/** Letters of rows in one answer; it has one row at least. */
const MOST_LETTERS = 256 * 1024;

type Asked = Pick<BridgeFrameOf<"take">, "most" | "done" | "after" | "all">;

export function take(turn: Turn, { most = MOST_TAKEN, done = [], after = "", all }: Asked): Taken {
  const outbox = turn.memory.outbox!;
  const gone = new Set(done);
  for (const id of gone) dropRow(turn, outbox, id);
  if (all) outbox.needAll();
  const rows = rowsAbove(turn, after, most + 1, gone);
  const fitting = fit(rows.slice(0, most));
  const { states, more: areMore } = outbox.states.take(turn, most);
  if (states.length > 0) noteServed(turn, outbox);
  const more = areMore || fitting.length < rows.length;
  outbox.taken(more);
  return { rows: fitting, states, more, dropped: outbox.dropped };
}

/** Those that go in this turn are still read. */
function rowsAbove({ reader }: Turn, after: string, count: number, gone: ReadonlySet<string>): OutboxRow[] {
  const rows: OutboxRow[] = [];
  for (const { from, below } of [HAPPENED, GONE]) {
    const start = after < from ? from : above(after);
    if (rows.length >= count || start >= below) continue;
    const stillThere = [...gone].filter((id) => id >= start && id < below).length;
    const limit = count - rows.length + stillThere;
    for (const row of reader.list("outbox", { from: start, below, limit })) {
      if ("what" in row && !gone.has(row.id)) rows.push(row);
    }
  }
  return rows.slice(0, count);
}

function fit(rows: OutboxRow[]): OutboxRow[] {
  let letters = 0;
  const end = rows.findIndex((row, at) => (letters += JSON.stringify(row).length) > MOST_LETTERS && at > 0);
  return end < 0 ? rows : rows.slice(0, end);
}
