import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { type Frame, LIVES, type Peer, signalbox } from "./signalbox.ts";

const cart = defineKind({
  name: "cart",
  version: 1,
  title: "Cart",
  telemetry: {},
  state: {},
  commands: {
    drive: { effect: "stream", deadman: 0.5, params: z.object({ speed: z.number().min(-1).max(1) }) },
    tune: { effect: "stream", role: "admin", params: z.object({ note: z.string().optional() }) },
    stop: { effect: "set" },
  },
});
const kinds = [...KINDS, cart];

function driven(more: Parameters<typeof signalbox>[0] = {}) {
  const box = signalbox({ kinds, ...more });
  return { box, cart: box.device("cart", "cart"), ann: box.operator() };
}

const drive = (peer: Peer, n: number, more: Frame = {}) =>
  peer.send({ type: "stream", device: "cart", name: "drive", data: { speed: n % 1_000 / 1_000 }, n, ...more });
const ns = (device: Peer) => device.all("stream").map(({ n }) => n);

describe.each(LIVES)("lanes, $life", ({ isForgetful }) => {
  it("[L1, L3, G4] a frame goes on as it is, at once, without a fence that nobody gave out, and nothing is answered", () => {
    const { cart, ann } = driven({ isForgetful });
    drive(ann, 1);
    drive(ann, 2, { fence: 7 });
    expect(cart.frames).toEqual([
      { type: "stream", name: "drive", data: { speed: 0.001 }, n: 1 },
      { type: "stream", name: "drive", data: { speed: 0.002 }, n: 2 },
    ]);
    cart.send({ type: "streamed", name: "drive", n: 2 });
    expect([cart.all("error"), ann.frames]).toEqual([[], []]);
  });

  const REFUSED: [string, Frame, string, string | undefined][] = [
    ["no such device", { device: "nowhere" }, "not_found", undefined],
    ["no such name", { name: "fly" }, "unknown_command", "#/name"],
    ["a command that is no lane", { name: "stop", data: {} }, "unknown_command", "#/name"],
    ["data out of range", { data: { speed: 2 } }, "invalid_params", "#/data/speed"],
    ["an unknown key in data", { data: { speed: 0, lights: true } }, "invalid_params", "#/data/lights"],
    ["no n", { n: undefined }, "bad_frame", "#/n"],
    ["an unknown key", { lease: 3 }, "bad_frame", "#/lease"],
    ["the lane of another role", { name: "tune", data: {} }, "forbidden", undefined],
  ];
  it.each(REFUSED)("[L1] refused: %s", (_, more, code, pointer) => {
    const { cart, ann } = driven({ isForgetful });
    drive(ann, 1, more);
    expect(ann.frames).toMatchObject([{ type: "error", code, of: "stream" }]);
    expect([ann.frames[0].pointer, cart.frames]).toEqual([pointer, []]);
  });

  it("[L7] a lane is driven, not commanded", () => {
    const { box, cart, ann } = driven({ isForgetful });
    const reply = ann.ask({ type: "command", device: "cart", name: "drive", params: { speed: 1 } });
    expect(reply.error).toMatchObject({ code: "unknown_command", pointer: "#/name" });
    expect([cart.frames, box.ask("list_commands", { device: "cart" }).items]).toEqual([[], []]);
  });

  it("[L1, I5] a viewer does not drive", () => {
    const { box, cart } = driven({ isForgetful });
    const vera = box.operator("viewer");
    drive(vera, 1);
    expect([vera.take("error").code, cart.frames]).toEqual(["forbidden", []]);
  });

  it("[L1, F7] what is larger than the device takes is refused", () => {
    const { box, cart } = driven({ isForgetful });
    const admin = box.operator("admin");
    const tune = (length: number) => drive(admin, 1, { name: "tune", data: { note: "x".repeat(length) } });
    tune(1_000);
    expect([admin.take("error").code, cart.all("stream")]).toEqual(["too_large", []]);
    cart.send({ type: "hello", maxFrame: 4_096 });
    tune(1_000);
    expect([admin.frames, cart.all("stream").length]).toEqual([[], 1]);
  });

  it("[L2] a device that is not there: offline, once a second", () => {
    const { box, cart, ann } = driven({ isForgetful });
    cart.drop();
    for (let n = 1; n <= 100; n++) {
      drive(ann, n);
      box.advance(20);
    }
    expect(ann.all("error")).toMatchObject([{ code: "offline", of: "stream" }, { code: "offline" }]);
    const again = box.device("cart");
    drive(ann, 101);
    expect([ns(again), ann.frames]).toEqual([[101], []]);
  });

  it("[L2, P4] nor one that has been silent for too long", () => {
    const { box, cart, ann } = driven({ isForgetful });
    box.advance(599_999);
    cart.frames.length = 0;
    drive(ann, 1);
    box.now += 1;
    drive(ann, 2);
    expect([ns(cart), ann.take("error").code]).toEqual([[1], "offline"]);
  });
});

describe("lanes", () => {
  it("[L3] an unanswered frame older than the dead-man time holds back all but the newest", () => {
    const { box, cart, ann } = driven();
    drive(ann, 1);
    box.advance(500);
    drive(ann, 2);
    expect(ns(cart)).toEqual([1, 2]);
    box.advance(1);
    for (const n of [3, 4, 5]) drive(ann, n);
    expect(ns(cart)).toEqual([]);
    cart.send({ type: "streamed", name: "drive", n: 1 });
    expect(ns(cart)).toEqual([5]);
    drive(ann, 6);
    expect(ns(cart)).toEqual([6]);
    // 2 is the oldest now, and too old in its turn.
    box.advance(500);
    drive(ann, 7);
    expect(ns(cart)).toEqual([]);
    cart.send({ type: "streamed", name: "drive", n: 6 });
    expect([ns(cart), box.device("cart") && ann.frames]).toEqual([[7], []]);
  });

  it("[L3] what waited longer than the dead-man time is not sent any more", () => {
    const { box, cart, ann } = driven();
    drive(ann, 1);
    box.advance(600);
    drive(ann, 2);
    box.advance(501);
    cart.send({ type: "streamed", name: "drive", n: 1 });
    expect(ns(cart)).toEqual([1]);
    drive(ann, 3);
    expect(ns(cart)).toEqual([3]);
  });

  it("[L3] nor after an answer that did not set it free", () => {
    const { box, cart, ann } = driven();
    drive(ann, 1);
    box.advance(400);
    drive(ann, 2);
    box.advance(600);
    drive(ann, 3);
    box.advance(400);
    cart.send({ type: "streamed", name: "drive", n: 1 });
    box.advance(400);
    cart.send({ type: "streamed", name: "drive", n: 2 });
    expect(ns(cart)).toEqual([1, 2]);
  });

  it("[L] two who drive at once are in the audit twice, not with every frame", () => {
    const { box, ann } = driven();
    const bob = box.operator();
    for (let n = 1; n <= 20; n++) {
      drive(ann, n);
      drive(bob, n);
    }
    expect(box.ask("list_audit", {}).items.filter(({ what }) => what === "drive").length).toBe(2);
  });

  it("[L3] each lane waits for itself", () => {
    const { box, cart } = driven();
    const admin = box.operator("admin");
    drive(admin, 1);
    box.advance(600);
    drive(admin, 2);
    drive(admin, 1, { name: "tune", data: {} });
    expect(cart.all("stream").map(({ name, n }) => [name, n])).toEqual([["drive", 1], ["tune", 1]]);
  });

  it("[L4] an answer is for every frame sent up to that one, though a new driver began anew", () => {
    const { box, cart, ann } = driven();
    drive(ann, 1_000);
    drive(box.operator(), 1);
    box.advance(400);
    cart.send({ type: "streamed", name: "drive", n: 1 });
    box.advance(400);
    drive(ann, 2);
    expect(ns(cart)).toEqual([1_000, 1, 2]);
  });

  it("[L4] the last frames of a drive are forgiven after ten dead-man times, to a device that was heard of", () => {
    const { box, cart, ann } = driven();
    drive(ann, 1);
    box.advance(5_001);
    drive(ann, 2);
    expect(ns(cart)).toEqual([1]);
    cart.send({ type: "telemetry", data: { battery: 50 } });
    drive(ann, 3);
    expect(ns(cart)).toEqual([3]);
  });

  it("[L4] an answer to what was never asked changes nothing", () => {
    const { cart, ann } = driven();
    for (const name of ["drive", "fly", "__proto__", "stop"]) cart.send({ type: "streamed", name, n: 9 });
    drive(ann, 1);
    expect([cart.all("error"), ns(cart)]).toEqual([[], [1]]);
  });

  it("[L5] a new connection begins anew", () => {
    const { box, cart, ann } = driven();
    drive(ann, 1);
    box.advance(600);
    drive(ann, 2);
    cart.drop();
    const again = box.device("cart");
    expect(ns(again)).toEqual([]);
    drive(ann, 3);
    expect(ns(again)).toEqual([3]);
  });

  it("[L, F9] fifty frames a second for a minute pass, without a row but the audit's", () => {
    const store = openMemory();
    const rows: string[] = [];
    const commit: typeof store.commit = (writes, durability) => {
      rows.push(...writes.map((write) => "put" in write ? write.put : "other"));
      store.commit(writes, durability);
    };
    const { box, cart, ann } = driven({ store: { ...store, commit } });
    drive(ann, 0);
    rows.length = 0;
    let arrived = 0;
    for (let n = 1; n <= 3_000; n++) {
      drive(ann, n);
      const [last] = ns(cart).slice(-1);
      if (n % 5 === 0) cart.send({ type: "streamed", name: "drive", n: last });
      arrived += last === n ? 1 : 0;
      box.now += 20;
    }
    expect([arrived, ann.frames]).toEqual([3_000, []]);
    // A token's use is noted once a minute.
    expect(rows.filter((row) => row !== "operator_token")).toEqual([]);
    expect(rows.length).toBeLessThanOrEqual(1);
    const deeds = box.ask("list_audit", {}).items.filter(({ what }) => what === "drive");
    expect(deeds).toMatchObject([{ what: "drive", target: "cart", outcome: "driven" }]);
  });
});
