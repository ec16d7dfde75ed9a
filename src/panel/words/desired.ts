/** How a desired value stands, in a sentence; null where there is nothing to say: nothing is desired, or it is so [D8]. */
import type { Standing } from "../live/standing.ts";
import { inWords, type Worded } from "./format.ts";
import { asSentence } from "./road.ts";

export function desiredInWords(field: Worded, standing: Standing, isStopped: boolean): string | null {
  if (standing.state === "not_desired" || standing.state === "in_sync") return null;
  const wanted = `${inWords(standing.wanted, field)} is desired`;
  switch (standing.state) {
    case "pending":
      // [D6] What is desired is not sent under an emergency stop.
      return isStopped
        ? `${wanted}. It goes to the device when the emergency stop is cleared.`
        : `${wanted}. The device has not answered to it yet.`;
    case "refused":
      return standing.why
        ? `${wanted}, and the device refused it: ${asSentence(standing.why)}`
        : `${wanted}, and the device refused it without a word.`;
    case "diverged":
      return `${wanted}. The device took it, and reports something else all the same.`;
  }
}
