/** What the hub does when its time has come: all that is due, and what it told nobody yet. */
import { lookAtSilence, ring } from "./bridge/outbox.ts";
import { decideDue } from "./commands/due.ts";
import { sweep } from "./devices/sweep.ts";
import { isRepackDue, repack } from "./history/repack.ts";
import { flush } from "./history/flush.ts";
import { keepUp } from "./history/upkeep.ts";
import { countEnded } from "./jobs/end.ts";
import { stepJobs } from "./jobs/steps.ts";
import { dropGuests } from "./mqtt/guest.ts";
import type { Turn } from "./turn.ts";
import { flushWatches } from "./watching/merged.ts";

const PRUNE_EVERY = 3_600_000;

/** `nextWake` has come. */
export function wake(turn: Turn): void {
  const { memory, now } = turn;
  dropGuests(turn);
  decideDue(turn);
  countEnded(turn);
  stepJobs(turn);
  // Before the flush: what is written to the journal now goes there anew.
  const isRepack = isRepackDue(memory, now);
  if (isRepack) repack(turn);
  // A checkpoint has a device's `seq`: what waits of it goes with it, or its repeat would count as known after a crash.
  const isFlush = isRepack || (memory.flushAt !== null && memory.flushAt <= now);
  if (memory.beat !== null && memory.beat <= now) memory.beat = null;
  if (isFlush) flush(turn);
  // Not what is packed in this same turn: it can be read once it is written.
  if (memory.upkeepAt <= now && !isRepack) keepUp(turn);
  sweep(turn);
  lookAtSilence(turn);
  // With each flush: what a fleet writes in a window has to go in one, or history grows without end.
  if (!isFlush && memory.pruneAt > now) return;
  memory.pruneAt = now + PRUNE_EVERY;
  turn.prune();
}

/** `nextFlush` has come. */
export function flushMerged(turn: Turn): void {
  flushWatches(turn);
  ring(turn);
}
