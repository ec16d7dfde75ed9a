/** How the hub is: its numbers for people [R14] and for Prometheus [R6]. */
import type { HubView } from "../../protocol/hub_view.ts";
import { ok, type Outcome } from "../../protocol/fault.ts";
import type { Metric } from "../call.ts";
import { bridgeView } from "../bridge/view.ts";
import { byPresence, connectionsBySort, openWatches, waitingSamples } from "../metrics/census.ts";
import { metricsOf } from "../metrics/metrics.ts";
import type { Turn } from "../turn.ts";

export const getMetrics = (turn: Turn): Outcome<Metric[]> => ok(metricsOf(turn));

export function getHub(turn: Turn): Outcome<HubView> {
  const { memory, now, env: { counts } } = turn;
  const { runtime, resident, database, free } = turn.env.vitals();
  const { over, came, lag } = counts.recent.since(now);
  // A moment says nothing of a second.
  const perSecond = (number: number) => Math.round(number / Math.max(1, over) * 10) / 10;
  return ok({
    build: memory.options.build,
    runtime,
    startedAt: counts.since,
    time: now,
    devices: byPresence(turn),
    connections: connectionsBySort(turn),
    open: { commands: memory.commands.size, jobs: memory.jobs.size, watches: openWatches(turn) },
    perSecond: {
      samples: perSecond(came.samples),
      framesIn: perSecond(came.framesIn),
      framesOut: perSecond(came.framesOut),
    },
    lately: { seconds: over, refused: came.refused, failed: came.failed, faults: came.faults, lag },
    store: {
      state: counts.refusingSince === null ? "ok" : "refusing",
      ...(counts.refusingSince !== null && { since: counts.refusingSince }),
      waiting: waitingSamples(turn),
      ...(database !== undefined && { size: database }),
      ...(free !== undefined && { free }),
    },
    ...(resident !== undefined && { memory: resident }),
    bridge: bridgeView(turn),
    map: memory.options.map ?? null,
  });
}
