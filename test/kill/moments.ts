/** When a hub is killed: at any time, while it starts or its disk is full, and straight after what must not be lost or done twice. */
import type { TraceEvent } from "../simulation/trace.ts";
import type { Random } from "./random.ts";

export type Moment =
  /** So many ms after it could be reached again. */
  | { when: "any time"; after: number }
  /** The same, and once more so many ms after its process was started. */
  | { when: "while it started"; after: number; whileStarting: number }
  /** The same, after its disk was full for a while; with room again, or still without. */
  | { when: "with a full disk"; after: number; full: number; hasRoom: boolean }
  /** After the so-manieth of such a thing, and so many ms more. */
  | { when: Seen; count: number; after: number };

/** What can be seen from outside of a command's way. */
const SEEN = {
  "a request was written": ({ type }: TraceEvent) => type === "asked",
  "an answer came": ({ type }: TraceEvent) => type === "answered",
  "a command was delivered": (event: TraceEvent) => event.type === "told" && event.frame.type === "command",
  "a device acted": ({ type }: TraceEvent) => type === "acted",
  "a result was written": (event: TraceEvent) => event.type === "said" && event.frame.type === "result",
  "a result was stored": (event: TraceEvent) => event.type === "told" && event.frame.type === "stored",
  "a device came back": ({ type }: TraceEvent) => type === "opening",
};
type Seen = keyof typeof SEEN;

/** What else than killing can be done to a hub. */
export interface Weakness {
  /** About how long it takes to start, in ms; null where its start cannot be broken off. */
  startMs: number | null;
  canFill: boolean;
}

/** So many kills; the same for the same seed. */
export function plan(random: Random, kills: number, { startMs, canFill }: Weakness): Moment[] {
  const names = Object.keys(SEEN) as Seen[];
  return Array.from({ length: kills }, (_, at): Moment => {
    if (at % 5 === 0) return { when: "any time", after: random.whole(0, 700) };
    if (at % 5 === 3 && startMs !== null) {
      return { when: "while it started", after: random.whole(0, 300), whileStarting: random.whole(0, startMs) };
    }
    if (at % 5 === 4 && canFill) {
      return {
        when: "with a full disk",
        after: random.whole(0, 300),
        full: random.whole(100, 800),
        hasRoom: random.chance(0.6),
      };
    }
    const after = random.chance(0.4) ? 0 : random.whole(1, random.pick([3, 30]));
    return { when: random.pick(names), count: random.whole(1, 20), after };
  });
}

/** What is waited for at most, where nothing of the kind happens, in ms. */
const LONGEST = 2_000;

/** Waits for moments in a trace. */
export class Watchman {
  #look: (event: TraceEvent) => void = () => {};

  /** Hears of each event in the moment in which it is noted. */
  readonly see = (event: TraceEvent): void => this.#look(event);

  /** Acts at the moment, before anything else can happen here; goes on when it has. */
  at(moment: Moment, act: () => void): Promise<void> {
    return new Promise((resolve) => {
      const now = () => {
        clearTimeout(timer);
        this.#look = () => {};
        act();
        resolve();
      };
      let timer = setTimeout(now, "count" in moment ? LONGEST : moment.after);
      if (!("count" in moment)) return;
      let left = moment.count;
      this.#look = (event) => {
        if (!SEEN[moment.when](event) || --left > 0) return;
        this.#look = () => {};
        clearTimeout(timer);
        if (moment.after === 0) now();
        else timer = setTimeout(now, moment.after);
      };
    });
  }
}

export const wordsOf = ({ when, ...numbers }: Moment): string => `${when} ${Object.values(numbers).join("/")}`;
