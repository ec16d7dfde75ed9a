/** The storage of an object that takes no writes, as when its quota is used up [X1]. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { connect, evict, newDevice, newOperator, rest, shard, until } from "./world.ts";

type Store = DurableObjectState["storage"];

const fill = () =>
  runInDurableObject(shard(), (_, { storage }) => {
    const refuse = () => {
      throw new Error("database or disk is full: SQLITE_FULL");
    };
    Object.assign(storage, { transactionSync: refuse });
  });
/** What stands before the storage's own way is taken away. */
const makeRoom = () =>
  runInDurableObject(shard(), (_, { storage }) => void delete (storage as Partial<Store>).transactionSync);

const alarmAt = () => runInDurableObject(shard(), (_, { storage }) => storage.getAlarm());
/** The runtime's own call, as often as it likes: alarms come at least once. */
const ring = (times = 1) =>
  runInDurableObject(shard(), async (instance) => {
    for (let rung = 0; rung < times; rung++) await instance.alarm();
  });
const statusOf = async (id: string) => (await rest("GET", `/commands/${id}`)).body.status;
const toggle = (device: string) => rest("POST", `/devices/${device}/commands`, { name: "toggle", params: {} });

it("[X1] nothing is accepted or counted, reads are answered, and with room all goes on", async () => {
  const lamp = await connect("device", await newDevice("full", "relay"));
  const ann = await connect("operator", await newOperator());
  const { body: { id } } = await toggle("full");
  await lamp.take("command");
  await fill();
  expect(await toggle("full")).toMatchObject({ status: 503, body: { code: "storage_unavailable" } });
  ann.send({ type: "command", id: "1", device: "full", name: "toggle", params: {} });
  expect((await ann.take("reply")).error).toMatchObject({ code: "storage_unavailable", retryable: true });
  lamp.send({ type: "result", id, ok: true });
  expect(await lamp.take("error")).toMatchObject({ code: "storage_unavailable", of: "result", id });
  expect([await statusOf(id), (await rest("GET", "/devices/full")).body.presence]).toEqual(["sent", "online"]);
  expect(await lamp.drain()).toEqual([]);
  await makeRoom();
  lamp.send({ type: "result", id, ok: true });
  expect(await lamp.take("stored")).toEqual({ type: "stored", id });
  expect((await toggle("full")).status).toBe(202);
  lamp.close();
});

it("[C7, X1] an object that wakes to a lost once it cannot write down still answers reads", async () => {
  const lamp = await connect("device", await newDevice("lost", "relay"));
  const { body: { id } } = await toggle("lost");
  await lamp.take("command");
  await fill();
  lamp.close();
  await until(async () => (await rest("GET", "/devices/lost")).body.presence, "offline");
  expect(await statusOf(id)).toBe("sent");
  await makeRoom();
  await until(() => statusOf(id), "unknown");
});

it("[C8, X1] an alarm that can write nothing fails nobody and asks again; one that rings twice decides once", async () => {
  const lamp = await connect("device", await newDevice("twice", "relay"));
  const { body: { id } } = await toggle("twice");
  await lamp.take("command");
  await runInDurableObject(shard(), (_, { storage }) => {
    const row = JSON.parse(storage.sql.exec("SELECT row FROM command WHERE id = ?", id).one().row as string);
    const past = { ...row, createdAt: 1, expiresAt: 2, sentAt: 1, dueAt: 3 };
    storage.sql.exec("UPDATE command SET row = ? WHERE id = ?", JSON.stringify(past), id);
  });
  await evict();
  await fill();
  await ring(2);
  expect(await statusOf(id)).toBe("sent");
  const again = await alarmAt();
  expect(again! - Date.now()).toBeLessThanOrEqual(1_000);
  await makeRoom();
  await ring(3);
  const { body } = await rest("GET", `/commands/${id}`);
  expect(body).toMatchObject({ status: "unknown" });
  await ring(2);
  expect((await rest("GET", `/commands/${id}`)).body).toEqual(body);
  expect((await lamp.drain()).filter(({ type }) => type === "command")).toEqual([]);
  lamp.close();
});
