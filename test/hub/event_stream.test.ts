/** An operator's stream: a watch of a query without a socket, with the events and the final commands of what it finds. */
import { describe, expect, it } from "vitest";
import { legible } from "../../src/hub/watching/legible.ts";
import { mergePatch } from "../../src/protocol/merge.ts";
import type { DeviceView } from "../../src/protocol/record.ts";
import { LIVES, type Peer, signalbox } from "./signalbox.ts";

const types = (peer: Peer) => peer.frames.splice(0).map(({ type }) => type);

describe.each(LIVES)("a stream, $life", ({ isForgetful }) => {
  it("[R8] begins with a snapshot of what the query finds, and goes on with changes", () => {
    const box = signalbox({ isForgetful });
    const [roof] = [box.device("roof", "env-sensor"), box.device("lamp")];
    const stream = box.stream({ q: "kind:env-sensor" });
    expect(stream.take("snapshot")).toMatchObject({
      watch: "stream",
      revision: 1,
      total: 1,
      counts: { online: 1 },
      devices: [{ id: "roof", name: "roof" }],
    });
    roof.send({ type: "telemetry", data: { temperature: 21.5 } });
    box.advance(250);
    const seen = JSON.stringify(stream.frames.splice(0));
    expect(seen).toContain(`"temperature":{"value":21.5`);
    expect(seen).not.toContain("lamp");
  });

  it("[R9] after the hub lost its memory a snapshot comes in the stream itself", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const stream = box.stream();
    stream.frames.length = 0;
    box.evict();
    expect(stream.take("snapshot")).toMatchObject({ total: 1 });
  });

  it("[R8] has events, blobs and final commands of what the query finds at that moment, and of nothing else", () => {
    const box = signalbox({ isForgetful });
    const [porch, gate] = [box.device("porch", "camera"), box.device("gate", "camera")];
    const lamp = box.device("lamp");
    const stream = box.stream({ q: "id:porch,lamp", include: ["events", "commands"] });
    for (const camera of [porch, gate]) camera.send({ type: "event", name: "motion", data: { level: 14 } });
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    box.ask("send_command", { device: "gate", name: "identify", params: {} });
    lamp.send({ type: "received", id });
    expect(stream.frames.splice(0)).toMatchObject([{ type: "event", device: "porch", name: "motion" }]);
    lamp.send({ type: "result", id, ok: true });
    expect(stream.frames.splice(0)).toMatchObject([{ type: "command", command: { id, status: "succeeded" } }]);
    const offline = box.call("send_command", { device: "nobody", name: "toggle", params: {} });
    expect(offline.ok).toBe(false);
    box.enroll("away", "relay");
    box.call("send_command", { device: "away", name: "toggle", params: {} });
    expect(stream.frames).toEqual([]);
  });

  it("[R8, C1, C11] a command that is rejected is final at once, and a late result is told as well", () => {
    const box = signalbox({ isForgetful });
    box.enroll("away", "relay");
    const stream = box.stream({ include: ["commands"] });
    box.call("send_command", { device: "away", name: "toggle", params: {} });
    expect(stream.frames.splice(0)).toMatchObject([{ command: { device: "away", status: "rejected" } }]);
    const lamp = box.device("lamp");
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    lamp.drop();
    expect(stream.frames.splice(0)).toMatchObject([{ command: { id, status: "unknown" } }]);
    box.device("lamp").send({ type: "result", id, ok: true });
    expect(stream.frames.splice(0)).toMatchObject([{ command: { id, status: "unknown", late: { ok: true } } }]);
  });

  it("[R8] without telemetry, state and presence nothing but events and commands comes", () => {
    const box = signalbox({ isForgetful });
    const lamp = box.device("lamp");
    const stream = box.stream({ q: "seen:<5m", include: ["events"] });
    lamp.send({ type: "telemetry", data: { power: 1 } });
    lamp.drop();
    box.evict();
    box.advance(600_000);
    expect(stream.frames).toEqual([]);
  });

  it("[R11, I5] a token that is revoked ends its streams at once, with its code", () => {
    const box = signalbox({ isForgetful });
    const { id, token } = box.ask("create_token", { name: "Ann", role: "viewer" });
    const [hers, others] = [box.stream({}, token), box.stream()];
    box.ask("delete_token", { token: id });
    expect([hers.closed?.code, others.closed]).toEqual([4501, null]);
  });

  it("[R11, I7] a session that is signed out or over ends its streams, though they never speak", () => {
    const box = signalbox({ isForgetful });
    const { token } = box.ask("create_token", { name: "Ann", role: "viewer" });
    const [left, over] = [1, 2].map(() => {
      const { session: { secret } } = box.ask("open_session", { token });
      const cookie = { sort: "cookie", secret } as const;
      return { cookie, stream: box.stream({ include: ["events"] }, cookie) };
    });
    box.call("close_session", {}, left.cookie);
    expect([left.stream.closed?.code, over.stream.closed]).toEqual([4500, null]);
    const month = 30 * 86_400_000;
    box.advance(month - 10_000);
    expect(over.stream.closed).toBeNull();
    box.advance(20_000);
    expect(over.stream.closed?.code).toBe(4005);
  });
});

describe("what a stream shows", () => {
  it("[R7, O2, O11] window, order, fields and rate are a watch's", () => {
    const box = signalbox();
    const relays = ["a", "b", "c"].map((id) => box.device(id));
    relays.forEach((relay, at) => relay.send({ type: "telemetry", data: { power: at, energy: at } }));
    const stream = box.stream({ sort: "-power", from: 1, limit: 1, fields: ["power", "presence"], rate: 1 });
    const b = { id: "b", presence: "online", telemetry: { power: { value: 1, at: box.now } } };
    expect(stream.take("snapshot")).toMatchObject({ total: 3, devices: [b] });
    for (let tenth = 0; tenth < 30; tenth++) {
      relays[1].send({ type: "telemetry", data: { power: 1 + tenth / 100 } });
      box.advance(100);
    }
    expect(stream.all("changes").map(({ revision }) => revision)).toEqual([2, 3, 4]);
  });

  it("[R7] where nothing is said the window is the first 500", () => {
    const box = signalbox();
    for (let at = 0; at < 510; at++) box.enroll(`d${at}`, "relay");
    const { total, devices } = box.stream().take("snapshot");
    expect([total, devices.length]).toEqual([510, 500]);
  });

  it("[R8] a field that changes comes whole, where a socket gets what is new of it", () => {
    const box = signalbox();
    const lamp = box.device("lamp");
    const [stream, ann] = [box.stream({ include: ["telemetry", "state"] }), box.operator()];
    ann.ask({ type: "watch", id: "w" });
    const told = (frame: Record<string, unknown>) => {
      lamp.send(frame);
      box.advance(1_000);
      return [stream, ann].map((peer) => peer.all("changes").at(-1).devices.lamp);
    };
    told({ type: "telemetry", data: { power: 4.5, energy: 1 }, at: box.now + 3_600_000 });
    const at = box.now;
    const [whole, patch] = told({ type: "telemetry", data: { power: 4.5 } });
    expect(whole).toEqual({ telemetry: { power: { value: 4.5, at, clock: null, off: null } } });
    expect(patch).toEqual({ seen: at, telemetry: { power: { at, clock: null, off: null } } });
    const [state] = told({ type: "state", reported: { on: true } });
    expect(state).toEqual({ reported: { on: true }, reportedAt: { on: at + 1_000 } });
    const [gone] = told({ type: "state", reported: { on: null } });
    expect(gone).toEqual({ reported: { on: null }, reportedAt: { on: null } });
  });

  it("[R8] include names the parts of a device that are shown", () => {
    const box = signalbox();
    box.device("lamp").send({ type: "state", reported: { on: true } });
    const parts = (include: ("telemetry" | "state" | "presence")[]) => {
      const [lamp] = box.stream({ include }).take("snapshot").devices;
      return ["telemetry", "reported", "desired", "presence", "seen"].filter((key) => key in lamp);
    };
    expect(parts(["telemetry"])).toEqual(["telemetry"]);
    expect(parts(["state"])).toEqual(["reported", "desired"]);
    expect(parts(["presence"])).toEqual(["presence", "seen"]);
    const [both] = box.stream({ include: ["state"], fields: ["on", "seen"] }).take("snapshot").devices;
    expect(both).toEqual({ id: "lamp", reported: { on: true }, reportedAt: { on: box.now } });
  });
});

describe("a legible change", () => {
  it("[R8] has all of a field that it touches, and leads to the same as the patch", () => {
    const value = (value: unknown, at: number, more = {}) => ({ value, at, ...more });
    const before = {
      telemetry: { place: value({ lat: 1, lon: 2, hdop: 3 }, 1, { clock: "wrong" }), power: value(1, 1) },
    };
    const after = { telemetry: { place: value({ lat: 1, lon: 5 }, 2), power: value(1, 1) } };
    const change = legible(before as Partial<DeviceView>, after as Partial<DeviceView>);
    expect(change).toEqual({
      telemetry: { place: { value: { lat: 1, lon: 5, hdop: null }, at: 2, clock: null } },
    });
    expect(mergePatch(before, change)).toEqual(after);
    expect(legible({ telemetry: {}, name: "x" }, { name: "y" })).toEqual({ telemetry: null, name: "y" });
    expect(legible({ name: "x" }, { name: "x" })).toBeUndefined();
  });
});

describe("whom a stream is for", () => {
  it("[R7, I3] who is no operator is refused, and nothing opens", () => {
    const box = signalbox();
    const token = box.enroll("lamp", "relay");
    const codes = [token, "op~nobody~none", { sort: "none" } as const].map((by) => {
      const { peer, outcome } = box.tryStream({}, by);
      return [outcome.ok || outcome.fault.code, box.peers.has(peer.id)];
    });
    expect(codes).toEqual([["forbidden", false], ["unauthenticated", false], ["unauthenticated", false]]);
    const [{ what, outcome, detail }] = box.ask("list_audit", {}).items;
    expect([what, outcome, detail?.call]).toEqual(["refused_call", "forbidden", "stream"]);
  });

  it("[R12] hears nothing of what its operator's sockets are told", () => {
    const box = signalbox();
    const [lamp, rover] = [box.device("lamp"), box.device("rover", "rover")];
    const { token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const stream = box.stream({ q: "nothing", include: ["events", "commands"] }, token);
    const ann = box.connect("operator", { sort: "token", token });
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} }, token);
    lamp.send({ type: "result", id, ok: true });
    ann.ask({ type: "lease", device: "rover", action: "take" });
    box.ask("lease", { device: "rover", action: "force", reason: "Mine." });
    box.ask("start_job", { query: "id:lamp", name: "set", params: { on: true }, rate: 10, stopAt: 0.5 }, token);
    box.advance(2_000);
    expect(new Set(types(ann))).toEqual(new Set(["command", "lease", "job"]));
    expect(stream.frames).toEqual([]);
    rover.drop();
  });

  it("[R12, G2] is no evidence: a lease that its operator holds lapses all the same", () => {
    const box = signalbox();
    box.device("rover", "rover");
    const { token } = box.ask("create_token", { name: "Ann", role: "operator" });
    box.ask("lease", { device: "rover", action: "take" }, token);
    const stream = box.stream({}, token);
    box.advance(16_000);
    expect(box.view("rover").lease).toBeNull();
    expect(stream.closed).toBeNull();
  });

  it("[R12] is counted as a connection of its own sort", () => {
    const box = signalbox();
    box.operator();
    const stream = box.stream();
    const count = () =>
      Object.fromEntries(
        box.ask("get_metrics", {}).find(({ name }) => name === "signalbox_connections")!.values
          .map(({ labels, value }) => [labels.sort, value]),
      );
    expect(count()).toEqual({ device: 0, operator: 1, stream: 1 });
    stream.drop();
    expect(count()).toEqual({ device: 0, operator: 1, stream: 0 });
  });
});

describe("a reader that is slow", () => {
  it("[R10, O8] is sent merged frames, then none, and is ended after half a minute, or with four MiB", () => {
    const box = signalbox();
    const lamp = box.device("lamp");
    const [slow, stuck] = [box.stream(), box.stream()];
    slow.backlog = 300 * 1024;
    for (const stream of [slow, stuck]) stream.frames.length = 0;
    for (let second = 0; second < 20; second++) {
      lamp.send({ type: "telemetry", data: { power: second } });
      box.advance(1_000);
    }
    expect([slow.frames.length, slow.closed]).toEqual([0, null]);
    expect(stuck.frames.length).toBeGreaterThan(15);
    box.advance(20_000);
    expect(slow.closed?.code).toBe(4002);
    stuck.backlog = 5 * 1024 * 1024;
    box.advance(10_000);
    expect(stuck.closed?.code).toBe(4002);
  });
});
