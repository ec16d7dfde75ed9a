/**
 * A drive over a real-time lane: frames only while a hand holds something, a zero as the last one, and nothing after
 * whatever ended it until the hand has let go and takes hold again [L].
 */
import type { LaneFrame } from "../../live/hub.ts";
import { type Value, valueOf } from "../../live/value.ts";

/** Where a hand may hold: each for itself. */
export type Source = "pointer" | "keys" | "gamepad";

/** From -1 to 1: ahead and to the right. */
export interface Push {
  ahead: number;
  right: number;
}

export type End = "released" | "link" | "lease" | "hidden" | { refused: string };

export interface Drive {
  isLive: boolean;
  push: Push;
  /** Why it ended, where nobody let go. */
  end: End | null;
  /** The line does not keep up. */
  isSlow: boolean;
}

export interface Ports {
  /** False where it was left out. */
  stream(frame: Pick<LaneFrame, "data" | "n" | "fence">, isLast: boolean): boolean;
  /** The lease under which it goes; undefined where this window holds none. */
  fence(): number | undefined;
  data(push: Push): Record<string, number>;
}

/** 25 frames a second, in ms. */
export const EVERY = 40;
const STILL: Push = { ahead: 0, right: 0 };
const IDLE: Drive = { isLive: false, push: STILL, end: null, isSlow: false };

export class Lane {
  readonly drive: Value<Drive> = valueOf<Drive>(IDLE);
  /** Whole frames so far, for who shows their rate. */
  sent = 0;
  #ports: Ports;
  #needsLease: boolean;
  #holds = new Map<Source, Push>();
  /** They have to let go first. */
  #barred = new Set<Source>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #fence: number | undefined;
  #n = 0;
  #left = 0;
  #isAllowed = true;

  constructor(ports: Ports, needsLease: boolean) {
    this.#ports = ports;
    this.#needsLease = needsLease;
  }

  hold(source: Source, push: Push): void {
    if (this.#barred.has(source) || !this.#isAllowed) return;
    this.#holds.set(source, push);
    if (this.#timer === undefined) this.#begin();
    else this.#show({ push: this.#push() });
  }

  release(source: Source): void {
    this.#barred.delete(source);
    if (!this.#holds.delete(source)) return;
    if (this.#holds.size === 0) this.#end("released");
    else this.#show({ push: this.#push() });
  }

  /** Whatever holds has to let go before it counts again. */
  stop(end: End): void {
    for (const source of this.#holds.keys()) this.#barred.add(source);
    if (this.#timer !== undefined) this.#end(end);
  }

  /** Nothing is sent while something forbids it. */
  allow(isAllowed: boolean, end: End): void {
    if (!isAllowed) this.stop(end);
    this.#isAllowed = isAllowed;
  }

  /** The hand came back, or somebody read why it ended. */
  forget(): void {
    if (this.#timer === undefined) this.#show({ end: null });
  }

  #begin(): void {
    this.#fence = this.#ports.fence();
    if (this.#needsLease && this.#fence === undefined) return this.#refuse("lease");
    this.#left = 0;
    this.drive.set({ isLive: true, push: this.#push(), end: null, isSlow: false });
    this.#frame();
    this.#timer = setInterval(() => this.#frame(), EVERY);
  }

  /** It never began. */
  #refuse(end: End): void {
    for (const source of this.#holds.keys()) this.#barred.add(source);
    this.#holds.clear();
    this.drive.set({ ...IDLE, end });
  }

  #frame(): void {
    if (this.#needsLease && this.#ports.fence() !== this.#fence) return this.stop("lease");
    if (this.#stream(this.#push(), false)) this.#left = 0;
    else this.#left += 1;
    this.#show({ isSlow: this.#left > 5 });
  }

  #end(end: End): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#holds.clear();
    // Whoever lost the lease or the line has nothing to say; the device stops by itself [L6].
    if (end !== "link" && end !== "lease") this.#stream(STILL, true);
    this.drive.set({ ...IDLE, end: end === "released" ? null : end });
  }

  #stream(push: Push, isLast: boolean): boolean {
    const data = this.#ports.data(push);
    const frame = { data, n: this.#n + 1, ...(this.#fence !== undefined && { fence: this.#fence }) };
    if (!this.#ports.stream(frame, isLast)) return false;
    this.#n += 1;
    this.sent += 1;
    return true;
  }

  /** The newest hand leads. */
  #push(): Push {
    return [...this.#holds.values()].at(-1) ?? STILL;
  }

  #show(more: Partial<Drive>): void {
    const now = this.drive.get();
    const next = { ...now, ...more };
    if ((Object.keys(more) as (keyof Drive)[]).some((key) => now[key] !== next[key])) this.drive.set(next);
  }
}

/** No further than the rim. */
export function within({ ahead, right }: Push): Push {
  const far = Math.hypot(ahead, right);
  return far > 1 ? { ahead: ahead / far, right: right / far } : { ahead, right };
}
