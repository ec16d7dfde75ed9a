/** What a hub does before anything else, with what its memory has taken up again. */
import { offerClaim } from "./access/claim.ts";
import { ring } from "./bridge/outbox.ts";
import { loseOnce } from "./commands/end.ts";
import { lookAtLease } from "./control/lease.ts";
import { takeKinds } from "./devices/kinds.ts";
import { upkeepDue } from "./history/upkeep.ts";
import { holdJobs } from "./jobs/steps.ts";
import type { Turn } from "./turn.ts";
import { openWatch, sendSnapshot } from "./watching/merged.ts";

/** [K13] Kinds first; [C7] a `once` whose connection the hub lost sight of is unknown; [O4] watches begin again. */
export function start(turn: Turn, { isSameProgram }: { isSameProgram: boolean }): void {
  const { memory } = turn;
  memory.startedAt = turn.now;
  if (!isSameProgram) takeKinds(turn);
  memory.upkeepAt = upkeepDue(turn);
  for (const device of memory.devices.values()) {
    loseOnce(
      turn,
      device,
      device.connection?.id ?? null,
      "The hub ended before the outcome. It may have acted: check the device",
    );
  }
  for (const connection of memory.operators()) {
    for (const definition of connection.watches) {
      const watch = openWatch(turn, connection, definition);
      if (!watch.ok) {
        // A program that reads queries otherwise took over: a list that stands still would be a lie.
        turn.close(connection, "resync");
        break;
      }
      sendSnapshot(turn, watch.value);
    }
  }
  memory.watches.lookers.lookOver(turn);
  // Its end is due though no memory knows of it any more.
  for (const id of [...memory.leased]) lookAtLease(turn, memory.devices.get(id)!);
  holdJobs(turn);
  offerClaim(turn);
  ring(turn);
}
