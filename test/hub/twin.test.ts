import { describe, expect, it } from "vitest";
import { LIVES, signalbox } from "./signalbox.ts";

describe.each(LIVES)("desired and reported, $life", ({ isForgetful }) => {
  const hall = () => {
    const box = signalbox({ isForgetful });
    return { box, device: box.device("hall", "thermostat") };
  };

  it("[D1] reported is a merge-patch; full replaces; a refused one stores nothing", () => {
    const { box, device } = hall();
    device.send({ type: "state", reported: { target: 21, mode: "heat" } });
    device.send({ type: "state", reported: { mode: null } });
    expect(box.view("hall").reported).toEqual({ target: 21 });
    device.send({ type: "state", reported: { mode: "auto" }, full: true });
    expect(box.view("hall").reported).toEqual({ mode: "auto" });
    device.send({ type: "state", reported: { mode: "off", target: 99 } });
    expect(device.take("error")).toMatchObject({ code: "invalid_state", of: "state", pointer: "#/reported/target" });
    expect(box.view("hall").reported).toEqual({ mode: "auto" });
  });

  it("[D2, D4] versions grow by one; whole replacement needs the version, a patch may omit it", () => {
    const { box, device } = hall();
    expect(box.ask("get_desired", { device: "hall" })).toEqual({ version: 0, state: {}, applied: null, standing: {} });
    expect(box.call("desire", { device: "hall", state: { target: 20 } })).toMatchObject({
      ok: false,
      fault: { status: 428 },
    });
    expect(box.ask("desire", { device: "hall", state: { target: 20 }, ifVersion: 0 }).version).toBe(1);
    expect(device.take("desired")).toEqual({ type: "desired", version: 1, state: { target: 20 } });
    expect(box.ask("desire", { device: "hall", patch: { mode: "heat" } })).toMatchObject({
      version: 2,
      state: { target: 20, mode: "heat" },
    });
    expect(box.call("desire", { device: "hall", patch: { mode: "off" }, ifVersion: 1 })).toMatchObject({
      ok: false,
      fault: { code: "conflict", status: 412 },
    });
    expect(box.ask("desire", { device: "hall", state: { mode: "off" }, ifVersion: 2 }).state).toEqual({ mode: "off" });
  });

  it("[D2] only what may be desired, and only values of the kind", () => {
    const { box } = hall();
    box.device("door", "lock");
    const desire = (device: string, patch: Record<string, unknown>) => box.call("desire", { device, patch });
    expect(desire("hall", { target: 99 })).toMatchObject({
      ok: false,
      fault: { code: "invalid_state", pointer: "#/patch/target" },
    });
    expect(desire("hall", { colour: 1 })).toMatchObject({
      ok: false,
      fault: { code: "invalid_state", pointer: "#/patch/colour" },
    });
    expect(desire("hall", { colour: null })).toMatchObject({ ok: false, fault: { pointer: "#/patch/colour" } });
    expect(box.view("hall").desired.version).toBe(0);
    expect(desire("door", { state: "unlocked" })).toMatchObject({ ok: false, fault: { code: "invalid_state" } });
  });

  it("[D3] an answer counts unless it is older than the last or newer than the present version", () => {
    const { box, device } = hall();
    const answer = (version: number) => device.send({ type: "state", reported: {}, applied: { version, ok: true } });
    box.ask("desire", { device: "hall", patch: { target: 20 } });
    box.ask("desire", { device: "hall", patch: { target: 21 } });
    answer(3);
    expect(box.view("hall").desired.applied).toBeNull();
    answer(2);
    answer(1);
    expect(box.view("hall").desired.applied).toEqual({ version: 2, ok: true, at: box.now });
    device.send({
      type: "state",
      reported: {},
      applied: { version: 2, ok: false, errors: [{ field: "target", code: "out_of_range", message: "too hot" }] },
    });
    expect(box.view("hall").desired.applied).toMatchObject({
      ok: false,
      errors: [{ field: "target", code: "out_of_range" }],
    });
  });

  it("[D1] every reported field has the time at which it was told", () => {
    const { box, device } = hall();
    const first = box.now;
    device.send({ type: "state", reported: { target: 20, mode: "heat" } });
    box.advance(1_000);
    device.send({ type: "state", reported: { target: 21 } });
    expect(box.view("hall").reportedAt).toEqual({ target: first + 1_000, mode: first });
    device.send({ type: "state", reported: { mode: null } });
    expect(box.view("hall").reportedAt).toEqual({ target: first + 1_000 });
  });

  it("[D6] the welcome carries what is desired", () => {
    const { box } = hall();
    box.ask("desire", { device: "hall", patch: { target: 20 } });
    const { peer } = box.tryConnect("device", { sort: "token", token: box.tokens.get("hall")! });
    expect(peer.take("welcome")).toMatchObject({
      type: "welcome",
      protocol: 1,
      device: "hall",
      heartbeat: 30,
      desired: { version: 1, state: { target: 20 } },
    });
    peer.send({ type: "hello", maxFrame: 4096 });
    expect(peer.all("desired")).toEqual([]);
  });

  it("[D7] a command that succeeds moves what is desired along, in one step", () => {
    const { box, device } = hall();
    box.ask("desire", { device: "hall", patch: { target: 20 } });
    device.take("desired");
    const { id } = box.ask("send_command", { device: "hall", name: "set_target", params: { target: 23 } });
    box.advance(10);
    device.send({ type: "state", reported: { target: 22.5 } });
    device.send({ type: "result", id, ok: true });
    expect(box.view("hall").desired).toMatchObject({ version: 2, state: { target: 22.5 } });
    expect(device.take("desired")).toMatchObject({ version: 2 });
    const mode = box.ask("send_command", { device: "hall", name: "set_mode", params: { mode: "heat" } });
    device.send({ type: "result", id: mode.id, ok: true });
    expect(box.view("hall").desired.version).toBe(2);
  });

  it("[D7] a report from before the command does not pull the desired state back", () => {
    const { box, device } = hall();
    device.send({ type: "state", reported: { target: 18 } });
    box.ask("desire", { device: "hall", patch: { target: 18 } });
    box.advance(1_000);
    const { id } = box.ask("send_command", { device: "hall", name: "set_target", params: { target: 23 } });
    device.send({ type: "result", id, ok: true });
    expect(box.view("hall").desired.state).toEqual({ target: 23 });
  });
});
