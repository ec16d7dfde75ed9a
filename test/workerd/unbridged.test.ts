/** Without a broker in the settings nothing of the bridge is there [N51]. */
import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { bindings, connect, newDevice, rest } from "./world.ts";

it("[N51] no object, no row, and nothing to be seen", async () => {
  const lamp = await connect("device", await newDevice("lamp", "relay"));
  lamp.send({ type: "state", reported: { on: true } });
  await lamp.heard();
  expect((await rest("GET", "/hub")).body.bridge).toBeNull();
  await runInDurableObject(bindings.SHARD.getByName("0"), (_, { storage }) => {
    expect(storage.sql.exec("SELECT count(*) AS rows FROM outbox").one()).toEqual({ rows: 0 });
  });
  expect(await listDurableObjectIds(bindings.BRIDGE)).toEqual([]);
  lamp.close();
});

it("[N51] one that was there before looks once more, and never again", async () => {
  const bridge = bindings.BRIDGE.getByName("0");
  await runInDurableObject(bridge, (_, { storage }) => storage.setAlarm(Date.now() + 30_000));
  expect(await runDurableObjectAlarm(bridge)).toBe(true);
  await bridge.wake();
  expect(await runInDurableObject(bridge, (_, { storage }) => storage.getAlarm())).toBeNull();
});
