import { describe, expect, it } from "vitest";
import { command, site, STALE, take } from "./crane.ts";
import { LIVES, type Peer, type Signalbox } from "./signalbox.ts";

const reports = (device: Peer, guard: "open" | "closed" | null, more = {}) =>
  device.send({ type: "state", reported: { guard }, ...more });

/** The newest record's error. */
const why = (box: Signalbox) => box.ask("list_commands", { device: "crane", limit: 1 }).items[0].error;

describe.each(LIVES)("interlocks, $life", ({ isForgetful }) => {
  const open = () => {
    const it = site({ isForgetful });
    const fence = take(it.ann);
    const lift = (more = {}) => command(it.ann, "lift", { params: { to: 3 }, fence, ttl: 60, ...more });
    const swing = (n: number) =>
      it.ann.peer.send({ type: "stream", device: "crane", name: "swing", data: { speed: 0 }, n, fence });
    return { ...it, fence, lift, swing };
  };

  it("[C24] forbids what it names under its condition, with its sentence, as a rejected record", () => {
    const { box, device, ann, fence, lift } = open();
    reports(device, "open");
    expect([lift(), why(box)]).toEqual(["interlock", { code: "interlock", message: "Close its guard first." }]);
    expect(box.record(command(ann, "drop", { fence })).status).toBe("sent");
    reports(device, "closed");
    expect(box.record(lift()).status).toBe("accepted");
  });

  it("[C24, K7] stop has none, and what an interlock does not name either", () => {
    const { box, device, ann } = open();
    device.send({ type: "state", reported: {}, full: true });
    expect(box.record(command(ann, "stop")).status).toBe("sent");
  });

  it("[C24, K7] what was never reported, or was taken back, is not known: it holds, and says so", () => {
    const { box, device, lift } = open();
    device.send({ type: "state", reported: {}, full: true });
    expect(lift()).toBe("interlock");
    expect(why(box)?.message).toMatch(/guard/);
    expect(why(box)?.message).toMatch(/not known/);
    expect(why(box)?.message).not.toBe("Close its guard first.");
    reports(device, "closed");
    expect(box.record(lift()).status).toBe("sent");
    reports(device, null);
    expect(lift()).toBe("interlock");
  });

  it("[C24] what it told on its present connection is fresh, however long ago: it tells what changes", () => {
    const { box, device, lift, ann, bob } = open();
    for (let minutes = 0; minutes < 60; minutes++) {
      device.text("ping");
      ann.peer.text("ping");
      bob.peer.text("ping");
      for (let at = 0; at < 6; at++) {
        box.advance(10_000);
        ann.peer.text("ping");
        device.text("ping");
      }
    }
    expect(box.record(lift()).status).toBe("sent");
  });

  it("[C24] what it told before its connection is fresh for the kind's stale, and then too old to go by", () => {
    for (const [gap, expected] of [[STALE * 1000, "sent"], [STALE * 1000 + 1, "interlock"]] as const) {
      const { box, device, ann } = open();
      device.drop();
      box.now += gap;
      const again = box.device("crane");
      const fence = take(ann);
      const outcome = command(ann, "lift", { params: { to: 3 }, fence });
      expect(outcome === "interlock" ? outcome : box.record(outcome).status).toBe(expected);
      if (expected === "sent") continue;
      expect(why(box)?.message).toMatch(/guard.*too old/);
      reports(again, "closed");
      expect(box.record(command(ann, "lift", { params: { to: 3 }, fence })).status).toBe("sent");
    }
  });

  it("[C24] a field that was reported late counts from when it was so, not from when it was told", () => {
    const { box, device, lift } = open();
    device.send({ type: "state", reported: {}, full: true });
    reports(device, "closed", { ago: STALE + 1 });
    expect(lift()).toBe("interlock");
    reports(device, "closed", { ago: STALE - 1 });
    expect(box.record(lift()).status).toBe("sent");
  });

  it("[C24] a device that is suspect has told nothing that counts", () => {
    const { box, device, ann } = open();
    box.advance(STALE * 1000);
    expect(box.view("crane").presence).toBe("suspect");
    const fence = take(ann);
    expect(command(ann, "lift", { params: { to: 3 }, fence })).toBe("interlock");
    device.text("ping");
    expect(box.record(command(ann, "lift", { params: { to: 3 }, fence })).status).toBe("sent");
  });

  it("[C21, case 45] held again when it is sent: one that waits is rejected at its turn", () => {
    const { box, device, ann, fence, lift } = open();
    const first = command(ann, "drop", { fence });
    const waiting = lift();
    reports(device, "open");
    expect(box.record(waiting).status).toBe("accepted");
    device.send({ type: "result", id: first, ok: true });
    expect(box.record(waiting)).toMatchObject({ status: "rejected", error: { code: "interlock" } });
    expect(device.all("command").map(({ id }) => id)).toEqual([first]);
  });

  it("[C21] and when it is sent again: not any more, and the device is told to cancel it", () => {
    const { box, device, lift } = open();
    const id = lift();
    device.drop();
    const again = box.device("crane");
    reports(again, "open");
    again.send({ type: "hello" });
    expect([again.all("command"), again.all("cancel")]).toEqual([[], [{ type: "cancel", id }]]);
    again.send({ type: "result", id, ok: true });
    expect(box.record(id).status).toBe("succeeded");
  });

  it("[L2] each frame of a lane is held against it", () => {
    const { device, ann, swing } = open();
    swing(1);
    reports(device, "open");
    swing(2);
    expect(device.all("stream").map(({ n }) => n)).toEqual([1]);
    expect(ann.peer.take("error")).toMatchObject({
      code: "interlock",
      of: "stream",
      message: "Close its guard first.",
    });
    reports(device, "closed");
    swing(3);
    expect(device.all("stream").map(({ n }) => n)).toEqual([3]);
  });

  it("[D5] a wish meets the interlocks of the command that confirms its field", () => {
    const { box, device, ann } = open();
    const desire = (patch: object) => ann.peer.ask({ type: "desire", device: "crane", patch });
    reports(device, "open");
    expect(desire({ height: 3 }).error.code).toBe("interlock");
    expect(desire({ lamp: true }).ok).toBe(true);
    reports(device, "closed");
    expect(desire({ height: 3 }).ok).toBe(true);
    reports(device, "open");
    // Nothing of the height changes.
    expect(desire({ height: 3, lamp: false }).ok).toBe(true);
    expect(desire({ height: null }).error.code).toBe("interlock");
    expect(box.view("crane").desired.state).toEqual({ height: 3, lamp: false });
  });

  it("[C1] offline is told before interlock, and a lease before both", () => {
    const { device, ann, fence, lift } = open();
    reports(device, "open");
    device.drop();
    expect([lift(), command(ann, "lift", { params: { to: 1 } }), lift({ fence: fence + 1 })]).toEqual([
      "offline",
      "lease_required",
      "lease_lost",
    ]);
  });
});
