/** What an operator watches [O2-O6]: a window on a sorted list, kept up to date with merged frames. */
import { ok, type Outcome } from "../../protocol/fault.ts";
import { parseQuery } from "../../protocol/query.ts";
import { isSlow } from "../connections/backlog.ts";
import type { Beat } from "./beat.ts";
import type { OperatorConnection, WatchDefinition } from "../connections/connection.ts";
import { changesBetween, type Edition } from "./edition.ts";
import type { Watch } from "./feed.ts";
import { Sights } from "./sights.ts";
import type { Turn } from "../turn.ts";

/** Opens or replaces a watch; its snapshot is the next that is sent of it. Null where it shows no devices [R8]. */
export function openWatch(turn: Turn, { id }: OperatorConnection, definition: WatchDefinition): Outcome<Watch | null> {
  const query = parseQuery(definition.query ?? "", "query");
  return query.ok ? ok(turn.memory.watches.open(turn, id, definition, query.value)) : query;
}

export function sendSnapshot(turn: Turn, watch: Watch | null): void {
  if (!watch) return;
  const { connection, definition: { id }, sent: { total, counts, shown } } = watch;
  watch.revision += 1;
  const devices = [...shown];
  turn.toOperator({ id: connection }, {
    type: "snapshot",
    watch: id,
    revision: watch.revision,
    total,
    counts,
    devices,
  });
}

/** Sends every merged frame that is due. */
export function flushWatches(turn: Turn): void {
  const { watches } = turn.memory;
  const sights = new Sights(turn);
  for (const beat of watches.beatsDue(turn.now)) {
    beat.strike(turn, sights);
    tell(turn, beat, sights);
  }
  watches.lookers.tellDue(turn);
}

/** Whoever misses something hears it; a slow reader with a later beat. */
function tell(turn: Turn, beat: Beat, sights: Sights): void {
  /** By what was sent before: who has the same hears the same. */
  const changes = new Map<Edition, string | null>();
  for (const watch of beat.behind) {
    if (isSlow(turn, watch.connection)) {
      turn.tally.skipped += 1;
      continue;
    }
    const { sent, feed: { edition, projection } } = watch;
    let change = changes.get(sent);
    if (change === undefined) changes.set(sent, change = changesBetween(sent, edition, { sights, projection }));
    watch.sent = edition;
    if (change !== null) sendChanges(turn, watch, change);
    beat.settle(watch);
  }
}

function sendChanges(turn: Turn, watch: Watch, change: string): void {
  watch.revision += 1;
  const head = `"type":"changes","watch":${JSON.stringify(watch.definition.id)},"revision":${watch.revision}`;
  turn.tellChanges(watch.connection, `{${head},${change}}`);
}
