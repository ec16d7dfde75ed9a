/** Frames of one device that the hub refused, as they happen [F10]: what it sent, and what was wrong with it. */
import { useEffect, useState } from "react";
import type { ErrorFrame } from "../../protocol/to_device.ts";
import { hub } from "./connection.ts";
import type { DeviceFrame } from "./hub.ts";

export interface Refusal {
  at: number;
  error: ErrorFrame;
  /** The text that was refused, where it was seen. */
  sent: string | null;
}

export interface Seen {
  /** The newest text from the device: an error that follows is about it. */
  last: string | null;
  /** Newest first. */
  refusals: readonly Refusal[];
}

export const NOTHING_SEEN: Seen = { last: null, refusals: [] };
const MOST = 2;

/** The same list where this frame says nothing new about refusals. */
export function seeFrame({ last, refusals }: Seen, { direction, text, at }: DeviceFrame): Seen {
  if (direction === "in") return { last: text, refusals };
  const error = errorIn(text);
  return error ? { last, refusals: [{ at, error, sent: last }, ...refusals].slice(0, MOST) } : { last, refusals };
}

function errorIn(text: string): ErrorFrame | null {
  try {
    const frame = JSON.parse(text);
    return frame?.type === "error" ? frame : null;
  } catch {
    return null; // Cut at the length that is shown.
  }
}

/** The hub's message as a field and what is wrong with it, or as one sentence. */
export function complaintOf({ message }: ErrorFrame): { field?: string; words: string } {
  const [, field, said = message] = /^([a-z][a-z0-9_]*): (.+)$/s.exec(message) ?? [];
  return { field, words: said.replace(/^Invalid input: /, "") };
}

/** Needs an open watch of this device that includes `frames`. */
export function useSeen(device: string): Seen {
  const [seen, setSeen] = useState(NOTHING_SEEN);
  useEffect(() => {
    setSeen(NOTHING_SEEN);
    return hub.onDeviceFrame((frame) => frame.device === device && setSeen((seen) => seeFrame(seen, frame)));
  }, [device]);
  return seen;
}
