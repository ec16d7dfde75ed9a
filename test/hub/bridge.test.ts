/** Who the hub's own bridge is, what only it may say, and what is known of it [N20, N26, N27]. */
import { describe, expect, it } from "vitest";
import { type Frame, LIVES, signalbox } from "./signalbox.ts";

const TAKE = { type: "take" };
const HEALTH = { type: "bridge", state: "connected", since: 5, published: 3, received: 2, refused: 1 };
const set = { type: "command", device: "lamp", name: "set", params: { on: true } };
const reply = { topic: "answers/7", correlation: "AQID" };

describe.each(LIVES)("the bridge, with a hub that is $life", ({ isForgetful }) => {
  it("[N20, I5] it is an operator, commands like one, and stands in the audit", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const lamp = box.device("lamp");
    const { peer: bridge } = box.tryConnect("operator", { sort: "bridge" });
    const { operator } = bridge.take("welcome");
    expect(operator).toEqual({ id: "bridge", name: "MQTT bridge", role: "operator" });
    const { ok, value } = bridge.ask(set);
    expect([ok, value.by]).toEqual([true, { id: "bridge", name: "MQTT bridge" }]);
    expect(lamp.take("command")).toMatchObject({ id: value.id, params: { on: true } });
    expect(box.ask("list_audit", { limit: 1 }).items).toMatchObject([{ who: { id: "bridge" }, what: "set" }]);
    expect(box.call("create_device", { id: "x", kind: "relay" }, { sort: "bridge" })).toMatchObject({
      fault: { code: "forbidden" },
    });
  });

  it("[N20] a device that comes through it is that device, without a token of its own", () => {
    const box = signalbox({ isForgetful, bridge: true });
    box.enroll("lamp", "relay");
    const lamp = box.connect("device", { sort: "bridged", device: "lamp" });
    lamp.send({ type: "telemetry", data: { power: 4 } });
    expect(box.view("lamp")).toMatchObject({ presence: "online", telemetry: { power: { value: 4 } } });
    expect(box.ask("list_device_tokens", { device: "lamp" }).items).toMatchObject([{ lastUsedAt: null }]);
    expect(box.tryConnect("device", { sort: "bridged", device: "none" }).outcome).toMatchObject({
      fault: { code: "unauthenticated" },
    });
    expect(box.tryConnect("operator", { sort: "bridged", device: "lamp" }).outcome).toMatchObject({ ok: false });
    box.ask("delete_device", { device: "lamp" });
    expect(lamp.closed?.code).toBe(4501);
  });

  it("[N20, I1] no token, ticket or session of whatever words is the bridge's, or a device's that comes through it", () => {
    const box = signalbox({ isForgetful, bridge: true });
    box.enroll("lamp", "relay");
    for (
      const text of ["bridge", "op~bridge~", "op~bridge~x", "op~bridge", "lamp.bridge", "lamp.", "bridge~", "~", ""]
    ) {
      const credentials = [
        { sort: "token", token: text },
        { sort: "token", token: text, user: "bridge" },
        { sort: "token", token: text, user: "lamp" },
        { sort: "ticket", ticket: text },
        { sort: "ticket", ticket: `ticket~${text}` },
        { sort: "cookie", secret: text },
      ] as const;
      for (const credential of credentials) {
        for (const path of ["operator", "device"] as const) {
          const { outcome } = box.tryConnect(path, credential);
          expect(outcome, JSON.stringify(credential)).toMatchObject({ fault: { code: "unauthenticated" } });
        }
        expect(box.call("me", {}, credential).ok, JSON.stringify(credential)).toBe(false);
      }
    }
  });

  it("[N20] where no bridge is set up neither of them is anybody, and one that was is no more", () => {
    const box = signalbox({ isForgetful });
    box.enroll("lamp", "relay");
    for (
      const [path, credential] of [
        ["operator", { sort: "bridge" }],
        ["device", { sort: "bridged", device: "lamp" }],
      ] as const
    ) {
      expect(box.tryConnect(path, credential).outcome).toMatchObject({ fault: { code: "unauthenticated" } });
    }
    const was = signalbox({ isForgetful, bridge: true });
    const bridge = was.bridge();
    was.become({ bridge: false });
    bridge.send({ id: "1", ...TAKE });
    expect(bridge.closed?.code).toBe(4501);
  });

  it("[N20] there is one: a newer connection takes over", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const [first, second] = [box.bridge(), box.bridge()];
    expect([first.closed?.code, second.closed]).toEqual([4502, null]);
    expect(second.ask(TAKE).ok).toBe(true);
    first.send({ id: "1", ...TAKE });
    expect(first.all("reply")).toEqual([]);
  });

  it("[N20] nobody else has its frames, an administrator neither", () => {
    const box = signalbox({ isForgetful, bridge: true });
    box.device("lamp");
    const admin = box.operator("admin");
    expect(admin.ask(TAKE).error.code).toBe("unknown_type");
    expect(admin.ask(HEALTH).error.code).toBe("unknown_type");
    expect(admin.ask({ ...set, reply }).error).toMatchObject({ code: "bad_frame", pointer: "#/reply" });
    expect(box.view("lamp").pending).toBe(0);
    box.advance(5_000);
    expect(admin.all("outbox")).toEqual([]);
  });

  it("[N20, F9] who floods it over the broker is held to an operator's rate, and takes nothing from what is owed", () => {
    const box = signalbox({ isForgetful, bridge: true });
    box.device("lamp");
    const bridge = box.bridge();
    const codes = Array.from({ length: 510 }, () => bridge.ask({ ...set, device: "none" }).error.code);
    expect([codes[0], codes.at(-1)]).toEqual(["not_found", "rate_limited"]);
    expect([bridge.ask(TAKE).ok, bridge.ask(HEALTH).ok]).toEqual([true, true]);
    expect(bridge.ask(set).error.code).toBe("rate_limited");
  });

  it("[N20, F5] it is held to the form of its frames like anybody", () => {
    const bridge = signalbox({ isForgetful, bridge: true }).bridge();
    for (const wrong of [{ most: 0 }, { most: 201 }, { done: [1] }, { all: false }, { more: 1 }]) {
      expect(bridge.ask({ ...TAKE, ...wrong }).error.code, JSON.stringify(wrong)).toBe("bad_frame");
    }
    expect(bridge.ask({ ...HEALTH, state: "fine" }).error.code).toBe("bad_frame");
    // [F3] Anybody else would be closed by now; here it may be another's fault with each.
    for (let count = 0; count < 20; count++) expect(bridge.ask({ ...set, ttl: -1 }).error.code).toBe("bad_frame");
    expect([bridge.closed, bridge.ask(TAKE).ok]).toEqual([null, true]);
    expect(bridge.ask({ ...set, reply: { topic: "a", correlation: "not base64!" } }).error.code).toBe("bad_frame");
  });

  it("[N26] a reply is owed where it asked for one, and a refusal is answered at once only", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const lamp = box.device("lamp");
    const bridge = box.bridge();
    const { value: { id } } = bridge.ask({ ...set, reply });
    const other = bridge.ask(set).value.id;
    for (const command of [id, other]) lamp.send({ type: "result", id: command, ok: true });
    const { rows } = bridge.ask(TAKE).value;
    expect(rows.map(({ what, command }: Frame) => [what, command.id])).toEqual([
      ["outcome", id],
      ["reply", id],
      ["outcome", other],
    ]);
    expect(rows[1]).toMatchObject({ ...reply, command: { status: "succeeded", by: { id: "bridge" } } });
    // [O7] It hears of no steps.
    expect(bridge.all("command")).toEqual([]);
    lamp.drop();
    const refused = bridge.ask({ ...set, name: "toggle", params: {}, reply });
    expect(refused.error).toMatchObject({ code: "offline" });
    const after = bridge.ask({ ...TAKE, after: rows.at(-1).id }).value.rows;
    expect(after).toMatchObject([{ what: "outcome", command: { id: refused.error.command, status: "rejected" } }]);
  });

  it("[N26, C20] who asks again under a key waits for the same outcome, with an answer of their own", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const lamp = box.device("lamp");
    const bridge = box.bridge();
    const asks = (correlation: string, topic = reply.topic) =>
      bridge.ask({ ...set, key: "k1", reply: { topic, correlation } });
    const { id } = asks("first").value;
    expect([asks("first").value.id, asks("second").value.id, asks("second", "elsewhere").value.id]).toEqual([
      id,
      id,
      id,
    ]);
    expect(bridge.ask({ ...set, key: "k1" }).value.id).toBe(id);
    expect(lamp.all("command").length).toBe(1);
    lamp.send({ type: "result", id, ok: true });
    const { rows } = bridge.ask(TAKE).value;
    expect(rows.map(({ what, topic, correlation }: Frame) => [what, topic, correlation])).toEqual([
      ["outcome", undefined, undefined],
      ["reply", reply.topic, "first"],
      ["reply", reply.topic, "second"],
      ["reply", "elsewhere", "second"],
    ]);
    // It is final by now, which its answer says to whoever asks.
    expect(asks("third").value).toMatchObject({ id, status: "succeeded" });
    expect(bridge.ask({ ...TAKE, after: rows.at(-1).id }).value.rows).toEqual([]);
  });

  it("[N26] the newest eight wait for one command, however often somebody asks", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const lamp = box.device("lamp");
    const bridge = box.bridge();
    const asks = (n: number) => bridge.ask({ ...set, key: "k1", reply: { topic: "app/r", correlation: String(n) } });
    const [{ value: { id } }] = Array.from({ length: 12 }, (_, n) => asks(n));
    lamp.send({ type: "result", id, ok: true });
    const answered = bridge.ask(TAKE).value.rows.flatMap(({ correlation }: Frame) => correlation ?? []);
    expect(answered).toEqual(["4", "5", "6", "7", "8", "9", "10", "11"]);
  });

  it("[N26, C19] what it asked for shows no secret", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const door = box.device("door", "lock");
    const bridge = box.bridge();
    const asked = { type: "command", device: "door", name: "unlock", params: { pin: "4711" }, reply };
    const { id } = bridge.ask(asked).value;
    expect(door.take("command").params).toEqual({ pin: "4711" });
    door.send({ type: "result", id, ok: true });
    const { rows } = bridge.ask(TAKE).value;
    expect(rows.length).toBe(2);
    expect(JSON.stringify(rows)).not.toContain("4711");
    expect(JSON.stringify(box.store.list("outbox"))).not.toContain("4711");
  });

  it("[N27, N50] how it is, is what it said, until its connection ends; else it is degraded", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const view = () => box.ask("get_hub", {}).bridge;
    expect(view()).toMatchObject({ state: "degraded", waiting: 0, dropped: 0, published: 0 });
    const bridge = box.bridge();
    expect(view()).toMatchObject({ state: "degraded", since: box.now });
    expect(bridge.ask(HEALTH)).toMatchObject({ ok: true, value: null });
    expect(view()).toEqual({
      state: "connected",
      since: 5,
      published: 3,
      received: 2,
      refused: 1,
      waiting: 0,
      dropped: 0,
    });
    box.advance(60_000);
    bridge.ask({ ...HEALTH, state: "degraded", reason: "The broker hangs" });
    expect(view()).toMatchObject({ state: "degraded", reason: "The broker hangs" });
    bridge.drop();
    expect(view()).toMatchObject({ state: "degraded" });
    expect(view()?.reason).not.toBe("The broker hangs");
    expect(signalbox({ isForgetful }).ask("get_hub", {}).bridge).toBeNull();
  });
});
