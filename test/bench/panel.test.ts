/** What a frame cost, from a trace that was made by hand. */
import { describe, expect, it } from "vitest";
import { framesOf, type TraceEvent } from "../../bench/panel/trace.ts";

const PAGE = { pid: 7, tid: 7 };
const frame = (ts: number, thread = PAGE): TraceEvent => ({ name: "BeginMainThreadFrame", ph: "I", ts, ...thread });
/** On the clock it lasts twice as long as it has the processor. */
const took = (name: string, ts: number, tdur: number, thread = PAGE): TraceEvent => ({
  name,
  ph: "X",
  ts,
  tdur,
  dur: tdur * 2,
  ...thread,
});

describe("the trace of a page", () => {
  it("has the script between two frames, by what it had of the processor", () => {
    const { script } = framesOf([
      frame(10_000),
      took("FireAnimationFrame", 10_100, 2_000),
      took("TimerFire", 20_000, 500),
      took("Layout", 22_000, 2_000),
      frame(40_000),
      took("MinorGC", 41_000, 1_000),
      frame(60_000),
    ]);
    expect(script).toEqual([2.5, 1]);
  });

  it("has the worst sixtieth of a second where no frame is drawn for longer", () => {
    const { script } = framesOf([
      frame(0),
      took("FireAnimationFrame", 100, 2_000),
      took("FunctionCall", 100_100, 3_000),
      took("MinorGC", 107_000, 1_500),
      took("TimerFire", 200_100, 3_500),
      frame(333_000),
    ]);
    expect(script).toEqual([4.5]);
  });

  it("counts what another event called once, and what follows it anew", () => {
    const { script } = framesOf([
      frame(0),
      took("FunctionCall", 2_000, 1_000),
      took("EventDispatch", 1_000, 3_000),
      took("V8.GCScavenger", 2_500, 200),
      took("FunctionCall", 7_000, 100),
      frame(50_000),
    ]);
    expect(script).toEqual([3.1]);
  });

  it("leaves out what is cut off at either end, and a frame's own task belongs to it", () => {
    const { script, work } = framesOf([
      took("FunctionCall", 0, 9_000),
      // It has the frame's beginning in it.
      took("RunTask", 19_900, 3_000),
      frame(20_000),
      took("FireAnimationFrame", 20_050, 2_000),
      frame(40_000),
      took("FunctionCall", 41_000, 9_000),
    ]);
    expect([script, work]).toEqual([[2], [3]]);
  });

  it("is that of the page which draws, and of no other thread", () => {
    const other = { pid: 8, tid: 8 };
    const { script } = framesOf([
      frame(0, other),
      took("FunctionCall", 100, 5_000, other),
      took("FunctionCall", 100, 5_000, { pid: 7, tid: 9 }),
      frame(20_000),
      took("FunctionCall", 21_000, 1_000),
      frame(50_000),
      frame(90_000, other),
      frame(60_000),
    ]);
    expect(script).toEqual([1, 0]);
  });

  it("is no figure where the browser did not measure the processor", () => {
    const clock: TraceEvent = { ...PAGE, name: "FunctionCall", ph: "X", ts: 10, dur: 20 };
    expect(() => framesOf([frame(0), clock, frame(50)])).toThrow("FunctionCall");
    expect(framesOf([])).toEqual({ script: [], work: [] });
  });
});
