/** The map of trackers: what this hub names, and whether somebody chose it in this browser [S7]. */
import type { MapView } from "../../protocol/hub_view.ts";
import { prefer, usePreferences } from "./preferences.ts";
import { useValue, valueOf } from "./value.ts";

/** As the hub said it last: a lost connection takes no map away. */
const named = valueOf<MapView | null>(null);

/** The hub says it again and again. */
export function nameMap(map: MapView | null): void {
  if (JSON.stringify(map) !== JSON.stringify(named.get())) named.set(map);
}

export interface MapChoice {
  map: MapView;
  /** As people read it. */
  host: string;
  isChosen: boolean;
  choose(isChosen: boolean): void;
}

/** Null where there is nothing to choose. */
export function useMap(): MapChoice | null {
  const { map: chosen } = usePreferences();
  const map = useValue(named);
  return map && choiceOf(map, chosen);
}

/** Chosen is one origin: another one, which the hub names later, is asked for anew. */
export function choiceOf(map: MapView, chosen: string): MapChoice {
  const { origin, host } = new URL(map.tiles);
  return { map, host, isChosen: chosen === origin, choose: (isChosen) => prefer({ map: isChosen ? origin : "" }) };
}
