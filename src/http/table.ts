/** A device's history as a table, in CSV [Q8, Q10]. */
import type { HistoryTable } from "../hub/call.ts";
import { tableRange } from "../protocol/body.ts";
import { ask, DEVICE, of } from "./asking.ts";
import { csvOf } from "./csv.ts";
import type { Answer, Asked, Route } from "./route.ts";

export const tables: Route[] = [{
  method: "GET",
  path: `${DEVICE}/telemetry.csv`,
  tag: "Telemetry",
  who: "viewer",
  summary: "Fields side by side as CSV: samples as they came, or steps of time; Link says where the rest is",
  query: tableRange,
  status: 200,
  answer: "time, time (ms), and columns of each field",
  type: "text/csv",
  run: fetchTable,
}];

async function fetchTable(asked: Asked): Promise<Answer> {
  const answer = await ask(asked, "get_history_table", { ...of(asked), ...asked.query });
  if (!answer.ok) return answer;
  const table = answer.value;
  return {
    ok: true,
    value: new TextEncoder().encode(csvOf([headOf(table), ...table.rows.map(rowOf(table))])),
    headers: {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="${nameOf(asked.params.id, table)}"`,
      ...(table.next && { Link: `<${nextOf(asked, table.next)}>; rel="next"` }),
    },
  };
}

const headOf = ({ columns }: HistoryTable): string[] => [
  "time (UTC)",
  "time (ms)",
  ...columns.map(({ field, of, unit }) => `${field}${of ? ` ${of}` : ""}${unit ? ` (${unit})` : ""}`),
];

/** As wide as the head, also where the last cells have no value. */
const rowOf = ({ columns }: HistoryTable) => ([at, ...cells]: unknown[]): unknown[] => [
  new Date(Number(at)).toISOString(),
  at,
  ...columns.map((_, index) => cells[index]),
];

const nameOf = (id: string, { from, to }: HistoryTable): string => `${id} ${stampOf(from)} ${stampOf(to)}.csv`;
/** No colon and no fraction, which file systems and people do without. */
const stampOf = (at: number): string => new Date(at).toISOString().replace(/:|\.\d+/g, "");

/** The rest, as finely as the beginning was told. */
function nextOf({ request }: Asked, { from, to, resolution }: NonNullable<HistoryTable["next"]>): string {
  const { pathname, searchParams } = new URL(request.url);
  for (const [name, value] of Object.entries({ from, to, resolution })) searchParams.set(name, String(value));
  return `${pathname}?${searchParams}`;
}
