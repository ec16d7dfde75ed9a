/** Who published: no hub does what a hub said [N15]. */
import type { Message } from "./broker.ts";

const ORIGIN = "signalbox-";

/** Of one bridge, as long as its program lives; it is its client id too, which 3.1.1 has 23 letters for. */
export function newOrigin(random: () => number = Math.random): string {
  const digit = () => Math.floor(random() * 36).toString(36);
  return ORIGIN + Array.from({ length: 12 }, digit).join("");
}

/** Did a bridge publish it, whichever? */
export const isOfBridge = ({ user: { origin = [] } }: Message): boolean =>
  [origin].flat().some((one) => one.startsWith(ORIGIN));
