/** A drive: frames while something is held, one zero, and nothing more until the hand takes hold anew. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pushOf, pushOfAxes } from "../../src/panel/faces/rover/hands.ts";
import { EVERY, Lane, within } from "../../src/panel/faces/rover/lane.ts";

interface Sent {
  data: Record<string, number>;
  n: number;
  fence?: number;
}

function drivenBy(fence: number | undefined = 1) {
  const sent: Sent[] = [];
  const world: { fence: number | undefined; isFull: boolean } = { fence, isFull: false };
  const lane = new Lane({
    stream(frame, isLast) {
      if (world.isFull && !isLast) return false;
      sent.push(frame);
      return true;
    },
    fence: () => world.fence,
    data: ({ ahead, right }) => ({ linear: ahead, angular: -right || 0 }),
  }, true);
  return { lane, sent, world, last: () => sent.at(-1) };
}

const AHEAD = { ahead: 1, right: 0 };
const ZERO = { linear: 0, angular: 0 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a drive", () => {
  it("[L1] sends 20 to 50 frames a second, with a growing n, and only while held", () => {
    const { lane, sent } = drivenBy();
    vi.advanceTimersByTime(5_000);
    expect(sent).toEqual([]);
    lane.hold("pointer", AHEAD);
    vi.advanceTimersByTime(1_000);
    expect(sent.length).toBeGreaterThanOrEqual(20);
    expect(sent.length).toBeLessThanOrEqual(50);
    expect(sent.map(({ n }) => n)).toEqual(sent.map((_, index) => index + 1));
    lane.release("pointer");
    const { length } = sent;
    expect(sent.at(-1)).toMatchObject({ data: ZERO, fence: 1 });
    vi.advanceTimersByTime(5_000);
    expect(sent.length).toBe(length);
    expect(lane.drive.get()).toMatchObject({ isLive: false, end: null });
  });

  it("of two hands the newest leads, and the last one to let go ends it", () => {
    const { lane, last } = drivenBy();
    lane.hold("keys", AHEAD);
    lane.hold("gamepad", { ahead: 0, right: 1 });
    vi.advanceTimersByTime(EVERY);
    expect(last()!.data).toEqual({ linear: 0, angular: -1 });
    lane.release("gamepad");
    vi.advanceTimersByTime(EVERY);
    expect(last()!.data).toEqual({ linear: 1, angular: 0 });
    lane.release("keys");
    expect(last()!.data).toEqual(ZERO);
  });

  it("what ended it counts until the hand let go: a stick that is still held forward does not go on", () => {
    const { lane, sent } = drivenBy();
    lane.hold("gamepad", AHEAD);
    lane.stop("hidden");
    expect(sent.at(-1)!.data).toEqual(ZERO);
    const { length } = sent;
    lane.hold("gamepad", AHEAD);
    vi.advanceTimersByTime(1_000);
    expect(sent.length).toBe(length);
    expect(lane.drive.get().end).toBe("hidden");
    lane.release("gamepad");
    lane.hold("gamepad", AHEAD);
    expect(sent.length).toBe(length + 1);
    expect(lane.drive.get()).toMatchObject({ isLive: true, end: null });
    lane.stop("released");
  });

  it("[G4] a lease that is gone, or is another one, ends it without a frame", () => {
    for (const fence of [undefined, 2]) {
      const { lane, sent, world } = drivenBy();
      lane.hold("pointer", AHEAD);
      const { length } = sent;
      world.fence = fence;
      vi.advanceTimersByTime(1_000);
      expect(sent.length).toBe(length);
      expect(lane.drive.get()).toMatchObject({ isLive: false, end: "lease" });
    }
    const { lane, sent } = drivenBy();
    lane.hold("pointer", AHEAD);
    lane.stop("released");
    expect(sent.length).toBe(2);
  });

  it("[G4] without a lease nothing begins", () => {
    const sent: unknown[] = [];
    const lane = new Lane({ stream: (frame) => sent.push(frame) > 0, fence: () => undefined, data: () => ({}) }, true);
    lane.hold("keys", AHEAD);
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual([]);
    expect(lane.drive.get()).toMatchObject({ isLive: false, end: "lease" });
  });

  it("[L2] while something forbids it nothing begins, and what it says stands", () => {
    const { lane, sent } = drivenBy();
    lane.hold("keys", AHEAD);
    lane.allow(false, { refused: "It stands in its dock." });
    expect(sent.at(-1)!.data).toEqual(ZERO);
    const { length } = sent;
    lane.hold("pointer", AHEAD);
    vi.advanceTimersByTime(1_000);
    expect(sent.length).toBe(length);
    expect(lane.drive.get().end).toEqual({ refused: "It stands in its dock." });
  });

  it("a line that does not keep up loses frames and says so; the zero goes out all the same", () => {
    const { lane, sent, world } = drivenBy();
    lane.hold("keys", AHEAD);
    world.isFull = true;
    vi.advanceTimersByTime(1_000);
    expect(sent.length).toBe(1);
    expect(lane.drive.get().isSlow).toBe(true);
    lane.release("keys");
    expect(sent.map(({ n }) => n)).toEqual([1, 2]);
    expect(sent.at(-1)!.data).toEqual(ZERO);
  });
});

describe("hands", () => {
  it("keys add up and never go further than the rim; opposite ones are nothing", () => {
    expect(pushOf(["KeyW"])).toEqual(AHEAD);
    const slanted = pushOf(["ArrowUp", "KeyD"]);
    expect(Math.hypot(slanted.ahead, slanted.right)).toBeCloseTo(1);
    expect(pushOf(["KeyW", "KeyS"])).toEqual({ ahead: 0, right: 0 });
    expect(pushOf(["KeyW", "ArrowUp"])).toEqual(AHEAD);
    expect(within({ ahead: 3, right: 4 })).toEqual({ ahead: 0.6, right: 0.8 });
  });

  it("a gamepad's stick that nobody touches is still; from there on it grows from nothing", () => {
    expect(pushOfAxes([0.1, -0.1])).toBeNull();
    expect(pushOfAxes([])).toBeNull();
    expect(pushOfAxes([0, -1])).toEqual({ ahead: 1, right: 0 });
    expect(pushOfAxes([0.16, 0])!.right).toBeLessThan(0.05);
  });
});
