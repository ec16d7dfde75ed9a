import { describe, expect, it } from "vitest";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { command, deeds, emergency, kinds, lease, names, person, site, take } from "./crane.ts";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const succeed = (device: Peer, id: string) => device.send({ type: "result", id, ok: true });
const of = (box: Signalbox, id = "crane") => box.view(id).estop;

describe.each(LIVES)("an emergency stop, $life", ({ isForgetful }) => {
  const open = () => site({ isForgetful });
  /** Something with the device, something behind it, a lease, a selection and a lane that moves. */
  const busy = () => {
    const it = open();
    const fence = take(it.ann);
    const sent = command(it.ann, "drop", { fence });
    const waiting = [1, 2].map((to) => command(it.ann, "lift", { params: { to }, fence, ttl: 60 })).slice(1);
    const { value } = it.ann.peer.ask({ type: "select", device: "crane", name: "dump", params: { to: "ship" } });
    const swing = (n: number) =>
      it.ann.peer.send({ type: "stream", device: "crane", name: "swing", data: { speed: 1 }, n, fence });
    swing(1);
    it.device.frames.length = 0;
    return { ...it, fence, sent, waiting, select: value.select as string, swing };
  };

  it("[E1, E2, E3] latches, stops first of all, cancels what waits and what is under way, ends lease, selection and lane", () => {
    const { box, device, ann, bob, fence, sent, waiting, select, swing } = busy();
    const latched = emergency(bob, "set", { reason: "Somebody is in the way." });
    expect(latched).toEqual({
      at: box.now,
      by: { id: bob.id, name: "Bob" },
      reason: "Somebody is in the way.",
      reach: "device",
      command: expect.any(String),
      confirmedAt: null,
    });
    expect(of(box)).toEqual(latched);
    expect(device.frames).toEqual([
      {
        type: "command",
        id: latched.command,
        name: "stop",
        params: {},
        ttl: 10,
        expires: box.now + 10_000,
      },
      { type: "cancel", id: sent },
    ]);
    expect(box.record(latched.command)).toMatchObject({ status: "sent", by: { name: "Bob" } });
    expect(waiting.map((id) => [box.record(id).status, box.record(id).error?.code])).toEqual([["cancelled", "estop"]]);
    expect(box.record(sent)).toMatchObject({ status: "sent", cancelAt: box.now });
    expect(ann.peer.all("lease")).toEqual([{
      type: "lease",
      device: "crane",
      fence,
      holder: null,
      expiresAt: null,
      by: { id: bob.id, name: "Bob" },
      reason: "estop",
    }]);
    expect(box.view("crane").lease).toBeNull();
    swing(2);
    expect(ann.peer.take("error")).toMatchObject({ code: "estop", of: "stream" });
    expect(command(ann, "dump", { params: { to: "ship" }, select, fence })).toBe("estop");
    device.frames.length = 0;
    device.send({ type: "streamed", name: "swing", n: 1 });
    box.advance(60_000);
    expect(device.all("stream")).toEqual([]);
  });

  it("[E3] the frame of a lane that was held back is not sent any more", () => {
    const { box, device, bob, swing } = busy();
    box.advance(600);
    swing(2);
    device.frames.length = 0;
    emergency(bob);
    device.send({ type: "streamed", name: "swing", n: 1 });
    expect(device.all("stream")).toEqual([]);
  });

  it("[E2] confirmed by a stop that was asked for since, also by an operator's, also late, and not before", () => {
    const ends: ((box: Signalbox, device: Peer, id: string) => void)[] = [
      (_, device, id) => succeed(device, id),
      (box, device, id) => {
        box.advance(10_000);
        expect([box.record(id).status, of(box)?.confirmedAt]).toEqual(["unknown", null]);
        succeed(device, id);
      },
      (box, device, id) => {
        device.send({ type: "result", id, ok: false, error: { code: "jammed", message: "" } });
        expect([box.record(id).status, of(box)?.confirmedAt]).toEqual(["failed", null]);
        succeed(device, box.ask("send_command", { device: "crane", name: "stop", params: {} }).id);
      },
    ];
    for (const end of ends) {
      const { box, device, bob } = open();
      const { command: id } = emergency(bob);
      box.advance(1_000);
      end(box, device, id);
      expect(of(box)).toMatchObject({ confirmedAt: box.now });
      expect(deeds(box, "estop")).toEqual([["Bob", "latched"], ["crane", "confirmed"]]);
      const again = box.device("crane");
      box.advance(1_000);
      expect(again.all("command")).toEqual([]);
      expect(of(box)).not.toBeNull();
    }
  });

  it("[E2] a stop of before the latch does not confirm it, and does not hold back the one that does", () => {
    const { box, device, ann, bob } = open();
    const before = command(ann, "stop");
    device.send({ type: "received", id: before });
    device.frames.length = 0;
    box.advance(1);
    const { command: id } = emergency(bob);
    expect(device.all("command").map((frame) => frame.id)).toEqual([id]);
    succeed(device, before);
    expect(of(box)?.confirmedAt).toBeNull();
    succeed(device, id);
    expect(of(box)?.confirmedAt).toBe(box.now);
  });

  it("[E2] also by one whose record was overtaken: what counts is that the machine stands", () => {
    const { box, device, bob } = open();
    const { command: first } = emergency(bob);
    device.drop();
    const again = box.device("crane");
    const [{ id }] = again.all("command");
    expect([box.record(first).status, id === first]).toEqual(["superseded", false]);
    succeed(again, first);
    expect(of(box)?.confirmedAt).toBe(box.now);
    succeed(again, id);
    expect(deeds(box, "estop").map(([, outcome]) => outcome)).toEqual(["latched", "confirmed"]);
  });

  it("[E2] and when it is heard of again after a silence, by a frame or by a ping that the runtime answered", () => {
    for (const isRuntime of [false, true]) {
      const { box, device, bob } = open();
      bob.peer.ask({ type: "watch" });
      const { command: first } = emergency(bob);
      device.frames.length = 0;
      device.text("ping");
      for (let at = 0; at < 8; at++) {
        bob.peer.text("ping");
        box.advance(5_000);
      }
      expect([box.view("crane").presence, box.record(first).status]).toEqual(["suspect", "unknown"]);
      if (isRuntime) device.pingedAt = box.now;
      else device.text("ping");
      box.advance(isRuntime && !isForgetful ? 5_000 : 0);
      // A hub that lost its memory does not know that there was a silence; a frame tells it.
      if (isRuntime && isForgetful) continue;
      expect(names(device)).toEqual(["stop"]);
      expect(of(box)?.command).not.toBe(first);
    }
  });

  it("[E2] again on every connect, straight after welcome, as a new command with a fresh ttl, until one succeeds", () => {
    const { box, device, bob } = open();
    const ids = [emergency(bob).command];
    device.drop();
    for (let round = 0; round < 10; round++) {
      box.advance(4_000);
      const { peer, outcome } = box.tryConnect("device", { sort: "token", token: box.tokens.get("crane")! });
      expect(outcome.ok).toBe(true);
      const [welcome, stop, ...rest] = peer.frames;
      expect([welcome.type, stop.name, stop.ttl, rest]).toEqual(["welcome", "stop", 10, []]);
      expect(of(box)?.command).toBe(stop.id);
      ids.push(stop.id);
      if (round % 2 === 0) peer.send({ type: "received", id: stop.id });
      box.advance(1_000);
      expect(peer.all("command")).toMatchObject([{ id: stop.id }]);
      if (round < 9) peer.drop();
      else succeed(peer, stop.id);
    }
    expect(new Set(ids).size).toBe(11);
    box.device("crane").drop();
    expect(names(box.device("crane"))).toEqual([]);
    const open_ = box.ask("list_commands", { device: "crane", limit: 50 }).items.filter(({ status }) =>
      ["accepted", "sent", "received"].includes(status)
    );
    box.advance(60_000);
    expect(open_.map(({ id }) => box.record(id).status).filter((status) => status !== "unknown")).toEqual([]);
    expect(box.view("crane").pending).toBe(0);
  });

  it("[E2, case 47] an offline device is latched at once, and hears of it before anything else", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    device.drop();
    expect(emergency(bob)).toMatchObject({ reach: "device", command: null, confirmedAt: null });
    expect(command(ann, "drop", { fence })).toBe("estop");
    box.crash();
    const { peer } = box.tryConnect("device", { sort: "token", token: box.tokens.get("crane")! });
    expect(peer.frames.map(({ type, name }) => name ?? type)).toEqual(["welcome", "stop"]);
  });

  it("[case 47, C5, F9] with a full queue, a lease of somebody else and a rate that is used up", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    const first = command(ann, "drop", { fence });
    const waiting = Array.from({ length: 50 }, () => command(ann, "drop", { fence }));
    expect(command(ann, "drop", { fence })).toBe("queue_full");
    device.frames.length = 0;
    for (let at = 0; at < 600; at++) bob.peer.send({ type: "unwatch", id: "w" });
    expect(bob.peer.all("reply").at(-1).error.code).toBe("rate_limited");
    const { command: id } = emergency(bob);
    expect(device.frames.map((frame) => [frame.type, frame.id])).toEqual([["command", id], ["cancel", first]]);
    expect(new Set(waiting.map((one) => box.record(one).status))).toEqual(new Set(["cancelled"]));
  });

  it("[E1, I5] an operator presses and clears it, a viewer does not", () => {
    const { box, ann } = open();
    const vera = person(box, "Vera", "viewer");
    expect([emergency(vera), of(box)]).toEqual(["forbidden", null]);
    emergency(ann);
    expect([emergency(vera, "clear"), of(box)?.by.name]).toEqual(["forbidden", "Ann"]);
  });

  it("[E1] needs not even a reason; what is no device is not found; both and neither are no frame", () => {
    const { ann } = open();
    expect(emergency(ann)).toMatchObject({ reason: "" });
    expect([
      emergency(ann, "set", { device: "nothing" }),
      emergency(ann, "set", { query: "id:crane" }),
      emergency(ann, "set", { device: undefined }),
      emergency(ann, "set", { reason: "x".repeat(257) }),
    ]).toEqual(["not_found", "bad_frame", "bad_frame", "bad_frame"]);
  });

  it("[E4] refuses every command but stop and queries, every frame, wish, lease and selection", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    emergency(bob);
    device.frames.length = 0;
    expect([
      command(ann, "drop", { fence }),
      command(ann, "drop"),
      command(ann, "lift", { params: { to: 1 }, fence }),
      lease(ann),
      lease(ann, "force", { reason: "mine" }),
      lease(ann, "release"),
      ann.peer.ask({ type: "select", device: "crane", name: "dump", params: { to: "ship" } }).error.code,
      ann.peer.ask({ type: "select", device: "crane", name: "look" }).error.code,
      ann.peer.ask({ type: "desire", device: "crane", patch: { lamp: true } }).error.code,
      ann.peer.ask({ type: "desire", device: "crane", state: {}, ifVersion: 0 }).error.code,
    ]).toEqual(Array(10).fill("estop"));
    ann.peer.send({ type: "stream", device: "crane", name: "swing", data: { speed: 0 }, n: 1, fence });
    expect([ann.peer.take("error").code, device.frames]).toEqual(["estop", []]);
    expect(box.record(command(ann, "look")).status).toBe("sent");
    expect(box.record(command(ann, "stop")).status).toMatch(/sent|accepted/);
  });

  it("[E4] nor can its stop be cancelled: that would be a way to clear it without a word", () => {
    const { box, device, ann, bob } = open();
    const { command: id } = emergency(bob);
    expect(ann.peer.ask({ type: "cancel", command: id }).error.code).toBe("estop");
    expect(device.all("cancel")).toEqual([]);
    succeed(device, id);
    expect(of(box)?.confirmedAt).toBe(box.now);
  });

  it("[E3, E4] a query goes on: with the device, and in the queue", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    const [first, second] = [command(ann, "look", { fence }), command(ann, "look", { fence })];
    emergency(bob);
    expect(device.all("cancel")).toEqual([]);
    succeed(device, first);
    expect([first, second].map((id) => box.record(id).status)).toEqual(["succeeded", "sent"]);
  });

  it("[E5] set again it stays as it is, with its first reason, and another stop follows where none succeeded", () => {
    const { box, device, ann, bob } = open();
    const first = emergency(bob, "set", { reason: "first" });
    box.advance(3_000);
    const again = emergency(ann, "set", { reason: "second" });
    expect(again).toEqual({ ...first, command: again.command });
    expect(again.command).not.toBe(first.command);
    // One at a time: whoever holds the button down does not flood the device.
    expect(device.all("command").map(({ id }) => id)).toEqual([first.command]);
    for (let presses = 0; presses < 20; presses++) emergency(ann);
    device.send({ type: "result", id: first.command, ok: false, error: { code: "busy", message: "" } });
    expect(device.all("command").map(({ id }) => id)).toEqual([of(box)!.command]);
    succeed(device, of(box)!.command!);
    expect(emergency(ann)).toEqual(of(box));
    expect([device.all("command"), of(box)?.reason]).toEqual([[], "first"]);
    expect(deeds(box, "estop").map(([, outcome]) => outcome)).toEqual([
      "latched",
      ...Array(21).fill("latched already"),
      "confirmed",
      "latched already",
    ]);
  });

  it.each([
    ["fails", (_: Signalbox, device: Peer, id: string) => {
      device.send({ type: "result", id, ok: false, error: { code: "hardware_fault", message: "" } });
    }],
    ["is not answered", (box: Signalbox) => box.advance(10_000)],
  ])(
    "[E2, E5] a stop that %s leaves it latched and unconfirmed; pressed again, or on the next connect, it goes again",
    (_, end) => {
      const { box, device, bob } = open();
      const { command: id } = emergency(bob);
      device.frames.length = 0;
      end(box, device, id);
      expect([of(box)?.confirmedAt, device.all("command")]).toEqual([null, []]);
      emergency(bob);
      expect(names(device)).toEqual(["stop"]);
      expect(names(box.device("crane"))).toEqual(["stop"]);
    },
  );

  it("[E6] only an operator clears it; nothing starts again, and a new lease is needed", () => {
    const { box, device, ann, bob, fence, sent, waiting } = busy();
    const latched = emergency(bob, "set", { reason: "Fire" });
    succeed(device, latched.command);
    device.send({ type: "result", id: sent, ok: false, error: { code: "cancelled", message: "" } });
    device.drop();
    box.advance(3_600_000);
    box.crash();
    expect(of(box)).toMatchObject({ at: latched.at, reason: "Fire" });
    const again = box.device("crane");
    again.send({ type: "state", reported: { guard: "closed" } });
    const cleared = box.ask("estop", { device: "crane", action: "clear", reason: "It is out." }, ann.token);
    expect(cleared).toMatchObject({ at: latched.at, by: { name: "Bob" }, reason: "Fire" });
    expect(of(box)).toBeNull();
    expect(box.call("estop", { device: "crane", action: "clear" }, ann.token)).toMatchObject({
      fault: { code: "conflict" },
    });
    box.advance(60_000);
    expect(names(again)).toEqual([]);
    expect([sent, ...waiting].map((id) => box.record(id).status)).toEqual(["cancelled", "cancelled"]);
    const ann2 = { ...ann, peer: box.connect("operator", { sort: "token", token: ann.token }) };
    expect([command(ann2, "drop", { fence }), command(ann2, "drop")]).toEqual(["lease_lost", "lease_required"]);
    expect(take(ann2)).toBeGreaterThan(fence);
  });

  it("[E6] after the clear no stop goes out, over no connection", () => {
    const { box, device, bob } = open();
    const { command: id } = emergency(bob);
    device.drop();
    emergency(bob, "clear");
    const again = box.device("crane");
    again.send({ type: "hello" });
    box.advance(20_000);
    expect([names(again), again.all("cancel")]).toEqual([[], []]);
    expect(box.record(id).status).toBe("unknown");
  });

  it("[E6] nor one that waited behind another", () => {
    const { box, device, bob } = open();
    const ids = [emergency(bob).command, emergency(bob).command];
    device.frames.length = 0;
    emergency(bob, "clear");
    succeed(device, ids[0]);
    expect(device.all("command")).toEqual([]);
    expect(ids.map((id) => box.record(id).status)).toEqual(["succeeded", "cancelled"]);
  });

  it("[E2, E6] latched anew, the stop of the latch before does not confirm it", () => {
    const { box, device, bob } = open();
    const { command: old } = emergency(bob);
    emergency(bob, "clear");
    box.advance(1);
    device.frames.length = 0;
    const { command: id } = emergency(bob);
    expect(device.all("command").map((frame) => frame.id)).toEqual([id]);
    succeed(device, old);
    expect(of(box)?.confirmedAt).toBeNull();
    succeed(device, id);
    expect(of(box)?.confirmedAt).toBe(box.now);
  });

  it("[E2, E6] nor does it hold the new one back, though all of it is within a millisecond", () => {
    const { device, bob } = open();
    emergency(bob);
    emergency(bob, "clear");
    device.frames.length = 0;
    const { command: id } = emergency(bob);
    expect(device.all("command").map((frame) => frame.id)).toEqual([id]);
  });

  it("[D6, E4] welcome has no state while it is latched, and what is wanted is sent after the clear", () => {
    const { box, device, ann, bob } = open();
    take(ann);
    ann.peer.ask({ type: "desire", device: "crane", patch: { height: 5 } });
    expect(device.take("desired")).toMatchObject({ version: 1, state: { height: 5 } });
    emergency(bob);
    const { peer } = box.tryConnect("device", { sort: "token", token: box.tokens.get("crane")! });
    expect(peer.take("welcome").desired).toEqual({ version: 1 });
    peer.send({ type: "hello", maxFrame: 4096 });
    box.advance(60_000);
    expect(peer.all("desired")).toEqual([]);
    box.ask("estop", { device: "crane", action: "clear" });
    expect(peer.all("desired")).toEqual([{ type: "desired", version: 1, state: { height: 5 } }]);
  });

  it("[E6, D6] a device that has the newest already is not sent it again: nothing starts by a clear", () => {
    const { device, ann, bob } = open();
    take(ann);
    ann.peer.ask({ type: "desire", device: "crane", patch: { height: 5 } });
    device.frames.length = 0;
    emergency(bob);
    emergency(bob, "clear");
    expect(device.all("desired")).toEqual([]);
  });

  it("[D7, D6] what a command or a stop brings about while it is latched is wanted, and sent after the clear", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    ann.peer.ask({ type: "desire", device: "crane", patch: { height: 5, moving: true } });
    const id = command(ann, "lift", { params: { to: 9 }, fence });
    device.frames.length = 0;
    const { command: stop } = emergency(bob);
    succeed(device, id);
    device.send({ type: "state", reported: { moving: false } });
    succeed(device, stop);
    expect(box.view("crane").desired).toMatchObject({ version: 3, state: { height: 9, moving: false } });
    expect(device.all("desired")).toEqual([]);
    emergency(bob, "clear");
    expect(device.all("desired")).toEqual([{ type: "desired", version: 3, state: { height: 9, moving: false } }]);
  });

  it("[E2] a kind without stop is latched at the hub only", () => {
    const { box, bob } = open();
    const relay = box.device("lamp");
    expect(emergency(bob, "set", { device: "lamp" })).toMatchObject({ reach: "hub", command: null });
    expect(relay.all("command")).toEqual([]);
    expect(command(bob, "set", { device: "lamp", params: { on: true } })).toBe("estop");
    expect(names(box.device("lamp"))).toEqual([]);
    expect(emergency(bob, "clear", { device: "lamp" })).toMatchObject({ reach: "hub" });
    expect(box.record(command(bob, "set", { device: "lamp", params: { on: true } })).status).toBe("sent");
  });

  it("[E2, C4, C7] a stop that is a once waits for a sign of life of a suspect device, and then a fresh one goes", () => {
    const { box, bob } = open();
    const press = box.device("press", "press");
    box.advance(300_000);
    expect(box.view("press").presence).toBe("suspect");
    const { command: id } = emergency(bob, "set", { device: "press" });
    expect(press.all("command")).toEqual([]);
    box.advance(30_000);
    expect(box.record(id).status).toBe("expired");
    press.text("ping");
    const [stop, ...rest] = press.all("command");
    expect([stop?.name, stop?.ttl, rest]).toEqual(["stop", 10, []]);
    expect(of(box, "press")?.command).toBe(stop.id);
    press.drop();
    expect(box.record(stop.id).status).toBe("unknown");
    expect(names(box.device("press"))).toEqual(["stop"]);
  });

  it("[E1, E6] of a query: every device that it finds, in one go; a clear clears those that are latched", () => {
    const { box, bob, device } = open();
    const other = box.device("crane-2", "crane");
    box.enroll("crane-3", "crane");
    const relay = box.device("lamp");
    const many = (action: "set" | "clear", query: string) => bob.peer.ask({ type: "estop", query, action });
    expect(many("set", "kind:crane").value).toEqual({ devices: ["crane", "crane-2", "crane-3"], total: 3 });
    expect([device, other, relay].map(names)).toEqual([["stop"], ["stop"], []]);
    expect([of(box, "crane-3")?.by.name, of(box, "lamp")]).toEqual(["Bob", null]);
    expect(names(box.device("crane-3"))).toEqual(["stop"]);
    emergency(bob, "clear");
    expect(many("clear", "kind:crane").value).toEqual({ devices: ["crane-2", "crane-3"], total: 2 });
    expect(many("clear", "kind:crane").value).toEqual({ devices: [], total: 0 });
    expect(deeds(box, "estop_many").map(([, outcome]) => outcome)).toEqual(["latched", "cleared", "cleared"]);
  });

  it("[E10] those that are named, in one go, also where one of them is gone; none that was left is no stop", () => {
    const { box, bob } = open();
    const other = box.device("crane-2", "crane");
    const relay = box.device("lamp");
    box.enroll("gone", "relay");
    box.ask("delete_device", { device: "gone" });
    const many = (action: "set" | "clear", devices: string[]) => bob.peer.ask({ type: "estop", devices, action });
    expect(many("set", ["crane-2", "gone", "crane", "crane-2"]).value).toEqual({
      devices: ["crane-2", "crane"],
      total: 2,
    });
    expect([other, relay].map(names)).toEqual([["stop"], []]);
    expect(many("set", ["gone"]).error).toMatchObject({ code: "not_found", pointer: "#/devices" });
    expect(many("clear", ["lamp", "crane", "gone"]).value).toEqual({ devices: ["crane"], total: 1 });
    expect(many("clear", ["gone"]).value).toEqual({ devices: [], total: 0 });
    expect([of(box, "crane-2")?.by.name, of(box)]).toEqual(["Bob", null]);
    const [row] = box.ask("list_audit", { what: ["estop_many"] }).items.toReversed();
    expect([row.target, row.outcome, row.detail]).toEqual(["", "latched", { reason: "", devices: 2 }]);
    for (
      const more of [{ devices: [] }, { devices: ["crane"], query: "id:crane" }, {
        devices: ["crane"],
        device: "crane",
      }]
    ) {
      expect(bob.peer.ask({ type: "estop", action: "set", ...more }).error).toMatchObject({ code: "bad_frame" });
    }
  });

  it("[E1] a query that finds nothing says so: who presses must not believe that something stopped", () => {
    const { bob } = open();
    const set = (query: string) => bob.peer.ask({ type: "estop", query, action: "set" }).error;
    expect(set("tag:hal")).toMatchObject({ code: "not_found", pointer: "#/query" });
    expect(set("height:3")).toMatchObject({ code: "bad_request", pointer: "#/query" });
  });

  it("[E1, E6] a query without a term stops everything, and clears nothing", () => {
    const { box, bob } = open();
    box.device("lamp");
    expect(bob.peer.ask({ type: "estop", query: " ", action: "set" }).value.total).toBe(2);
    expect(bob.peer.ask({ type: "estop", query: " ", action: "clear" }).error).toMatchObject({
      code: "bad_request",
      pointer: "#/query",
    });
    expect(bob.peer.ask({ type: "estop", query: "id:*", action: "clear" }).value.total).toBe(2);
  });

  it("[E6] a device that is deleted and made again is another one", () => {
    const { box, bob } = open();
    emergency(bob);
    box.ask("delete_device", { device: "crane" });
    const again = box.connect("device", { sort: "token", token: box.enroll("crane", "crane") });
    expect([of(box), names(again), box.view("crane").pending]).toEqual([null, [], 0]);
  });

  it("[J3, E4] a job meets it device by device, and a job of stops passes", () => {
    const { box, bob } = open();
    const [one, two] = [box.device("press-1", "press"), box.device("press-2", "press")];
    emergency(bob, "set", { device: "press-1" });
    names(one);
    const job = (name: string) => {
      const { id } = box.ask("start_job", { query: "kind:press", name, params: {}, rate: 100, stopAt: 1 }, bob.token);
      box.advance(1_000);
      return Object.fromEntries(
        box.ask("list_job_results", { job: id }).items.map(({ device, status, error }) => [
          device,
          error?.code ?? status,
        ]),
      );
    };
    expect(job("punch")).toEqual({ "press-1": "estop", "press-2": "running" });
    expect(names(two)).toEqual(["punch"]);
    expect(job("stop")).toEqual({ "press-1": "running", "press-2": "running" });
    emergency(bob, "set", { device: "press-2" });
    expect(box.ask("list_jobs", {}).items.map(({ status }) => status)).toEqual(["running", "running"]);
  });

  it("[E3, J3] what waits of a job is counted as cancelled", () => {
    const { box, device, ann, bob } = open();
    lease(ann);
    const press = box.device("press", "press");
    for (let at = 0; at < 3; at++) box.ask("send_command", { device: "press", name: "punch", params: {} });
    const { id } = box.ask("start_job", { query: "id:press", name: "punch", params: {}, rate: 10, stopAt: 1 });
    box.advance(100);
    emergency(bob, "set", { device: "press" });
    expect([names(press).at(-1), names(device)]).toEqual(["stop", []]);
    expect(box.ask("get_job", { job: id })).toMatchObject({ status: "done", counts: { cancelled: 1 } });
  });
});

describe("an emergency stop and the store", () => {
  function fragile() {
    const store = openMemory();
    const state = { isFull: false, isCut: false };
    const commit = (...given: Parameters<typeof store.commit>) => {
      if (state.isFull) throw new Error("database or disk is full");
      store.commit(...given);
      if (state.isCut) throw new Error("the power failed");
    };
    return { state, store: { ...store, commit } };
  }

  it("[E1, case 52] where it cannot be written nothing stops, and whoever pressed hears so at once", () => {
    const { state, store } = fragile();
    const { box, device, bob } = site({ store });
    state.isFull = true;
    expect(emergency(bob)).toBe("storage_unavailable");
    expect([device.all("command"), of(box)]).toEqual([[], null]);
    state.isFull = false;
    expect(emergency(bob)).toMatchObject({ command: expect.any(String) });
    expect(names(device)).toEqual(["stop"]);
  });

  it("[E1, E2] durable before it is sent: a crash in between sends it with the next connection", () => {
    const { state, store } = fragile();
    const { box, device, bob } = site({ store });
    state.isCut = true;
    expect(emergency(bob)).toBe("storage_unavailable");
    expect(device.all("command")).toEqual([]);
    state.isCut = false;
    box.crash();
    expect(of(box)).toMatchObject({ confirmedAt: null });
    expect(names(box.device("crane"))).toEqual(["stop"]);
  });

  it("[E2] confirmed is durable too", () => {
    const { box, device, bob } = site();
    succeed(device, emergency(bob).command);
    box.crash();
    expect(of(box)?.confirmedAt).toBe(box.now);
    expect(names(box.device("crane"))).toEqual([]);
  });
});

describe("pending rows of before", () => {
  it("[C16] one that nobody was told to cancel is told on the next connection", () => {
    const box = signalbox({ kinds });
    box.device("lamp");
    const { id } = box.ask("send_command", { device: "lamp", name: "set", params: { on: true }, ttl: 60 });
    box.ask("cancel_command", { command: id });
    const { told: _, ...old } = box.store.get("pending", id)!;
    box.store.commit([{ put: "pending", row: old }], "full");
    box.crash();
    const again = box.device("lamp");
    expect(again.all("cancel")).toEqual([]);
    box.advance(500);
    expect(again.all("cancel")).toEqual([{ type: "cancel", id }]);
    box.advance(500);
    again.text("ping");
    expect(again.all("cancel")).toEqual([]);
  });
});
