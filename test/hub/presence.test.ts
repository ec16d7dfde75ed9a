import { describe, expect, it } from "vitest";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, signalbox } from "./signalbox.ts";

describe.each(LIVES)("presence, $life", ({ isForgetful }) => {
  it("[P1] new, online, offline with since and reason", () => {
    const box = signalbox({ isForgetful });
    box.enroll("lamp", "relay");
    expect(box.view("lamp")).toMatchObject({ presence: "new", seen: null });
    const relay = box.device("lamp");
    expect(box.view("lamp")).toMatchObject({ presence: "online", since: box.now });
    box.advance(1_000);
    relay.drop();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", since: box.now, reason: "connection_lost" });
  });

  it.each([["by text", false], ["answered by the runtime", true]])(
    "[P3] a ping %s promises the next within the heartbeat",
    (_, byRuntime) => {
      const box = signalbox({ isForgetful });
      const relay = box.device("lamp");
      if (byRuntime) relay.pingedAt = box.now;
      else {
        relay.text(" ping\n");
        expect(relay.frames).toEqual(["pong"]);
      }
      box.advance(37_499);
      expect(box.view("lamp").presence).toBe("online");
      box.advance(1);
      expect(box.view("lamp").presence).toBe("suspect");
      box.advance(7_500);
      expect(box.view("lamp")).toMatchObject({ presence: "offline", reason: "heartbeat_lost" });
      box.advance(120_000);
      expect(relay.closed?.code).toBe(4003);
      expect(box.view("lamp").presence).toBe("offline");
    },
  );

  it("[P2] a sample by REST is evidence for a device with a socket too", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    relay.text("ping");
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {}, ttl: 60 });
    box.ask("send_command", { device: "lamp", name: "toggle", params: {}, ttl: 60 });
    box.advance(9_000);
    relay.send({ type: "progress", id });
    box.advance(41_000);
    box.ask("post_telemetry", { device: "lamp", body: { data: { power: 1 } } }, box.tokens.get("lamp"));
    expect(box.view("lamp")).toMatchObject({ presence: "online", seen: box.now });
    expect(relay.all("command")).toHaveLength(2);
  });

  it("[P1] what was seen of a device does not go back when its connection ends", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    box.advance(20_000);
    relay.pingedAt = box.now;
    box.advance(5_000);
    expect(box.view("lamp").seen).toBe(box.now - 5_000);
    relay.drop();
    expect(box.view("lamp").seen).toBe(box.now - 5_000);
  });

  it("[P4] without a promise it is online while the socket is open, for as long as is ordinary", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    box.advance(299_999);
    expect(box.view("lamp").presence).toBe("online");
    box.advance(1);
    expect(box.view("lamp").presence).toBe("suspect");
    relay.send({ type: "telemetry", data: { power: 1 } });
    expect(box.view("lamp").presence).toBe("online");
    box.advance(600_000 + 120_000);
    expect(relay.closed?.code).toBe(4003);
  });

  it("[T1] who only ever sends telemetry, never hello or ping, is online all day and gets its commands", () => {
    const box = signalbox({ isForgetful });
    const roof = box.device("roof", "env-sensor");
    const sample = (temperature: number) => roof.send({ type: "telemetry", data: { temperature } });
    for (let at = 0; at < 300; at++) {
      sample(at / 10);
      expect(box.view("roof")).toMatchObject({ presence: "online", telemetry: { temperature: { value: at / 10 } } });
      box.advance(288_000);
    }
    const { id } = box.ask("send_command", { device: "roof", name: "read_now", params: {} });
    expect(roof.take("command").id).toBe(id);
    sample(30);
    roof.send({ type: "result", id, ok: true });
    expect(box.record(id).status).toBe("succeeded");
    expect([roof.closed, roof.all("error")]).toEqual([null, []]);
  });

  it("[P5] a watch is told within ten seconds", () => {
    const box = signalbox();
    box.device("lamp").text("ping");
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w" });
    box.advance(45_000 + 10_000);
    const seen = ann.all("changes").flatMap(({ devices }) => devices.lamp?.presence ?? []);
    expect(seen).toEqual(["suspect", "offline"]);
  });

  it("[P5] so is one of a hub that was just started, however often it is asked something", () => {
    const box = signalbox();
    box.device("lamp").text("ping");
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w" });
    for (let passed = 0; passed < 45 + 10; passed++) {
      box.view("lamp");
      box.advance(1_000);
    }
    const seen = ann.all("changes").flatMap(({ devices }) => devices.lamp?.presence ?? []);
    expect(seen).toEqual(["suspect", "offline"]);
  });

  it.each(["its line broke at last", "it is back", "its token was deleted", "a look"])(
    "[P5] whose silence nobody noticed was gone by then, whatever ends it: %s",
    (ending) => {
      const box = signalbox({ isForgetful, idleSweep: null });
      const relay = box.device("lamp");
      const begun = box.now;
      relay.pingedAt = begun;
      box.advance(3_600_000);
      expect([relay.closed, box.wakeAt]).toEqual([null, null]);
      const gone = { presence: "offline", since: begun + 45_000, reason: "heartbeat_lost", seen: begun };
      expect(box.view("lamp")).toMatchObject(gone);
      if (ending === "its line broke at last") relay.drop();
      if (ending === "its token was deleted") {
        const [{ tokenId }] = box.ask("list_device_tokens", { device: "lamp" }).items;
        box.ask("delete_device_token", { device: "lamp", token: tokenId });
      }
      if (ending === "a look") box.handle({ type: "wake" });
      if (ending !== "it is back") return expect(box.view("lamp")).toMatchObject(gone);
      for (let times = 0; times < 4; times++) {
        const back = box.device("lamp");
        back.pingedAt = box.now;
        expect(box.view("lamp")).toMatchObject({ presence: "online", since: box.now, flags: [] });
        box.advance(50_000);
      }
      expect(relay.closed?.code).toBe(4003);
    },
  );

  it("[P6] a newer connection takes over; the old one's later frames are dropped", () => {
    const box = signalbox({ isForgetful });
    const old = box.device("lamp");
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    const relay = box.device("lamp");
    expect(old.closed).toEqual({ code: 4502, reason: "" });
    expect(box.record(id).status).toBe("unknown");
    old.send({ type: "telemetry", data: { power: 1 } });
    expect(box.view("lamp").telemetry).toEqual({});
    relay.send({ type: "telemetry", data: { power: 2 } });
    expect(box.view("lamp").telemetry.power.value).toBe(2);
  });

  it("[P6] the epoch grows durably, and with it the `unknown`; where nobody is taken over nothing waits for the disk", () => {
    const commits: { tables: string[]; durability: string }[] = [];
    const store = openMemory();
    const commit: typeof store.commit = (writes, durability) => {
      commits.push({ tables: writes.flatMap((write) => "put" in write ? write.put : []), durability });
      store.commit(writes, durability);
    };
    const box = signalbox({ isForgetful, store: { ...store, commit } });
    const commitsOf = (act: () => void) => {
      commits.length = 0;
      act();
      return commits.filter(({ tables }) => tables.includes("trace"));
    };
    box.enroll("lamp", "relay");
    expect(commitsOf(() => box.device("lamp"))).toEqual([{ tables: ["device_token", "trace"], durability: "normal" }]);
    box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    const [taken] = commitsOf(() => box.device("lamp"));
    expect(taken).toMatchObject({ tables: expect.arrayContaining(["device", "command", "trace"]), durability: "full" });
    expect(store.get("device", "lamp")!.epoch).toBe(1);
  });

  it("[P7] after three takeovers in a minute a further one waits, and the device is flagged", () => {
    const box = signalbox({ isForgetful });
    for (let connection = 0; connection < 4; connection++) box.device("lamp");
    const token = box.tokens.get("lamp")!;
    const { outcome } = box.tryConnect("device", { sort: "token", token });
    expect(outcome).toMatchObject({ ok: false, fault: { code: "rate_limited", retryAfter: 60 } });
    expect(box.view("lamp")).toMatchObject({ presence: "online", flags: ["clone suspected"] });
    expect(box.call("me", { upgrade: true }, token)).toEqual(outcome);
    expect(box.ask("me", {}, token)).toMatchObject({ type: "device", id: "lamp" });
    box.advance(60_001);
    expect(box.call("me", { upgrade: true }, token).ok).toBe(true);
    expect(box.tryConnect("device", { sort: "token", token }).outcome.ok).toBe(true);
    const tokens = box.ask("list_device_tokens", { device: "lamp" }).items;
    box.ask("delete_device_token", { device: "lamp", token: tokens[0].tokenId });
    expect(box.view("lamp").flags).toEqual([]);
  });

  it("after a crash the device is offline since it was last seen", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    box.crash();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", reason: "hub_restarted" });
  });
});
