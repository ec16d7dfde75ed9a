/** What strangers, clones, bad clocks and bad texts do to commands: the cases of CASES.md that have no better place. */
import { describe, expect, it } from "vitest";
import { kinds, names, person } from "./crane.ts";
import { ADMIN, LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const send = (box: Signalbox, device: string, name: string, more: object = {}) =>
  box.call("send_command", { device, name, params: {}, ...more } as never, ADMIN);
const accepted = (box: Signalbox, device: string, name: string, more: object = {}): string => {
  const sent = send(box, device, name, more);
  if (!sent.ok) throw new Error(sent.fault.message);
  return sent.value.id;
};
const succeed = (device: Peer, id: string, more: object = {}) => device.send({ type: "result", id, ok: true, ...more });
const SET = { params: { on: true } };

describe.each(LIVES)("commands, $life", ({ isForgetful }) => {
  const open = () => {
    const box = signalbox({ kinds, isForgetful });
    return { box, lamp: box.device("lamp"), ann: person(box, "Ann").peer };
  };

  it.each([
    ["a byte order mark", "\ufefflamp"],
    ["NUL", "la\u0000mp"],
    ["half a surrogate pair", "lamp\ud800"],
    ["nothing", ""],
    ["a slash", "lamp/set"],
    ["white space", "lamp "],
  ])("[F8] an identifier with %s is refused, and nothing is stored", (_, device) => {
    const { box, lamp, ann } = open();
    const before = box.store.count("audit");
    ann.text(JSON.stringify({ type: "command", id: "1", device, name: "set", ...SET }));
    expect(ann.take("reply").error).toMatchObject({ code: "bad_frame", pointer: "#/device" });
    lamp.text(JSON.stringify({ type: "received", id: device }));
    lamp.text(JSON.stringify({ type: "result", id: device, ok: true }));
    expect(lamp.all("error").length).toBeGreaterThan(0);
    expect([box.store.count("command"), box.store.count("audit")]).toEqual([0, before]);
  });

  it("[F8, C1] names that every object has are names like any other: of a device, and of no command", () => {
    const { box } = open();
    for (const id of ["constructor", "toString", "hasOwnProperty"]) {
      const device = box.device(id);
      expect(box.view(id).id).toBe(id);
      succeed(device, accepted(box, id, "set", SET));
      expect(send(box, "lamp", id)).toMatchObject({ ok: false, fault: { code: "unknown_command" } });
    }
    expect(box.call("get_device", { device: "valueOf" }, ADMIN)).toMatchObject({ fault: { code: "not_found" } });
  });

  it("[F2] of a key that comes twice the last one counts, everywhere", () => {
    const { box, lamp, ann } = open();
    ann.text(
      '{"type":"command","id":"1","device":"nobody","device":"lamp","name":"toggle","name":"set",' +
        '"params":{"on":true,"on":false}}',
    );
    expect(ann.take("reply")).toMatchObject({
      ok: true,
      value: { device: "lamp", name: "set", params: { on: false } },
    });
    const { id, params } = lamp.take("command");
    expect([params, box.record(id).params]).toEqual([{ on: false }, { on: false }]);
  });

  it.each([
    ["1e400", "1e400"],
    ["minus 1e400", "-1e400"],
    ["NaN as a text", '"NaN"'],
    ["a text", '"3"'],
    ["null", "null"],
    ["true", "true"],
  ])("[F8] %s is no number, and is never sent", (_, number) => {
    const { box, ann } = open();
    const press = box.device("press", "press");
    ann.text(`{"type":"command","id":"1","device":"press","name":"set_pressure","params":{"to":${number}}}`);
    expect(ann.take("reply").error).toMatchObject({ code: "invalid_params", pointer: "#/params/to" });
    ann.text(`{"type":"command","id":"1","device":"press","name":"set_pressure","params":{"to":1},"ttl":${number}}`);
    ann.text(`{"type":"command","id":"1","device":"press","name":"look","params":{},"fence":9007199254740993}`);
    expect(ann.all("reply").map(({ error }) => [error.code, error.pointer])).toEqual([
      ["bad_frame", "#/ttl"],
      ["bad_frame", "#/fence"],
    ]);
    expect(press.all("command")).toEqual([]);
  });

  it("[C1] what another kind would take never reaches this device", () => {
    const { box, lamp } = open();
    box.device("hall", "thermostat");
    expect([
      send(box, "lamp", "set_target", { params: { target: 20 } }),
      send(box, "lamp", "set", { params: { target: 20 } }),
      send(box, "hall", "set", SET),
    ].map((outcome) => outcome.ok ? "accepted" : outcome.fault.code)).toEqual([
      "unknown_command",
      "invalid_params",
      "unknown_command",
    ]);
    expect(lamp.all("command")).toEqual([]);
  });

  it("[I3, F5, C12] what a device says in another's name is refused, and changes nothing there", () => {
    const { box, lamp } = open();
    const other = box.device("other");
    const id = accepted(box, "lamp", "toggle");
    other.send({ type: "telemetry", device: "lamp", data: { power: 1 } });
    other.send({ type: "result", device: "lamp", id, ok: true });
    other.send({ type: "received", id });
    other.send({ type: "progress", id, percent: 9 });
    other.send({ type: "result", id, ok: true });
    expect(other.all("error").map(({ code }) => code)).toContain("not_found");
    expect([box.record(id).status, box.view("lamp").telemetry]).toEqual(["sent", {}]);
    succeed(lamp, id);
    expect(box.record(id).status).toBe("succeeded");
  });

  it("[I4, C7, C11] a device whose token is revoked with a command in flight: unknown, and its result never arrives", () => {
    const { box, lamp } = open();
    const [once, set] = [accepted(box, "lamp", "toggle"), accepted(box, "lamp", "set", { ...SET, ttl: 60 })];
    const [{ tokenId }] = box.ask("list_device_tokens", { device: "lamp" }).items;
    const { token } = box.ask("create_device_token", { device: "lamp" });
    box.ask("delete_device_token", { device: "lamp", token: tokenId });
    expect(lamp.closed?.code).toBe(4501);
    expect([once, set].map((id) => box.record(id).status)).toEqual(["unknown", "accepted"]);
    succeed(lamp, once);
    expect(box.record(once).late).toBeUndefined();
    expect(box.tryConnect("device", { sort: "token", token: box.tokens.get("lamp")! }).outcome.ok).toBe(false);
    const again = box.connect("device", { sort: "token", token });
    expect(again.take("command").id).toBe(set);
  });

  it("[P6, C7, C8] a takeover while commands are with the device: one end each, and no second effect", () => {
    const { box, lamp } = open();
    const once = accepted(box, "lamp", "toggle");
    const set = accepted(box, "lamp", "set", { ...SET, ttl: 60 });
    const clone = box.device("lamp");
    expect(lamp.closed?.code).toBe(4502);
    expect(box.record(once).status).toBe("unknown");
    // What the old one still says is dropped.
    succeed(lamp, once);
    succeed(lamp, set);
    expect([box.record(once).late, box.record(set).finishedAt]).toEqual([undefined, undefined]);
    clone.send({ type: "hello" });
    expect(clone.all("command").map(({ id }) => id)).toEqual([set]);
    succeed(clone, set);
    succeed(clone, once);
    expect([box.record(set).status, box.record(once)]).toMatchObject(["succeeded", {
      status: "unknown",
      late: { ok: true },
    }]);
  });

  it("[C4, C3] what may wait for an offline device goes when it comes, and is expired where it comes too late", () => {
    const { box } = open();
    const press = box.device("press", "press");
    press.drop();
    expect(send(box, "press", "punch")).toMatchObject({ ok: false, fault: { code: "offline" } });
    const [long, short] = [60, 5].map((ttl) => accepted(box, "press", "look", { ttl }));
    box.advance(5_000);
    expect(box.record(short).status).toBe("expired");
    const again = box.device("press");
    expect(again.all("command")).toMatchObject([{ id: long, ttl: 55 }]);
    again.drop();
    box.advance(60_000);
    expect(box.record(long).status).toBe("unknown");
    expect(names(box.device("press"))).toEqual([]);
  });

  it("[C7, C11, C15] an unknown once is resolved by the device's result after its hello, and not sent again", () => {
    const { box, lamp } = open();
    const id = accepted(box, "lamp", "toggle");
    lamp.drop();
    const again = box.device("lamp");
    again.send({ type: "hello", commands: [id] });
    box.advance(1_000);
    expect(again.all("command")).toEqual([]);
    succeed(again, id);
    expect(box.record(id)).toMatchObject({ status: "unknown", late: { at: box.now, ok: true } });
  });

  it("[C9, C10, C12] whatever order and however often a device tells it: the first result counts, and stays", () => {
    const { box, lamp } = open();
    const id = accepted(box, "lamp", "toggle");
    lamp.send({ type: "progress", id, percent: 50 });
    lamp.send({ type: "received", id });
    lamp.send({ type: "received", id });
    succeed(lamp, id);
    const record = box.record(id);
    expect(record.status).toBe("succeeded");
    box.advance(1_000);
    lamp.send({ type: "received", id });
    lamp.send({ type: "progress", id, percent: 60 });
    succeed(lamp, id);
    succeed(lamp, id, { value: { other: true } });
    expect(box.record(id)).toEqual(record);
    expect(lamp.all("stored")).toHaveLength(3);
    const second = accepted(box, "lamp", "toggle");
    succeed(lamp, second);
    lamp.send({ type: "received", id: second });
    expect(box.record(second)).toMatchObject({ status: "succeeded" });
  });

  it("[P3, C4, C7] a half-open link: suspect, then offline; a once is refused, and what was in it is unknown", () => {
    const { box, lamp, ann } = open();
    ann.ask({ type: "watch" });
    lamp.text("ping");
    const inside = accepted(box, "lamp", "toggle");
    box.advance(37_500);
    expect(box.view("lamp").presence).toBe("suspect");
    expect(box.record(inside).status).toBe("unknown");
    expect(send(box, "lamp", "toggle")).toMatchObject({ fault: { code: "offline" } });
    const set = accepted(box, "lamp", "set", SET);
    box.advance(12_500);
    expect([box.view("lamp").presence, lamp.closed?.code]).toEqual(["offline", 4003]);
    box.advance(10_000);
    expect(box.record(set).status).toBe("unknown");
  });

  it("[C3, C9] a clock that jumps forward sends nothing late: what waits expires, what is under way is unknown", () => {
    const { box, lamp } = open();
    const [first, second] = [accepted(box, "lamp", "toggle"), accepted(box, "lamp", "toggle")];
    names(lamp);
    box.now += 3_600_000;
    lamp.text("ping");
    box.advance(0);
    expect([first, second].map((id) => box.record(id).status)).toEqual(["unknown", "expired"]);
    expect(names(lamp)).toEqual([]);
  });
});
