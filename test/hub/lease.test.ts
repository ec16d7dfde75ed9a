import { describe, expect, it } from "vitest";
import { command, deeds, kinds, lease, names, person, site, take } from "./crane.ts";
import { LIVES, signalbox } from "./signalbox.ts";

const LASTS = 15_000;

describe.each(LIVES)("a lease, $life", ({ isForgetful }) => {
  const open = () => site({ isForgetful });

  it("[G1] has one driver at a time; everybody sees who", () => {
    const { box, ann, bob } = open();
    const taken = lease(ann);
    expect(taken).toEqual({ fence: 1, holder: { id: ann.id, name: "Ann" }, expiresAt: box.now + LASTS });
    expect(lease(bob)).toBe("conflict");
    expect(box.view("crane").lease).toEqual({ ...taken, since: box.now });
    expect(lease(ann, "release")).toEqual({ fence: 1, holder: null, expiresAt: null });
    expect(box.view("crane").lease).toBeNull();
    expect(lease(bob)).toMatchObject({ fence: 2, holder: { name: "Bob" } });
  });

  it("[G1] a kind that asks for none has none", () => {
    const { box, ann } = open();
    box.device("lamp");
    for (const action of ["take", "release", "force"] as const) {
      expect(lease(ann, action, { device: "lamp", reason: "mine" })).toBe("conflict");
    }
    expect(box.view("lamp").lease).toBeNull();
  });

  it("[G1, I5] a viewer watches, and takes nothing", () => {
    const { box, ann } = open();
    const vera = person(box, "Vera", "viewer");
    take(ann);
    expect([lease(vera), lease(vera, "force", { reason: "mine" }), lease(vera, "release")]).toEqual([
      "forbidden",
      "forbidden",
      "forbidden",
    ]);
    expect(box.view("crane").lease?.holder?.name).toBe("Ann");
  });

  it("[G1] nobody's device is not found, an unknown action is no frame", () => {
    const { ann } = open();
    expect([lease(ann, "take", { device: "nothing" }), lease(ann, "steal" as "take"), lease(ann, undefined, { x: 1 })])
      .toEqual(["not_found", "bad_frame", "bad_frame"]);
  });

  it("[G2] lapses fifteen seconds after its last evidence, and everybody is told without any other event", () => {
    const { box, ann, bob } = open();
    take(ann);
    bob.peer.ask({ type: "watch", device: "crane" });
    bob.peer.all("snapshot");
    box.advance(LASTS - 1);
    expect(box.view("crane").lease).toMatchObject({ fence: 1 });
    expect(ann.peer.all("lease")).toEqual([]);
    box.advance(1);
    expect(ann.peer.all("lease")).toEqual([{
      type: "lease",
      device: "crane",
      fence: 1,
      holder: null,
      expiresAt: null,
      by: { id: "hub", name: "Signalbox" },
      reason: "lapsed",
    }]);
    expect(box.view("crane").lease).toBeNull();
    expect(deeds(box, "lease")).toEqual([["Ann", "taken"], ["Signalbox", "lapsed"]]);
    box.advance(10_000);
    const seen = JSON.stringify([...bob.peer.all("changes"), ...bob.peer.all("snapshot")].at(-1));
    expect(seen).toContain('"lease":null');
    expect(ann.peer.all("lease")).toEqual([]);
  });

  it("[G2] any text of its connection is evidence: a ping, a frame, one that is refused", () => {
    const { box, ann } = open();
    take(ann);
    const says = [
      () => ann.peer.text("ping"),
      () => ann.peer.text(" ping "),
      () => ann.peer.text("no JSON"),
      () => ann.peer.send({ type: "command", id: "1", device: "nothing", name: "x", params: {} }),
      () => ann.peer.send({ type: "unwatch", id: "none" }),
    ];
    for (const say of says) {
      box.advance(LASTS - 1);
      say();
    }
    box.advance(LASTS - 1);
    expect(box.view("crane").lease).toMatchObject({ fence: 1, expiresAt: box.now + 1 });
    box.advance(1);
    expect(box.view("crane").lease).toBeNull();
  });

  it("[G2, F1] so is a ping that the runtime answered by itself", () => {
    const { box, ann, bob } = open();
    const fence = take(ann);
    for (let round = 0; round < 6; round++) {
      box.advance(10_000);
      ann.peer.pingedAt = box.now;
    }
    expect(box.view("crane").lease).toMatchObject({ fence, expiresAt: box.now + LASTS });
    expect(lease(bob)).toBe("conflict");
    expect(box.record(command(ann, "drop", { fence })).status).toBe("sent");
    // That was a text.
    ann.peer.pingedAt = box.now;
    box.advance(LASTS);
    expect(ann.peer.all("lease").map(({ reason }) => reason)).toEqual(["lapsed"]);
  });

  it("[G2] what another connection of the same operator says is no evidence, and what others say neither", () => {
    const { box, ann, bob } = open();
    take(ann);
    const second = box.connect("operator", { sort: "token", token: ann.token });
    box.advance(LASTS - 1);
    second.text("ping");
    bob.peer.text("ping");
    box.call("get_device", { device: "crane" }, ann.token);
    box.advance(1);
    expect(box.view("crane").lease).toBeNull();
  });

  it("[G2] the end of its connection is no evidence and no end: what is left of its time is left", () => {
    const { box, ann, bob } = open();
    const fence = take(ann);
    box.advance(10_000);
    ann.peer.text("ping");
    box.advance(6_000);
    ann.peer.drop();
    expect(box.view("crane").lease).toMatchObject({ fence, expiresAt: box.now + 9_000 });
    box.advance(8_999);
    expect(lease(bob)).toBe("conflict");
    box.advance(1);
    expect(lease(bob)).toMatchObject({ fence: fence + 1 });
  });

  it("[G2, F1] nor is a ping forgotten that only the runtime knew of, when the connection ends", () => {
    const { box, ann } = open();
    take(ann);
    box.advance(10_000);
    ann.peer.pingedAt = box.now;
    box.advance(2_000);
    ann.peer.drop();
    expect(box.view("crane").lease?.expiresAt).toBe(box.now + 13_000);
  });

  it("[G2] over REST it belongs to the operator, who renews it by taking it again, with the same fence", () => {
    const { box, ann, bob } = open();
    const call = (action: "take" | "release" = "take", token = ann.token) =>
      box.ask("lease", { device: "crane", action }, token);
    expect(call()).toMatchObject({ fence: 1, holder: { id: ann.id } });
    box.advance(LASTS - 1);
    expect(call()).toEqual({ fence: 1, holder: { id: ann.id, name: "Ann" }, expiresAt: box.now + LASTS });
    // Her socket is not what took it.
    box.advance(LASTS - 1);
    ann.peer.text("ping");
    expect(lease(bob)).toBe("conflict");
    box.advance(1);
    expect(box.view("crane").lease).toBeNull();
    expect(call("take", bob.token)).toMatchObject({ fence: 2 });
    expect(deeds(box, "lease")).toEqual([["Ann", "taken"], ["Signalbox", "lapsed"], ["Bob", "taken"]]);
  });

  it("[G3] over the same connection it is renewed; over another one the same operator takes it back, with a new fence", () => {
    const { box, ann } = open();
    expect([take(ann), take(ann)]).toEqual([1, 1]);
    const second = { ...ann, peer: box.connect("operator", { sort: "token", token: ann.token }) };
    expect(take(second)).toBe(2);
    expect(command(ann, "drop", { fence: 1 })).toBe("lease_lost");
    // The fence is what counts, whichever of her connections says it.
    expect(box.record(command(ann, "drop", { fence: 2 })).status).toBe("sent");
    expect(box.ask("lease", { device: "crane", action: "take" }, ann.token).fence).toBe(3);
    expect([take(ann), box.ask("lease", { device: "crane", action: "take" }, ann.token).fence]).toEqual([4, 5]);
  });

  it("[G3, G5] force takes it from somebody, with a reason; who lost it hears so on all sockets", () => {
    const { box, ann, bob } = open();
    const fence = take(ann);
    const second = box.connect("operator", { sort: "token", token: ann.token });
    expect([lease(bob, "force"), lease(bob, "force", { reason: "  " })]).toEqual(["bad_request", "bad_request"]);
    expect(box.view("crane").lease?.fence).toBe(fence);
    const forced = lease(bob, "force", { reason: "It swings." });
    expect(forced).toMatchObject({ fence: fence + 1, holder: { name: "Bob" } });
    const told = { type: "lease", device: "crane", ...forced, by: { id: bob.id, name: "Bob" }, reason: "It swings." };
    expect([ann.peer.all("lease"), second.all("lease"), bob.peer.all("lease")]).toEqual([[told], [told], []]);
    expect(command(ann, "drop", { fence })).toBe("lease_lost");
    expect(deeds(box, "lease")).toEqual([["Ann", "taken"], ["Bob", "forced"]]);
  });

  it("[G3] nobody's lease is taken by force, too", () => {
    const { box, bob } = open();
    expect(lease(bob, "force", { reason: "In a hurry" })).toMatchObject({ fence: 1 });
    expect(deeds(box, "lease")).toEqual([["Bob", "taken"]]);
  });

  it("[G1, G3] only its holder lets it go, over whichever connection", () => {
    const { box, ann, bob } = open();
    take(ann);
    expect([lease(bob, "release"), box.view("crane").lease?.fence]).toEqual(["lease_lost", 1]);
    expect(box.ask("lease", { device: "crane", action: "release" }, ann.token)).toMatchObject({ holder: null });
    expect(lease(ann, "release")).toBe("lease_lost");
    expect(ann.peer.all("lease")).toEqual([]);
  });

  it("[G3] a fence is never used again: after a release, a lapse, a force, an emergency stop, a crash and a deletion", () => {
    const { box, ann, bob } = open();
    const fences = [take(ann)];
    lease(ann, "release");
    fences.push(take(ann));
    box.advance(LASTS);
    fences.push(take(ann));
    fences.push(lease(bob, "force", { reason: "mine" }).fence);
    ann.peer.ask({ type: "estop", device: "crane", action: "set" });
    ann.peer.ask({ type: "estop", device: "crane", action: "clear" });
    fences.push(take(ann));
    box.crash();
    fences.push(box.ask("lease", { device: "crane", action: "take" }, ann.token).fence);
    box.evict();
    fences.push(box.ask("lease", { device: "crane", action: "force", reason: "mine" }, bob.token).fence);
    box.ask("delete_device", { device: "crane" });
    // The machine is the same, and remembers whom it obeyed last.
    box.enroll("crane", "crane");
    fences.push(box.ask("lease", { device: "crane", action: "take" }, ann.token).fence);
    expect(fences).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("[G2, G3] it outlives a crash for what is left of its time, and lapses by itself", () => {
    const { box, ann, bob } = open();
    take(ann);
    box.advance(5_000);
    box.crash();
    expect(box.view("crane").lease).toMatchObject({ fence: 1, holder: { name: "Ann" }, expiresAt: box.now + 10_000 });
    expect(box.call("lease", { device: "crane", action: "take", reason: "" }, bob.token)).toMatchObject({
      fault: { code: "conflict" },
    });
    const again = box.connect("operator", { sort: "token", token: ann.token });
    box.advance(10_000);
    expect(again.all("lease")).toMatchObject([{ fence: 1, holder: null, reason: "lapsed" }]);
    expect(box.view("crane").lease).toBeNull();
  });

  it("[G4] every command but stop carries the present fence of its holder, or is a rejected record", () => {
    const { box, device, ann, bob } = open();
    const refused = [command(ann, "drop"), command(ann, "drop", { fence: 0 }), command(ann, "look")];
    const fence = take(ann);
    refused.push(
      command(ann, "drop"),
      command(ann, "drop", { fence: fence + 1 }),
      command(ann, "drop", { fence: fence - 1 }),
      command(bob, "drop", { fence }),
      command(bob, "drop"),
      command(bob, "look", { fence }),
    );
    expect(refused).toEqual([
      "lease_required",
      "lease_lost",
      "lease_required",
      "lease_required",
      "lease_lost",
      "lease_lost",
      "lease_lost",
      "lease_required",
      "lease_lost",
    ]);
    expect(names(device)).toEqual([]);
    const { items } = box.ask("list_commands", { device: "crane" });
    expect(items.map(({ status, error }) => [status, error?.code]).reverse()).toEqual(
      refused.map((code) => ["rejected", code]),
    );
    const id = command(ann, "drop", { fence });
    expect([device.take("command").fence, box.record(id).fence]).toEqual([fence, fence]);
  });

  it("[G4] stop and cancel need none, whoever drives; a stop carries none to the device", () => {
    const { device, ann, bob } = open();
    const fence = take(ann);
    const id = command(ann, "drop", { fence });
    device.take("command");
    expect(command(bob, "stop", { fence: 0 })).toMatch(/^[0-9a-z]{20,}/);
    expect(device.take("command")).not.toHaveProperty("fence");
    expect(bob.peer.ask({ type: "cancel", command: id }).ok).toBe(true);
    expect(device.take("cancel").id).toBe(id);
  });

  it("[G4, L2] each frame of a lane carries it, and is refused without, as of the frame", () => {
    const { device, ann, bob } = open();
    const swing = (who: typeof ann, n: number, fence?: number) =>
      who.peer.send({ type: "stream", device: "crane", name: "swing", data: { speed: 0 }, n, fence });
    swing(ann, 1);
    const fence = take(ann);
    swing(ann, 2, fence);
    swing(bob, 3, fence);
    expect(device.all("stream")).toMatchObject([{ n: 2, fence }]);
    expect([ann.peer.take("error").code, bob.peer.take("error").code]).toEqual(["lease_required", "lease_lost"]);
    lease(bob, "force", { reason: "mine" });
    ann.peer.all("lease");
    swing(ann, 4, fence);
    swing(bob, 1, fence + 1);
    expect(device.all("stream")).toMatchObject([{ n: 1, fence: fence + 1 }]);
  });

  it("[G4, D5] select and what is desired have no fence: who asks must hold it", () => {
    const { box, ann, bob } = open();
    const asks = (who: typeof ann) =>
      [
        who.peer.ask({ type: "select", device: "crane", name: "dump", params: { to: "ship" } }),
        who.peer.ask({ type: "desire", device: "crane", patch: { height: 3 } }),
      ].map(({ ok, error }) => ok ? "ok" : error.code);
    expect(asks(ann)).toEqual(["lease_required", "lease_required"]);
    take(ann);
    expect([asks(bob), asks(ann)]).toEqual([["lease_lost", "lease_lost"], ["ok", "ok"]]);
    // No command confirms the lamp, and a wish that changes nothing meets nobody.
    expect(bob.peer.ask({ type: "desire", device: "crane", patch: { lamp: true } }).ok).toBe(true);
    expect(box.view("crane").desired.state).toEqual({ height: 3, lamp: true });
  });

  it("[C21] a command whose lease lapses or passes on while it waits is rejected at its turn", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    const first = command(ann, "lift", { params: { to: 1 }, fence, ttl: 60 });
    const waiting = command(ann, "drop", { fence, ttl: 60 });
    const later = command(ann, "drop", { fence, ttl: 60 });
    lease(bob, "force", { reason: "mine" });
    expect([first, waiting, later].map((id) => box.record(id).status)).toEqual(["sent", "accepted", "accepted"]);
    device.send({ type: "result", id: first, ok: true });
    expect([first, waiting, later].map((id) => [box.record(id).status, box.record(id).error?.code])).toEqual([
      ["succeeded", undefined],
      ["rejected", "lease_lost"],
      ["rejected", "lease_lost"],
    ]);
    expect(names(device)).toEqual(["lift"]);
  });

  it("[C21, case 46] one that is with the device when its lease lapses ends as the device says", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    const id = command(ann, "drop", { fence });
    device.send({ type: "received", id });
    box.advance(9_000);
    device.send({ type: "progress", id, percent: 50 });
    box.advance(8_000);
    expect(box.view("crane").lease).toBeNull();
    expect(box.record(id).status).toBe("received");
    take(bob);
    device.send({ type: "result", id, ok: true });
    expect(box.record(id).status).toBe("succeeded");
    expect(command(ann, "drop", { fence })).toBe("lease_lost");
    expect(device.all("cancel")).toEqual([]);
  });

  it("[C21] a set that was sent under a lease that passed on is not sent again, and the device is told to cancel it", () => {
    const { box, device, ann, bob } = open();
    const fence = take(ann);
    const id = command(ann, "lift", { params: { to: 9 }, fence, ttl: 60 });
    device.drop();
    lease(bob, "force", { reason: "mine" });
    const again = box.device("crane");
    again.send({ type: "state", reported: { guard: "closed" } });
    again.send({ type: "hello" });
    expect(again.all("command")).toEqual([]);
    expect(again.all("cancel")).toEqual([{ type: "cancel", id }]);
    box.advance(5_000);
    expect(again.all("command")).toEqual([]);
    again.send({ type: "result", id, ok: false, error: { code: "cancelled", message: "" } });
    expect(box.record(id).status).toBe("cancelled");
  });

  it("[C21] one that goes again under the lease that still holds, goes", () => {
    const { box, device, ann } = open();
    const fence = take(ann);
    const id = command(ann, "lift", { params: { to: 9 }, fence, ttl: 60 });
    device.drop();
    const again = box.device("crane");
    again.send({ type: "hello" });
    expect(again.take("command")).toMatchObject({ id, attempt: 2, fence });
  });

  it("[G2, I5] a revoked operator holds nothing longer than its time, and renews nothing", () => {
    const { box, ann, bob } = open();
    take(ann);
    box.advance(5_000);
    box.ask("delete_token", { token: ann.id });
    expect(ann.peer.closed?.code).toBe(4501);
    expect(box.call("lease", { device: "crane", action: "take" }, ann.token)).toMatchObject({
      fault: { code: "unauthenticated" },
    });
    expect(box.view("crane").lease?.expiresAt).toBe(box.now + 10_000);
    box.advance(10_000);
    expect(take(bob)).toBe(2);
  });

  it("[G5, A2] a lapse that nobody looked at in time is told and has its row before the next lease", () => {
    const { box, ann, bob } = open();
    take(ann);
    // The alarm is late.
    box.now += LASTS + 1;
    expect(take(bob)).toBe(2);
    expect(ann.peer.all("lease")).toMatchObject([{ fence: 1, reason: "lapsed" }]);
    expect(deeds(box, "lease")).toEqual([["Ann", "taken"], ["Signalbox", "lapsed"], ["Bob", "taken"]]);
    box.advance(1);
    expect([ann.peer.all("lease"), box.view("crane").lease?.fence]).toEqual([[], 2]);
  });

  it("[G2] what lapsed does not come back, whatever its holder says then", () => {
    const { box, ann } = open();
    const fence = take(ann);
    box.now += LASTS;
    ann.peer.text("ping");
    expect(ann.peer.all("lease")).toMatchObject([{ fence, reason: "lapsed" }]);
    expect(command(ann, "drop", { fence })).toBe("lease_lost");
    expect(take(ann)).toBe(fence + 1);
  });

  it("[G6] a watch sees the lease come, be renewed and go", () => {
    const { box, ann, bob } = open();
    bob.peer.ask({ type: "watch", device: "crane" });
    expect(bob.peer.take("snapshot").devices[0].lease).toBeNull();
    /** What a program that watches has of the lease by now. */
    const shown = () =>
      [
        ...bob.peer.all("snapshot").map(({ devices }) => devices[0]),
        ...bob.peer.all("changes").map(({ devices }) => devices.crane),
      ].reduce((known, view) => view?.lease === null ? null : view?.lease ? { ...known, ...view.lease } : known, null);
    take(ann);
    box.advance(1_000);
    expect(shown()).toMatchObject({ fence: 1, holder: { name: "Ann" } });
    // Pings that the runtime answers renew it, and who watches must not believe that it lapsed.
    for (let round = 0; round < 5; round++) {
      ann.peer.pingedAt = box.now;
      box.advance(10_000);
    }
    expect(shown()?.expiresAt).toBeGreaterThan(box.now);
    box.advance(20_000);
    expect(shown()).toBeNull();
  });
});

describe("a lease in a database of before there were leases", () => {
  it("[G3, E7] is nobody's, its first fence is 1, and nothing is latched", () => {
    const box = signalbox({ kinds });
    box.enroll("crane", "crane");
    const { lease: _, fence: __, estop: ___, ...old } = box.store.get("device", "crane")!;
    // deno-lint-ignore no-explicit-any
    box.store.commit([{ put: "device", row: old as any }], "full");
    box.crash();
    expect(box.view("crane")).toMatchObject({ lease: null, estop: null });
    box.device("crane");
    expect(box.ask("lease", { device: "crane", action: "take" })).toMatchObject({ fence: 1 });
    expect(box.ask("estop", { device: "crane", action: "set" }).command).not.toBeNull();
    expect(box.store.get("device", "crane")).toMatchObject({ fence: 1, lease: null });
  });
});
