/** What devices and operators live through, told as what they have seen; `between` comes between any two steps. */
import { expect } from "vitest";
import { connect, type Frame, newDevice, newOperator, rest, until } from "./world.ts";

export type Between = () => Promise<void>;

/** Everything that a device and an operator go through in a day. */
export async function day(device: string, between: Between): Promise<Frame[]> {
  const seen: Frame[] = [];
  const note = (frame: Frame) => void seen.push(frame);
  const token = await newDevice(device, "thermostat");
  await between();
  const hall = await connect("device", token);
  await between();
  const ann = await connect("operator", await newOperator());
  await between();
  hall.send({ type: "hello", boot: "b1", firmware: "1.0.0", maxFrame: 4096 });
  await between();
  hall.send({ type: "telemetry", seq: 1, data: { temperature: 20.5 } });
  note(await hall.take("stored"));
  await between();
  hall.send({ type: "telemetry", data: { temperature: 21.5 } });
  await between();
  hall.send("ping");
  note(await hall.take("pong"));
  await between();
  ann.send({ type: "desire", id: "d", device, patch: { target: 19 } });
  note(await ann.take("reply"));
  note(await hall.take("desired"));
  await between();
  ann.send({ type: "command", id: "c", device, name: "set_target", params: { target: 22 }, ttl: 60 });
  const { value } = await ann.take("reply");
  note(await hall.take("command"));
  await between();
  hall.send({ type: "received", id: value.id });
  await between();
  hall.send({ type: "telemetry", data: { temperature: "warm" }, seq: 2 });
  note(await hall.take("error"));
  await between();
  hall.send({ type: "state", reported: { target: 22, mode: "heat" }, applied: { version: 1, ok: true } });
  await between();
  hall.send({ type: "result", id: value.id, ok: true });
  note(await hall.take("stored"));
  note(await hall.take("desired"));
  await between();
  ann.send({ type: "watch", id: "w", device });
  note((await ann.take("snapshot")).devices[0]);
  await between();
  note((await rest("GET", `/commands/${value.id}`)).body);
  note((await rest("GET", `/devices/${device}/telemetry?field=temperature&points=1`)).body.points);
  await between();
  hall.close();
  await until(async () => (await rest("GET", `/devices/${device}`)).body.presence, "offline");
  await between();
  note((await rest("GET", `/devices/${device}`)).body);
  ann.close();
  return seen;
}

/** A `once` from the door to a late contradiction; then one whose device falls silent in the middle. */
export async function flight(device: string, between: Between): Promise<Frame[]> {
  const seen: Frame[] = [];
  const gate = await connect("device", await newDevice(device, "relay"));
  const ann = await connect("operator", await newOperator());
  await between();
  const ask = async () => {
    ann.send({ type: "command", id: "c", device, name: "toggle", params: {} });
    const { value } = await ann.take("reply");
    await between();
    expect((await gate.take("command")).id).toBe(value.id);
    return value.id as string;
  };
  const first = await ask();
  const says: Frame[] = [
    { type: "received", id: first },
    { type: "progress", id: first, percent: 40, note: "half way" },
    { type: "result", id: first, ok: true },
    { type: "result", id: first, ok: true },
    { type: "result", id: first, ok: false, error: { code: "jammed", message: "after all" } },
  ];
  for (const frame of says) {
    gate.send(frame);
    if (frame.type === "result") seen.push(await gate.take("stored"));
    await between();
    seen.push((await rest("GET", `/commands/${first}`)).body);
  }
  const steps = (await ann.drain()).filter(({ type }) => type === "command");
  seen.push(steps.map(({ command }) => [command.status, command.progress?.percent]));

  const second = await ask();
  await between();
  gate.close();
  await until(async () => (await rest("GET", `/commands/${second}`)).body.status, "unknown");
  await between();
  seen.push((await rest("GET", `/commands/${second}`)).body);
  ann.close();
  return seen;
}

/** What a key was used for is in the store, not in memory. */
export async function repeats(device: string, between: Between): Promise<Frame[]> {
  const key = `key-${device}`;
  const make = () =>
    rest("POST", "/devices", { id: device, kind: "relay" }, undefined, { "Idempotency-Key": `${key}-d` });
  const made = await make();
  await between();
  const again = await make();
  expect(again.body.token).toBeUndefined();
  const relay = await connect("device", made.body.token);
  const ann = await connect("operator", await newOperator());
  await between();
  const toggle = { type: "command", device, name: "toggle", params: {}, key };
  ann.send({ ...toggle, id: "1" });
  const first = await ann.take("reply");
  await between();
  ann.send({ ...toggle, id: "2" });
  const second = await ann.take("reply");
  expect(second.value.id).toBe(first.value.id);
  await between();
  relay.send({ type: "result", id: first.value.id, ok: true });
  await relay.take("stored");
  await between();
  ann.send({ ...toggle, id: "3" });
  const third = await ann.take("reply");
  await between();
  ann.send({ ...toggle, id: "4", name: "identify" });
  const other = await ann.take("reply");
  const commands = (await relay.drain()).filter(({ type }) => type === "command");
  ann.close();
  relay.close();
  return [again.body, first, second, third, other, commands];
}

/** A program that keeps a list as the contract says it may: patches on a snapshot, without a gap [O3]. */
class List {
  readonly devices = new Map<string, Record<string, unknown>>();
  total = 0;
  counts: Record<string, number> = {};
  order: string[] = [];
  snapshots = 0;
  #revision = 0;

  take(frames: Frame[]): void {
    for (const frame of frames) {
      if (frame.type === "snapshot") this.#begin(frame);
      else if (frame.type === "changes") this.#change(frame);
    }
  }

  #begin({ revision, total, counts, devices }: Frame): void {
    this.snapshots++;
    this.#revision = revision;
    this.devices.clear();
    for (const device of devices) this.devices.set(device.id, device);
    Object.assign(this, { total, counts, order: devices.map(({ id }: Frame) => id) });
  }

  #change({ revision, devices, order, gone = [], total = this.total, counts = this.counts }: Frame): void {
    expect(revision).toBe(++this.#revision);
    for (const [id, patch] of Object.entries(devices)) this.devices.set(id, merged(this.devices.get(id), patch));
    for (const id of gone) this.devices.delete(id);
    Object.assign(this, { total, counts, order: order ?? this.order });
  }

  get shown() {
    return { total: this.total, counts: this.counts, devices: this.order.map((id) => this.devices.get(id)) };
  }
}

function merged(target: unknown, patch: unknown): Record<string, unknown> {
  const isDoc = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const result = { ...(isDoc(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch as Record<string, unknown>)) {
    if (value === null) delete result[key];
    else result[key] = isDoc(value) ? merged(result[key], value) : value;
  }
  return result;
}

/** A fleet that changes before an operator who watches it as a sorted list; what the list says in the end. */
export async function fleet(name: string, between: Between): Promise<Frame[]> {
  const ann = await connect("operator", await newOperator("viewer"));
  const list = new List();
  const fields = ["id", "name", "presence", "reported", "telemetry"];
  ann.send({ type: "watch", id: "w", query: `tag:${name}`, sort: "-name", window: [0, 3], rate: 20, fields });
  await ann.take("reply");
  await between();
  const tokens: string[] = [];
  for (const at of [1, 2, 3, 4, 5]) {
    const device = { id: `${name}-${at}`, kind: "relay", name: `Lamp ${at}`, tags: [name] };
    tokens.push((await rest("POST", "/devices", device)).body.token);
    await between();
  }
  const lamp = await connect("device", tokens[4]);
  await between();
  lamp.send({ type: "telemetry", data: { power: 12.5 } });
  await between();
  lamp.send({ type: "state", reported: { on: true } });
  await between();
  await rest("PATCH", `/devices/${name}-1`, { name: "Lamp 9" });
  await between();
  await rest("DELETE", `/devices/${name}-4`);
  await between();
  lamp.send({ type: "state", reported: { on: false } });
  await between();
  const online = await connect("device", tokens[0]);
  await between();
  lamp.close();

  const hoped = async () => {
    const { body } = await rest("GET", `/devices?q=tag:${name}&sort=-name`);
    const views = (body.items as Frame[]).toSorted((one, other) => one.name < other.name ? 1 : -1);
    return views.map((view) => Object.fromEntries(fields.map((field) => [field, view[field]])));
  };
  await until(async () => (await hoped()).map(({ presence }) => presence), ["online", "offline", "new", "new"]);
  await until(() => {
    // Something that has to be shown wakes who has forgotten that something has to be shown.
    online.send({ type: "telemetry", data: { power: 1 } });
    list.take(ann.frames.splice(0));
    return list.shown.devices.map((device) => device?.presence);
  }, ["online", "offline", "new"]);
  list.take(await ann.drain());
  const shown = list.shown;
  const truth = (await hoped()).slice(0, 3);
  // Its power is told at most 20 times a second.
  expect(shown.devices.slice(1)).toEqual(truth.slice(1));
  ann.close();
  online.close();
  return [shown.total, shown.counts, truth.slice(1)];
}

/** Who drives, who pressed the red button, and what was selected: none of it is in memory only. */
export async function steering(device: string, between: Between): Promise<Frame[]> {
  const seen: Frame[] = [];
  const token = await newDevice(device, "rover");
  const rover = await connect("device", token);
  rover.send({ type: "state", reported: { mode: "idle", moving: false, battery_low: false } });
  await between();
  const [ann, bob] = [await connect("operator", await newOperator()), await connect("operator", await newOperator())];
  await between();
  const ask = async (peer: typeof ann, frame: Frame) => {
    peer.send({ id: "1", device, ...frame });
    const { type: _, id: __, ...reply } = await peer.take("reply");
    seen.push(reply);
    await between();
    return reply;
  };
  const { value: { fence } } = await ask(ann, { type: "lease", action: "take" });
  await ask(bob, { type: "lease", action: "take" });
  // A ping that the runtime answers alone is evidence too.
  ann.send("ping");
  await ann.take("pong");
  await between();
  await ask(ann, { type: "lease", action: "take" });
  const { value: first } = await ask(ann, { type: "command", name: "dock", params: {}, fence, ttl: 60 });
  const { fence: shown } = await rover.take("command");
  seen.push(shown);
  await ask(ann, { type: "command", name: "undock", params: {}, fence, ttl: 60 });
  await ask(ann, { type: "command", name: "undock", params: {}, fence: fence + 1 });
  const { value: { select } } = await ask(ann, { type: "select", name: "dock", params: {} });
  await ask(bob, { type: "select", name: "dock", params: {} });

  const { value: latch } = await ask(bob, { type: "estop", action: "set", reason: "In the way" });
  const [stop, cancel] = [await rover.take("command"), await rover.take("cancel")];
  expect([stop.id, cancel.id]).toEqual([latch.command, first.id]);
  seen.push(await ann.take("lease"));
  await between();
  await ask(ann, { type: "command", name: "dock", params: {}, fence, select });
  await ask(ann, { type: "lease", action: "take" });
  rover.send({ type: "result", id: stop.id, ok: false, error: { code: "jammed", message: "It slides." } });
  await rover.take("stored");
  rover.close();
  await until(async () => (await rest("GET", `/devices/${device}`)).body.presence, "offline");
  await between();
  const again = await connect("device", token);
  const second = await again.take("command");
  expect(second.id).not.toBe(stop.id);
  again.send({ type: "hello" });
  expect((await again.take("cancel")).id).toBe(first.id);
  await between();
  again.send({ type: "result", id: second.id, ok: true });
  await again.take("stored");
  await between();
  seen.push((await rest("GET", `/devices/${device}`)).body.estop);
  await ask(ann, { type: "estop", action: "clear" });
  await ask(ann, { type: "command", name: "dock", params: {}, fence });
  await ask(bob, { type: "lease", action: "take" });
  await ask(ann, { type: "lease", action: "force", reason: "Mine" });
  seen.push(await bob.take("lease"));
  const commands = (await rest("GET", `/devices/${device}/commands`)).body.items as Frame[];
  seen.push(commands.map(({ name, status, error }) => [name, status, error?.code]));
  seen.push((await again.drain()).map(({ type, name }) => name ?? type));
  for (const peer of [ann, bob, again]) peer.close();
  return seen;
}
