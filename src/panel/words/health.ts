/** How the hub is, in words: a few numbers while all is well, sentences when something is not. */
import type { BridgeView, HubView } from "../../protocol/hub_view.ts";
import { bridgeInWords, bridgeIs } from "./bridge.ts";
import { clockOf, countOf, latencyOf, sizeOf } from "./format.ts";
import { numberIn } from "./locale.ts";

export interface Sign {
  name: "connected" | "samples" | "lag" | "refused" | "store" | "bridge";
  value: string;
  word: string;
  /** Where the word comes before the value. */
  isWordFirst?: true;
  /** All of it, in a sentence. */
  title: string;
  level: Level;
}

export type Level = "well" | "careful" | "wrong";

/** All that is as bad, in one text. */
export interface Alarm {
  level: "careful" | "wrong";
  text: string;
}

/** From here on somebody should look: seconds late, frames refused in a minute, bytes that the disk has left. */
const LATE = 1;
const MANY_REFUSED = 60;
const LITTLE_ROOM = 500e6;

export function signsOf({ connections, perSecond, lately, store, bridge, time }: HubView): Sign[] {
  const lag = lately.lag === null ? "–" : latencyOf(lately.lag * 1000);
  return [
    {
      name: "connected",
      value: numberIn(connections.device),
      word: "connected",
      title: `${countOf(connections.device, "device is", "devices are")} connected, and ${
        countOf(connections.operator + connections.stream, "window or program looks", "windows or programs look")
      } at them.`,
      level: "well",
    },
    {
      name: "samples",
      value: rateOf(perSecond.samples),
      word: "samples/s",
      title: `${rateOf(perSecond.samples)} samples a second came in the last minute, in ${
        rateOf(perSecond.framesIn)
      } frames.`,
      level: "well",
    },
    {
      name: "lag",
      value: lag,
      word: "lag",
      isWordFirst: true,
      title: lately.lag === null
        ? "In the last minute the hub had nothing to do at a certain time."
        : `In the last minute the hub did what was due at most ${lag} late.`,
      level: isLate(lately) ? "careful" : "well",
    },
    {
      name: "refused",
      value: numberIn(lately.refused),
      word: "refused",
      title: `${countOf(lately.refused, "frame was", "frames were")} refused in the last minute.`,
      level: isMuch(lately) ? "careful" : "well",
    },
    {
      name: "store",
      value: store.state === "ok" ? sizeInWords(store.size) : "refuses",
      word: "store",
      isWordFirst: true,
      title: storeInWords(store),
      level: store.state === "refusing" ? "wrong" : isFull(store) ? "careful" : "well",
    },
    ...(bridge ? [bridgeSign(bridge, time)] : []),
  ];
}

const bridgeSign = (bridge: BridgeView, now: number): Sign => ({
  name: "bridge",
  value: bridge.state === "connected" ? "ok" : "degraded",
  word: "MQTT",
  isWordFirst: true,
  title: bridgeInWords(bridge, now),
  level: bridge.state === "connected" ? "well" : "careful",
});

/** Without numbers, which the signs have: what goes on to be so is read out once. */
export function alarmsOf({ lately, store, bridge, time }: HubView): Alarm[] {
  const wrong = [
    store.state === "refusing" && storeInWords(store),
    lately.faults > 0 && "The hub failed at something in the last minute. Its log says why.",
  ];
  const careful = [
    store.state === "ok" && isFull(store) && `The hub's disk has less than ${sizeInWords(LITTLE_ROOM)} left.`,
    isLate(lately) && "The hub did something more than a second late in the last minute. Something holds it up.",
    bridge?.state === "degraded" && `${bridgeIs(bridge, time)} What it has to tell waits.`,
    isMuch(lately) &&
    "Many frames were refused in the last minute. Devices say what their kind does not have, or too much.",
  ];
  return [alarm("wrong", wrong), alarm("careful", careful)].filter(({ text }) => text !== "");
}

const alarm = (level: Alarm["level"], texts: (string | false)[]): Alarm => ({
  level,
  text: texts.filter((text) => text !== false).join(" "),
});

const isMuch = ({ refused }: HubView["lately"]) => refused >= MANY_REFUSED;
const isLate = ({ lag }: HubView["lately"]) => lag !== null && lag >= LATE;
const isFull = ({ free }: HubView["store"]) => free !== undefined && free < LITTLE_ROOM;

function storeInWords({ state, since, size, free, waiting }: HubView["store"]): string {
  if (state === "refusing") {
    const when = since === undefined ? "now" : `since ${clockOf(since)}`;
    return `The store takes no writes ${when}. Nothing new is accepted; what was accepted is not lost.`;
  }
  return [
    size === undefined ? "The store takes writes." : `The store has ${sizeInWords(size)}.`,
    ...(free === undefined ? [] : [`Its disk has ${sizeInWords(free)} left.`]),
    `${countOf(waiting, "sample waits", "samples wait")} to be written.`,
  ].join(" ");
}

/** What is less than ten has a decimal, so that one sample a minute is not none. */
const rateOf = (rate: number): string => {
  const digits = rate < 10 && rate > 0 ? 1 : 0;
  return numberIn(rate, digits);
};

function sizeInWords(bytes: number | undefined): string {
  if (bytes === undefined) return "ok";
  const { text, unit } = sizeOf(bytes);
  return `${text} ${unit}`;
}
