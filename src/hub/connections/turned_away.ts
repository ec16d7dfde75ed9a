/** Connections that were refused, told to whoever watches the frames of the device that they say they are [H6]. */
import type { Refusal } from "../../protocol/refusal.ts";
import { push } from "../watching/show.ts";
import type { Turn } from "../turn.ts";

/** Anybody can cause them, without end. */
const TOLD_EVERY = 1_000;
const MOST_KNOWN = 1_000;

/** By device: when one was told last, and how many were left out since; losing these is harmless. */
export type TurnedAway = Map<string, { at: number; more: number }>;

export function onRefused(turn: Turn, refusal: Refusal): void {
  const { memory: { turnedAway, watches }, now } = turn;
  const { device } = refusal;
  // Most of them: nobody looks.
  if (!watches.hasWatched(device) || !isWatched(turn, device)) return;
  const last = turnedAway.get(device);
  if (last && now - last.at < TOLD_EVERY) return void (last.more += 1);
  if (turnedAway.size >= MOST_KNOWN) turnedAway.clear();
  turnedAway.set(device, { at: now, more: 0 });
  for (const { connection, watch } of watching(turn, device)) {
    push(turn, connection, { type: "refused", watch, at: now, ...refusal, ...(last?.more && { more: last.more }) });
  }
}

const isWatched = (turn: Turn, device: string): boolean => !watching(turn, device).next().done;

function* watching(turn: Turn, device: string) {
  for (const connection of turn.memory.operators()) {
    for (const { id: watch, device: watched, include } of connection.watches) {
      if (watched === device && include?.includes("frames")) yield { connection, watch };
    }
  }
}
