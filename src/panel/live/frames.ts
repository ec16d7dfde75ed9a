/** The raw frames of one device, both ways, as they happen [O5]: the newest thousand, kept outside React. */
import type { ErrorFrame } from "../../protocol/to_device.ts";
import { hub } from "./connection.ts";
import type { DeviceFrame } from "./hub.ts";
import { hubNow } from "./time.ts";
import { type Soon, WatchStore } from "./watch.ts";

/** The hub shows so many characters of a text [O5]; of a longer one the end is missing. */
const LONGEST_SHOWN = 4_096;
export const MOST_FRAMES = 1_000;

export interface SeenFrame {
  /** Counts up; no two frames share it. */
  n: number;
  at: number;
  direction: "in" | "out";
  text: string;
  /** As its type says, `pong`, or null where it is not JSON of ours. */
  type: string | null;
  /** Bytes, of what is shown of it. */
  size: number;
  isCut: boolean;
  /** The hub refused what the device sent. */
  error?: ErrorFrame;
}

/** Between two frames nobody watched, or nobody could. */
export interface Pause {
  n: number;
  at: number;
  since: number;
}

export type Entry = SeenFrame | Pause;
export const isPause = (entry: Entry): entry is Pause => "since" in entry;

export interface Frames {
  /** Newest first. */
  entries: readonly Entry[];
  /** All that were seen, also those that are let go. */
  total: number;
  lastIn: number | null;
  lastOut: number | null;
}

const NONE: Frames = { entries: [], total: 0, lastIn: null, lastOut: null };
const utf8 = new TextEncoder();

/** A ring of frames that tells whoever draws it once a beat, however many come. */
export class FrameRing {
  #frames: Frames = NONE;
  #news: Entry[] = [];
  #n = 0;
  #total = 0;
  #last = { in: null as number | null, out: null as number | null };
  #stoppedAt: number | null = null;
  #isScheduled = false;
  #listeners = new Set<() => void>();
  #soon: Soon;

  constructor(soon: Soon) {
    this.#soon = soon;
  }

  add({ direction, at, text }: Pick<DeviceFrame, "direction" | "at" | "text">): void {
    const frame = parsed(text);
    const type = typeof frame?.type === "string" ? frame.type : null;
    this.#total += 1;
    this.#last[direction] = at;
    this.#put({
      n: this.#n++,
      at,
      direction,
      text,
      type: type ?? (/^\s*p[io]ng\s*$/.test(text) ? text.trim() : null),
      size: utf8.encode(text).length,
      isCut: text.length >= LONGEST_SHOWN,
      ...(direction === "out" && type === "error" && { error: frame as unknown as ErrorFrame }),
    });
  }

  /** From now on nothing is seen. */
  stop(at: number): void {
    this.#stoppedAt ??= at;
  }

  /** It is watched again: what was missed has to be seen as missing. */
  go(at: number): void {
    if (this.#stoppedAt !== null && this.#n > 0) this.#put({ n: this.#n++, at, since: this.#stoppedAt });
    this.#stoppedAt = null;
  }

  clear(): void {
    this.#news = [];
    this.#total = 0;
    this.#frames = NONE;
    this.#schedule();
  }

  #put(entry: Entry): void {
    this.#news.push(entry);
    if (this.#news.length > MOST_FRAMES) this.#news.shift();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#soon(() => {
      this.#isScheduled = false;
      const entries = [...this.#news.reverse(), ...this.#frames.entries].slice(0, MOST_FRAMES);
      this.#news = [];
      this.#frames = { entries, total: this.#total, lastIn: this.#last.in, lastOut: this.#last.out };
      for (const told of this.#listeners) told();
    });
  }

  get = (): Frames => this.#frames;

  subscribe = (told: () => void): () => void => {
    this.#listeners.add(told);
    return () => void this.#listeners.delete(told);
  };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** Of the device that was looked at last: who comes back to the tab finds what they saw. */
let kept: { device: string; ring: FrameRing } | null = null;

export function ringOf(device: string): FrameRing {
  if (kept?.device !== device) kept = { device, ring: new FrameRing(hub.soon) };
  return kept.ring;
}

/** Watches until it is told to stop: nobody pays for frames that nobody looks at. */
export function watchFrames(device: string, ring: FrameRing): () => void {
  const isOpen = () => hub.link.get().phase === "open";
  const follow = () => isOpen() ? ring.go(hubNow()) : ring.stop(hubNow());
  follow();
  const { close } = hub.watch({ device, include: ["frames"] }, new WatchStore(hub.soon));
  const stops = [
    hub.onDeviceFrame((frame) => frame.device === device && ring.add(frame)),
    hub.link.subscribe(follow),
    close,
  ];
  return () => {
    stops.forEach((stop) => stop());
    ring.stop(hubNow());
  };
}

export interface FrameFilter {
  /** Part of the frame's text, in whatever case. */
  text?: string;
  way?: "in" | "out";
}

/** A pause is shown among whatever frames are. */
export function filtered(entries: readonly Entry[], { text = "", way }: FrameFilter): Entry[] {
  const sought = text.toLowerCase();
  return entries.filter((entry) =>
    isPause(entry) ||
    (way === undefined || entry.direction === way) && (sought === "" || entry.text.toLowerCase().includes(sought))
  );
}
