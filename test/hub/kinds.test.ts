/** What the kinds of devices/ do not ask for, and any kind may: told by one of the test's own. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { desirable, flag, oneOf, text } from "../../src/kind/field.ts";
import { percent } from "../../src/kind/quantities.ts";
import { type AnyKind, defineKind } from "../../src/kind/kind.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, signalbox } from "./signalbox.ts";

const probe: AnyKind = defineKind({
  name: "probe",
  version: 1,
  title: "Probe",
  heartbeat: 10,
  stale: 20,
  sleeps: 3_600,
  telemetry: { level: percent() },
  state: { note: desirable(text({ max: 60_000 })), lid: oneOf(["open", "shut"]) },
  events: { motion: z.strictObject({ level: percent() }) },
  commands: {
    say: { effect: "query", queue: true, params: z.object({ words: text({ max: 60_000 }) }) },
    fire: { effect: "once", queue: true },
    turn: { effect: "set", queue: true, params: z.object({ channel: percent({ key: true }), on: flag() }) },
    stop: { effect: "once" },
    purge: { effect: "query", role: "admin", result: z.strictObject({ litres: z.number() }), errors: ["dry"] },
  },
});

describe.each(LIVES)("a kind of one's own, $life", ({ isForgetful }) => {
  const start = ({ kinds = [probe] }: { kinds?: readonly AnyKind[] } = {}) => {
    const box = signalbox({ isForgetful, kinds });
    return { box, send: (args: object) => box.ask("send_command", { device: "p", params: {}, ...args } as never) };
  };
  const ids = (frames: { id: string }[]) => frames.map(({ id }) => id);

  it("[P1] sleeps with its connection gone, until its interval is over", () => {
    const { box } = start();
    box.device("p", "probe").drop();
    expect(box.view("p")).toMatchObject({ presence: "sleeping", since: box.now });
    box.advance(3_599_999);
    expect(box.view("p").presence).toBe("sleeping");
    box.advance(1);
    expect(box.view("p")).toMatchObject({ presence: "offline", reason: "connection_lost" });
  });

  it("[P3, P4] has a heartbeat and a patience of its own", () => {
    const { box } = start();
    const peer = box.device("p", "probe");
    box.advance(19_999);
    expect(box.view("p").presence).toBe("online");
    box.advance(1);
    expect(box.view("p").presence).toBe("suspect");
    peer.text("ping");
    box.advance(12_500);
    expect(box.view("p").presence).toBe("suspect");
    box.advance(2_499);
    expect(box.view("p").presence).toBe("suspect");
    box.advance(1);
    // It may well have gone to sleep without a word; and is what it is once its connection is closed.
    const asleep = { presence: "sleeping", since: box.now };
    expect(box.view("p")).toMatchObject(asleep);
    box.advance(60_000);
    expect([peer.closed?.code, box.view("p")]).toMatchObject([4003, asleep]);
  });

  it("[D6] a document that does not fit is left out of the welcome, and comes once hello makes room", () => {
    const { box } = start();
    box.enroll("p", "probe");
    box.ask("desire", { device: "p", patch: { note: "n".repeat(2_000) } });
    const { peer } = box.tryConnect("device", { sort: "token", token: box.tokens.get("p")! });
    expect(peer.take("welcome").desired).toEqual({ version: 1 });
    peer.send({ type: "hello", maxFrame: 2_000 });
    expect(peer.frames).toEqual([]);
    peer.send({ type: "hello", maxFrame: 4_096 });
    expect(peer.take("desired")).toEqual({ type: "desired", version: 1, state: { note: "n".repeat(2_000) } });
    peer.send({ type: "hello", maxFrame: 8_192 });
    box.ask("desire", { device: "p", patch: { note: "n".repeat(9_000) } });
    expect(peer.frames).toEqual([]);
    box.ask("desire", { device: "p", patch: { note: "short" } });
    expect(peer.take("desired")).toMatchObject({ version: 3, state: { note: "short" } });
  });

  it("[C1, F7] what a device does not take is too_large, with a record, until a hello makes room", () => {
    const { box, send } = start();
    const peer = box.device("p", "probe");
    const long = { device: "p", name: "say", params: { words: "w".repeat(2_000) } };
    const refused = box.call("send_command", long);
    expect(refused).toMatchObject({ fault: { code: "too_large", command: expect.any(String) } });
    const { command } = (refused as { fault: { command: string } }).fault;
    expect(box.record(command)).toMatchObject({ status: "rejected", error: { code: "too_large" } });
    peer.send({ type: "hello", maxFrame: 65_536 });
    const { id } = send(long);
    expect(peer.take("command")).toMatchObject({ id, params: long.params });
  });

  it("[C4, C15] one that waited for the device waits for its hello too, and is rejected where none makes room", () => {
    const { box, send } = start();
    box.enroll("p", "probe");
    const [small, ...long] = ["hi", "a".repeat(2_000), "b".repeat(2_000)].map((words) =>
      send({ name: "say", params: { words }, ttl: 60 }).id
    );
    const peer = box.device("p");
    expect(ids(peer.all("command"))).toEqual([small]);
    peer.send({ type: "result", id: small, ok: true });
    expect(box.record(long[0]).status).toBe("accepted");
    peer.send({ type: "hello", maxFrame: 4_096 });
    expect(ids(peer.all("command"))).toEqual([long[0]]);
    peer.drop();
    const again = box.device("p");
    again.send({ type: "result", id: long[0], ok: true });
    expect(box.record(long[1]).status).toBe("accepted");
    box.advance(500);
    expect(box.record(long[1])).toMatchObject({ status: "rejected", error: { code: "too_large" } });
    expect(again.all("command")).toEqual([]);
  });

  it("[C4] a once that may wait is not sent into a suspect connection, but as soon as there is a sign of life", () => {
    const { box, send } = start();
    const peer = box.device("p", "probe");
    box.advance(20_000);
    const { id } = send({ name: "fire", ttl: 60 });
    expect(peer.all("command")).toEqual([]);
    peer.send({ type: "telemetry", data: { level: 1 } });
    expect(ids(peer.all("command"))).toEqual([id]);
  });

  it("[C4] a sign of life that only the runtime saw sends it too", () => {
    const { box, send } = start();
    const peer = box.device("p", "probe");
    box.operator().ask({ type: "watch" });
    box.advance(20_000);
    const { id } = send({ name: "fire", ttl: 60 });
    peer.pingedAt = box.now;
    box.advance(5_000);
    expect(ids(peer.all("command"))).toEqual([id]);
  });

  it("[C3, C4] one that waits for an offline device expires", () => {
    const { box, send } = start();
    box.enroll("p", "probe");
    const { id } = send({ name: "fire", ttl: 5 });
    box.advance(4_999);
    expect(box.record(id).status).toBe("accepted");
    box.advance(1);
    expect(box.record(id).status).toBe("expired");
    expect(box.device("p").all("command")).toEqual([]);
  });

  it("[C5] stop goes past whatever waits", () => {
    const { box, send } = start();
    const peer = box.device("p", "probe");
    const [first] = [1, 2, 3].map(() => send({ name: "fire" }).id);
    const { id } = send({ name: "stop" });
    expect(ids(peer.all("command"))).toEqual([first, id]);
  });

  it("[C17] only a set with the same key params is superseded", () => {
    const { box, send } = start();
    box.enroll("p", "probe");
    const [one, two, three] = [[1, true], [2, true], [1, false]].map(([channel, on]) =>
      send({ name: "turn", params: { channel, on } }).id
    );
    expect([one, two, three].map((id) => box.record(id).status)).toEqual(["superseded", "accepted", "accepted"]);
  });

  it("[C17, K6] a channel that is left out is the first one", () => {
    const { box } = start({ kinds: KINDS });
    const peer = box.device("p", "relay");
    const set = (params: object) => box.ask("send_command", { device: "p", name: "set", params: params as never }).id;
    const under = set({ on: true });
    const waiting = [{ on: true }, { on: true, channel: 2 }, { on: false, channel: 1 }, { on: true }].map(set);
    expect(waiting.map((id) => box.record(id).status)).toEqual(["superseded", "accepted", "superseded", "accepted"]);
    peer.send({ type: "result", id: under, ok: true });
    expect(ids(peer.all("command"))).toEqual([under, waiting[1]]);
  });

  it("[C17, C15] a set that the device still works on does not wait for another attempt", () => {
    const { box, send } = start();
    const first = box.device("p", "probe");
    const { id } = send({ name: "turn", params: { channel: 1, on: true } });
    first.drop();
    const second = box.device("p");
    second.send({ type: "hello", commands: [id] });
    send({ name: "turn", params: { channel: 1, on: false } });
    expect(box.record(id).status).toBe("sent");
    second.send({ type: "result", id, ok: true });
    expect(box.record(id).status).toBe("succeeded");
    expect(second.all("command")).toHaveLength(1);
  });

  it("[C17] a set that went out before a newer one was accepted gives way instead of going again", () => {
    const { box, send } = start();
    const first = box.device("p", "probe");
    const [older, newer] = [true, false].map((on) => send({ name: "turn", params: { channel: 1, on } }).id);
    expect(ids(first.all("command"))).toEqual([older]);
    first.drop();
    const second = box.device("p");
    second.send({ type: "hello" });
    expect(ids(second.all("command"))).toEqual([newer]);
    expect(box.record(older)).toMatchObject({ status: "superseded", error: { code: "superseded" } });
  });

  it("[C16] a cancel that found nobody is told on the next connection, and nothing goes again", () => {
    const { box, send } = start();
    const first = box.device("p", "probe");
    const { id } = send({ name: "turn", params: { channel: 1, on: true }, ttl: 60 });
    first.drop();
    expect(box.ask("cancel_command", { command: id })).toMatchObject({ status: "sent", cancelAt: box.now });
    const second = box.device("p");
    expect(second.frames).toEqual([]);
    second.send({ type: "hello" });
    expect(second.frames).toEqual([{ type: "cancel", id }]);
    second.send({ type: "hello" });
    second.send({ type: "result", id, ok: false, error: { code: "cancelled" } });
    expect(second.all("cancel")).toHaveLength(1);
    expect(box.record(id).status).toBe("cancelled");
  });

  it("[C1] a command may ask for a role", () => {
    const { box } = start();
    box.device("p", "probe");
    const { token } = box.ask("create_token", { name: "o", role: "operator" });
    expect(box.call("send_command", { device: "p", name: "purge", params: {} }, token)).toMatchObject({
      fault: { code: "forbidden" },
    });
    const { id } = box.ask("send_command", { device: "p", name: "purge", params: {} });
    expect(box.call("cancel_command", { command: id }, token)).toMatchObject({ fault: { code: "forbidden" } });
  });

  it("[C10] a declared result and a declared code are not marked", () => {
    const { box, send } = start();
    const peer = box.device("p", "probe");
    const results = [
      { ok: true, value: { litres: 3 } },
      { ok: true, value: { litres: "3" } },
      { ok: false, error: { code: "dry" } },
    ];
    const marks = results.map((result) => {
      const { id } = send({ name: "purge" });
      peer.send({ type: "result", id, ...result });
      return box.record(id).unchecked;
    });
    expect(marks).toEqual([undefined, true, undefined]);
  });

  it("[T9, T3, O5] events are kept one by one, marked where the clock is wrong, and told to who watches", () => {
    const { box } = start();
    const peer = box.device("p", "probe");
    const ann = box.operator();
    ann.ask({ type: "watch", device: "p", include: ["events"] });
    peer.send({ type: "hello", boot: "b" });
    const event = (level: unknown, more = {}) => peer.send({ type: "event", name: "motion", data: { level }, ...more });
    event(1, { seq: 1, ago: 2 });
    event(1, { seq: 1, ago: 2 });
    box.advance(1);
    event(2, { seq: 2, at: 5 });
    event(300);
    expect(peer.take("error")).toMatchObject({ code: "invalid_telemetry", of: "event", pointer: "#/data/level" });
    peer.send({ type: "event", seq: 3, name: "toString" });
    expect(peer.take("error")).toMatchObject({ code: "invalid_telemetry", seq: 3, pointer: "#/name" });
    const { items, total } = box.ask("list_events", { device: "p" });
    expect(total).toBe(2);
    expect(items).toMatchObject([
      { name: "motion", data: { level: 2 }, at: box.now, clock: "wrong" },
      { name: "motion", data: { level: 1 }, at: box.now - 2_001 },
    ]);
    expect(ann.all("event").map(({ device, name, data }) => [device, name, data.level])).toEqual([
      ["p", "motion", 1],
      ["p", "motion", 2],
    ]);
    box.crash();
    const again = box.device("p");
    again.send({ type: "hello", boot: "b" });
    again.send({ type: "event", seq: 2, name: "motion", data: { level: 2 } });
    expect(box.ask("list_events", { device: "p" }).total).toBe(2);
  });

  it("[D2] what is reported only cannot be desired, nor be taken back", () => {
    const { box } = start();
    box.enroll("p", "probe");
    for (const lid of ["open", null]) {
      expect(box.call("desire", { device: "p", patch: { lid } })).toMatchObject({
        fault: { code: "invalid_state", pointer: "#/patch/lid" },
      });
    }
  });
});

describe("a kind that changed between two starts", () => {
  it("[K1] its devices stay, their commands end, and what every kind has still works", () => {
    const store = openMemory();
    const before = signalbox({ store, kinds: [probe] });
    const peer = before.device("p", "probe");
    const { id } = before.ask("send_command", { device: "p", name: "purge", params: {}, ttl: 60 });
    expect(peer.take("command").id).toBe(id);
    const box = signalbox({ store, kinds: [] });
    const again = box.connect("device", { sort: "token", token: before.tokens.get("p")! });
    again.send({ type: "result", id, ok: true, value: { litres: 1 } });
    expect(again.take("stored")).toEqual({ type: "stored", id });
    expect(box.record(id)).toMatchObject({ status: "succeeded", unchecked: true });
    again.send({ type: "telemetry", data: { battery: 50 } });
    expect(box.view("p").telemetry.battery.value).toBe(50);
  });
});
