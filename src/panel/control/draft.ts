/** A value that a hand is still choosing: only the last one is sent, and nothing that comes in moves it meanwhile [A2.7]. */
import { useEffect, useRef, useState } from "react";

export interface Draft<T> {
  /** Null while nobody chooses. */
  value: T | null;
  /** A hand is on it: it waits for its release. */
  hold(value: T): void;
  /** It was pressed, and may be pressed again: it goes out after a pause. */
  soon(value: T): void;
  now(value: T): void;
  drop(): void;
}

/** After the last press of a key or a step, in ms. */
const PAUSE = 600;
/** From the hub's answer to a wish until the wish is seen, in ms. */
const SEEN_WITHIN = 1_000;

/** While there is a `why` nothing can be sent, and what was being chosen is dropped. */
export function useDraft<T>(why: string | null, pick: (value: T) => Promise<void> | void): Draft<T> {
  const [value, setValue] = useState<T | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(pick);
  latest.current = pick;
  const drop = () => {
    clearTimeout(timer.current);
    setValue(null);
  };
  const now = (value: T) => {
    clearTimeout(timer.current);
    const answered = latest.current(value);
    // What was sent is shown as asked at once; a wish is so only when the hub has told of it.
    if (!answered) return setValue(null);
    setValue(value);
    const seen = () => timer.current = setTimeout(() => setValue(null), SEEN_WITHIN);
    void answered.then(seen);
  };
  useEffect(() => {
    if (why !== null) drop();
  }, [why]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    value,
    hold(value) {
      clearTimeout(timer.current);
      setValue(value);
    },
    soon(value) {
      clearTimeout(timer.current);
      setValue(value);
      timer.current = setTimeout(() => now(value), PAUSE);
    },
    now,
    drop,
  };
}
