import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { CommandRecord, EstopView } from "../../src/protocol/record.ts";
import { hub } from "../../src/panel/live/connection.ts";
import { clearStop, pressOf, pressStop, stopMany } from "../../src/panel/live/estop.ts";
import { failedPressInWords, knowsInWords, latchOf, markInWords } from "../../src/panel/words/estop.ts";
import { settle } from "../device/fake.ts";
import type { FakeSocket } from "./fake.ts";
import { json, openPage, type Page, welcome } from "./page.ts";

const latch = (more: Partial<EstopView> = {}): EstopView => ({
  at: 1000,
  by: { id: "ann", name: "Ann" },
  reason: "",
  reach: "device",
  command: "c1",
  confirmedAt: null,
  ...more,
});

describe("[E2] a latched stop says what the device knows of it", () => {
  const record = { id: "c1", status: "sent", createdAt: 1000, sentAt: 1000 } as CommandRecord;
  const seen = { latch: latch(), presence: "online", record, now: 2000 } as const;

  it("confirmed is only what the device said", () => {
    expect(knowsInWords({ ...seen, latch: latch({ confirmedAt: 1500 }) })).toEqual({
      sentence: expect.stringMatching(/^Confirmed by the device at \d\d:\d\d:\d\d\.$/),
      isConfirmed: true,
    });
    expect(knowsInWords(seen)).toEqual({ sentence: "Sent. The device has not confirmed it yet.", isConfirmed: false });
  });

  it.each(["offline", "sleeping", "new"] as const)("%s: it waits for the device", (presence) => {
    expect(knowsInWords({ ...seen, presence }).sentence)
      .toBe("Not confirmed yet: it is sent again when the device comes back.");
  });

  it("a stop that failed is not passed over", () => {
    const failed = {
      ...record,
      status: "failed",
      error: { code: "jammed", message: "The brake does not hold." },
    } as CommandRecord;
    const { sentence, isConfirmed } = knowsInWords({ ...seen, record: failed });
    expect(sentence).toContain("The brake does not hold.");
    expect(sentence).toContain("Press again");
    expect(isConfirmed).toBe(false);
  });

  it("a kind without a stop: the device knows nothing, wherever it is", () => {
    for (const presence of ["online", "offline"] as const) {
      expect(knowsInWords({ ...seen, presence, latch: latch({ reach: "hub", command: null }) }).sentence)
        .toContain("the device knows nothing of it");
    }
  });

  it("[O3] a merge-patch cannot say null: what is missing is not confirmed", () => {
    const { confirmedAt: _, command: __, ...patched } = latch();
    expect(latchOf({ estop: patched })).toEqual(latch({ command: null }));
    expect(knowsInWords({ ...seen, latch: latchOf({ estop: patched })! }).isConfirmed).toBe(false);
    expect(latchOf({ estop: latch({ confirmedAt: 7 }) })).toEqual(latch({ confirmedAt: 7 }));
    expect(latchOf({})).toBeNull();
  });

  it("a list calls stopped only what said so itself", () => {
    expect(markInWords(latch()).word).toBe("Stop unconfirmed");
    expect(markInWords(latch({ confirmedAt: 1500 })).word).toBe("Stopped");
    expect(markInWords(latch({ reach: "hub" })).word).toBe("Hub stop only");
  });

  it("a press without an answer sounds like what it is", () => {
    expect(failedPressInWords({ code: "no_answer", message: "", retryable: true })).toContain(
      "may not have been stopped",
    );
    expect(failedPressInWords({ code: "forbidden", message: "", retryable: false })).toMatch(/^Nothing was stopped\./);
  });
});

describe("a press", () => {
  let page: Page;
  let socket: FakeSocket;
  let device = "";
  let devices = 0;
  beforeAll(() => void (page = openPage()));
  afterAll(() => void vi.unstubAllGlobals());
  beforeEach(() => {
    vi.useFakeTimers();
    device = `rover-${++devices}`;
    page.answer = null;
    page.requests.length = 0;
    hub.connect();
    socket = page.sockets[page.sockets.length - 1].socket;
    socket.open();
    socket.say(welcome(Date.now()));
    socket.take();
  });
  afterEach(() => {
    hub.stop();
    vi.useRealTimers();
  });

  it("[E1] goes at once, with nothing asked; what the hub answers is shown until the watch tells", async () => {
    const pressed = pressStop(device);
    const { id, ...frame } = socket.takeOne("estop");
    expect(frame).toEqual({ type: "estop", device, action: "set" });
    expect(pressOf(device).get()).toEqual({ state: "asking" });
    socket.say({ type: "reply", id, ok: true, value: latch() });
    await pressed;
    expect(pressOf(device).get()).toEqual({ state: "latched", latch: latch() });
    await vi.advanceTimersByTimeAsync(2000);
    expect(pressOf(device).get()).toBeNull();
    expect(page.requests).toEqual([]);
  });

  it("[E1] takes the other way where the socket is gone, or keeps silent", async () => {
    page.answer = () => json(latch());
    hub.stop();
    await pressStop(device);
    expect(page.requests.map(({ method, path }) => [method, path])).toEqual([[
      "POST",
      `/api/v1/devices/${device}/estop`,
    ]]);
    hub.connect();
    socket = page.sockets[page.sockets.length - 1].socket;
    socket.open();
    socket.say(welcome(Date.now()));
    const pressed = pressStop(device);
    await vi.advanceTimersByTimeAsync(1499);
    expect(page.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await pressed;
    expect(page.requests).toHaveLength(2);
    expect(pressOf(device).get()?.state).toBe("latched");
  });

  it("[A2.2] stands as long as no watch can tell of it: without a connection it is not forgotten", async () => {
    page.answer = () => json(latch());
    hub.stop();
    await pressStop(device);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pressOf(device).get()?.state).toBe("latched");
    hub.connect();
    socket = page.sockets[page.sockets.length - 1].socket;
    socket.open();
    socket.say(welcome(Date.now()));
    await vi.advanceTimersByTimeAsync(1999);
    expect(pressOf(device).get()?.state).toBe("latched");
    await vi.advanceTimersByTimeAsync(1);
    expect(pressOf(device).get()).toBeNull();
  });

  it("a refusal needs no second way; no answer by any way is said", async () => {
    const refused = pressStop(device);
    const { id } = socket.takeOne("estop");
    socket.say({ type: "reply", id, ok: false, error: { code: "forbidden", message: "No.", retryable: false } });
    await refused;
    expect(pressOf(device).get()).toMatchObject({ state: "failed", fault: { code: "forbidden" } });
    expect(page.requests).toEqual([]);
    hub.stop();
    await pressStop(device);
    expect(pressOf(device).get()).toMatchObject({ state: "failed", fault: { code: "no_answer" } });
  });

  it("[E1, E6] many are stopped by a query, and one is cleared with a reason", async () => {
    const many = stopMany({ query: "tag:hall" }, "Water.");
    const cleared = clearStop(device, "Dry again.");
    const [stop, clear] = socket.take("estop");
    expect(stop).toEqual({ type: "estop", id: stop.id, query: "tag:hall", action: "set", reason: "Water." });
    expect(clear).toEqual({ type: "estop", id: clear.id, device, action: "clear", reason: "Dry again." });
    socket.say({ type: "reply", id: stop.id, ok: true, value: { devices: ["a"], total: 1 } });
    socket.say({ type: "reply", id: clear.id, ok: true, value: latch() });
    expect(await many).toEqual({ devices: ["a"], total: 1 });
    expect(await cleared).toEqual(latch());
    await settle();
  });
});
