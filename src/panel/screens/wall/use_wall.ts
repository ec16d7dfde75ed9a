/** What a wall watches: how many are in which presence, and who stands on the page that is shown. */
import { useEffect, useState } from "react";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import type { Outline, WatchStore } from "../../live/watch.ts";
import { idsOn, PARTS, windowsOf } from "./pages.ts";

export interface Shown {
  id: string;
  store: WatchStore;
}

export interface Wall {
  outline: Outline;
  stopped: number;
  /** Of all devices that are found. */
  total: number;
  devices: readonly Shown[];
}

const RATE = 2;

export function useWall(q: string, page: number, size: number, fields: string[]): Wall {
  const outline = useOutline(useWatch({ query: q, window: [0, 1], fields: ["id"], rate: RATE })!);
  const [totals, setTotals] = useState<readonly number[]>(PARTS.map(() => 0));
  const windows = windowsOf(page, size, totals);
  // As many as there are parts, always.
  const stores = PARTS.map((part, at) =>
    useWatch({
      query: `${q} ${part}`.trim(),
      sort: "name",
      window: windows[at],
      fields,
      rate: RATE,
    })!
  );
  const parts = stores.map(useOutline);
  const now = parts.map(({ total }) => total);
  useEffect(() => setTotals(now), [now.join()]);
  const storeOf = new Map(parts.flatMap(({ order }, at) => order.map((id): [string, WatchStore] => [id, stores[at]])));
  return {
    outline,
    stopped: now[0],
    total: now.reduce((sum, one) => sum + one, 0),
    devices: idsOn(page, size, parts).map((id) => ({ id, store: storeOf.get(id)! })),
  };
}
