import { describe, expect, it } from "vitest";
import type { Write } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { signalbox } from "./signalbox.ts";

/** A process, whose commits are noted. */
function gathering() {
  const store = openMemory();
  const disk = { isFull: false };
  const commits: { tables: string[]; durability: string }[] = [];
  const commit: typeof store.commit = (writes: readonly Write[], durability) => {
    if (disk.isFull) throw new Error("the disk is full");
    commits.push({ tables: writes.flatMap((write) => "put" in write ? write.put : []), durability });
    store.commit(writes, durability);
  };
  const box = signalbox({ store: { ...store, commit }, gathersTraces: true });
  for (const id of ["lamp", "door", "gate"]) box.enroll(id, "relay");
  commits.length = 0;
  return { box, commits, disk, store };
}

describe("beginnings and ends of connections on a process", () => {
  it("[P8] wait for the window's flush, and are one commit then that waits for no disk", () => {
    const { box, commits, store } = gathering();
    const [lamp, door] = [box.device("lamp"), box.device("door")];
    box.advance(500);
    lamp.drop();
    box.device("gate");
    expect(commits).toEqual([]);
    expect(box.view("lamp")).toMatchObject({ presence: "offline", since: box.now, reason: "connection_lost" });
    box.advance(500);
    expect(commits).toEqual([{
      tables: [...Array(3).fill("trace"), ...Array(3).fill("device_token")],
      durability: "normal",
    }]);
    expect(store.list("device_token").map(({ lastUsedAt }) => box.now - lastUsedAt!)).toEqual([1_000, 1_000, 500]);
    box.advance(60_000);
    expect(commits).toHaveLength(1);
    door.drop();
    box.advance(1_000);
    expect(commits.map(({ tables }) => tables).slice(1)).toEqual([["trace"]]);
  });

  it("[P8, P1] a crash forgets those of the last window, and a device is shown as it was before", () => {
    const { box } = gathering();
    const lamp = box.device("lamp");
    box.device("door");
    const began = box.now;
    box.advance(1_000);
    lamp.drop();
    box.device("gate");
    box.advance(999);
    box.crash();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", since: began, reason: "hub_restarted" });
    expect(box.view("door")).toMatchObject({ presence: "offline", since: began, reason: "hub_restarted" });
    expect(box.view("gate")).toMatchObject({ presence: "new", seen: null });
  });

  it("[P8, P1] a crash after it forgets nothing of them", () => {
    const { box } = gathering();
    const [lamp, gate] = [box.device("lamp"), box.device("gate")];
    box.advance(1_500);
    lamp.drop();
    const ended = box.now;
    box.advance(1_000);
    gate.drop();
    box.device("gate");
    box.advance(1_000);
    box.crash();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", since: ended, reason: "connection_lost" });
    expect(box.view("gate")).toMatchObject({ presence: "offline", since: ended + 1_000, reason: "hub_restarted" });
  });

  it("[P8] what a device told is written with its end all the same, and its `seq` with it", () => {
    const { box, commits } = gathering();
    const lamp = box.device("lamp");
    lamp.send({ type: "hello", boot: "a" });
    lamp.send({ type: "telemetry", data: { power: 1 }, seq: 1 });
    commits.length = 0;
    lamp.drop();
    expect(commits).toMatchObject([{ tables: ["journal", "trace"] }]);
    box.crash();
    expect(box.view("lamp")).toMatchObject({ telemetry: { power: { value: 1 } }, reason: "connection_lost" });
  });

  it("[P8] a memory that is lost while sockets stay has their beginnings written anew", () => {
    const { box } = gathering();
    const lamp = box.device("lamp");
    box.advance(2_000);
    lamp.drop();
    box.advance(2_000);
    box.device("lamp");
    const began = box.now;
    box.evict();
    box.advance(5_000);
    box.crash();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", since: began, reason: "hub_restarted" });
  });

  it("[P8] a program that ends forgets nothing of them", () => {
    const { box, commits } = gathering();
    box.device("lamp").drop();
    box.device("door");
    const ended = box.now;
    box.handle({ type: "end" });
    expect(commits).toMatchObject([{ tables: ["trace", "trace", "device_token", "device_token"] }]);
    box.crash();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", since: ended, reason: "connection_lost" });
  });

  it("[P8, X1] who comes while the store is known to take no writes is refused, and who is there stays", () => {
    const { box, disk } = gathering();
    const lamp = box.device("lamp");
    const connect = () => box.tryConnect("device", { sort: "token", token: box.tokens.get("door")! }).outcome;
    disk.isFull = true;
    box.advance(1_000);
    expect(connect()).toMatchObject({ ok: false, fault: { code: "storage_unavailable" } });
    disk.isFull = false;
    box.advance(2_000);
    expect(connect()).toMatchObject({ ok: true });
    box.advance(1_000);
    expect([lamp.closed, box.view("lamp").presence, box.view("door").presence]).toEqual([null, "online", "online"]);
    box.crash();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", reason: "hub_restarted" });
  });

  it("[P8] of a device or a token that is gone by then nothing is written", () => {
    const { box, commits, store } = gathering();
    const lamp = box.device("lamp");
    box.device("door");
    lamp.drop();
    box.ask("delete_device", { device: "lamp" });
    const [{ tokenId }] = box.ask("list_device_tokens", { device: "door" }).items;
    box.ask("delete_device_token", { device: "door", token: tokenId });
    commits.length = 0;
    box.advance(1_000);
    // Beside that it is noted that its history is erased.
    expect(commits.flatMap(({ tables }) => tables)).toEqual(["trace"]);
    expect(store.list("trace").map(({ id }) => id)).toEqual(["door"]);
    expect(store.list("device_token").map(({ device }) => device)).toEqual(["gate"]);
  });

  it("[P8, J8] while a job is open they are written at once, and with it what waited", () => {
    const { box, commits } = gathering();
    const [lamp, door] = [box.device("lamp"), box.device("door")];
    door.drop();
    box.ask("start_job", { query: "id:*", name: "set", params: { on: true }, rate: 0.1, stopAt: 1 });
    expect(commits.flatMap(({ tables }) => tables).filter((table) => table === "trace")).toHaveLength(2);
    commits.length = 0;
    lamp.drop();
    box.device("gate");
    expect(commits.map(({ tables }) => tables)).toEqual([["trace"], ["trace"]]);
  });
});
