/** The trials in their order: what only talks first, what ends connections last. */
import type { AnyKind } from "../../kind/kind.ts";
import { Bench, NO_ANSWERS, type Times } from "./bench.ts";
import { tryCancel, tryCommands, tryReboot, tryStop } from "./commands.ts";
import type { Findings } from "./findings.ts";
import { tryLanes } from "./lanes.ts";
import { tryCuts, tryHeartbeat, tryIgnores, tryStaysAway, tryTakes } from "./link.ts";
import { restore, tryDuplicate, tryExpired, tryFence, tryUnknownCommand } from "./once.ts";
import type { Side } from "./side.ts";
import { tryDesired } from "./twin.ts";
import { Watching } from "./watching.ts";

export interface Trials {
  kind: AnyKind;
  /** Connected, or about to speak. */
  side: Side;
  findings: Findings;
  times: Times;
  isDaring: boolean;
}

export async function tryAll({ kind, side, findings, times, isDaring }: Trials): Promise<void> {
  const watching = new Watching(kind, findings, side);
  const bench = new Bench({ kind, side, findings, watching, times, isDaring });
  // What it says of itself comes first: hello, what it is, what was left of another run.
  await bench.quiet();
  const found = { ...watching.reported };
  if (await tryCommands(bench)) {
    await tryUnknownCommand(bench);
    await tryDuplicate(bench);
    await tryExpired(bench);
    await tryFence(bench);
    await tryCancel(bench);
    await tryStop(bench);
    await tryTakes(bench);
  } else {bench.unseen(
      NO_ANSWERS,
      "unknown_command",
      "duplicate",
      "expired",
      "fence",
      "cancel",
      "takes",
      "kept",
      "reboot",
    );}
  await tryIgnores(bench);
  await tryDesired(bench);
  await tryLanes(bench);
  await restore(bench, found);
  await tryHeartbeat(bench);
  const delays = await tryCuts(bench);
  if (findings.verdict("answers") === "green") await tryReboot(bench);
  await tryStaysAway(bench, delays);
  watching.conclude();
}
