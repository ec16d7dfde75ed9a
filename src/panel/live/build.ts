/** Does the hub serve a newer panel than this one? Looked at when it came back, and when somebody comes back to the page. */
import { hub } from "./connection.ts";
import { valueOf } from "./value.ts";

/** A newer one is there: a reload brings it. */
export const isNewer = valueOf(false);

/** At most so often, in ms. */
const EVERY = 60_000;

/** The page's own script, whose name is made of what is in it. Null where it is no built page. */
export const entryIn = (html: string): string | null =>
  /<script[^>]+src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? null;

export function followBuild(): void {
  const own = entryIn(document.documentElement.outerHTML);
  // While it is developed there is no other.
  if (own === null) return;
  let lookedAt = -Infinity;
  const look = async () => {
    if (performance.now() - lookedAt < EVERY) return;
    lookedAt = performance.now();
    const served = await fetch("/", { cache: "no-cache" }).then((answer) => answer.ok ? answer.text() : "")
      .catch(() => "");
    const entry = entryIn(served);
    if (entry !== null && entry !== own) isNewer.set(true);
  };
  let hasBeenOpen = false;
  hub.onOpen(() => {
    if (hasBeenOpen) {
      lookedAt = -Infinity;
      void look();
    }
    hasBeenOpen = true;
  });
  document.addEventListener("visibilitychange", () => document.hidden || void look());
}
