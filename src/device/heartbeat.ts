/** `ping` every so often, and the end of patience where no answer comes [F1, P3]. */
import type { Clock } from "./clock.ts";

/** How long an answer may take, in ms. A link that is half open shows itself only so. */
const PATIENCE_MS = 10_000;

export interface Heartbeat {
  /** Anything that arrived proves the link. */
  heard(): void;
  stop(): void;
}

/** The first `ping` goes at once: it is the promise that makes presence exact. */
export function heartbeat(clock: Clock, seconds: number, ping: () => void, lost: () => void): Heartbeat {
  let next = () => {};
  let patience: (() => void) | null = null;
  const heard = () => {
    patience?.();
    patience = null;
  };
  const beat = () => {
    // Not begun anew by a ping that follows within it: the oldest unanswered one counts.
    patience ??= clock.after(PATIENCE_MS, lost);
    next = clock.after(seconds * 1000, beat);
    ping();
  };
  beat();
  return {
    heard,
    stop() {
      next();
      heard();
    },
  };
}
