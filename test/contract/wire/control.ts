/** Who may steer: leases, the emergency stop, select before operate, interlocks. */
import { expect } from "vitest";
import type { Answer, Frame, Json, Rest } from "../../support/client.ts";
import {
  type Device,
  expectProblem,
  isAround,
  type MadeOperator,
  type Operator,
  patchDesired,
  section,
  type World,
} from "./world.ts";

const LEASE_MS = 15_000;
const person = { id: expect.any(String), name: expect.any(String) };
const time = expect.any(Number);

interface Person extends MadeOperator {
  peer: Operator;
  rest: Rest;
}

async function people(w: World, count: number): Promise<Person[]> {
  return await Promise.all(Array.from({ length: count }, async () => {
    const made = await w.newOperator("operator");
    return { ...made, peer: await w.operator(made.token), rest: w.rest(made.token) };
  }));
}

/** A rover that stands outside its dock. */
async function rover(w: World, extra?: Json): Promise<Device> {
  const device = await w.device("rover", extra);
  device.send({ type: "state", reported: { mode: "idle", moving: false, battery_low: false } });
  await device.none();
  return device;
}

let asked = 0;
/** A request over the socket, and its reply. */
async function ask(peer: Operator, frame: Json): Promise<Frame> {
  const id = `q${++asked}`;
  peer.send({ id, ...frame });
  return await peer.next((reply) => reply.type === "reply" && reply.id === id);
}

const of = (device: Device, path: string) => `/api/v1/devices/${device.id}/${path}`;
const lease = (rest: Rest, device: Device, body: Json = {}): Promise<Answer> => rest.post(of(device, "lease"), body);
const send = (rest: Rest, device: Device, name: string, more: Json = {}): Promise<Answer> =>
  rest.post(of(device, "commands"), { name, ...more });

export const control = section("control", (it) => {
  it("[G1, G3, G4] a lease by REST: taken, renewed with its fence, released; its fence is in the command's frame", async (w) => {
    const device = await rover(w);
    const [ann, bob] = await people(w, 2);
    const taken = await lease(ann.rest, device);
    expect([taken.status, taken.body]).toEqual([200, {
      fence: 1,
      holder: { id: ann.id, name: ann.name },
      expiresAt: time,
    }]);
    expect(isAround(taken.body.expiresAt, Date.now() + LEASE_MS)).toBe(true);
    expect((await w.show(device.id)).lease).toEqual({ ...taken.body, since: time });
    expectProblem(await lease(bob.rest, device), 409, "conflict");
    expect((await lease(ann.rest, device, { action: "take" })).body.fence).toBe(1);
    const sent = await send(ann.rest, device, "dock", { fence: 1 });
    expect([sent.status, sent.body.fence]).toEqual([202, 1]);
    expect(await device.next("command")).toMatchObject({ name: "dock", fence: 1 });
    const released = await lease(ann.rest, device, { action: "release" });
    expect([released.status, released.body]).toEqual([200, { fence: 1, holder: null, expiresAt: null }]);
    expect((await w.show(device.id)).lease).toBeNull();
    expectProblem(await lease(ann.rest, device, { action: "release" }), 409, "lease_lost");
    expect((await lease(bob.rest, device)).body.fence).toBe(2);
  });

  it("[G3, G5] force needs a reason; who lost the lease hears so, and its fence counts no more", async (w) => {
    const device = await rover(w);
    const [ann, bob] = await people(w, 2);
    const taken = await ask(ann.peer, { type: "lease", device: device.id, action: "take" });
    expect(taken).toMatchObject({ ok: true, value: { fence: 1, holder: { id: ann.id } } });
    const bare = await lease(bob.rest, device, { action: "force" });
    expectProblem(bare, 400, "bad_request");
    expect(bare.body.errors).toMatchObject([{ pointer: "#/reason" }]);
    const forced = await lease(bob.rest, device, { action: "force", reason: "It blocks the door." });
    expect(forced.body).toMatchObject({ fence: 2, holder: { id: bob.id } });
    expect(await ann.peer.next("lease")).toEqual({
      type: "lease",
      device: device.id,
      ...forced.body,
      by: { id: bob.id, name: bob.name },
      reason: "It blocks the door.",
    });
    const lost = await send(ann.rest, device, "dock", { fence: 1 });
    expectProblem(lost, 409, "lease_lost");
    expect(await w.record(lost.body.command)).toMatchObject({ status: "rejected", error: { code: "lease_lost" } });
    const reply = await ask(ann.peer, { type: "command", device: device.id, name: "dock", params: {} });
    expect(reply.error).toMatchObject({ code: "lease_required", retryable: false, command: expect.any(String) });
    await device.none();
  });

  it("[G1, G4] refused: a kind without leases, a viewer, nobody's device, an unknown action, a wish without the lease", async (w) => {
    const [device, lamp] = [await rover(w), await w.device("relay")];
    const [ann] = await people(w, 1);
    const vera = w.rest((await w.newOperator("viewer")).token);
    expectProblem(await lease(ann.rest, lamp), 409, "conflict");
    expectProblem(await lease(vera, device), 403, "forbidden");
    expectProblem(await ann.rest.post("/api/v1/devices/nobody/lease", {}), 404, "not_found");
    expectProblem(await lease(ann.rest, device, { action: "steal" }), 400, "bad_request");
    expectProblem(await lease(ann.rest, device, { holder: "me" }), 400, "bad_request");
    expectProblem(await lease(w.rest(device.token), device), 403, "forbidden");
    expectProblem(await lease(w.rest(), device), 401, "unauthenticated");
  });

  it("[G2, G6] without evidence it lapses: its holder, a watch and the next who takes it see so", async (w) => {
    const device = await rover(w);
    const [ann, bob] = await people(w, 2);
    await ask(ann.peer, { type: "lease", device: device.id, action: "take" });
    await ask(bob.peer, { type: "watch", device: device.id });
    await bob.peer.next("snapshot");
    const lapsed = await ann.peer.next("lease", LEASE_MS + 10_000);
    expect(lapsed).toMatchObject({ device: device.id, fence: 1, holder: null, by: person, reason: "lapsed" });
    await bob.peer.next(
      ({ type, devices }) =>
        type === "changes" ? devices[device.id]?.lease === null : type === "snapshot" && devices[0].lease === null,
      15_000,
    );
    expect((await lease(bob.rest, device)).body.fence).toBe(2);
  }, { timeoutMs: 60_000 });

  it("[E1, E2, E3, E4, E6] an emergency stop from the press to the clear", async (w) => {
    const device = await rover(w);
    const [ann, bob] = await people(w, 2);
    const { body: { fence } } = await lease(ann.rest, device);
    const first = await send(ann.rest, device, "dock", { fence });
    const waiting = await send(ann.rest, device, "undock", { fence });
    expect((await device.next("command")).name).toBe("dock");
    const pressed = await bob.rest.post(of(device, "estop"), { reason: "Somebody is in the room." });
    expect([pressed.status, pressed.body]).toEqual([200, {
      at: time,
      by: { id: bob.id, name: bob.name },
      reason: "Somebody is in the room.",
      reach: "device",
      command: expect.any(String),
      confirmedAt: null,
    }]);
    const stop = await device.next();
    expect(stop).toMatchObject({ type: "command", id: pressed.body.command, name: "stop", params: {} });
    expect(stop).not.toHaveProperty("fence");
    expect(await device.next()).toEqual({ type: "cancel", id: first.body.id });
    expect(await w.record(waiting.body.id)).toMatchObject({ status: "cancelled", error: { code: "estop" } });
    const { estop, lease: held } = await w.show(device.id);
    expect([estop, held]).toEqual([pressed.body, null]);

    const refused = await send(ann.rest, device, "dock", { fence });
    expectProblem(refused, 409, "estop");
    expect(await w.record(refused.body.command)).toMatchObject({ status: "rejected", error: { code: "estop" } });
    expectProblem(await lease(ann.rest, device), 409, "estop");
    expectProblem(await patchDesired(ann.rest, device.id, { max_linear: 1 }), 409, "estop");
    expectProblem(await ann.rest.post(of(device, "select"), { name: "dock" }), 409, "estop");
    expectProblem(await ann.rest.delete(`/api/v1/commands/${stop.id}`), 409, "estop");
    ann.peer.send({
      type: "stream",
      device: device.id,
      name: "drive",
      data: { linear: 0, angular: 0 },
      n: 1,
      fence,
    });
    expect(await ann.peer.next("error")).toMatchObject({ code: "estop", of: "stream" });

    device.send({ type: "result", id: stop.id, ok: true });
    await device.next("stored");
    expect((await w.show(device.id)).estop).toMatchObject({ confirmedAt: time });
    const cleared = await ann.rest.call("DELETE", of(device, "estop"), { body: { reason: "The room is empty." } });
    expect([cleared.status, cleared.body]).toEqual([200, { ...pressed.body, confirmedAt: time }]);
    expectProblem(await ann.rest.delete(of(device, "estop")), 409, "conflict");
    expectProblem(await send(ann.rest, device, "dock", { fence }), 409, "lease_lost");
    expectProblem(await send(ann.rest, device, "dock"), 409, "lease_required");
    expect((await lease(ann.rest, device)).body.fence).toBe(fence + 1);
    await device.none("command");
    const { items } = (await w.admin.get("/api/v1/audit?limit=500")).body;
    const deeds = items.filter(({ what, target }: Json) => what === "estop" && target === device.id);
    expect(deeds.map(({ outcome }: Json) => outcome)).toEqual(["cleared", "confirmed", "latched"]);
  });

  it("[E2, D6] an offline device hears of it straight after a welcome without state, each time until it is confirmed", async (w) => {
    const made = await w.make("rover");
    const [ann] = await people(w, 1);
    expect((await patchDesired(ann.rest, made.id, { max_linear: 1 })).status).toBe(200);
    const path = `/api/v1/devices/${made.id}/estop`;
    expect((await ann.rest.post(path)).body).toMatchObject({ reason: "", command: null });
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      const device = await w.connect(made);
      expect(device.welcome.desired).toEqual({ version: 1 });
      const stop = await device.next();
      expect(stop).toMatchObject({ type: "command", name: "stop" });
      expect(stop.ttl).toBeGreaterThan(9);
      ids.push(stop.id);
      if (round === 2) {
        device.send({ type: "result", id: stop.id, ok: true });
        await device.next("stored");
      }
      await device.close();
    }
    expect(new Set(ids).size).toBe(3);
    const device = await w.connect(made);
    await device.none();
    expect((await ann.rest.delete(path)).status).toBe(200);
    expect(await device.next("desired")).toEqual({ type: "desired", version: 1, state: { max_linear: 1 } });
  });

  it("[E1, E6] of a query, by socket and by REST; one that finds nothing says so", async (w) => {
    const tag = w.id("hall");
    const [ann] = await people(w, 1);
    const devices = [await rover(w, { tags: [tag] }), await w.device("valve", { tags: [tag] })];
    const ids = devices.map(({ id }) => id).toSorted();
    const query = `tag:${tag}`;
    const set = await ask(ann.peer, { type: "estop", query, action: "set", reason: "Fire" });
    expect([set.ok, set.value.devices.toSorted(), set.value.total]).toEqual([true, ids, 2]);
    expect((await devices[0].next("command")).name).toBe("stop");
    expect((await w.show(devices[1].id)).estop).toMatchObject({ reach: "hub", command: null, reason: "Fire" });
    await devices[1].none("command");
    const again = await ann.rest.post("/api/v1/estop", { query, reason: "Fire" });
    expect([again.status, again.body.total]).toEqual([200, 2]);
    const cleared = await ann.rest.call("DELETE", "/api/v1/estop", { body: { query } });
    expect([cleared.status, cleared.body.devices.toSorted()]).toEqual([200, ids]);
    expectProblem(await ann.rest.post("/api/v1/estop", { query: `tag:${w.id()}` }), 404, "not_found");
    expectProblem(await ann.rest.post("/api/v1/estop", {}), 400, "bad_request");
    expectProblem(await ann.rest.call("DELETE", "/api/v1/estop", { body: { query: "" } }), 400, "bad_request");
    const viewer = w.rest((await w.newOperator("viewer")).token);
    expectProblem(await viewer.post("/api/v1/estop", { query }), 403, "forbidden");
  });

  it("[E10] of devices that are named, by socket and by REST, one of which is gone", async (w) => {
    const [ann] = await people(w, 1);
    const devices = [await rover(w), await w.device("valve")];
    const ids = devices.map(({ id }) => id);
    const set = await ask(ann.peer, { type: "estop", devices: [...ids, w.id("gone")], action: "set" });
    expect([set.ok, set.value]).toEqual([true, { devices: ids, total: 2 }]);
    expect((await devices[0].next("command")).name).toBe("stop");
    const cleared = await ann.rest.call("DELETE", "/api/v1/estop", { body: { devices: [ids[1]] } });
    expect([cleared.status, cleared.body]).toEqual([200, { devices: [ids[1]], total: 1 }]);
    expect((await ann.rest.post("/api/v1/estop", { devices: ids })).body.total).toBe(2);
    expectProblem(await ann.rest.post("/api/v1/estop", { devices: [w.id("gone")] }), 404, "not_found");
    expectProblem(await ann.rest.post("/api/v1/estop", { devices: ids, query: "id:*" }), 400, "bad_request");
  });

  it("[E1, F9] the red button has no rate", async (w) => {
    const device = await rover(w);
    const [ann] = await people(w, 1);
    for (let at = 0; at < 700; at++) ann.peer.send({ type: "unwatch", id: "none" });
    ann.peer.send({ type: "estop", id: "red", device: device.id, action: "set" });
    const reply = await ann.peer.next(({ type, id }) => type === "reply" && id === "red");
    expect(reply).toMatchObject({ ok: true, value: { by: { id: ann.id } } });
    expect((await device.next("command")).name).toBe("stop");
  });

  it("[C22, C23] select before operate: a preview, then the same params, once, by the same operator", async (w) => {
    const valve = await w.device("valve");
    valve.send({ type: "state", reported: { state: "closed", leak: false } });
    await valve.none();
    const [ann, bob] = await people(w, 2);
    const params = { seconds: 600 };
    const direct = await send(ann.rest, valve, "open", { params });
    expectProblem(direct, 409, "conflict");
    expect(direct.body.errors).toMatchObject([{ pointer: "#/select" }]);
    expect(direct.body.command).toBeUndefined();
    const selected = await ann.rest.post(of(valve, "select"), { name: "open", params });
    expect([selected.status, selected.body]).toEqual([201, {
      select: expect.stringMatching(/^.{20,64}$/),
      expiresAt: time,
      preview: {
        name: "open",
        title: "Open",
        params,
        effect: "once",
        danger: "confirm",
        ttl: expect.any(Number),
        presence: "online",
        confirms: { field: "state", is: "closed", at: time, becomes: "open" },
      },
    }]);
    expect(isAround(selected.body.expiresAt, Date.now() + 10_000)).toBe(true);
    const { select } = selected.body;
    expectProblem(await bob.rest.post(of(valve, "select"), { name: "open", params }), 409, "conflict");
    expectProblem(await send(bob.rest, valve, "open", { params, select }), 409, "conflict");
    expectProblem(await send(ann.rest, valve, "open", { params: { seconds: 601 }, select }), 409, "conflict");
    await valve.none();
    expect((await send(ann.rest, valve, "open", { params, select })).status).toBe(202);
    expect(await valve.next("command")).toMatchObject({ name: "open", params });
    expectProblem(await send(ann.rest, valve, "open", { params, select }), 409, "conflict");
    const again = await ask(bob.peer, { type: "select", device: valve.id, name: "open", params });
    expect(again).toMatchObject({ ok: true, value: { preview: { name: "open" } } });
    const operated = await ask(bob.peer, {
      type: "command",
      device: valve.id,
      name: "open",
      params,
      select: again.value.select,
    });
    expect(operated).toMatchObject({ ok: true, value: { status: "accepted" } });
  });

  it("[C20, C22] a repeat under the same key answers without the select, which nobody keeps", async (w) => {
    const valve = await w.device("valve");
    valve.send({ type: "state", reported: { state: "closed", leak: false } });
    await valve.none();
    const key = { "Idempotency-Key": w.id("key") };
    const post = () => w.admin.post(of(valve, "select"), { name: "open" }, key);
    const [first, second] = [await post(), await post()];
    expect([first.body.select, second.status, second.body.select, second.body.replayed]).toEqual([
      expect.any(String),
      201,
      undefined,
      true,
    ]);
  });

  it("[C22] refused like the command itself, without a record", async (w) => {
    const valve = await w.device("valve");
    const [ann] = await people(w, 1);
    const select = (body: Json, rest = ann.rest) => rest.post(of(valve, "select"), body);
    expectProblem(await select({ name: "fly" }), 422, "unknown_command");
    const bad = await select({ name: "open", params: { seconds: "long" } });
    expectProblem(bad, 422, "invalid_params");
    expect(bad.body.errors).toMatchObject([{ pointer: "#/params/seconds" }]);
    expectProblem(await select({ name: "open", ttl: 5 }), 400, "bad_request");
    expectProblem(await select({ name: "open" }, w.rest((await w.newOperator("viewer")).token)), 403, "forbidden");
    const unknown = await select({ name: "open" });
    expectProblem(unknown, 409, "interlock");
    expect(unknown.body.detail).toMatch(/leak/);
    await valve.close();
    await w.until(() => w.show(valve.id), ({ presence }) => presence === "offline");
    expectProblem(await select({ name: "open" }), 409, "offline");
    expect((await w.admin.get(of(valve, "commands"))).body.total).toBe(0);
  });

  it("[C24] an interlock is a refusal with its sentence and a record; stop and queries pass", async (w) => {
    const device = await rover(w);
    device.send({ type: "state", reported: { mode: "docked" } });
    await device.none();
    const [ann] = await people(w, 1);
    const { body: { fence } } = await lease(ann.rest, device);
    const refused = await send(ann.rest, device, "goto", { params: { x: 1, y: 1 }, fence });
    expectProblem(refused, 409, "interlock");
    expect([refused.body.detail, refused.body.retryable]).toEqual(["It stands in its dock. Undock it first.", true]);
    expect(await w.record(refused.body.command)).toMatchObject({ status: "rejected", error: { code: "interlock" } });
    expect((await send(ann.rest, device, "stop")).status).toBe(202);
    expect((await device.next("command")).name).toBe("stop");
    expect((await send(ann.rest, device, "identify", { fence })).status).toBe(202);
    expect((await device.next("command")).name).toBe("identify");
  });

  it("[C5, K8] a kind that works on two at once gets two at once, and a stop over them", async (w) => {
    const cover = await w.device("cover");
    cover.send({ type: "state", reported: { position: 50, moving: "stopped", obstruction: false } });
    await cover.none();
    const kind = (await w.admin.get("/api/v1/kinds/cover")).body;
    expect(kind.inFlight).toBe(2);
    for (let at = 0; at < 3; at++) expect((await send(w.admin, cover, "identify")).status).toBe(202);
    const [one, two] = [await cover.next("command"), await cover.next("command")];
    await cover.none("command");
    expect((await send(w.admin, cover, "stop")).status).toBe(202);
    expect((await cover.next("command")).name).toBe("stop");
    cover.send({ type: "result", id: two.id, ok: true });
    expect((await cover.next("command")).name).toBe("identify");
    cover.send({ type: "result", id: one.id, ok: true });
    await cover.none("command");
  });
});
