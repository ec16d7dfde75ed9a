/** When a process hangs up on whoever goes on sending: never just before the next frame. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closeInAPause } from "../../src/platform/deno_close.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When it hung up, in ms after it was to; frames come at these times. */
function closedAt(frames: readonly number[]): number {
  const begun = Date.now();
  let at = -1;
  const socket: Parameters<typeof closeInAPause>[0] = {
    close(code, reason) {
      expect([code, reason]).toEqual([4505, "why"]);
      if (at < 0) at = Date.now() - begun;
    },
    onmessage: null,
  };
  closeInAPause(socket, 4505, "why");
  for (const frame of frames) {
    if (at >= 0) break;
    vi.advanceTimersByTime(frame - (Date.now() - begun));
    // Who hung up hears no more of it.
    if (at < 0) socket.onmessage!.call(socket as WebSocket, new MessageEvent("message"));
  }
  vi.advanceTimersByTime(1_000);
  return at;
}

const paced = (gap: number) => Array.from({ length: 2_000 }, (_, at) => (at + 1) * gap);

describe("a close [Z]", () => {
  it.each([10, 1000 / 60, 20, 25, 33, 50, 100])(
    "[F9] is said well before the next frame of who sends every %d ms",
    (gap) => {
      const at = closedAt(paced(gap));
      const sinceFrame = at % gap;
      expect(at).toBeLessThan(3 * gap + 20);
      expect(Math.min(sinceFrame, gap - sinceFrame)).toBeGreaterThan(2);
    },
  );

  it("is said after what came in one go, however much that was", () => {
    const isSoonAfter = (ms: number) =>
      expect.toSatisfy((at: number) => at >= ms && at <= ms + 1, `soon after ${ms} ms`);
    expect(closedAt([])).toEqual(isSoonAfter(13));
    expect(closedAt(Array(200).fill(0))).toEqual(isSoonAfter(13));
    expect(closedAt([1, 2, 3, 5, 7, 7, 9])).toEqual(isSoonAfter(22));
  });

  it("is said after half a second to who floods, straight after a frame", () => {
    expect(closedAt(paced(2))).toBe(500);
    expect(closedAt(paced(7))).toBe(504);
  });

  it("waits for what is there already where the process was busy when its time came", () => {
    const close = vi.fn();
    const socket: Parameters<typeof closeInAPause>[0] = { close, onmessage: null };
    closeInAPause(socket, 4505, "why");
    const read = () => socket.onmessage!.call(socket as WebSocket, new MessageEvent("message"));
    // Between a timer and what comes right after it a process reads.
    setTimeout(read, 13);
    vi.advanceTimersByTime(16);
    expect(close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(close).toHaveBeenCalledOnce();
  });
});
