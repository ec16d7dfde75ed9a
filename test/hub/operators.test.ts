import { describe, expect, it } from "vitest";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

/** What a client that applies every frame would hold. */
function applied(peer: Peer): { ids: string[]; frames: number } {
  let ids: string[] = [];
  let frames = 0;
  for (const frame of peer.frames) {
    if (frame.type === "snapshot") ids = frame.devices.map(({ id }: { id: string }) => id);
    if (frame.type === "changes" && frame.order) ids = frame.order;
    if (frame.type === "changes" || frame.type === "snapshot") frames++;
  }
  return { ids, frames };
}

const fleet = (box: Signalbox, count: number) =>
  Array.from({ length: count }, (_, index) => `d${String(index).padStart(2, "0")}`).map((
    id,
  ) => (box.enroll(id, "relay"), id));

describe.each(LIVES)("operators' requests, $life", ({ isForgetful }) => {
  it("[O1, O7] every request gets one reply, before anything that follows from it", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const ann = box.operator();
    ann.send({ type: "command", id: "r1", device: "lamp", name: "set", params: { on: true } });
    expect(ann.frames.map(({ type }) => type)).toEqual(["reply", "command"]);
    expect(ann.frames[0]).toMatchObject({ id: "r1", ok: true, value: { status: "accepted" } });
    expect(ann.frames[1].command.status).toBe("sent");
    ann.frames.length = 0;
    ann.send({ type: "command", id: "r2", device: "lamp", name: "toggle" });
    const { value } = ann.take("reply");
    ann.send({ type: "cancel", id: "r3", command: value.id });
    expect(ann.frames.map(({ type }) => type)).toEqual(["reply", "command"]);
    relay.take("command");
  });

  it("[O7] every step goes to all sockets of that operator and to who watches the device", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const { token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const sockets = [1, 2].map(() => box.connect("operator", { sort: "token", token }));
    const watcher = box.operator("viewer");
    watcher.ask({ type: "watch", device: "lamp", include: ["commands"] });
    const stranger = box.operator();
    const { value } = sockets[0].ask({ type: "command", device: "lamp", name: "toggle" });
    relay.send({ type: "result", id: value.id, ok: true });
    const steps = [...sockets, watcher, stranger].map((peer) =>
      peer.all("command").map(({ command }) => command.status)
    );
    expect(steps).toEqual([
      ["sent", "succeeded"],
      ["accepted", "sent", "succeeded"],
      ["accepted", "sent", "succeeded"],
      [],
    ]);
  });

  it("[O1, F5] a refusal has code, retryable and pointer; unknown keys are refused", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const ann = box.operator();
    expect(ann.ask({ type: "command", device: "lamp", name: "set", params: { on: 1 } }).error).toEqual({
      code: "invalid_params",
      message: expect.any(String),
      retryable: false,
      pointer: "#/params/on",
    });
    expect(ann.ask({ type: "command", device: "lamp", name: "set", colour: 1 }).error).toMatchObject({
      code: "bad_frame",
      pointer: "#/colour",
    });
    expect(ann.ask({ type: "repair", device: "lamp" }).error).toMatchObject({ code: "unknown_type" });
    ann.send({ type: "command" });
    expect(ann.take("error")).toMatchObject({ code: "bad_frame", of: "command" });
  });

  it("[I5] what a revoked operator asked for is not sent any more; what others asked for is, and so is a stop", () => {
    const box = signalbox({ isForgetful });
    const blind = box.device("blind", "cover");
    blind.send({ type: "state", reported: { moving: "stopped", tilt: 50 } });
    const { id: token, token: secret } = box.ask("create_token", { name: "Bob", role: "operator" });
    const send = (name: string, by?: string) => box.ask("send_command", { device: "blind", name, params: {} }, by).id;
    const [first, second] = [send("identify"), send("identify")];
    const [his, others, stop, next] = [send("reboot", secret), send("reboot"), send("stop"), send("stop", secret)];
    box.ask("delete_token", { token });
    expect(box.record(his)).toMatchObject({ status: "cancelled", error: { code: "cancelled" } });
    expect(box.record(his).sentAt).toBeUndefined();
    for (const id of [first, second, stop]) blind.send({ type: "result", id, ok: true });
    expect(box.record(others).status).toBe("sent");
    expect(box.record(next).status).toBe("sent");
  });

  it("[I5] a viewer reads only; a deleted token closes its sockets", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const { id, token } = box.ask("create_token", { name: "V", role: "viewer" });
    const viewer = box.connect("operator", { sort: "token", token });
    expect(viewer.ask({ type: "command", device: "lamp", name: "toggle" }).error.code).toBe("forbidden");
    expect(viewer.ask({ type: "desire", device: "lamp", patch: { on: true } }).error.code).toBe("forbidden");
    expect(viewer.ask({ type: "watch", device: "lamp" }).ok).toBe(true);
    box.ask("delete_token", { token: id });
    expect(viewer.closed?.code).toBe(4501);
    expect(box.call("me", {}, token)).toMatchObject({ ok: false, fault: { code: "unauthenticated" } });
  });

  it("[O4] a memory that was lost begins every watch with a new snapshot", () => {
    const box = signalbox({ isForgetful });
    fleet(box, 2);
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w" });
    ann.frames.length = 0;
    box.evict();
    expect(ann.take("snapshot")).toMatchObject({ watch: "w", total: 2 });
  });
});

describe("watches", () => {
  it("[O3] a snapshot in window order, then merged patches at the rate", () => {
    const box = signalbox();
    const relays = fleet(box, 5).map((id) => box.device(id));
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w", window: [0, 3] });
    const snapshot = ann.take("snapshot");
    expect(snapshot).toMatchObject({ watch: "w", revision: 1, total: 5, counts: { online: 5, offline: 0 } });
    expect(snapshot.devices.map(({ id }: { id: string }) => id)).toEqual(["d00", "d01", "d02"]);
    for (let tenth = 0; tenth < 50; tenth++) {
      relays.forEach((relay) => relay.send({ type: "telemetry", data: { power: tenth } }));
      box.advance(100);
    }
    const changes = ann.all("changes");
    expect(changes.length).toBeGreaterThan(15);
    expect(changes.length).toBeLessThanOrEqual(20);
    expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_, index) => index + 2));
    expect(changes[3].devices).toEqual({
      d00: { seen: expect.any(Number), telemetry: { power: { value: expect.any(Number), at: expect.any(Number) } } },
      d01: expect.anything(),
      d02: expect.anything(),
    });
  });

  it("[O3] who enters comes whole, who leaves is named, order and counts follow", () => {
    const box = signalbox();
    const [a, b, c] = fleet(box, 3).map((id) => box.device(id));
    a.send({ type: "telemetry", data: { power: 1 } });
    b.send({ type: "telemetry", data: { power: 2 } });
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w", query: "status:online", sort: "-power", window: [0, 2] });
    expect(ann.take("snapshot").devices.map(({ id }: { id: string }) => id)).toEqual(["d01", "d00"]);
    c.send({ type: "telemetry", data: { power: 3 } });
    box.advance(250);
    expect(ann.take("changes")).toMatchObject({
      order: ["d02", "d01"],
      gone: ["d00"],
      devices: { d02: { id: "d02", kind: "relay" } },
    });
    b.drop();
    box.advance(250);
    expect(ann.take("changes")).toMatchObject({
      order: ["d02", "d00"],
      gone: ["d01"],
      total: 2,
      counts: { online: 2 },
    });
    box.ask("delete_device", { device: "d02" });
    box.advance(250);
    expect(ann.take("changes")).toMatchObject({ order: ["d00"], gone: ["d02"], total: 1 });
  });

  it("[O2] fields, replacing, unwatching, and what is wrong with a watch", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    relay.send({ type: "telemetry", data: { power: 1, energy: 2 } });
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w", fields: ["power", "presence"] });
    expect(ann.take("snapshot").devices).toEqual([{
      id: "lamp",
      presence: "online",
      telemetry: { power: { value: 1, at: box.now } },
    }]);
    ann.ask({ type: "watch", id: "w", query: "nothing" });
    expect(ann.take("snapshot")).toMatchObject({ total: 0, devices: [] });
    expect(ann.ask({ type: "watch", id: "x", query: "colour:red" }).error).toMatchObject({
      code: "bad_request",
      message: expect.stringContaining("colour:red"),
      pointer: "#/query",
    });
    expect(ann.ask({ type: "watch", id: "x", device: "nobody" }).error.code).toBe("not_found");
    expect(ann.ask({ type: "unwatch", id: "w" }).ok).toBe(true);
    expect(ann.ask({ type: "unwatch", id: "w" }).error.code).toBe("not_found");
    relay.send({ type: "telemetry", data: { power: 5 } });
    box.advance(1_000);
    expect(ann.frames).toEqual([]);
    for (let count = 0; count < 32; count++) ann.ask({ type: "watch", id: `w${count}` });
    expect(ann.ask({ type: "watch", id: "more" }).error.code).toBe("too_large");
  });

  it("[O5] one device, by what is included", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w", device: "lamp", include: ["telemetry", "frames"] });
    const [shown] = ann.take("snapshot").devices;
    expect(shown).toMatchObject({ id: "lamp", telemetry: {} });
    expect(shown).not.toHaveProperty("presence");
    expect(shown).not.toHaveProperty("reported");
    relay.send({ type: "telemetry", data: { power: 4 } });
    relay.send({ type: "telemetry", data: { power: "x" } });
    expect(ann.all("frame").map(({ direction, text }) => [direction, JSON.parse(text).type])).toEqual([
      ["in", "telemetry"],
      ["in", "telemetry"],
      ["out", "error"],
    ]);
    box.advance(250);
    expect(ann.take("changes").devices).toEqual({ lamp: { telemetry: { power: { value: 4, at: box.now - 250 } } } });
  });

  it("[O6] who confirms never has more than eight unseen frames", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w" });
    ann.send({ type: "seen", watch: "w", revision: 1 });
    for (let second = 0; second < 20; second++) {
      relay.send({ type: "telemetry", data: { power: second } });
      box.advance(1_000);
    }
    expect(ann.all("changes")).toHaveLength(8);
    ann.send({ type: "seen", watch: "w", revision: 9 });
    box.advance(1_000);
    expect(ann.take("changes").devices.lamp.telemetry.power.value).toBe(19);
  });

  it("[O6, O4] that holds for a watch that begins again, too", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w" });
    ann.send({ type: "seen", watch: "w", revision: 1 });
    ann.frames.length = 0;
    box.evict();
    for (let second = 0; second < 20; second++) {
      relay.send({ type: "telemetry", data: { power: second } });
      box.advance(1_000);
    }
    expect(ann.frames.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("[O3] the order follows presence and sign of life; null takes a field away", () => {
    const box = signalbox();
    const [a, b] = fleet(box, 3).map((id) => box.device(id));
    const ann = box.operator();
    ann.ask({ type: "watch", id: "p", sort: "presence" });
    ann.ask({ type: "watch", id: "s", sort: "-seen", window: [0, 1] });
    const changesOf = (watch: string) => ann.all("changes").filter((frame) => frame.watch === watch).at(-1);
    a.drop();
    box.advance(250);
    expect(changesOf("p")).toMatchObject({
      order: ["d01", "d02", "d00"],
      counts: { online: 2, offline: 1 },
      devices: { d00: { presence: "offline", reason: "connection_lost" } },
    });
    b.send({ type: "telemetry", data: { power: 1 } });
    box.advance(250);
    expect(changesOf("s")).toMatchObject({ order: ["d01"], gone: ["d00"], devices: { d01: { id: "d01" } } });
    box.device("d00");
    box.advance(250);
    expect(changesOf("p")).toMatchObject({
      order: ["d00", "d01", "d02"],
      counts: { online: 3, offline: 0 },
      devices: { d00: { presence: "online", reason: null } },
    });
  });

  it("[O8] who asks and never reads is closed too", () => {
    const box = signalbox();
    const ann = box.operator();
    ann.backlog = 5 * 1024 * 1024;
    ann.send({ type: "watch", id: "w" });
    expect([ann.closed?.code, ann.frames]).toEqual([4002, []]);
    const bob = box.operator();
    bob.backlog = 1024 * 1024;
    for (let second = 0; second < 32; second++) {
      bob.send({ type: "unwatch", id: "none" });
      box.advance(1_000);
    }
    expect(bob.closed?.code).toBe(4002);
  });

  it("[O8] where the runtime does not tell what waits, who pinged and fell silent gets nothing, and is closed", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    const watch = () => {
      const peer = box.operator();
      peer.backlog = null;
      peer.ask({ type: "watch", id: "w" });
      peer.frames.length = 0;
      return peer;
    };
    const [ann, bob, listener] = [watch(), watch(), watch()];
    ann.pingedAt = bob.pingedAt = box.now;
    const live = (seconds: number, pings: boolean) => {
      for (let second = 0; second < seconds; second++) {
        if (pings && second % 60 === 0) bob.pingedAt = box.now;
        relay.send({ type: "telemetry", data: { power: second } });
        box.advance(1_000);
      }
    };
    live(100, true);
    expect([ann, bob, listener].map(({ frames }) => frames.length)).toEqual([expect.closeTo(90, -1), 100, 100]);
    ann.pingedAt = box.now;
    box.advance(1_000);
    expect(ann.frames.at(-1).devices.lamp.telemetry.power.value).toBe(99);
    live(119, true);
    expect(ann.closed).toBeNull();
    live(3, false);
    expect([ann.closed?.code, bob.closed, listener.closed]).toEqual([4002, null, null]);
  });

  it("[O8] a slow reader gets merged frames; one that never reads is closed", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w" });
    ann.frames.length = 0;
    ann.backlog = 1_000_000;
    for (let second = 0; second < 20; second++) {
      relay.send({ type: "telemetry", data: { power: second } });
      box.advance(1_000);
    }
    expect(ann.frames).toEqual([]);
    ann.backlog = 0;
    box.advance(1_000);
    expect(applied(ann).frames).toBe(1);
    ann.backlog = 1_000_000;
    for (let second = 0; second < 32; second++) {
      relay.send({ type: "telemetry", data: { power: second } });
      box.advance(1_000);
    }
    expect(ann.closed?.code).toBe(4002);
  });
});
