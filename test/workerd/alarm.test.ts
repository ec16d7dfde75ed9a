/** The one alarm of an object: set for what is due, asked for sooner but never later, and gone when nothing is due. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { connect, evict, newDevice, rest, shard, until } from "./world.ts";

const alarmAt = (): Promise<number | null> => runInDurableObject(shard(), (_, { storage }) => storage.getAlarm());
const ring = () => runDurableObjectAlarm(shard());
const statusOf = async (id: string) => (await rest("GET", `/commands/${id}`)).body.status;

it("an idle hub has no alarm: nothing wakes it, and nothing is written", async () => {
  await rest("GET", "/devices");
  while (await ring());
  expect(await alarmAt()).toBeNull();
  await rest("GET", "/devices");
  expect(await alarmAt()).toBeNull();
});

it("[P5] a connected device with an open command is looked after every minute, also by an object that slept", async () => {
  const lamp = await connect("device", await newDevice("looked-after", "relay"));
  expect(await alarmAt()).toBeNull();
  await rest("POST", "/devices/looked-after/commands", { name: "set", params: { on: true }, ttl: 3_600 });
  for (let wakes = 0; wakes < 3; wakes++) {
    const at = await alarmAt();
    expect(at! - Date.now()).toBeGreaterThan(30_000);
    expect(at! - Date.now()).toBeLessThanOrEqual(60_000);
    await evict();
    expect(await ring()).toBe(true);
  }
  const { id } = await lamp.take("command");
  lamp.send({ type: "result", id, ok: true });
  await lamp.take("stored");
  await evict();
  expect(await ring()).toBe(true);
  expect([lamp.closed, await alarmAt()]).toEqual([null, null]);
  lamp.close();
});

it("[G2] a lease brings the alarm forward, and an object that slept through it still ends it on time", async () => {
  const rover = await connect("device", await newDevice("driven", "rover"));
  const { body: { expiresAt } } = await rest("POST", "/devices/driven/lease", {});
  expect(await alarmAt()).toBe(expiresAt);
  await evict();
  expect(await ring()).toBe(true);
  expect([await alarmAt(), (await rest("GET", "/devices/driven")).body.lease.fence]).toEqual([expiresAt, 1]);
  // A program that only watches wakes it before that, and has lost nothing of the hub's memory.
  await evict();
  await rest("GET", "/me");
  expect(await alarmAt()).toBe(expiresAt);
  await rest("POST", "/devices/driven/lease", { action: "release" });
  rover.close();
});

it("[C8] a deadline brings the alarm forward; ringing too early decides nothing and asks again", async () => {
  const lamp = await connect("device", await newDevice("deadline", "relay"));
  const { body: { id } } = await rest("POST", "/devices/deadline/commands", { name: "toggle" });
  await lamp.take("command");
  const due = (await rest("GET", `/commands/${id}`)).body.dueAt;
  expect(await alarmAt()).toBe(due);
  await evict();
  expect(await ring()).toBe(true);
  expect([await alarmAt(), await statusOf(id)]).toEqual([due, "sent"]);
  // What is due later does not put it off.
  await rest("POST", "/devices/deadline/commands", { name: "toggle", ttl: 10 });
  expect(await alarmAt()).toBeLessThanOrEqual(due);
  lamp.close();
});

it("[C3] a command expires by the alarm, with nobody looking and the object asleep", async () => {
  const lamp = await connect("device", await newDevice("expiry", "relay"));
  await rest("POST", "/devices/expiry/commands", { name: "toggle" });
  const { body: { id } } = await rest("POST", "/devices/expiry/commands", { name: "identify", ttl: 1 });
  await evict();
  // The runtime's own alarm, a second from now.
  await until(() =>
    runInDurableObject(shard(), (_, { storage }) => {
      const [row] = storage.sql.exec("SELECT row FROM command WHERE id = ?", id).toArray();
      return JSON.parse(row.row as string).status;
    }), "expired");
  lamp.close();
});

it("[J8] a job goes on by the alarm alone, from one sleep to the next", async () => {
  const ids = ["asleep-1", "asleep-2", "asleep-3"];
  const relays = [];
  for (const id of ids) relays.push(await connect("device", await newDevice(id, "relay")));
  const { body: job } = await rest("POST", "/commands", { query: "id:asleep-*", name: "toggle", rate: 2 });
  for (const relay of relays) {
    await evict();
    // The runtime's own alarm, half a second from the one before.
    const { id } = await relay.take("command");
    relay.send({ type: "result", id, ok: true });
    await relay.take("stored");
  }
  await evict();
  const { status, total, counts } = (await rest("GET", `/jobs/${job.id}`)).body;
  expect([status, total, counts.succeeded]).toEqual(["done", 3, 3]);
  for (const relay of relays) {
    expect(relay.frames).toEqual([]);
    relay.close();
  }
});

it("an alarm that comes late does at once what was due, and does not spin", async () => {
  const lamp = await connect("device", await newDevice("late", "relay"));
  const { body: { id } } = await rest("POST", "/devices/late/commands", { name: "identify", ttl: 1 });
  await lamp.take("command");
  // Out of its time by as much as a runtime that was away.
  await runInDurableObject(shard(), async (_, { storage }) => {
    const row = JSON.parse(storage.sql.exec("SELECT row FROM command WHERE id = ?", id).one().row as string);
    const past = { ...row, createdAt: 1, expiresAt: 2, sentAt: 1, dueAt: 3 };
    storage.sql.exec("UPDATE command SET row = ? WHERE id = ?", JSON.stringify(past), id);
    await storage.setAlarm(Date.now() + 60_000);
  });
  await evictDurableObject(shard());
  expect(await ring()).toBe(true);
  expect(await statusOf(id)).toBe("unknown");
  expect(await alarmAt() as number - Date.now()).toBeGreaterThan(1_000);
  lamp.close();
});
