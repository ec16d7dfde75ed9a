/** How the hub is, asked now and then while somebody looks [R14]: a hidden page asks nothing. */
import { useEffect } from "react";
import { type Clock, systemClock } from "../../device/clock.ts";
import type { HubView } from "../../protocol/hub_view.ts";
import { hub } from "./connection.ts";
import { nameMap } from "./map.ts";
import { path, rest } from "./rest.ts";
import { valueOf } from "./value.ts";

/** In ms; the numbers are of a minute. */
const EVERY = 10_000;

interface Looking<T> {
  ask(): Promise<T>;
  /** Null where there was no answer. */
  told(answer: T | null): void;
  /** The page that somebody looks at. */
  page: Pick<Document, "hidden" | "addEventListener" | "removeEventListener">;
  clock: Clock;
}

/** Asks at once and then again and again, but of a hidden page nothing; with the page it comes back at once. */
export function whileSeen<T>({ ask, told, page, clock }: Looking<T>): () => void {
  let cancel = () => {};
  let round = 0;
  const look = async () => {
    const now = ++round;
    const answer = await ask().catch(() => null);
    // Hidden, or ended, meanwhile.
    if (now !== round) return;
    told(answer);
    cancel = clock.after(EVERY, () => void look());
  };
  const follow = () => {
    round += 1;
    cancel();
    if (!page.hidden) void look();
  };
  page.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    round += 1;
    cancel();
    page.removeEventListener("visibilitychange", follow);
  };
}

/** Null before the first answer, and where there was none. */
export const health = valueOf<HubView | null>(null);

function told(view: HubView | null): void {
  health.set(view);
  if (view) nameMap(view.map);
}

/** Keeps it up to date while somebody is there. A hub that came back is asked anew. */
export function useHealthKept(): void {
  useEffect(() => {
    const begin = () =>
      whileSeen({ ask: () => rest<HubView>("GET", path.hub), told, page: document, clock: systemClock });
    // What asks before there is a connection asks again with it.
    let end = hub.link.get().phase === "open" ? begin() : () => {};
    const forget = hub.onOpen(() => {
      end();
      end = begin();
    });
    return () => {
      forget();
      end();
      health.set(null);
    };
  }, []);
}
