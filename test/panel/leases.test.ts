import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeviceView } from "../../src/protocol/record.ts";
import { hub } from "../../src/panel/live/connection.ts";
import { fenceOf, forgetLoss, leases, letGo, take, takeOver } from "../../src/panel/live/leases.ts";
import { ledgerOf, retry, send } from "../../src/panel/live/ledger.ts";
import { cutInWords, driverOf, lossInWords, undrivenInWords } from "../../src/panel/words/lease.ts";
import { ANN, counts, type FakeSocket } from "./fake.ts";
import { openPage, type Page, welcome } from "./page.ts";

type Lease = DeviceView["lease"];
const BOB = { id: "bob", name: "Bob" };
const ME = { id: ANN.id, name: ANN.name };
const lease = (fence: number, holder: typeof BOB = ME): NonNullable<Lease> => ({
  fence,
  holder,
  since: 1000,
  expiresAt: 16_000,
});

describe("[G6] who drives", () => {
  it("is what the hub shows, and this window by its fence", () => {
    expect(driverOf({ lease: null, me: "ann" })).toEqual({ state: "nobody" });
    expect(driverOf({ lease: lease(5, BOB), me: "ann" })).toEqual({ state: "other", name: "Bob", since: 1000 });
    expect(driverOf({ lease: lease(5), me: "ann" })).toEqual({ state: "elsewhere", since: 1000 });
    expect(driverOf({ lease: lease(5), held: 5, me: "ann" })).toEqual({ state: "you", since: 1000 });
  });

  it("what the watch tells late changes nothing: an answer is newer", () => {
    expect(driverOf({ lease: null, held: 5, me: "ann" })).toEqual({ state: "you", since: null });
    expect(driverOf({ lease: lease(4, BOB), held: 5, me: "ann" })).toEqual({ state: "you", since: null });
    expect(driverOf({ lease: lease(5), over: 5, me: "ann" })).toEqual({ state: "nobody" });
    expect(driverOf({ lease: lease(6, BOB), held: 5, me: "ann" }).state).toBe("other");
    expect(driverOf({ lease: lease(6, BOB), over: 5, me: "ann" }).state).toBe("other");
  });

  it("only who drives has nothing to do first", () => {
    expect(undrivenInWords(null)).toBeNull();
    expect(undrivenInWords({ state: "you", since: 0 })).toBeNull();
    for (const state of ["nobody", "elsewhere", "other"] as const) {
      expect(undrivenInWords({ state, name: "Bob", since: 0 })).toMatch(/first\.$/);
    }
  });

  it("after a cut a lease is said to be over when it is", () => {
    expect(cutInWords(0, 14_999)).toContain("unless it comes back");
    expect(cutInWords(0, 15_000)).toContain("has lapsed");
  });
});

describe("a lease of this window", () => {
  let page: Page;
  let socket: FakeSocket;
  let device = "";
  let devices = 0;
  beforeAll(() => void (page = openPage()));
  afterAll(() => void vi.unstubAllGlobals());
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("document", { hidden: true });
    device = `rover-${++devices}`;
    connect();
  });
  afterEach(async () => {
    for (const one of Object.keys(leases.get().held)) tellLoss(one, BOB, "the test is over");
    for (const one of Object.keys(leases.get().lost)) forgetLoss(one);
    hub.stop();
    await vi.advanceTimersByTimeAsync(0);
    vi.useRealTimers();
  });

  function connect() {
    hub.connect();
    socket = page.sockets[page.sockets.length - 1].socket;
    socket.open();
    socket.say(welcome(Date.now()));
  }
  const tellLoss = (id: string, by: typeof BOB, reason: string, holder: typeof BOB | null = by) =>
    socket.say({ type: "lease", device: id, fence: 1000, holder, expiresAt: null, by, reason });
  async function answer(type: string, value: unknown) {
    const { id, ...frame } = socket.takeOne(type);
    socket.say({ type: "reply", id, ok: true, value });
    await vi.advanceTimersByTimeAsync(0);
    return frame;
  }
  async function taken(fence = 5) {
    const asked = take({ id: device, name: "Rover" });
    const frame = await answer("lease", { fence, holder: ME, expiresAt: 16_000 });
    await asked;
    return frame;
  }
  /** What the watch of a held device shows. */
  async function show(shown: Record<string, unknown> | null) {
    const watch = socket.take("watch").at(-1)!;
    const devices = shown === null ? [] : [{ id: device, ...shown }];
    socket.say({ type: "reply", id: watch.id, ok: true, value: {} });
    socket.say({ type: "snapshot", watch: watch.id, revision: 1, total: devices.length, counts: counts(), devices });
    await vi.advanceTimersByTimeAsync(300);
  }

  it("[G4] gives every command its fence; a repeat of the same call has the one that it had", async () => {
    expect(await taken()).toEqual({ type: "lease", device, action: "take" });
    expect(fenceOf(device)).toBe(5);
    void send({ device, name: "dock", params: {} });
    expect(socket.takeOne("command")).toMatchObject({ name: "dock", fence: 5 });
    hub.stop();
    await vi.advanceTimersByTimeAsync(0);
    connect();
    await show({ lease: lease(5) });
    await answer("lease", { fence: 6, holder: ME, expiresAt: 1 });
    const [ask] = ledgerOf(device).get().asks;
    void retry(ask);
    const again = socket.takeOne("command");
    expect(again).toMatchObject({ key: ask.key, fence: 5 });
    const error = { code: "offline", message: "", retryable: true };
    socket.say({ type: "reply", id: again.id, ok: false, error });
    await vi.advanceTimersByTimeAsync(0);
    void retry(ledgerOf(device).get().asks[0]);
    expect(socket.takeOne("command")).toMatchObject({ fence: 6 });
    await vi.advanceTimersByTimeAsync(0);
  });

  it("[G2] is proven three times within its time, and not when there is none", async () => {
    await vi.advanceTimersByTimeAsync(1);
    const before = socket.pings;
    await taken();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(socket.pings - before).toBeGreaterThanOrEqual(3);
    const released = letGo(device);
    expect(await answer("lease", { fence: 5, holder: null, expiresAt: null })).toMatchObject({ action: "release" });
    await released;
    expect(fenceOf(device)).toBeUndefined();
    expect(leases.get()).toMatchObject({ lost: {}, over: { [device]: 5 } });
    const after = socket.pings;
    await vi.advanceTimersByTimeAsync(29_000);
    expect(socket.pings).toBe(after);
  });

  it("[G5] is lost with a word: who, and why", async () => {
    await taken();
    tellLoss(device, BOB, "My turn");
    expect(fenceOf(device)).toBeUndefined();
    expect(lossInWords(leases.get().lost[device])).toMatch(/^Bob took control at .*“My turn”$/);
    await taken(7);
    expect(leases.get().lost).toEqual({});
    tellLoss(device, { id: "hub", name: "Signalbox" }, "lapsed", null);
    expect(lossInWords(leases.get().lost[device])).toContain("nothing was heard of this window");
    await taken(9);
    tellLoss(device, BOB, "estop", null);
    expect(lossInWords(leases.get().lost[device])).toBe("The emergency stop by Bob ended your lease.");
    // Somebody's own words are never taken for the hub's.
    await taken(11);
    tellLoss(device, BOB, "lapsed");
    expect(lossInWords(leases.get().lost[device])).toMatch(/^Bob took control at .*“lapsed”$/);
  });

  it("[G3] a cut that was short is mended: still ours, it is taken back with a new fence", async () => {
    await taken();
    hub.stop();
    connect();
    expect(socket.take("lease")).toEqual([]);
    await show({ lease: lease(5) });
    expect(await answer("lease", { fence: 6, holder: ME, expiresAt: 1 })).toEqual({
      type: "lease",
      device,
      action: "take",
    });
    expect(fenceOf(device)).toBe(6);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["lapsed", { lease: null }, "nothing was heard of this window"],
    ["was taken", { lease: lease(6, BOB) }, "lapsed while the connection was gone, and Bob took control"],
    ["was ended by a stop", { lease: null, estop: { by: BOB } }, "The emergency stop by Bob ended your lease."],
    ["was taken in another window", { lease: lease(6) }, "You took control in another window."],
  ])("[G2] a lease that %s meanwhile is not taken again by itself", async (_, shown, words) => {
    await taken();
    hub.stop();
    connect();
    await show(shown);
    expect(socket.take("lease")).toEqual([]);
    expect(fenceOf(device)).toBeUndefined();
    expect(lossInWords(leases.get().lost[device])).toContain(words);
  });

  it("goes with its device", async () => {
    await taken();
    await show({ lease: lease(5) });
    hub.stop();
    connect();
    await show(null);
    expect(lossInWords(leases.get().lost[device])).toContain("The device is gone");
  });

  it("[G3] is taken over with a reason", async () => {
    const asked = takeOver({ id: device }, "It burns");
    expect(await answer("lease", { fence: 8, holder: ME, expiresAt: 1 }))
      .toEqual({ type: "lease", device, action: "force", reason: "It burns" });
    await asked;
    expect(fenceOf(device)).toBe(8);
  });
});
