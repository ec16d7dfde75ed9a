import { describe, expect, it } from "vitest";
import { deeds, kinds, lease, names, type Person, person, take } from "./crane.ts";
import { type Frame, LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const TEN_SECONDS = 10_000;
const PARAMS = { pin: "4711" };

/** A press that waits with its plate up, and two who may open it. */
function room(isForgetful = false) {
  const box = signalbox({ kinds, isForgetful });
  const device = box.device("press", "press");
  device.send({ type: "state", reported: { plate: "up" } });
  return { box, device, ann: person(box, "Ann"), bob: person(box, "Bob") };
}

const select = ({ peer }: Person, more: Frame = {}): Frame => {
  const { ok, value, error } = peer.ask({ type: "select", device: "press", name: "open", params: PARAMS, ...more });
  return ok ? value : error;
};

/** The status of the record, or code and pointer of the fault. */
const operate = ({ peer }: Person, select: string | undefined, more: Frame = {}): string => {
  const asked = { type: "command", device: "press", name: "open", params: PARAMS, select, ...more };
  const { ok, value, error } = peer.ask(asked);
  return ok ? value.status : [error.code, error.pointer].filter(Boolean).join(" ");
};

const stored = (box: Signalbox): string =>
  JSON.stringify(
    (["selection", "command", "pending", "audit", "replay", "device"] as const).map((table) => box.store.list(table)),
  );

describe.each(LIVES)("select before operate, $life", ({ isForgetful }) => {
  const open = () => room(isForgetful);

  it("[C22, C23] a command in two steps: what it would do is shown, then it goes as it was shown", () => {
    const { box, device, ann } = open();
    const selected = select(ann);
    expect(selected).toEqual({
      select: expect.stringMatching(/^[a-z0-9]{20,64}$/),
      expiresAt: box.now + TEN_SECONDS,
      preview: {
        name: "open",
        title: "Open",
        params: {},
        effect: "once",
        danger: "none",
        ttl: 10,
        presence: "online",
      },
    });
    expect(device.all("command")).toEqual([]);
    expect(operate(ann, selected.select)).toBe("accepted");
    expect(device.take("command")).toMatchObject({ name: "open", params: PARAMS });
    expect(deeds(box, "select")).toEqual([["Ann", "done"]]);
  });

  it("[C23] the preview says what it confirms, and what that field is now", () => {
    const { box, device, ann } = open();
    const ask = () => select(ann, { name: "set_pressure", params: { to: 3 } }).preview;
    expect(ask().confirms).toEqual({ field: "pressure", is: null, at: null, becomes: 3 });
    device.send({ type: "state", reported: { pressure: 7 } });
    expect(ask().confirms).toEqual({ field: "pressure", is: 7, at: box.now, becomes: 3 });
  });

  it("[C22, case 44] without a select, with an unknown one, another's, too late, of other params, or once more: conflict", () => {
    const { box, device, ann, bob } = open();
    const refused = "conflict #/select";
    expect([operate(ann, undefined), operate(ann, "made-up"), operate(ann, "")]).toEqual([refused, refused, refused]);
    const first = select(ann).select;
    expect([
      operate(bob, first),
      operate(ann, first, { params: { pin: "4712" } }),
      operate(ann, first, { params: {} }),
      operate(ann, `${first}x`),
      operate(ann, first, { name: "punch", params: {} }),
    ]).toEqual([refused, refused, refused, refused, refused]);
    box.advance(TEN_SECONDS);
    expect(operate(ann, first)).toBe(refused);
    const second = select(ann).select;
    box.advance(TEN_SECONDS - 1);
    expect([operate(ann, second), operate(ann, second)]).toEqual(["accepted", refused]);
    expect(names(device)).toEqual(["open"]);
    // A refusal of this sort leaves no record.
    expect(box.ask("list_commands", { device: "press" }).total).toBe(1);
  });

  it("[C22] what was refused does not spend it", () => {
    const { ann, bob } = open();
    const { select: id } = select(ann);
    operate(bob, id);
    operate(ann, id, { params: {} });
    operate(ann, id, { params: { pin: 4711 } });
    expect(operate(ann, id)).toBe("accepted");
  });

  it("[C22] the device's standing does: what was shown is not so any more", () => {
    const { box, device, ann } = open();
    const { select: id } = select(ann);
    device.drop();
    expect(operate(ann, id)).toBe("offline");
    const again = box.device("press");
    again.send({ type: "state", reported: { plate: "up" } });
    expect([operate(ann, id), names(again)]).toEqual(["conflict #/select", []]);
  });

  it("[C22] any other command may be selected too, and is bound by it then", () => {
    const { box, device, ann } = open();
    const { select: id } = select(ann, { name: "set_pressure", params: { to: 3 } });
    expect(operate(ann, id, { name: "set_pressure", params: { to: 4 } })).toBe("conflict #/select");
    expect(operate(ann, id, { name: "set_pressure", params: { to: 3 } })).toBe("accepted");
    expect(operate(ann, undefined, { name: "set_pressure", params: { to: 4 } })).toBe("accepted");
    expect([names(device), box.store.count("selection")]).toEqual([["set_pressure", "set_pressure"], 0]);
  });

  it("[C23] it reserves that command of that device: another operator's is a conflict until it is used or over", () => {
    const { box, ann, bob } = open();
    const other = box.device("press-2", "press");
    other.send({ type: "state", reported: { plate: "up" } });
    const { select: id } = select(ann);
    expect(select(bob)).toMatchObject({ code: "conflict" });
    expect(select(bob, { device: "press-2" })).toHaveProperty("select");
    expect(select(bob, { name: "punch", params: {} })).toHaveProperty("select");
    operate(ann, id);
    expect(select(bob)).toHaveProperty("select");
    expect(select(ann).code).toBe("conflict");
    box.advance(TEN_SECONDS);
    expect(select(ann)).toHaveProperty("select");
  });

  it("[C23] the same operator's takes its place, whichever connection asks", () => {
    const { box, ann } = open();
    const second = { ...ann, peer: box.connect("operator", { sort: "token", token: ann.token }) };
    const [one, two] = [select(ann).select, select(second).select];
    expect([operate(ann, one), operate(ann, two)]).toEqual(["conflict #/select", "accepted"]);
  });

  it("[C22] it outlives a crash of the hub, and what it was spent for too", () => {
    const { box, device, ann } = open();
    const { select: id } = select(ann);
    device.drop();
    box.crash();
    box.device("press").send({ type: "state", reported: { plate: "up" } });
    const again = { ...ann, peer: box.connect("operator", { sort: "token", token: ann.token }) };
    expect(operate(again, id)).toBe("accepted");
    box.crash();
    box.device("press").send({ type: "state", reported: { plate: "up" } });
    const third = { ...ann, peer: box.connect("operator", { sort: "token", token: ann.token }) };
    expect(operate(third, id)).toBe("conflict #/select");
  });

  it("[C22] select passes every check of the command itself", () => {
    const { box, device, ann, bob } = open();
    const vera = person(box, "Vera", "viewer");
    const codes = [
      select(vera),
      select(ann, { device: "nothing" }),
      select(ann, { name: "fly" }),
      select(ann, { params: { pin: 4711 } }),
      select(ann, { params: { colour: "red" } }),
    ].map(({ code, pointer }) => [code, pointer]);
    expect(codes).toEqual([
      ["forbidden", undefined],
      ["not_found", undefined],
      ["unknown_command", "#/name"],
      ["invalid_params", "#/params/pin"],
      ["invalid_params", "#/params/colour"],
    ]);
    device.send({ type: "state", reported: { plate: "down" } });
    expect(select(bob)).toMatchObject({ code: "interlock", message: "The plate is down." });
    device.drop();
    expect(select(bob)).toMatchObject({ code: "offline", retryable: true });
    expect([box.store.count("selection"), box.ask("list_commands", { device: "press" }).total]).toEqual([0, 0]);
  });

  it("[C22, C5] also a full queue", () => {
    const { box, ann } = open();
    for (let at = 0; at < 53; at++) box.ask("send_command", { device: "press", name: "punch", params: {} });
    expect(select(ann)).toMatchObject({ code: "queue_full", retryable: true });
  });

  it("[C24, case 45] an interlock that comes between select and operate refuses, with a record", () => {
    const { box, device, ann } = open();
    const { select: id } = select(ann);
    device.send({ type: "state", reported: { plate: "down" } });
    expect(operate(ann, id)).toBe("interlock");
    expect(box.ask("list_commands", { device: "press" }).items).toMatchObject([{
      status: "rejected",
      error: { code: "interlock" },
    }]);
  });

  it("[C22, I5, case 26] a role that was lowered between select and operate, and a token that was revoked", () => {
    const { box, device, ann, bob } = open();
    const { select: id } = select(ann);
    const row = box.store.get("operator_token", ann.id)!;
    box.store.commit([{ put: "operator_token", row: { ...row, role: "viewer" } }], "full");
    expect(operate(ann, id)).toBe("forbidden");
    box.store.commit([{ put: "operator_token", row }], "full");
    box.ask("delete_token", { token: ann.id });
    expect(ann.peer.closed?.code).toBe(4501);
    const asked = { device: "press", name: "open", params: PARAMS, select: id };
    expect(box.call("send_command", asked, ann.token)).toMatchObject({ fault: { code: "unauthenticated" } });
    expect(box.call("send_command", asked, bob.token)).toMatchObject({ fault: { code: "conflict" } });
    expect(device.all("command")).toEqual([]);
  });

  it("[C22, G4] under a lease that passed on between select and operate", () => {
    const { box, ann, bob } = open();
    const crane: Peer = box.device("crane", "crane");
    crane.send({ type: "state", reported: { guard: "closed" } });
    const fence = take(ann);
    const dump = { device: "crane", name: "dump", params: { to: "ship" } };
    const { select: id } = select(ann, dump);
    expect(operate(ann, id, { ...dump, fence: fence - 1 })).toBe("lease_lost");
    const { select: second } = select(ann, dump);
    lease(bob, "force", { reason: "mine" });
    expect(operate(ann, second, { ...dump, fence })).toBe("lease_lost");
    expect(names(crane)).toEqual([]);
  });

  it("[C19, C22] nothing that is stored, shown or logged is the secret param, or tells it to whoever tries them all", () => {
    const { box, ann } = open();
    ann.peer.ask({ type: "watch", device: "press", include: ["commands", "frames"] });
    const { select: id, ...shown } = select(ann);
    const texts = () => `${stored(box)} ${JSON.stringify([shown, box.logs, ann.peer.frames])}`;
    expect(texts()).not.toContain("4711");
    expect(texts()).not.toContain(id);
    expect(operate(ann, id)).toBe("accepted");
    expect(texts()).not.toContain("4711");
    expect(texts()).not.toContain(id);
  });

  it("[C20, C22] nor is it kept with an idempotency key: what a repeat answers is without it", () => {
    const { box, ann } = open();
    const ask = () => box.call("select", { device: "press", name: "open", params: PARAMS }, ann.token, "once");
    const first = ask();
    if (!first.ok) throw new Error(first.fault.message);
    expect(stored(box)).not.toContain(first.value.select);
    expect(ask()).toMatchObject({ ok: true, value: { expiresAt: first.value.expiresAt, replayed: true } });
    expect(ask()).not.toHaveProperty("value.select");
    expect(operate(ann, first.value.select)).toBe("accepted");
  });

  it("[C22] what is over is forgotten", () => {
    const { box, ann } = open();
    select(ann);
    expect(box.store.count("selection")).toBe(1);
    box.advance(2 * 3_600_000);
    expect(box.store.count("selection")).toBe(0);
  });

  it("[C22, J2] a job and a wish are no way around it", () => {
    const { box, device } = open();
    expect(box.call("start_job", { query: "kind:press", name: "open", params: {}, rate: 1, stopAt: 1 })).toMatchObject({
      fault: { code: "conflict", pointer: "#/name" },
    });
    expect(device.all("command")).toEqual([]);
  });
});
