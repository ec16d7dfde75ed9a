/** How the bridge to an MQTT broker is, in words [N50]. */
import type { BridgeView } from "../../protocol/hub_view.ts";
import { countOf, momentOf } from "./format.ts";

/** In the same words as long as it is so. */
export function bridgeIs({ state, since, reason }: BridgeView, now: number): string {
  const is = state === "connected" ? "connected to its broker" : "degraded";
  // Connected, it has one where the broker does not let it hear everything.
  const why = reason === undefined ? "." : `: ${ended(reason)}`;
  return `The MQTT bridge has been ${is} since ${momentOf(since, now)}${why}`;
}

/** All of it: since when, why, what waits and what was lost. */
export function bridgeInWords(bridge: BridgeView, now: number): string {
  const { waiting, dropped } = bridge;
  return [
    bridgeIs(bridge, now),
    `${countOf(waiting, "message waits", "messages wait")} for the broker.`,
    ...(dropped === 0 ? [] : [`${countOf(dropped, "older one was", "older ones were")} dropped, as too many waited.`]),
  ].join(" ");
}

const ended = (reason: string): string => /[.!?]$/.test(reason) ? reason : `${reason}.`;

/** Where there is room for a few words only. */
export const bridgeInShort = ({ state, waiting }: BridgeView): string =>
  waiting === 0 && state === "connected" ? state : `${state}, ${countOf(waiting, "message waits", "messages wait")}`;
