/** kill -9 of workerd below `wrangler dev` under load [C18]; `test/workerd/kill.test.ts` aborts the object itself. */
import { afterAll, beforeAll, test } from "vitest";
import { type Hub, workerdHub } from "../runtime/launch.ts";
import { campaign, timeFor } from "./campaign.ts";
import { kills, processVictim, seed } from "./process.ts";

let hub: Hub;
beforeAll(async () => void (hub = await workerdHub()));
afterAll(() => hub?.dispose());

// Each start takes some seconds.
const KILLS = Math.ceil(kills(12) / 5);
test(
  "[C7, C18, C20] nothing accepted is lost and nothing is done twice, whenever workerd is killed",
  () => campaign(processVictim("workerd", hub, 2_500), { seed: seed(), kills: KILLS }),
  timeFor(KILLS),
);
