/** A latched emergency stop in words: who, since when, and does the device know [E]. Pure. */
import { type CommandRecord, type EstopView, isFinal } from "../../protocol/record.ts";
import type { Presence } from "../../protocol/words.ts";
import { NO_ANSWER, NOT_CONNECTED } from "../live/fault.ts";
import { clockOf } from "./format.ts";
import { refusalInWords, sentenceOf } from "./road.ts";
import type { HubFault } from "../live/fault.ts";

/** As a watch has it: a merge-patch cannot say null, so what is null in it may be missing [O3]. */
export const latchOf = ({ estop }: { estop?: Partial<EstopView> | null }): EstopView | null =>
  estop ? { ...estop as EstopView, command: estop.command ?? null, confirmedAt: estop.confirmedAt ?? null } : null;

export interface Knows {
  sentence: string;
  /** The device itself said that it stopped. */
  isConfirmed: boolean;
}

interface Seen {
  latch: EstopView;
  presence: Presence;
  /** The newest `stop` that was sent for it, where the ledger has it. */
  record?: CommandRecord;
  now: number;
}

/** [E2] What the device makes of it, and what happens next. */
export function knowsInWords({ latch: { reach, confirmedAt }, presence, record, now }: Seen): Knows {
  if (reach === "hub") {
    const sentence = "This kind has no stop: it is latched at the hub only, and the device knows nothing of it.";
    return { sentence, isConfirmed: false };
  }
  if (confirmedAt !== null) {
    return { sentence: `Confirmed by the device at ${clockOf(confirmedAt)}.`, isConfirmed: true };
  }
  const isHere = presence === "online" || presence === "suspect";
  if (!isHere) {
    return { sentence: "Not confirmed yet: it is sent again when the device comes back.", isConfirmed: false };
  }
  if (record && isFinal(record.status) && record.status !== "succeeded") {
    return {
      sentence: `Not confirmed. ${sentenceOf({ record, now })} Press again to send another.`,
      isConfirmed: false,
    };
  }
  return { sentence: "Sent. The device has not confirmed it yet.", isConfirmed: false };
}

/** In a list, where "stopped" would say too much of a device that has not said so. */
export function markInWords({ reach, confirmedAt, by }: EstopView): { word: string; sentence: string } {
  const who = `Emergency stop by ${by.name}`;
  if (confirmedAt !== null) return { word: "Stopped", sentence: `${who}, confirmed by the device.` };
  return reach === "hub"
    ? { word: "Hub stop only", sentence: `${who}. Its kind has no stop, so the device knows nothing of it.` }
    : { word: "Stop unconfirmed", sentence: `${who}. The device has not confirmed it.` };
}

/** A press that came to nothing, or may have: the one thing that must not sound better than it is. */
export function failedPressInWords(fault: HubFault): string {
  switch (fault.code) {
    case NOT_CONNECTED:
    case NO_ANSWER:
      return "The hub did not answer, so the device may not have been stopped. Press again, or use the stop on the machine itself.";
    default:
      return `Nothing was stopped. ${refusalInWords(fault)}`;
  }
}

export const ESTOP = {
  button: "Emergency stop",
  title:
    "Stops it at once, and lets no command act until somebody clears it. It goes over a network: no safety function.",
  asking: "Asking the hub to stop it.",
  notLatched: "The emergency stop is not latched.",
  told: (name: string, knows: string) => `Emergency stop by ${name}. ${knows}`,
  latched: "Emergency stop is latched",
  head: (reason: string) => `{what} by {name} at {time} ({ago})${reason === "" ? "" : `: “${reason}”`}`,
  noAnswer: "The last press had no answer.",
  toClear: (why: string) => `To clear it: ${why}`,
  clear: "Clear…",
  clearTitle: (device: string) => `Clear the emergency stop · ${device}`,
  whySafe: "Why it is safe again",
  clearNow: "Clear the stop",
  cleared: (device: string) => `The emergency stop of ${device} is cleared.`,
  afterClear: "Commands go through again. Those that the stop cancelled stay cancelled: nothing begins by itself.",
  desired: "What is desired is sent to the device at once, and may move it.",
} as const;
