/** A disk that is full, as SQLite says it: nothing is promised that cannot be kept, and afterwards all goes on [X1]. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { storeIn } from "../../src/store/node_sqlite.ts";
import type { HubOptions } from "../../src/hub/options.ts";
import { TABLES } from "../../src/hub/retention.ts";
import { ADMIN, type Frame, LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** A hub on a real file, whose disk can be filled and be given room again. */
function onDisk(isForgetful: boolean, options: Partial<HubOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-full-"));
  const database = new DatabaseSync(join(folder, "signalbox.sqlite"));
  const box = signalbox({ store: storeIn(database, folder, 0), isForgetful, ...options });
  ends.push(() => (box.store.close(), rmSync(folder, { recursive: true })));
  // A small row may find a little room in a page that is there: with these, none does.
  database.exec("CREATE TABLE ballast (bytes BLOB)");
  for (const table of Object.keys(TABLES)) {
    const heavy = "INSERT INTO ballast VALUES (zeroblob(8192))";
    for (const how of ["INSERT", "UPDATE"]) {
      database.exec(`CREATE TRIGGER heavy_${table}_${how} AFTER ${how} ON ${table} BEGIN ${heavy}; END`);
    }
  }
  return {
    box,
    /** Not one more page. */
    fill() {
      const { page_count } = database.prepare("PRAGMA page_count").get() as { page_count: number };
      database.exec(`PRAGMA max_page_count = ${page_count}`);
      expect(() => database.exec("INSERT INTO ballast VALUES (zeroblob(8192))")).toThrow(/full/);
    },
    makeRoom: () => database.exec("PRAGMA max_page_count = 1000000"),
  };
}

const UNAVAILABLE = { ok: false, fault: { code: "storage_unavailable", retryAfter: 1 } };
const toggle = (device: string) => ({ device, name: "toggle", params: {} });
const set = (device: string, on = true) => ({ device, name: "set", params: { on }, ttl: 60 });

const commandsOf = (box: Signalbox, device: string) => box.ask("list_commands", { device, limit: 500 }).items;
const answer = (peer: Peer, id: string) => peer.send({ type: "result", id, ok: true });

describe.each(LIVES)("a full disk, with a hub that is $life", ({ isForgetful }) => {
  it("[R7, R9, X1] a stream can be opened and goes on, and tells nothing that is not kept", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const porch = box.device("porch", "camera");
    const before = box.stream({ include: ["presence", "events", "commands"] });
    fill();
    const during = box.stream({ include: ["events"] });
    porch.send({ type: "event", name: "motion", data: { level: 1 }, seq: 1 });
    expect(box.call("send_command", { device: "porch", name: "identify", params: {} })).toMatchObject(UNAVAILABLE);
    const told = (peer: Peer) => peer.frames.splice(0).map(({ type }) => type).filter((type) => type !== "changes");
    expect(new Set(told(before))).toEqual(new Set(["snapshot"]));
    expect(told(during)).toEqual([]);
    makeRoom();
    box.advance(2_000);
    porch.send({ type: "event", name: "motion", data: { level: 2 }, seq: 2 });
    for (const stream of [before, during]) {
      expect(stream.closed).toBeNull();
      expect(stream.frames.filter(({ type }) => type === "event")).toMatchObject([{ data: { level: 2 } }]);
    }
  });

  it("[N21, X1] the broker is owed what was kept and nothing else, and hears of it meanwhile", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful, { bridge: true });
    const porch = box.device("porch", "camera");
    const bridge = box.bridge();
    const say = (level: number) => porch.send({ type: "event", name: "motion", data: { level }, seq: level });
    const take = (more = {}) => bridge.ask({ type: "take", ...more });
    const levels = ({ value }: Frame) => value.rows.map(({ event }: Frame) => event.data.level);
    // That a broker may have states is noted once, with the first that are taken [N28].
    expect(take()).toMatchObject({ ok: true, value: { rows: [] } });
    say(1);
    // That a bridge was ever given a state is a row of its own, which a first one cannot have while the disk is full [N28].
    take();
    fill();
    say(2);
    expect(porch.take("error")).toMatchObject({ code: "storage_unavailable", seq: 2 });
    const command = { type: "command", ...set("porch"), name: "identify", params: {}, reply: { topic: "t" } };
    expect(bridge.ask(command).error.code).toBe("storage_unavailable");
    const taken = take();
    expect(levels(taken)).toEqual([1]);
    // Whether or not it can be dropped now, it is said and is done once there is room.
    const done = [taken.value.rows[0].id];
    const whileFull = take({ done });
    if (!whileFull.ok) expect(whileFull.error).toMatchObject({ code: "storage_unavailable", retryable: true });
    makeRoom();
    box.advance(2_000);
    say(2);
    say(3);
    expect(levels(take({ done }))).toEqual([2, 3]);
    box.crash();
    expect(levels(box.bridge().ask({ type: "take" }))).toEqual([2, 3]);
  });

  it("[C2, X1] nothing is accepted or sent, whoever asked hears so, and reads are answered", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const lamp = box.device("lamp");
    const ann = box.operator();
    const { id } = box.ask("send_command", set("lamp"));
    answer(lamp, id);
    lamp.frames.length = 0;
    fill();
    expect(box.call("send_command", set("lamp"), ADMIN, "k1")).toMatchObject(UNAVAILABLE);
    expect(ann.ask({ type: "command", ...set("lamp"), key: "k2" }).error).toMatchObject({
      code: "storage_unavailable",
      retryable: true,
    });
    lamp.send({ type: "state", seq: 9, reported: { on: true } });
    expect(lamp.take("error")).toMatchObject({ code: "storage_unavailable", seq: 9 });
    expect(lamp.frames).toEqual([]);
    expect(commandsOf(box, "lamp").map(({ status }) => status)).toEqual(["succeeded"]);
    expect(box.view("lamp")).toMatchObject({ presence: "online", reported: {}, pending: 0 });
    expect(box.ask("list_audit", { limit: 1 }).items.length).toBe(1);
    expect([lamp.closed, ann.closed]).toEqual([null, null]);

    makeRoom();
    const again = box.call("send_command", set("lamp"), ADMIN, "k1");
    expect(again.ok && lamp.take("command").id).toBe(again.ok && again.value.id);
    expect(ann.ask({ type: "command", ...set("lamp"), key: "k2" }).ok).toBe(true);
  });

  it("[C12, X1] an outcome that cannot be kept gets no stored; repeated with room, it counts", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const lamp = box.device("lamp");
    const { id } = box.ask("send_command", toggle("lamp"));
    const { id: next } = box.ask("send_command", toggle("lamp"));
    fill();
    answer(lamp, id);
    expect(lamp.take("error")).toMatchObject({ code: "storage_unavailable", of: "result", id });
    expect([lamp.all("stored"), lamp.all("command").length]).toEqual([[], 1]);
    expect(box.record(id).status).toBe("sent");
    makeRoom();
    answer(lamp, id);
    expect(lamp.take("stored")).toEqual({ type: "stored", id });
    expect([box.record(id).status, lamp.take("command").id]).toEqual(["succeeded", next]);
  });

  it("[C3, C8, X1] what was due meanwhile is decided as soon as there is room, and nothing late is sent", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const lamp = box.device("lamp");
    const { id: sent } = box.ask("send_command", toggle("lamp"));
    const { id: waits } = box.ask("send_command", { ...set("lamp"), ttl: 5 });
    const { id: patient } = box.ask("send_command", { device: "lamp", name: "identify", params: {}, ttl: 10 });
    lamp.take("command");
    fill();
    box.advance(8_000);
    expect([box.record(sent).status, box.record(waits).status]).toEqual(["sent", "accepted"]);
    expect(lamp.all("command")).toEqual([]);
    makeRoom();
    box.advance(2_000);
    expect([sent, waits, patient].map((id) => box.record(id).status)).toEqual(["unknown", "expired", "expired"]);
    expect(lamp.all("command")).toEqual([]);
  });

  it("[C7, X1] a once whose connection ends is unknown as soon as that can be written; reads are answered till then", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const lamp = box.device("lamp");
    const roof = box.device("roof", "env-sensor");
    const { id } = box.ask("send_command", toggle("lamp"));
    fill();
    lamp.drop();
    expect(box.call("send_command", { device: "roof", name: "identify", params: {} })).toMatchObject(UNAVAILABLE);
    expect(box.view("roof").presence).toBe("online");
    expect(box.view("lamp").presence).toBe("offline");
    expect(box.record(id).status).toBe("sent");
    expect(commandsOf(box, "lamp").length).toBe(1);
    roof.send({ type: "state", reported: { report_interval: 5 } });
    expect(roof.take("error")).toMatchObject({ code: "storage_unavailable", of: "state" });
    makeRoom();
    box.advance(2_000);
    expect(box.record(id)).toMatchObject({ status: "unknown" });
    const back = box.device("lamp");
    answer(back, id);
    expect([back.take("stored").id, box.record(id).late?.ok]).toEqual([id, true]);
  });

  it("[P6, X1] who connects meanwhile is refused with 503 and comes later; who is there stays", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const lamp = box.device("lamp");
    box.enroll("door", "lock");
    fill();
    const credential = (id: string) => ({ sort: "token", token: box.tokens.get(id)! }) as const;
    expect(box.tryConnect("device", credential("door")).outcome).toMatchObject(UNAVAILABLE);
    // A takeover that cannot be written takes nothing over.
    expect(box.tryConnect("device", credential("lamp")).outcome).toMatchObject(UNAVAILABLE);
    expect([lamp.closed, box.view("lamp").presence]).toEqual([null, "online"]);
    expect(box.tryConnect("operator", { sort: "token", token: ADMIN }).outcome.ok).toBe(true);
    makeRoom();
    expect(box.device("door").closed).toBeNull();
  });

  it("[P2, P4, X1] a device that only says what cannot be kept is there all the same", () => {
    const { box, fill } = onDisk(isForgetful);
    const lamp = box.device("lamp");
    fill();
    for (let seq = 1; seq <= 8; seq++) {
      box.advance(100_000);
      lamp.send({ type: "state", seq, reported: { on: true } });
      expect(lamp.take("error").code).toBe("storage_unavailable");
    }
    expect([lamp.closed, box.view("lamp").presence, box.view("lamp").seen]).toEqual([null, "online", box.now]);
  });

  it("[B2, B5, X1] a blob that cannot be kept is refused, and its bytes harm nobody; sent again with room, it is stored", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const porch = box.device("porch", "camera");
    const bytes = Uint8Array.from({ length: 3_000 }, (_, at) => at & 255);
    const parts = [bytes.slice(0, 1_000), bytes.slice(1_000, 2_000), bytes.slice(2_000)];
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const announce = () => porch.send({ type: "blob", id: "b1", mime: "image/jpeg", size: bytes.length, sha256 });
    const refused = { type: "error", code: "storage_unavailable", of: "blob", id: "b1" };
    // From its header on, and after its first bytes.
    for (const kept of [0, 1]) {
      if (kept > 0) {
        announce();
        porch.binary(parts[0]);
        fill();
      } else {
        fill();
        announce();
        porch.binary(parts[0]);
      }
      for (const part of parts.slice(1)) porch.binary(part);
      expect(porch.frames).toMatchObject([refused]);
      expect(porch.closed).toBeNull();
      porch.frames.length = 0;
      makeRoom();
      box.advance(2_000);
    }
    announce();
    for (const part of parts) porch.binary(part);
    expect(porch.frames).toEqual([{ type: "stored", blob: "b1" }]);
    expect(box.ask("get_blob", { device: "porch", blob: "b1" }).bytes).toEqual(bytes);
  });

  it("[E8] a stop that cannot be latched is not sent, and whoever pressed it hears so at once", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    const blind = box.device("blind", "cover");
    const ann = box.operator();
    const { id: open } = box.ask("send_command", { device: "blind", name: "open", params: {} });
    blind.take("command");
    fill();
    const press = { type: "estop", device: "blind", action: "set", reason: "A child" };
    expect(ann.ask(press).error).toMatchObject({ code: "storage_unavailable", retryable: true });
    expect(box.call("estop", { device: "blind", action: "set", reason: "A child" })).toMatchObject(UNAVAILABLE);
    expect(blind.frames).toEqual([]);
    expect([box.view("blind").estop, box.record(open).status]).toEqual([null, "sent"]);
    makeRoom();
    expect(ann.ask(press).value).toMatchObject({ reason: "A child", confirmedAt: null });
    expect(blind.frames.map(({ type, name }) => name ?? type)).toEqual(["stop", "cancel"]);
  });

  it("[E8] one that is latched stays so: nothing clears it, and the device hears of it as soon as it can come", () => {
    const { box, fill, makeRoom } = onDisk(isForgetful);
    box.device("blind", "cover").drop();
    box.ask("estop", { device: "blind", action: "set", reason: "A child" });
    fill();
    expect(box.call("estop", { device: "blind", action: "clear" })).toMatchObject(UNAVAILABLE);
    expect(box.call("send_command", { device: "blind", name: "open", params: {} }).ok).toBe(false);
    const credential = { sort: "token", token: box.tokens.get("blind")! } as const;
    expect(box.tryConnect("device", credential).outcome).toMatchObject(UNAVAILABLE);
    box.crash();
    expect(box.view("blind").estop).toMatchObject({ reason: "A child", confirmedAt: null });
    makeRoom();
    const blind = box.device("blind");
    const [{ name, id }] = blind.frames;
    expect(name).toBe("stop");
    fill();
    answer(blind, id);
    expect(blind.take("error")).toMatchObject({ code: "storage_unavailable", id });
    expect(box.view("blind").estop).toMatchObject({ confirmedAt: null });
    makeRoom();
    answer(blind, id);
    expect([blind.take("stored").id, box.view("blind").estop?.confirmedAt]).toEqual([id, box.now]);
  });
});
