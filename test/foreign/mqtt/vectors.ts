/** All cases of the wire. */
import type { Player, Vector } from "./vector.ts";
import { connectVectors } from "./vectors_connect.ts";
import { otherVectors } from "./vectors_others.ts";
import { publishVectors } from "./vectors_publish.ts";
import { subscribeVectors } from "./vectors_subscribe.ts";

export const vectorsOf = (player: Player): Vector[] => [
  ...connectVectors(player),
  ...publishVectors(player),
  ...subscribeVectors(player),
  ...otherVectors(player),
];
