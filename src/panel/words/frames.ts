/** What the live tab says about raw frames. */
import type { ErrorFrame } from "../../protocol/to_device.ts";
import { complaintOf } from "../live/refusals.ts";
import { agoOf, countOf, durationOf, inWords } from "./format.ts";
import { dateIn } from "./locale.ts";
import { asSentence } from "./road.ts";
import { faultInWords } from "./words.ts";

export const LIVE = {
  title: "Frames",
  lead: "Every text between the hub and the device, as it goes over the wire. Secrets are left out.",
  filter: "Filter by text",
  filterHint: "Part of a frame, such as telemetry",
  ways: "Which way",
  both: "Both ways",
  in: "From the device",
  out: "To the device",
  pause: "Pause",
  resume: "Go on",
  paused: "Paused.",
  held: "Held still while you are at it.",
  clear: "Clear",
  clearFilter: "Show all",
  copyAll: "Copy all shown",
  copy: "Copy the frame",
  close: "Close the frame",
  listening: "Listening. Nothing was said yet.",
  cut: "Not connected to the hub, so nothing can be seen.",
  noMatch: "No frame matches.",
  list: "Frames, newest first",
  isCut: "The hub shows the first 4,096 characters; the rest is not here.",
} as const;

export const waitingInWords = (count: number): string => countOf(count, "frame waits", "frames wait");

export const shownInWords = (shown: number, all: number, total: number): string => {
  const of = shown === all ? countOf(all, "frame", "frames") : `${shown} of ${countOf(all, "frame", "frames")}`;
  return total > all ? `${of}; ${countOf(total - all, "older one is", "older ones are")} let go` : of;
};

export const sizeInWords = (bytes: number, isCut: boolean): string =>
  inWords(bytes, { unit: "B" }) + (isCut ? " or more" : "");

/** `From the device 3 s ago, to it 12 s ago.` */
export function lastInWords(lastIn: number | null, lastOut: number | null, now: number): string {
  if (lastIn === null && lastOut === null) return "";
  const parts = [
    lastIn === null ? "Nothing from the device yet" : `From the device ${agoOf(now - lastIn)}`,
    lastOut === null ? "nothing to it" : `to it ${agoOf(now - lastOut)}`,
  ];
  return `${parts.join(", ")}.`;
}

/** With its thousandths: frames come close together. */
export const frameClockOf = (at: number): string =>
  `${dateIn("clock", at)}.${String(Math.floor(at % 1000)).padStart(3, "0")}`;

export const pauseInWords = (since: number, at: number): string =>
  `Not watched for ${durationOf(Math.max(0, Math.round((at - since) / 1000)))}`;

/** Which field, what is wrong with it, and what such an error means. */
export function errorInWords(error: ErrorFrame): string {
  const { field, words } = complaintOf(error);
  // A field's name stays as it is written.
  const told = field ? `${field}: ${words}${/[.!?]$/.test(words) ? "" : "."}` : asSentence(words);
  const sentence = faultInWords(error.code);
  return told === "" || told === sentence ? sentence : `${told} ${sentence}`;
}
