import { describe, expect, it } from "vitest";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { ADMIN, LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const set = (on: boolean) => ({ name: "set", params: { on } });

function send(
  box: Signalbox,
  device: string,
  command: { name: string; params?: Record<string, unknown>; ttl?: number },
) {
  return box.call("send_command", { device, params: {}, ...command });
}

function accepted(box: Signalbox, device: string, command: Parameters<typeof send>[2]): string {
  const outcome = send(box, device, command);
  if (!outcome.ok) throw new Error(outcome.fault.message);
  expect(outcome.value.status).toBe("accepted");
  return outcome.value.id;
}

const succeed = (relay: Peer, id: string, value?: unknown) => relay.send({ type: "result", id, ok: true, value });

/** A store that is written to, and then the power fails before anybody hears of it. */
function cutAfterCommit() {
  const store = openMemory();
  const state = { isCut: false };
  const commit = (...given: Parameters<typeof store.commit>) => {
    store.commit(...given);
    if (state.isCut) throw new Error("the power failed");
  };
  return { state, store: { ...store, commit } };
}

describe("a crash between the commit and the frame", () => {
  it("[C7, C8, C18] a once that may never have been sent is unknown, a set goes with attempt 2", () => {
    for (const [name, status] of [["toggle", "unknown"], ["set", "sent"]]) {
      const { state, store } = cutAfterCommit();
      const box = signalbox({ store });
      const relay = box.device("lamp");
      state.isCut = true;
      const params = name === "set" ? { on: true } : {};
      expect(send(box, "lamp", { name, params, ttl: 30 }).ok).toBe(false);
      expect(relay.all("command")).toEqual([]);
      state.isCut = false;
      box.crash();
      const [record] = box.ask("list_commands", { device: "lamp" }).items;
      expect(record).toMatchObject({ name, status, attempt: 1 });
      const again = box.device("lamp");
      box.advance(500);
      expect(again.all("command").map(({ id, attempt }) => [id, attempt])).toEqual(
        name === "set" ? [[record.id, 2]] : [],
      );
    }
  });
});

describe.each(LIVES)("a command's life, $life", ({ isForgetful }) => {
  it("[C2, C6, C9, C12] is accepted, sent, received and succeeds", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", set(true));
    const frame = relay.take("command");
    expect(frame).toEqual({
      type: "command",
      id,
      name: "set",
      params: { on: true },
      ttl: 10,
      expires: box.now + 10_000,
    });
    expect(box.record(id)).toMatchObject({ status: "sent", attempt: 1, sentAt: box.now, dueAt: box.now + 10_000 });
    box.advance(100);
    relay.send({ type: "received", id });
    expect(box.record(id)).toMatchObject({ status: "received", receivedAt: box.now, dueAt: box.now + 10_000 });
    relay.send({ type: "state", reported: { on: true } });
    succeed(relay, id);
    expect(relay.take("stored")).toEqual({ type: "stored", id });
    expect(box.record(id)).toMatchObject({ status: "succeeded", finishedAt: box.now });
    expect(box.view("lamp").pending).toBe(0);
  });

  it("[C25, O1] its frame goes to the device before anybody is told, and the reply before what follows from it", () => {
    const box = signalbox({ isForgetful });
    const peers = { relay: box.device("lamp"), ann: box.operator(), bob: box.operator() };
    peers.bob.ask({ type: "watch", device: "lamp", window: [0, 1], include: ["commands"] });
    const heard: string[] = [];
    for (const [name, peer] of Object.entries(peers)) {
      const hear = peer.hear.bind(peer);
      peer.hear = (text) => {
        const { type, command } = JSON.parse(text);
        if (type !== "snapshot" && command?.status !== "accepted") heard.push(`${name} ${type}`);
        hear(text);
      };
    }
    peers.ann.send({ type: "command", id: "7", device: "lamp", ...set(true) });
    expect(heard).toEqual(["relay command", "ann reply", "ann command", "bob command"]);
  });

  it("[C1] refuses for form or caller without a record", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const { token: viewer } = box.ask("create_token", { name: "v", role: "viewer" });
    const faults = [
      send(box, "lamp", { name: "fly" }),
      send(box, "lamp", { name: "toString" }),
      send(box, "lamp", { name: "set", params: { on: "yes" } }),
      send(box, "lamp", { name: "set", params: { on: true, colour: 1 } }),
      send(box, "lamp", { name: "toggle", ttl: 61 }),
      send(box, "nobody", set(true)),
      box.call("send_command", { device: "lamp", params: {}, name: "toggle" }, viewer),
      box.call("cancel_command", { command: "nothing" }, viewer),
    ].map((outcome) => outcome.ok ? "accepted" : [outcome.fault.code, outcome.fault.pointer, outcome.fault.command]);
    expect(faults).toEqual([
      ["unknown_command", "#/name", undefined],
      ["unknown_command", "#/name", undefined],
      ["invalid_params", "#/params/on", undefined],
      ["invalid_params", "#/params/colour", undefined],
      ["invalid_params", "#/ttl", undefined],
      ["not_found", undefined, undefined],
      ["forbidden", undefined, undefined],
      ["forbidden", undefined, undefined],
    ]);
    expect(box.ask("list_commands", { device: "lamp" }).total).toBe(0);
  });

  it("[C1, C4] an offline device leaves a rejected record", () => {
    const box = signalbox({ isForgetful });
    box.enroll("lamp", "relay");
    const outcome = send(box, "lamp", set(true));
    expect(outcome).toMatchObject({ ok: false, fault: { code: "offline" } });
    const { command } = (outcome as { fault: { command: string } }).fault;
    expect(box.record(command)).toMatchObject({ status: "rejected", error: { code: "offline" }, finishedAt: box.now });
  });

  it("[C3] one that waits behind another expires unsent", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    accepted(box, "lamp", { name: "toggle" });
    const id = accepted(box, "lamp", { name: "identify", ttl: 2 });
    relay.take("command");
    box.advance(2_000);
    expect(box.record(id)).toMatchObject({ status: "expired", error: { code: "expired" } });
    expect(relay.frames).toEqual([]);
  });

  it("[C5] one at a time and in order", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const ids = [1, 2, 3].map(() => accepted(box, "lamp", { name: "identify" }));
    for (const id of ids) {
      expect(relay.all("command").map((frame) => frame.id)).toEqual([id]);
      succeed(relay, id);
    }
  });

  it("[C5] at most 50 wait", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    for (let sent = 0; sent < 51; sent++) accepted(box, "lamp", { name: "identify" });
    expect(send(box, "lamp", { name: "identify" })).toMatchObject({
      ok: false,
      fault: { code: "queue_full", command: expect.any(String) },
    });
  });

  it("[C7] a once whose connection ends is unknown, and never sent again", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", { name: "toggle" });
    relay.drop();
    expect(box.record(id)).toMatchObject({ status: "unknown", error: { code: "unknown_outcome" } });
    const again = box.device("lamp");
    box.advance(60_000);
    expect(again.all("command")).toEqual([]);
  });

  it("[C8] a set goes again with the same id and a higher attempt, until it expires", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp").drop();
    const first = box.device("lamp");
    const id = accepted(box, "lamp", { ...set(true), ttl: 30 });
    first.drop();
    expect(box.record(id).status).toBe("sent");
    box.advance(1_000);
    const second = box.device("lamp");
    second.send({ type: "hello" });
    expect(second.take("command")).toMatchObject({ id, attempt: 2, ttl: 29 });
    second.drop();
    box.advance(29_000);
    const third = box.device("lamp");
    box.advance(5_000);
    expect(third.all("command")).toEqual([]);
    expect(box.record(id)).toMatchObject({ status: "unknown", attempt: 2 });
  });

  it.each([
    ["expiresAt, where that is later", { ttl: 60 }, 60_000],
    ["dueAt, where that is later", { ttl: 2 }, 10_000],
  ])("[C8] a set without an answer is unknown at %s, and goes once over one connection", (_, more, ms) => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", { ...set(true), ...more });
    box.advance(ms - 1);
    expect(box.record(id).status).toBe("sent");
    box.advance(1);
    expect(box.record(id)).toMatchObject({ status: "unknown", attempt: 1 });
    expect(relay.all("command")).toHaveLength(1);
  });

  it("[C8, C9] progress gives a set its time anew, past its expiry too", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", { ...set(true), ttl: 2 });
    box.advance(9_000);
    relay.send({ type: "progress", id, percent: 10 });
    expect(box.record(id)).toMatchObject({ status: "sent", dueAt: box.now + 10_000 });
    box.advance(9_999);
    expect(box.record(id).status).toBe("sent");
    box.advance(1);
    expect(box.record(id).status).toBe("unknown");
  });

  it("[C8] one that was received goes again too, and stays received", () => {
    const box = signalbox({ isForgetful });
    const first = box.device("lamp");
    const id = accepted(box, "lamp", { ...set(true), ttl: 30 });
    first.send({ type: "received", id });
    first.drop();
    const second = box.device("lamp");
    second.send({ type: "hello" });
    expect(second.take("command")).toMatchObject({ id, attempt: 2 });
    expect(box.record(id).status).toBe("received");
    succeed(second, id);
    expect(box.record(id).status).toBe("succeeded");
  });

  it("[C8] a device without hello gets it again after a moment", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const id = accepted(box, "lamp", set(true));
    const relay = box.device("lamp");
    expect(relay.all("command")).toEqual([]);
    box.advance(500);
    expect(relay.take("command")).toMatchObject({ id, attempt: 2 });
  });

  it("[C15] the moment for a hello passes once: a hub that wakes up later is not woken for it again", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    accepted(box, "lamp", set(true));
    const relay = box.device("lamp");
    box.advance(500);
    relay.take("command");
    box.evict();
    expect(box.wakeAt).toBeGreaterThan(box.now);
  });

  it("[C15] what hello names is not sent again", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp").drop();
    const first = box.device("lamp");
    const id = accepted(box, "lamp", set(true));
    first.drop();
    const second = box.device("lamp");
    second.send({ type: "hello", commands: [id] });
    box.advance(3_000);
    expect(second.all("command")).toEqual([]);
    succeed(second, id);
    expect(box.record(id).status).toBe("succeeded");
  });

  it("[C9] received and progress give the outcome its time anew; silence makes it unknown", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", { name: "toggle" });
    box.advance(9_000);
    relay.send({ type: "received", id });
    box.advance(9_000);
    relay.send({ type: "progress", id, percent: 50, note: "half" });
    expect(box.record(id)).toMatchObject({ status: "received", progress: { percent: 50, note: "half" } });
    box.advance(9_999);
    expect(box.record(id).status).toBe("received");
    box.advance(1);
    expect(box.record(id).status).toBe("unknown");
  });

  it("[C10, C14] keeps what the device says, marked where nobody declared it", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const odd = accepted(box, "lamp", { name: "toggle" });
    succeed(relay, odd, { watts: 3 });
    expect(box.record(odd)).toMatchObject({ status: "succeeded", value: { watts: 3 }, unchecked: true });
    const failed = accepted(box, "lamp", { name: "toggle" });
    relay.send({ type: "result", id: failed, ok: false, error: { code: "jammed", message: "stuck" } });
    expect(box.record(failed)).toMatchObject({ status: "failed", error: { code: "jammed", message: "stuck" } });
    expect(box.record(failed).unchecked).toBeUndefined();
    const strange = accepted(box, "lamp", { name: "toggle" });
    relay.send({ type: "result", id: strange, ok: false, error: { code: "gremlins" } });
    expect(box.record(strange)).toMatchObject({
      status: "failed",
      error: { code: "gremlins", message: "" },
      unchecked: true,
    });
  });

  it.each<[string, unknown, { code: string; message: string }]>([
    ["a text", "stuck", { code: "unreadable", message: "stuck" }],
    ["null", null, { code: "unreadable", message: "null" }],
    ["a code that is a number", { code: 7, message: ["x"] }, { code: "7", message: '["x"]' }],
    ["words without end", { code: "c".repeat(300), message: "m".repeat(5_000) }, {
      code: "c".repeat(256),
      message: "m".repeat(1_024),
    }],
  ])("[C10] a result is never refused for its contents: an error that is %s", (_, error, kept) => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", { name: "toggle" });
    relay.send({ type: "result", id, ok: false, error });
    expect(relay.take("stored")).toEqual({ type: "stored", id });
    expect(box.record(id)).toMatchObject({ status: "failed", error: kept, unchecked: true });
    relay.send({ type: "result", id, ok: false, error });
    expect(box.ask("list_audit", {}).items.filter(({ what }) => what === "result_conflict")).toEqual([]);
  });

  it("[C11] a word after unknown is late and leaves the status", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", { name: "toggle" });
    box.advance(10_000);
    box.advance(5_000);
    succeed(relay, id);
    expect(relay.take("stored")).toEqual({ type: "stored", id });
    expect(box.record(id)).toMatchObject({ status: "unknown", late: { at: box.now, ok: true } });
  });

  it("[C12] a repeat is stored again, a different one is audited, a foreign id is not found", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const id = accepted(box, "lamp", { name: "toggle" });
    succeed(relay, id);
    succeed(relay, id);
    relay.send({ type: "result", id, ok: false, error: { code: "jammed" } });
    expect(relay.all("stored")).toHaveLength(3);
    expect(box.record(id).status).toBe("succeeded");
    expect(box.ask("list_audit", {}).items.filter(({ what }) => what === "result_conflict")).toHaveLength(1);
    succeed(relay, "never-sent");
    expect(relay.take("error")).toMatchObject({ code: "not_found", id: "never-sent" });
    const other = box.device("other");
    succeed(other, id);
    expect(other.take("error")).toMatchObject({ code: "not_found", id });
  });

  it("[C16] cancels: at once while it waits, by the device once it was sent, never when final", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const sent = accepted(box, "lamp", { name: "toggle" });
    const waiting = accepted(box, "lamp", { name: "toggle" });
    expect(box.ask("cancel_command", { command: waiting }).status).toBe("cancelled");
    expect(box.ask("cancel_command", { command: sent })).toMatchObject({ status: "sent", cancelAt: box.now });
    expect(relay.take("cancel")).toEqual({ type: "cancel", id: sent });
    relay.send({ type: "result", id: sent, ok: false, error: { code: "cancelled" } });
    expect(box.record(sent).status).toBe("cancelled");
    expect(box.call("cancel_command", { command: sent })).toMatchObject({ ok: false, fault: { code: "conflict" } });
  });

  it("[C16, R] deleting the device ends what is open, for whoever waits for it", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const ann = box.operator("admin");
    const ids = [1, 2, 3].map((at) => {
      const command = at === 2 ? { name: "toggle", params: {} } : set(at === 1);
      return ann.ask({ type: "command", device: "lamp", ...command }).value.id;
    });
    box.ask("delete_device", { device: "lamp" });
    expect(relay.closed?.code).toBe(4501);
    const ends = ann.all("command").map(({ command }) => command).filter(({ finishedAt }) => finishedAt);
    expect(ends.map(({ id, status }) => [id, status])).toEqual([
      [ids[0], "unknown"],
      [ids[1], "cancelled"],
      [ids[2], "cancelled"],
    ]);
    expect(box.call("get_command", { command: ids[0] })).toMatchObject({ ok: false, fault: { code: "not_found" } });
    box.advance(60_000);
    for (const table of ["command", "pending", "device_token", "journal", "page", "trace"] as const) {
      expect(box.store.count(table), table).toBe(0);
    }
  });

  it("[C17] a newer set takes the place of one that waits, not of one with the device", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const first = accepted(box, "lamp", set(true));
    const second = accepted(box, "lamp", set(false));
    const third = accepted(box, "lamp", set(true));
    expect([first, second, third].map((id) => box.record(id).status)).toEqual(["sent", "superseded", "accepted"]);
    succeed(relay, first);
    expect(relay.all("command").map(({ id }) => id)).toEqual([first, third]);
  });

  it("[C18] after a crash nothing accepted is lost, no once goes twice, nothing goes late", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const ids = {
      once: accepted(box, "lamp", { name: "toggle", ttl: 5 }),
      waiting: accepted(box, "lamp", { name: "toggle", ttl: 5 }),
      set: accepted(box, "lamp", { ...set(true), ttl: 60 }),
    };
    box.crash();
    expect(box.record(ids.once).status).toBe("unknown");
    expect(box.record(ids.waiting).status).toBe("accepted");
    box.advance(5_000);
    const relay = box.device("lamp");
    box.advance(1_000);
    expect(box.record(ids.waiting).status).toBe("expired");
    expect(relay.all("command").map(({ id }) => id)).toEqual([ids.set]);
  });

  it("[C19] a secret is seen by the device and nowhere else", () => {
    const box = signalbox({ isForgetful });
    const lock = box.device("door", "lock");
    const watcher = box.operator();
    watcher.ask({ type: "watch", device: "door", include: ["commands", "frames"] });
    const id = accepted(box, "door", { name: "unlock", params: { pin: "4711" } });
    expect(lock.take("command").params).toEqual({ pin: "4711" });
    box.advance(2_000);
    expect(JSON.stringify([box.record(id), watcher.frames, box.ask("list_audit", {}), box.logs])).not.toContain("4711");
    for (const table of ["command", "pending", "audit", "replay"] as const) {
      expect(JSON.stringify(box.store.list(table))).not.toContain("4711");
    }
  });

  it("[C19, C20] nor can it be guessed from what is kept of a key", () => {
    const digests = ["4711", "1234"].map((pin) => {
      const box = signalbox({ isForgetful });
      box.device("door", "lock");
      const unlock = { device: "door", name: "unlock", params: { pin, seconds: 10 } };
      expect(box.call("send_command", unlock, ADMIN, "k").ok).toBe(true);
      // The others do tell calls apart.
      const other = { ...unlock, params: { pin, seconds: 11 } };
      expect(box.call("send_command", other, ADMIN, "k")).toMatchObject({ fault: { code: "conflict" } });
      return box.store.list("replay").map(({ digest }) => digest);
    });
    expect(digests[0]).toEqual(digests[1]);
  });

  it("[C20] a key maps to one call, by REST and by socket", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const { token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const ann = box.connect("operator", { sort: "token", token });
    const first = box.call("send_command", { device: "lamp", ...set(true) }, token, "k1");
    const again = ann.ask({ type: "command", device: "lamp", ...set(true), key: "k1" });
    expect(again).toMatchObject({
      ok: true,
      value: { id: (first as { value: { id: string } }).value.id, status: "sent", key: "k1" },
    });
    expect(relay.all("command")).toHaveLength(1);
    const other = ann.ask({ type: "command", device: "lamp", ...set(false), key: "k1" });
    expect(other).toMatchObject({ ok: false, error: { code: "conflict" } });
    const made = [1, 2].map(() => box.call("create_device", { id: "new", kind: "relay" }, undefined, "k2"));
    expect(made).toMatchObject([{ ok: true, value: { token: expect.any(String) } }, {
      ok: true,
      value: { replayed: true },
    }]);
    expect(made[1]).not.toHaveProperty("value.token");
  });

  it("[C16, C20] a repeat does not answer with a record that went with its device", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const send = () => box.call("send_command", { device: "lamp", name: "toggle", params: {} }, ADMIN, "k");
    expect(send()).toMatchObject({ ok: true });
    box.ask("delete_device", { device: "lamp" });
    expect(send()).toMatchObject({ ok: false, fault: { code: "not_found" } });
    box.tokens.delete("lamp");
    const other = box.device("lamp");
    expect(send()).toMatchObject({ ok: false, fault: { code: "not_found" } });
    expect(other.all("command")).toEqual([]);
  });

  it("[C20] a key is kept for 24 hours, over a crash, and forgotten then", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const send = () => {
      const sent = box.call("send_command", { device: "lamp", name: "toggle", params: {} }, ADMIN, "k");
      if (!sent.ok) throw new Error(sent.fault.message);
      return sent.value.id;
    };
    const first = send();
    box.crash();
    box.device("lamp");
    box.now += 24 * 3_600_000 - 1;
    expect(send()).toBe(first);
    box.now += 1;
    box.device("lamp");
    expect(send()).not.toBe(first);
  });

  it("[C4, P4] a once is not sent into a suspect connection", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    box.advance(300_000);
    expect(box.view("lamp").presence).toBe("suspect");
    expect(send(box, "lamp", { name: "toggle" })).toMatchObject({ ok: false, fault: { code: "offline" } });
    accepted(box, "lamp", set(true));
  });
});
