/** Reported and desired state. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { expectProblem, isAround, patchDesired, section, type World } from "./world.ts";

const path = (id: string) => `/api/v1/devices/${id}/desired`;
const desired = async (w: World, id: string): Promise<Json> => (await w.admin.get(path(id))).body;

/** [D8] How a field stands that the device did not answer yet. */
const PENDING = { state: "pending" };

export const twin = section("twin", (it) => {
  it("[D1] reported is a merge-patch: null removes, full replaces", async (w) => {
    const device = await w.device("thermostat");
    const steps: [Json, Json][] = [
      [{ reported: { target: 20, mode: "heat" } }, { target: 20, mode: "heat" }],
      [{ reported: { target: 21 } }, { target: 21, mode: "heat" }],
      [{ reported: { mode: null } }, { target: 21 }],
      [{ reported: { mode: "cool" }, full: true }, { mode: "cool" }],
      [{ reported: {}, full: true }, {}],
    ];
    for (const [frame, expected] of steps) {
      device.send({ type: "state", ...frame });
      await device.none();
      expect((await w.show(device.id)).reported).toEqual(expected);
    }
  });

  const faults: Record<string, [Json, string]> = {
    "a value out of range": [{ mode: "cool", target: 31 }, "#/reported/target"],
    "an unknown field": [{ mode: "cool", colour: 1 }, "#/reported/colour"],
    "an unknown word": [{ target: 22, mode: "boil" }, "#/reported/mode"],
  };
  for (const [what, [reported, pointer]] of Object.entries(faults)) {
    it(`[D1] ${what} is invalid_state with a pointer, and nothing of the frame is stored`, async (w) => {
      const device = await w.device("thermostat");
      device.send({ type: "state", reported: { target: 20 } });
      device.send({ type: "state", reported });
      expect(await device.next()).toMatchObject({ type: "error", code: "invalid_state", of: "state", pointer });
      expect((await w.show(device.id)).reported).toEqual({ target: 20 });
    });
  }

  it("[D2, D8] a new device has version 0; each change makes a version", async (w) => {
    const { id } = await w.make("thermostat");
    const first = await w.admin.get(path(id));
    expect([first.status, first.headers.get("etag"), first.body]).toEqual([200, '"0"', {
      version: 0,
      state: {},
      applied: null,
      standing: {},
    }]);
    const second = await patchDesired(w.admin, id, { target: 21 });
    expect([second.status, second.headers.get("etag")], second.text).toEqual([200, '"1"']);
    expect(second.body).toEqual({ version: 1, state: { target: 21 }, applied: null, standing: { target: PENDING } });
    await patchDesired(w.admin, id, { mode: "heat" });
    const third = await patchDesired(w.admin, id, { target: null });
    expect(third.body).toEqual({ version: 3, state: { mode: "heat" }, applied: null, standing: { mode: PENDING } });
    expect(await desired(w, id)).toEqual(third.body);
    expect((await w.show(id)).desired).toEqual(third.body);
  });

  it("[D2] only fields that the kind allows can be desired, with values that it allows", async (w) => {
    const [lock, thermostat] = [await w.make("lock"), await w.make("thermostat")];
    const bolt = await patchDesired(w.admin, lock.id, { state: "unlocked" });
    expectProblem(bolt, 422, "invalid_state");
    expect(bolt.body.errors[0].pointer).toBe("#/state");
    for (const [field, value] of [["target", 31], ["target", "warm"], ["temperature", 20], ["__proto__x", 1]]) {
      const answer = await patchDesired(w.admin, thermostat.id, { [field]: value });
      expectProblem(answer, 422, "invalid_state");
      expect(answer.body.errors[0].pointer).toBe(`#/${field}`);
    }
    expect((await desired(w, thermostat.id)).version).toBe(0);
  });

  it("[D4] PUT replaces whole and needs If-Match: 428 without, 412 when the version moved on", async (w) => {
    const { id } = await w.make("thermostat");
    await patchDesired(w.admin, id, { target: 21, mode: "heat" });
    const missing = await w.admin.put(path(id), { state: { target: 22 } });
    expect([missing.status, missing.body.status], missing.text).toEqual([428, 428]);
    const moved = await w.admin.put(path(id), { state: { target: 22 } }, { "If-Match": '"0"' });
    expect([moved.status, moved.body.status], moved.text).toEqual([412, 412]);
    expect((await desired(w, id)).version).toBe(1);
    const right = await w.admin.put(path(id), { state: { target: 22 } }, { "If-Match": '"1"' });
    expect([right.status, right.headers.get("etag")], right.text).toEqual([200, '"2"']);
    expect(right.body).toEqual({ version: 2, state: { target: 22 }, applied: null, standing: { target: PENDING } });
  });

  it("[D4] PATCH may carry If-Match; of two with the same one the second gets 412", async (w) => {
    const { id } = await w.make("thermostat");
    const both = [20, 21].map((target) => patchDesired(w.admin, id, { target }, { "If-Match": '"0"' }));
    expect((await Promise.all(both)).map((answer) => answer.status).sort()).toEqual([200, 412]);
  });

  it("[D4] If-Match: * replaces any version", async (w) => {
    const { id } = await w.make("thermostat");
    await patchDesired(w.admin, id, { target: 20, mode: "heat" });
    const answer = await w.admin.put(path(id), { state: { target: 22 } }, { "If-Match": "*" });
    expect([answer.status, answer.headers.get("etag")], answer.text).toEqual([200, '"2"']);
    expect(answer.body).toEqual({ version: 2, state: { target: 22 }, applied: null, standing: { target: PENDING } });
  });

  it("[D4] a patch that takes away what the kind does not have is refused", async (w) => {
    const { id } = await w.make("thermostat");
    const answer = await patchDesired(w.admin, id, { colour: null });
    expectProblem(answer, 422, "invalid_state");
    expect(answer.body.errors).toEqual([{ pointer: "#/colour", detail: expect.stringMatching(/./) }]);
  });

  it("[D4] an odd body or If-Match is refused", async (w) => {
    const { id } = await w.make("thermostat");
    expectProblem(await w.admin.put(path(id), { state: {}, colour: 1 }, { "If-Match": '"0"' }), 400, "bad_request");
    expectProblem(await w.admin.put(path(id), {}, { "If-Match": '"0"' }), 400, "bad_request");
    const odd = await w.admin.put(path(id), { state: {} }, { "If-Match": "nonsense" });
    expect([400, 412], odd.text).toContain(odd.status);
    expectProblem(await w.admin.get(path(w.id())), 404, "not_found");
  });

  it("[D6] a change is sent whole to the device, and a welcome carries the document", async (w) => {
    const made = await w.make("thermostat");
    await patchDesired(w.admin, made.id, { target: 21 });
    const device = await w.connect(made);
    expect(device.welcome.desired).toEqual({ version: 1, state: { target: 21 } });
    await patchDesired(w.admin, made.id, { mode: "heat" });
    expect(await device.next()).toEqual({ type: "desired", version: 2, state: { target: 21, mode: "heat" } });
    device.send({ type: "hello", maxFrame: 65_536 });
    await device.none();
  });

  it("[D4, O7] desire on the socket does what the calls do", async (w) => {
    const device = await w.device("thermostat");
    const operator = await w.operator();
    operator.send({ type: "desire", id: "1", device: device.id, patch: { target: 21 } });
    const patched = await operator.next("reply");
    expect(patched).toMatchObject({ id: "1", ok: true, value: { version: 1, state: { target: 21 } } });
    expect(await device.next()).toMatchObject({ type: "desired", version: 1 });
    operator.send({ type: "desire", id: "2", device: device.id, state: { mode: "off" }, ifVersion: 1 });
    expect(await operator.next("reply")).toMatchObject({
      id: "2",
      ok: true,
      value: { version: 2, state: { mode: "off" } },
    });
    operator.send({ type: "desire", id: "3", device: device.id, state: { mode: "heat" }, ifVersion: 1 });
    expect(await operator.next("reply")).toMatchObject({ id: "3", ok: false, error: { code: "conflict" } });
    operator.send({ type: "desire", id: "4", device: device.id, state: { mode: "heat" } });
    expect(await operator.next("reply")).toMatchObject({ id: "4", ok: false });
    operator.send({ type: "desire", id: "5", device: device.id, state: {}, patch: {}, ifVersion: 2 });
    expect(await operator.next("reply")).toMatchObject({ id: "5", ok: false, error: { code: "bad_frame" } });
    operator.send({ type: "desire", id: "6", device: device.id, patch: { target: 99 } });
    const pointed = await operator.next("reply");
    expect(pointed).toMatchObject({ id: "6", ok: false, error: { code: "invalid_state", pointer: "#/patch/target" } });
    operator.send({ type: "desire", id: "7", device: w.id(), patch: { target: 20 } });
    expect(await operator.next("reply")).toMatchObject({ id: "7", ok: false, error: { code: "not_found" } });
    expect((await desired(w, device.id)).version).toBe(2);
  });

  it("[D3] applied says which version the device answers, and which fields it refused", async (w) => {
    const device = await w.device("thermostat");
    await patchDesired(w.admin, device.id, { target: 21 });
    device.send({ type: "state", reported: { target: 21 }, applied: { version: 1, ok: true } });
    await device.drain();
    const first = (await desired(w, device.id)).applied;
    expect(first).toMatchObject({ version: 1, ok: true });
    expect(isAround(first.at, Date.now())).toBe(true);
    await patchDesired(w.admin, device.id, { mode: "cool" });
    const errors = [{ field: "mode", code: "unsupported", message: "no cooling here" }];
    device.send({ type: "state", reported: {}, applied: { version: 2, ok: false, errors } });
    await device.drain();
    expect((await desired(w, device.id)).applied).toMatchObject({ version: 2, ok: false, errors });
  });

  it("[D3] an applied that is older than the last or newer than the document does not count", async (w) => {
    const device = await w.device("thermostat");
    for (const target of [20, 21, 22]) await patchDesired(w.admin, device.id, { target });
    for (const version of [2, 1, 4]) {
      device.send({ type: "state", reported: {}, applied: { version, ok: version === 2 } });
      await device.drain();
      expect((await desired(w, device.id)).applied).toMatchObject({ version: 2, ok: true });
    }
  });

  it("[D7] a command that confirms a desired field sets it there to what was reported", async (w) => {
    const device = await w.device("thermostat");
    await patchDesired(w.admin, device.id, { target: 18, mode: "heat" });
    const answer = w.command(device.id, "set_target", { target: 22 }, {}, { Prefer: "wait=10" });
    const { id } = await device.next("command");
    device.send({ type: "state", reported: { target: 21.5 } });
    device.send({ type: "result", id, ok: true });
    expect((await answer).body).toMatchObject({ status: "succeeded" });
    expect(await desired(w, device.id)).toMatchObject({ version: 2, state: { target: 21.5, mode: "heat" } });
    const sent = await device.next((frame) => frame.type === "desired" && frame.version === 2);
    expect(sent.state).toEqual({ target: 21.5, mode: "heat" });
  });

  it("[D7] a failed command and a field that is not desired change nothing", async (w) => {
    const device = await w.device("thermostat");
    await patchDesired(w.admin, device.id, { target: 18 });
    const outcomes: [string, Json, Json][] = [
      ["set_target", { target: 22 }, { ok: false, error: { code: "busy", message: "" } }],
      ["set_mode", { mode: "cool" }, { ok: true }],
    ];
    for (const [name, params, outcome] of outcomes) {
      const answer = w.command(device.id, name, params, {}, { Prefer: "wait=10" });
      const { id } = await device.next("command");
      device.send({ type: "state", reported: params });
      device.send({ type: "result", id, ...outcome });
      expect((await answer).status).toBe(200);
    }
    expect(await desired(w, device.id)).toMatchObject({ version: 1, state: { target: 18 } });
  });

  it("[D8] how each field stands: pending, in sync, refused with the device's reason, diverged", async (w) => {
    const device = await w.device("thermostat");
    await patchDesired(w.admin, device.id, { target: 21, mode: "heat" });
    await device.next("desired");
    const standing = async () => (await desired(w, device.id)).standing;
    expect(await standing()).toEqual({ target: PENDING, mode: PENDING });
    device.send({ type: "state", reported: { target: 21 } });
    await device.none();
    expect(await standing()).toEqual({ target: { state: "in_sync" }, mode: PENDING });
    const errors = [{ field: "mode", code: "busy", message: "It heats water." }];
    device.send({ type: "state", reported: { mode: "off" }, applied: { version: 1, ok: false, errors } });
    await device.none();
    expect(await standing()).toEqual({
      target: { state: "in_sync" },
      mode: { state: "refused", why: "It heats water." },
    });
    device.send({ type: "state", reported: { target: 18 }, applied: { version: 1, ok: true } });
    await device.none();
    expect(await standing()).toEqual({ target: { state: "diverged" }, mode: { state: "diverged" } });
    expect((await w.show(device.id)).desired.standing).toEqual(await standing());
  });
});
