/** What the home screen says. */
import type { HubView } from "../../protocol/hub_view.ts";
import { bridgeInShort } from "./bridge.ts";
import { ageOf, countOf, latencyOf, sizeOf } from "./format.ts";
import { numberIn } from "./locale.ts";

export const HOME = {
  title: "Home",
  fleet: "The fleet",
  all: "All devices",
  look: "Needs a look",
  lookNone: "Every device that should be here is here.",
  lookMore: (count: number) => `All ${countOf(count, "device", "devices")}`,
  stopped: "Stopped",
  stoppedMore: (count: number) => `${countOf(count, "device is", "devices are")} stopped`,
  hub: "The hub",
  noHub: "The hub does not say how it is.",
  seenNever: "never seen",
} as const;

export const DOORS = {
  none: "No devices yet",
  lead: "There is more than one way to the first one.",
  wait: "As soon as an administrator adds a device, it appears here.",
  add: {
    title: "Add a device",
    text: "Give it a name and a token; it appears here as soon as it sends its first value.",
  },
  simulate: {
    title: "Simulate some",
    text:
      "Devices of any kind in this browser, on the same road as real ones. They can be broken, and taken away again.",
  },
  phone: {
    title: "Make a phone a device",
    text: "A code to photograph: its battery, motion and screen are there, without an app.",
  },
} as const;

export interface Fact {
  name: string;
  value: string;
}

/** How the hub is, line by line. */
export function factsOf(
  { build, runtime, startedAt, time, connections, open, perSecond, lately, store, memory, bridge }: HubView,
): Fact[] {
  const rate = (value: number) => numberIn(Number(value.toFixed(value < 10 ? 1 : 0)));
  const size = (bytes: number) => {
    const { text, unit } = sizeOf(bytes);
    return `${text} ${unit}`;
  };
  return [
    { name: "Connected devices", value: numberIn(connections.device) },
    {
      name: "Who looks",
      value: countOf(connections.operator + connections.stream, "window or program", "windows or programs"),
    },
    { name: "Samples", value: `${rate(perSecond.samples)} a second` },
    { name: "Frames in, out", value: `${rate(perSecond.framesIn)}, ${rate(perSecond.framesOut)} a second` },
    { name: "Commands under way", value: numberIn(open.commands) },
    { name: "Refused in the last minute", value: countOf(lately.refused, "frame", "frames") },
    { name: "Latest wake-up", value: lately.lag === null ? "none needed" : `${latencyOf(lately.lag * 1000)} late` },
    {
      name: "Store",
      value: store.state === "refusing" ? "takes no writes" : store.size === undefined ? "ok" : size(store.size),
    },
    ...(store.free === undefined ? [] : [{ name: "Free on its disk", value: size(store.free) }]),
    ...(memory === undefined ? [] : [{ name: "Memory", value: size(memory) }]),
    ...(bridge ? [{ name: "MQTT bridge", value: bridgeInShort(bridge) }] : []),
    { name: "Runs", value: `${runtime}, ${build}, for ${ageOf(time - startedAt)}` },
  ];
}
