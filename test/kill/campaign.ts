/** Kills a hub again and again at the moments of a plan, with devices and operators at work, and looks what is left. */
import { expect } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { Audit } from "../../src/tools/audit_chain.ts";
import { Checker } from "../simulation/checks/check.ts";
import { Trace } from "../simulation/trace.ts";
import { type Door, pause } from "./door.ts";
import { Load } from "./load.ts";
import { plan, Watchman, wordsOf } from "./moments.ts";
import { type Random, random } from "./random.ts";
import { lineOf, tally } from "./tally.ts";

/** A hub that can be killed. */
export interface Victim {
  name: string;
  door: Door;
  adminToken: string;
  /** As a `Weakness`. */
  startMs: number | null;
  /** Ends it without a word, now or at the next opportunity; `crashed` is called in the moment in which that happens. */
  kill(crashed: () => void, random: Random): Promise<void>;
  /** Starts it on the same data; goes on when it answers, or after so many ms whatever it does. */
  begin(afterMs?: number): Promise<void>;
  /** Where its disk can be filled, and be given room again. */
  disk?: { fill(): Promise<void>; makeRoom(): Promise<void> };
}

/** One clock for all, but the process that watches may have to wait for its turn at it, in ms. */
const SLACK = 20;

/** Enough that no passing run comes near it, in ms. */
export const timeFor = (kills: number): number => 120_000 + kills * 10_000;

export async function campaign(victim: Victim, { seed, kills }: { seed: number; kills: number }): Promise<void> {
  const numbers = random(seed);
  const watchman = new Watchman();
  const trace = new Trace(Date.now, watchman.see);
  const load = await Load.start({ ...victim, trace, random: numbers.fork(), name: `k${seed}` });
  const crashed = () => trace.note({ type: "crashed", power: false });
  const { startMs, disk } = victim;
  const moments = plan(numbers.fork(), kills, { startMs, canFill: disk !== undefined });
  for (const moment of moments) {
    // Now and then while devices are still coming back.
    if (numbers.chance(0.6)) await load.connected(10_000);
    if (moment.when === "with a full disk") {
      await disk!.fill();
      await pause(moment.full);
      if (moment.hasRoom) await disk!.makeRoom();
    }
    let gone = Promise.resolve();
    await watchman.at(moment, () => void (gone = victim.kill(crashed, numbers)));
    await gone;
    if (moment.when === "while it started") {
      await victim.begin(moment.whileStarting);
      await victim.kill(crashed, numbers);
    }
    await victim.begin();
    trace.note({ type: "started" });
  }
  const { ledger, audit } = await load.settle();
  await load.stop();
  const sum = tally(trace.events, ledger, audit);
  console.log(lineOf(`${victim.name}, seed ${seed}`, sum));
  const checker = new Checker({ slack: SLACK, kinds: KINDS });
  trace.events.forEach(checker.see);
  expect(sum, moments.map(wordsOf).join("; ")).toMatchObject({ lost: [], doubled: [], undecided: [] });
  const chain = new Audit();
  audit.forEach((row) => chain.add(row));
  expect(chain.end(Date.now())).toMatchObject([{ rows: audit.length, breaks: 0, oldest: null }]);
  // A load that asks for nothing would pass, too.
  expect(sum.kills).toBeGreaterThanOrEqual(kills);
  if (disk) expect(sum.full).toBeGreaterThan(0);
  expect(sum.byStatus.succeeded).toBeGreaterThan(kills);
}
