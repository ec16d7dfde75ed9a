/** Both objects are aborted under load, and the broker is lost: it hears of all that happened all the same [N21, N53]. */
import { expect, it } from "vitest";
import type { CommandRecord } from "../../../src/protocol/record.ts";
import { isFinal } from "../../../src/protocol/record.ts";
import { campaign, timeFor, type Victim } from "../../kill/campaign.ts";
import { pause } from "../../kill/door.ts";
import { killsOr, SEED, VICTIM } from "../killed.ts";
import { type Frame, rest } from "../world.ts";
import { becomes, broker, endBridge, soon, view } from "./world.ts";

const BRIDGED: Victim = {
  ...VICTIM,
  name: "abort of the object and its bridge",
  async kill(crashed, random) {
    const mood = random.pick(["well", "well", "away", "deaf"] as const);
    await broker({ become: mood });
    const isWhole = random.chance(0.5);
    if (isWhole) await endBridge();
    await VICTIM.kill(crashed, random);
    if (!isWhole) await endBridge();
    if (mood !== "well") void pause(random.whole(0, 3_000)).then(() => broker({ become: "well" }));
  },
};

async function ledger(): Promise<CommandRecord[]> {
  const records: CommandRecord[] = [];
  for (let next: string | null = ""; next !== null;) {
    const { body }: { body: Frame } = await rest("GET", `/commands?limit=500${next && `&cursor=${next}`}`);
    records.push(...body.items);
    next = body.next;
  }
  return records;
}

const kills = killsOr(8);
it("[N21, N53] every command that became final is told to the broker, whatever was aborted meanwhile", async () => {
  await campaign(BRIDGED, { seed: SEED, kills });
  await broker({ become: "well" });
  await becomes("connected");
  await soon(async () => expect((await view()).waiting).toBe(0));
  const { said } = await broker();
  const told = new Map<string, Set<string>>();
  for (const { topic, payload } of said) {
    if (!/^signalbox\/[^/]+\/outcome$/.test(topic)) continue;
    const { id, device, status } = JSON.parse(payload);
    expect(topic).toBe(`signalbox/${device}/outcome`);
    told.set(id, (told.get(id) ?? new Set()).add(status));
  }
  const final = (await ledger()).filter(({ status }) => isFinal(status));
  expect(final.length).toBeGreaterThan(10 * kills);
  // None is missing, and none was told as two things.
  expect(final.filter(({ id, status }) => [...told.get(id) ?? []].join() !== status)).toEqual([]);
}, timeFor(kills) + 60_000);
