/** The hub's time in this browser: one tick a second for every age on the screen. */
import { useSyncExternalStore } from "react";
import { hub } from "./connection.ts";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

export const hubNow = (): number => Date.now() + hub.offset.get();

function subscribe(told: () => void): () => void {
  listeners.add(told);
  timer ??= setInterval(() => listeners.forEach((told) => told()), 1000);
  return () => {
    listeners.delete(told);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Renders again only when what `say` makes of the time changed: "3 min" does so once a minute. */
export const useClock = <T extends string | number | boolean | null>(say: (now: number) => T): T => {
  const read = () => say(hubNow());
  return useSyncExternalStore(subscribe, read, read);
};
