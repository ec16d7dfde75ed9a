/** kill -9 of the Deno process under load [C18]. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fillableHub, type Hub } from "../runtime/launch.ts";
import { rest } from "../support/client.ts";
import { campaign, timeFor } from "./campaign.ts";
import { fillable, kills, processVictim, seed } from "./process.ts";

let hub: Hub;
beforeAll(async () => void (hub = await fillableHub()));
afterAll(() => hub?.dispose());

const KILLS = kills(12);
test(
  "[C7, C18, C20] nothing accepted is lost and nothing is done twice, whenever the process is killed",
  () => campaign(fillable(processVictim("the Deno process", hub, 500), hub), { seed: seed(), kills: KILLS }),
  timeFor(KILLS),
);

test("[S3] killed while it makes its database, it starts with it as if nothing had been", async () => {
  for (let ms = 50; ms <= 500; ms += 50) {
    await hub.kill();
    if (ms % 100 === 50) await rm(hub.data, { recursive: true, force: true });
    await hub.begin(ms);
  }
  await hub.kill();
  await hub.begin();
  const made = await rest(hub.url, hub.adminToken).post("/api/v1/devices", { id: "first", kind: "relay" });
  expect(made.status, made.text).toBe(201);
}, 60_000);
