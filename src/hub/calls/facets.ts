/** What the devices that a query finds are, in numbers [R17]; counted when somebody asks. */
import type { Facet, Facets } from "../../protocol/facets.ts";
import { ok, type Outcome } from "../../protocol/fault.ts";
import { parseQuery } from "../../protocol/query.ts";
import type { ArgsOf } from "../call.ts";
import type { Operator } from "../access/identity.ts";
import type { Turn } from "../turn.ts";
import { devicesOf, standing } from "../devices/view.ts";

/** Nobody chooses among more, and tags and firmware have no end of their own. */
const MOST_VALUES = 500;

export function getFacets(turn: Turn, _by: Operator, { q = "" }: ArgsOf<"get_facets">): Outcome<Facets> {
  const query = parseQuery(q);
  if (!query.ok) return query;
  const devices = devicesOf(turn, query.value);
  return ok({
    total: devices.length,
    kind: counted(devices.map(({ row }) => row.kind)),
    tag: counted(devices.flatMap(({ row }) => row.tags)),
    presence: counted(devices.map((device) => standing(turn, device).presence)),
    firmware: counted(devices.flatMap(({ trace }) => trace.firmware ?? [])),
  });
}

function counted(values: readonly string[]): Facet[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const facets = [...counts].map(([value, count]) => ({ value, count }));
  return facets.sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, MOST_VALUES);
}
