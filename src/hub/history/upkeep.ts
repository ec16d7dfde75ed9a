/** What history has to do besides, a step a turn, so that everybody is served between two: to erase [Q12], then to settle [Q11]. */
import type { Turn } from "../turn.ts";
import { eraseSome, isErasing } from "./erase.ts";
import { settleDue, settleSome } from "./settle.ts";

/** Between two steps, in ms. */
const PAUSE = 100;

/** Does the next step, and notes when to look again. Nothing is settled while pages have something of who is deleted. */
export function keepUp(turn: Turn): void {
  const { memory, reader, now } = turn;
  if (isErasing(memory, reader)) eraseSome(turn);
  else settleSome(turn);
  const isMore = memory.settling !== null || isErasing(memory, reader);
  memory.upkeepAt = Math.max(now + PAUSE, isMore ? 0 : settleDue(memory, reader));
}

/** When there is something to do: at once, where something was left. */
export const upkeepDue = ({ memory, reader, now }: Turn): number =>
  isErasing(memory, reader) ? now : settleDue(memory, reader);
