/** Watches: the window of a list, one device, and what a slow reader is spared. */
import { expect } from "vitest";
import type { Frame, Json } from "../../support/client.ts";
import { type Device, type Operator, pause, section, type World } from "./world.ts";

const PRESENCES = ["new", "offline", "online", "sleeping", "suspect"];

/** Devices that nobody else's query finds, in the order of their ids. */
async function fleet(w: World, count: number, kind = "env-sensor") {
  const tag = w.id("fleet");
  const made = [];
  for (let at = 0; at < count; at++) made.push(await w.make(kind, { id: `${tag}-${at}`, tags: [tag] }));
  return { tag, made, query: `tag:${tag}` };
}

async function watch(socket: Operator, frame: Json): Promise<Frame> {
  socket.send({ type: "watch", ...frame });
  const reply = await socket.next((got) => got.type === "reply" && got.id === frame.id);
  expect(reply, JSON.stringify(reply)).toMatchObject({ ok: true });
  return await socket.next((got) => got.type === "snapshot" && got.watch === frame.id);
}

/** The next changes in which `of` holds; every revision on the way grew by one. */
async function changes(socket: Operator, id: string, of: (frame: Frame) => boolean): Promise<Frame> {
  for (;;) {
    const frame = await socket.next((got) => got.type === "changes" && got.watch === id);
    const revisions = socket.frames.filter((got) => got.watch === id && got.type === "changes").map((got) =>
      got.revision
    );
    revisions.slice(1).forEach((revision, at) => expect(revision).toBe(revisions[at] + 1));
    if (of(frame)) return frame;
  }
}
const measure = (device: Device, temperature: number) => device.send({ type: "telemetry", data: { temperature } });

export const watches = section("watch", (it) => {
  it("[O1, O3] a list: reply, then a snapshot in window order with total and counts", async (w) => {
    const { query, made } = await fleet(w, 3);
    await w.connect(made[1]);
    const socket = await w.operator();
    const snapshot = await watch(socket, { id: "w1", query });
    expect(socket.frames.slice(1, 3).map((frame) => frame.type)).toEqual(["reply", "snapshot"]);
    expect(snapshot).toMatchObject({ watch: "w1", revision: expect.any(Number), total: 3 });
    expect(Object.keys(snapshot.counts).sort()).toEqual(PRESENCES);
    expect(snapshot.counts).toMatchObject({ new: 2, online: 1, offline: 0 });
    expect(snapshot.devices.map((device: Json) => device.id)).toEqual(made.map((device) => device.id));
    expect(snapshot.devices[1]).toEqual(await w.show(made[1].id));
  });

  it("[O3] changes are merge-patches of what moved, and revision grows by one", async (w) => {
    const { query, made } = await fleet(w, 2);
    const device = await w.connect(made[0]);
    const socket = await w.operator();
    const { revision } = await watch(socket, { id: "w1", query });
    measure(device, 21);
    const first = await changes(socket, "w1", (frame) => frame.devices[device.id]?.telemetry !== undefined);
    expect(first.devices[device.id].telemetry.temperature.value).toBe(21);
    expect(Object.keys(first.devices)).toEqual([device.id]);
    expect(first.devices[device.id].kind).toBeUndefined();
    expect(socket.frames.find((frame) => frame.type === "changes")?.revision).toBe(revision + 1);
    await w.admin.patch(`/api/v1/devices/${made[1].id}`, { name: "Renamed" });
    const second = await changes(socket, "w1", (frame) => made[1].id in frame.devices);
    expect(second.devices[made[1].id]).toEqual({ name: "Renamed" });
  });

  it("[P5] a watch is told within 10 s who comes and goes", async (w) => {
    const { query, made } = await fleet(w, 1);
    const socket = await w.operator();
    await watch(socket, { id: "w1", query });
    const device = await w.connect(made[0]);
    const came = await changes(socket, "w1", (frame) => frame.devices[device.id]?.presence === "online");
    expect(came.counts).toMatchObject({ new: 0, online: 1 });
    device.terminate();
    const went = await changes(socket, "w1", (frame) => frame.devices[device.id]?.presence === "offline");
    expect(went.devices[device.id].reason).toMatch(/./);
    expect(went.counts).toMatchObject({ online: 0, offline: 1 });
  });

  it("[O3] a device that enters comes whole, one that leaves is gone", async (w) => {
    const { query, tag, made } = await fleet(w, 1);
    const socket = await w.operator();
    await watch(socket, { id: "w1", query });
    const id = `${tag}-9`;
    await w.make("env-sensor", { id, tags: [tag] });
    const entered = await changes(socket, "w1", (frame) => id in frame.devices);
    expect(entered).toMatchObject({ total: 2, order: [made[0].id, id] });
    expect(entered.devices[id]).toEqual(await w.show(id));
    await w.admin.patch(`/api/v1/devices/${id}`, { tags: [] });
    const left = await changes(socket, "w1", (frame) => frame.gone !== undefined);
    expect(left).toMatchObject({ gone: [id], total: 1 });
    await w.admin.delete(`/api/v1/devices/${made[0].id}`);
    const deleted = await changes(socket, "w1", (frame) => frame.gone !== undefined);
    expect(deleted).toMatchObject({ gone: [made[0].id], total: 0 });
  });

  it("[O12] a field's value brings a device in, and takes it out", async (w) => {
    const { query, made } = await fleet(w, 1);
    const device = await w.connect(made[0]);
    const socket = await w.operator();
    expect((await watch(socket, { id: "w1", query: `${query} temperature>25` })).total).toBe(0);
    measure(device, 25);
    measure(device, 25.5);
    const entered = await changes(socket, "w1", (frame) => device.id in frame.devices);
    expect(entered).toMatchObject({ total: 1, order: [device.id] });
    expect(entered.devices[device.id].telemetry.temperature.value).toBe(25.5);
    measure(device, 24);
    const left = await changes(socket, "w1", (frame) => frame.gone !== undefined);
    expect(left).toMatchObject({ gone: [device.id], total: 0 });
  });

  it("[O13] an emergency stop brings a device in, and its clearing takes it out", async (w) => {
    const { query, made: [{ id }] } = await fleet(w, 1);
    const socket = await w.operator();
    expect((await watch(socket, { id: "w1", query: `${query} is:stopped` })).total).toBe(0);
    await w.admin.post(`/api/v1/devices/${id}/estop`, { reason: "a test" });
    expect(await changes(socket, "w1", (frame) => id in frame.devices)).toMatchObject({ total: 1, order: [id] });
    await w.admin.delete(`/api/v1/devices/${id}/estop`);
    expect(await changes(socket, "w1", (frame) => frame.gone !== undefined)).toMatchObject({ gone: [id], total: 0 });
  });

  it("[O2] a window shows a part; who is pushed out is gone, the total stays", async (w) => {
    const { query, tag, made } = await fleet(w, 4);
    const socket = await w.operator();
    const ids = (frame: Frame) => frame.devices.map((device: Json) => device.id);
    const first = await watch(socket, { id: "w1", query, window: [0, 2] });
    expect([first.total, ids(first)]).toEqual([4, [made[0].id, made[1].id]]);
    const second = await watch(socket, { id: "w2", query, window: [2, 10], sort: "-id" });
    expect([second.total, ids(second)]).toEqual([4, [made[1].id, made[0].id]]);
    await w.make("env-sensor", { id: `${tag}-0a`, tags: [tag] });
    const pushed = await changes(socket, "w1", (frame) => frame.gone !== undefined);
    expect(pushed).toMatchObject({ gone: [made[1].id], order: [made[0].id, `${tag}-0a`], total: 5 });
  });

  it("[O11] sorted by a field, its changes move the order; devices without it are last", async (w) => {
    const { query, made } = await fleet(w, 3);
    const [one, two] = [await w.connect(made[0]), await w.connect(made[1])];
    measure(one, 10);
    measure(two, 20);
    await Promise.all([one.drain(), two.drain()]);
    const socket = await w.operator();
    const snapshot = await watch(socket, { id: "w1", query, sort: "-temperature" });
    expect(snapshot.devices.map((device: Json) => device.id)).toEqual([two.id, one.id, made[2].id]);
    measure(one, 30);
    const moved = await changes(socket, "w1", (frame) => frame.order !== undefined);
    expect(moved.order).toEqual([one.id, two.id, made[2].id]);
  });

  it("[O3] fields choose what is shown and what is told", async (w) => {
    const { query, made } = await fleet(w, 1);
    const device = await w.connect(made[0]);
    const socket = await w.operator();
    const snapshot = await watch(socket, { id: "w1", query, fields: ["name", "tags"] });
    expect(Object.keys(snapshot.devices[0]).sort()).toEqual(["id", "name", "tags"]);
    measure(device, 21);
    await device.drain();
    await w.admin.patch(`/api/v1/devices/${device.id}`, { name: "Renamed" });
    const frame = await socket.next("changes");
    expect(frame.devices).toEqual({ [device.id]: { name: "Renamed" } });
  });

  it("[O3] at most rate frames a second, each merging all", async (w) => {
    const { query, made } = await fleet(w, 2);
    const devices = [await w.connect(made[0]), await w.connect(made[1])];
    const socket = await w.operator();
    await watch(socket, { id: "w1", query, rate: 1 });
    for (let at = 1; at <= 25; at++) {
      for (const device of devices) measure(device, at);
      await pause(100);
    }
    const last = (frame: Frame) => frame.devices[made[1].id]?.telemetry?.temperature?.value === 25;
    await changes(socket, "w1", last);
    const arrived = socket.frames.filter((frame) => frame.type === "changes").map((frame) => frame.arrived);
    expect(arrived.length).toBeGreaterThanOrEqual(2);
    arrived.slice(1).forEach((at, index) => expect(at - arrived[index]).toBeGreaterThan(800));
  }, { timeoutMs: 30_000 });

  it("[O2] unwatch ends it; a watch with an id in use replaces it", async (w) => {
    const [a, b] = [await fleet(w, 1), await fleet(w, 1)];
    const socket = await w.operator();
    await watch(socket, { id: "w1", query: a.query });
    const replaced = await watch(socket, { id: "w1", query: b.query });
    expect(replaced.devices.map((device: Json) => device.id)).toEqual([b.made[0].id]);
    await w.admin.patch(`/api/v1/devices/${a.made[0].id}`, { name: "Not watched" });
    await w.admin.patch(`/api/v1/devices/${b.made[0].id}`, { name: "Watched" });
    const frame = await socket.next("changes");
    expect(Object.keys(frame.devices)).toEqual([b.made[0].id]);
    socket.send({ type: "unwatch", id: "w1" });
    expect(await socket.next("reply")).toMatchObject({ id: "w1", ok: true });
    await w.admin.patch(`/api/v1/devices/${b.made[0].id}`, { name: "Not watched" });
    await pause(600);
    await socket.none();
  });

  it("[O5] one device: the same frames, by default telemetry, state and presence", async (w) => {
    const device = await w.device("thermostat");
    const socket = await w.operator((await w.newOperator("viewer")).token);
    const snapshot = await watch(socket, { id: "d", device: device.id });
    expect(snapshot).toMatchObject({ total: 1, counts: { online: 1 }, devices: [{ id: device.id }] });
    device.send({ type: "telemetry", data: { temperature: 19 } });
    await changes(socket, "d", (frame) => frame.devices[device.id]?.telemetry?.temperature?.value === 19);
    device.send({ type: "state", reported: { mode: "heat" } });
    await changes(socket, "d", (frame) => frame.devices[device.id]?.reported?.mode === "heat");
    await w.command(device.id, "identify");
    await device.next("command");
    await socket.none((frame) => frame.type === "command" || frame.type === "frame");
  });

  it("[O5] include adds the device's commands and frames", async (w) => {
    const device = await w.device("relay");
    const socket = await w.operator((await w.newOperator("viewer")).token);
    await watch(socket, { id: "d", device: device.id, include: ["commands", "frames"] });
    const { body } = await w.command(device.id, "toggle");
    await device.next("command");
    const text = JSON.stringify({ type: "result", id: body.id, ok: true });
    device.send(text);
    const update = await socket.next((frame) => frame.type === "command" && frame.command.status === "succeeded");
    expect(update.command).toMatchObject({ id: body.id, device: device.id });
    const out = await socket.next((frame) => frame.type === "frame" && frame.direction === "out");
    expect(out).toEqual({
      type: "frame",
      watch: "d",
      device: device.id,
      direction: "out",
      at: expect.any(Number),
      text: expect.any(String),
    });
    expect(JSON.parse(out.text)).toMatchObject({ type: "command", id: body.id });
    const came = await socket.next((frame) => frame.type === "frame" && frame.direction === "in");
    expect(JSON.parse(came.text)).toEqual(JSON.parse(text));
  });

  it("[O5] a watched device that does not exist is not_found, one that is deleted is gone", async (w) => {
    const socket = await w.operator();
    socket.send({ type: "watch", id: "d", device: w.id() });
    expect(await socket.next("reply")).toMatchObject({ id: "d", ok: false, error: { code: "not_found" } });
    const { id } = await w.make("relay");
    await watch(socket, { id: "e", device: id });
    await w.admin.delete(`/api/v1/devices/${id}`);
    expect((await changes(socket, "e", (frame) => frame.gone !== undefined)).gone).toEqual([id]);
  });

  it("[O14] a list's include brings the events and commands of what its query finds, and of nothing else", async (w) => {
    const { query, made } = await fleet(w, 2, "camera");
    const [camera, stranger] = [await w.connect(made[0]), await w.device("camera")];
    const socket = await w.operator();
    const { devices } = await watch(socket, { id: "w1", query, fields: ["name"], include: ["events", "commands"] });
    expect(devices).toEqual(made.map(({ id }) => ({ id, name: id })));
    for (const level of [1, 2]) {
      for (const peer of [stranger, camera]) peer.send({ type: "event", name: "motion", data: { level } });
      expect(await socket.next("event")).toMatchObject({ device: camera.id, name: "motion", data: { level } });
    }
    await w.command(stranger.id, "identify");
    const { body } = await w.command(camera.id, "identify");
    await camera.next("command");
    camera.send({ type: "result", id: body.id, ok: true });
    for (const status of ["accepted", "sent", "succeeded"]) {
      expect((await socket.next("command")).command).toMatchObject({ id: body.id, status });
    }
    expect(socket.frames.filter(({ type }) => type === "event" || type === "command")).toHaveLength(5);
  });

  it("[O16] two who look at a device know of each other, whoever comes and goes", async (w) => {
    const { id } = await w.make("relay");
    const [ann, bob] = [await w.newOperator("operator"), await w.newOperator("viewer")];
    const looking = async (token: string) => {
      const socket = await w.operator(token);
      await watch(socket, { id: "d", device: id, include: ["presence", "people"] });
      return socket;
    };
    const people = (...all: [{ id: string }, number][]) => (frame: Frame) =>
      frame.type === "people" && frame.watch === "d" && frame.device === id && frame.people.length === all.length &&
      all.every(([who, windows]) =>
        frame.people.some((one: Json) => one.id === who.id && one.windows === windows && typeof one.name === "string")
      );
    const first = await looking(ann.token);
    await first.next(people([ann, 1]));
    const viewer = await looking(bob.token);
    await viewer.next(people([ann, 1], [bob, 1]));
    await first.next(people([ann, 1], [bob, 1]));
    const second = await looking(ann.token);
    await viewer.next(people([ann, 2], [bob, 1]));
    second.close();
    await viewer.next(people([ann, 1], [bob, 1]));
    viewer.send({ type: "unwatch", id: "d" });
    await first.next(people([ann, 1]));
  });

  it("[O6] who sends seen never has more than 8 unseen frames, and then gets the newest", async (w) => {
    const { query, made } = await fleet(w, 1);
    const device = await w.connect(made[0]);
    const socket = await w.operator();
    const { revision } = await watch(socket, { id: "w1", query, rate: 20 });
    socket.send({ type: "seen", watch: "w1", revision });
    const unseen = () => socket.frames.filter((frame) => frame.type === "changes");
    // Until the hub holds back, and as much again: how many samples share a frame is the machine's affair.
    let at = 0;
    for (let held = 0; held < 12 && at < 200; held = unseen().length < 8 ? 0 : held + 1) {
      measure(device, ++at);
      await pause(60);
    }
    await device.drain();
    await socket.drain();
    expect(unseen()).toHaveLength(8);
    socket.send({ type: "seen", watch: "w1", revision: unseen()[7].revision });
    const next = await socket.next((frame) => frame.type === "changes" || frame.type === "snapshot");
    const shown = next.type === "changes" ? next.devices[device.id] : next.devices[0];
    expect(shown.telemetry.temperature.value).toBe(at);
  });

  it("[O2] at most 32 watches a connection; replacing is not one more", async (w) => {
    const { query } = await fleet(w, 1);
    const socket = await w.operator();
    for (let at = 0; at < 32; at++) await watch(socket, { id: `w${at}`, query });
    socket.send({ type: "watch", id: "one-more", query });
    expect(await socket.next("reply")).toMatchObject({
      id: "one-more",
      ok: false,
      error: { code: expect.any(String) },
    });
    await watch(socket, { id: "w0", query });
    socket.send({ type: "unwatch", id: "w1" });
    await socket.next("reply");
    await watch(socket, { id: "one-more", query });
  });

  it("[O2, O10] a bad query, window, rate or include is refused", async (w) => {
    const socket = await w.operator();
    const ask = async (more: Json) => {
      socket.send({ type: "watch", id: "w", ...more });
      return (await socket.next("reply")).error;
    };
    const query = await ask({ query: "colour:red" });
    expect(query.code).toBe("bad_request");
    expect(query.message).toContain("colour");
    for (const odd of [{ window: [0, 501] }, { window: [-1, 5] }, { window: [0] }, { rate: 21 }, { rate: 0 }]) {
      expect((await ask(odd)).code, JSON.stringify(odd)).toBe("bad_frame");
    }
    expect((await ask({ device: w.id(), include: ["secrets"] })).code).toBe("bad_frame");
    await socket.none();
  });
});
