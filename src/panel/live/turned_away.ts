/** Connections that were refused in a device's name, as they happen [H6]: the newest of each sort. */
import { useEffect, useState } from "react";
import { hub } from "./connection.ts";
import type { Refused } from "./hub.ts";

export interface TurnedAway {
  /** Newest first; the same again takes the place of the one before. */
  newest: readonly Refused[];
  /** All of them, with those that the hub only counted: why, it does not say. */
  total: number;
}

export const NOBODY_TURNED_AWAY: TurnedAway = { newest: [], total: 0 };
const MOST = 2;

export function seeRefused({ newest, total }: TurnedAway, refused: Refused): TurnedAway {
  const others = newest.filter(({ over, message }) => over !== refused.over || message !== refused.message);
  return { newest: [refused, ...others].slice(0, MOST), total: total + 1 + (refused.more ?? 0) };
}

/** Those since a moment: what was refused before it came in after all is over. Needs a watch with `frames`. */
export function useTurnedAway(device: string, since = 0): TurnedAway {
  const [seen, setSeen] = useState(NOBODY_TURNED_AWAY);
  useEffect(() => {
    setSeen(NOBODY_TURNED_AWAY);
    return hub.onRefused((refused) => refused.device === device && setSeen((seen) => seeRefused(seen, refused)));
  }, [device]);
  return { ...seen, newest: seen.newest.filter(({ at }) => at > since) };
}
