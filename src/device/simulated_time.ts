/** The time of a simulated life, which may pass faster than ours. */
import type { Clock } from "./clock.ts";

/** Simulated seconds from the start, and what can be done with them. */
export function simulatedTime(clock: Clock, speed: number, startHour?: number) {
  const started = clock.now();
  const wall = new Date();
  const firstHour = startHour ?? wall.getHours() + wall.getMinutes() / 60;
  const now = () => (clock.now() - started) / 1000 * speed;
  const after = (seconds: number, run: () => void) => clock.after(seconds * 1000 / speed, run);
  const asleep = new Set<() => void>();
  return {
    now,
    after,
    hour: () => (firstHour + now() / 3600) % 24,
    sleep: (seconds: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const cancel = after(seconds, () => {
          asleep.delete(cancel);
          resolve();
        });
        asleep.add(cancel);
        signal?.addEventListener("abort", () => {
          cancel();
          asleep.delete(cancel);
          reject(signal.reason);
        }, { once: true });
      }),
    /** Nobody who sleeps wakes any more. */
    stop: () => asleep.forEach((cancel) => cancel()),
  };
}
