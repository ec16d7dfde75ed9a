/** Whoever watches a device's frames hears who is refused in its name [H6]. */
import { describe, expect, it } from "vitest";
import type { Refusal } from "../../src/protocol/refusal.ts";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const WRONG: Refusal = { device: "lamp", over: "device", code: "unauthenticated", message: "Its secret is wrong" };

const refuse = (box: Signalbox, more: Partial<Refusal> = {}) =>
  box.handle({ type: "refused", refusal: { ...WRONG, ...more } });

const watching = (box: Signalbox, device = "lamp", include = ["frames"]): Peer => {
  const peer = box.operator("viewer");
  peer.ask({ type: "watch", id: "w", device, include });
  return peer;
};

describe.each(LIVES)("a refused connection, $life", ({ isForgetful }) => {
  it("[H6] is told to whoever watches the device's frames, and to nobody else", () => {
    const box = signalbox({ isForgetful });
    for (const id of ["lamp", "gate"]) box.enroll(id, "relay");
    const [ann, bob, cem] = [watching(box), watching(box, "gate"), watching(box, "lamp", ["presence", "events"])];
    const list = box.operator();
    list.ask({ type: "watch", id: "w", include: ["frames"] });
    refuse(box);
    expect(ann.all("refused")).toEqual([{ type: "refused", watch: "w", at: box.now, ...WRONG }]);
    refuse(box, { device: "nobody" });
    ann.ask({ type: "unwatch", id: "w" });
    box.advance(2_000);
    refuse(box);
    for (const peer of [ann, bob, cem, list]) expect(peer.all("refused")).toEqual([]);
  });

  it("[H6] changes nothing of the device, and is written nowhere", () => {
    const box = signalbox({ isForgetful });
    box.enroll("lamp", "relay");
    watching(box);
    const before = [box.view("lamp"), box.ask("list_audit", {}).total];
    refuse(box);
    expect([box.view("lamp"), box.ask("list_audit", {}).total]).toEqual(before);
  });
});

describe("refused connections", () => {
  it("[H6] are told once a second for a device, with how many were left out", () => {
    const box = signalbox();
    for (const id of ["lamp", "gate"]) box.enroll(id, "relay");
    const [ann, bob, gate] = [watching(box), watching(box), watching(box, "gate")];
    for (let at = 0; at < 1_000; at++) {
      refuse(box);
      box.advance(3);
    }
    refuse(box, { device: "gate" });
    const told = ann.all("refused");
    expect(told).toEqual(bob.all("refused"));
    expect(told.length).toBe(3);
    expect(told[0].more).toBeUndefined();
    expect(told.reduce((sum, { more = 0 }) => sum + more + 1, 0)).toBeGreaterThan(600);
    expect(gate.all("refused")).toMatchObject([{ device: "gate" }]);
    // Nobody watched: nothing was left out.
    for (const peer of [ann, bob]) peer.drop();
    box.advance(1_000);
    refuse(box);
    refuse(box);
    const dora = watching(box);
    box.advance(1_000);
    refuse(box);
    expect(dora.all("refused")).toHaveLength(1);
  });

  it("[H6, O8] are not kept for a reader that is slow", () => {
    const box = signalbox();
    box.enroll("lamp", "relay");
    const ann = watching(box);
    ann.backlog = 1_000_000;
    refuse(box);
    ann.backlog = 0;
    box.advance(5_000);
    expect(ann.all("refused")).toEqual([]);
  });
});
