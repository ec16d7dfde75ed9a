import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import light from "../../devices/light.ts";
import type { Socket, SocketConstructor } from "../../src/device/link.ts";
import { type AnyBehaviour } from "../../src/device/ranges.ts";
import { behaviourOf } from "../../src/device/simulator.ts";
import type { Fault } from "../../src/panel/simulator/faults.ts";
import { faulty } from "../../src/panel/simulator/faulty.ts";
import { Line, withWrongTime } from "../../src/panel/simulator/line.ts";

class Real implements Socket {
  static made: Real[] = [];
  onopen: Socket["onopen"] = null;
  onerror: Socket["onerror"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  sent: unknown[] = [];
  isClosed = false;
  constructor() {
    Real.made.push(this);
  }
  send(data: string | Uint8Array) {
    this.sent.push(data);
  }
  close() {
    this.isClosed = true;
  }
  hears(data: string) {
    this.onmessage?.({ data } as never);
  }
}

function lineOf(...on: Fault[]) {
  const faults = new Set(on);
  const line = new Line(faults, Real as unknown as SocketConstructor);
  const socket = new line.WebSocket("ws://hub/device", []);
  const heard: string[] = [];
  socket.onmessage = ((event: { data: string }) => heard.push(event.data)) as Socket["onmessage"];
  const closed = vi.fn();
  socket.onclose = closed as Socket["onclose"];
  const set = (fault: Fault, isOn: boolean) => {
    if (isOn) faults.add(fault);
    else faults.delete(fault);
    line.changed(fault);
  };
  return { line, socket, heard, closed, set, real: Real.made.at(-1)! };
}

beforeEach(() => {
  Real.made = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("a simulated device's line", () => {
  it("passes everything both ways while nothing is broken", () => {
    const { socket, real, heard } = lineOf();
    socket.send("ping");
    real.hears("pong");
    expect([real.sent, heard]).toEqual([["ping"], ["pong"]]);
  });

  it("cut: ends, and none comes up", () => {
    const { line, set, closed, real } = lineOf();
    set("cut", true);
    expect(real.isClosed).toBe(true);
    expect(closed).toHaveBeenCalledOnce();
    const next = new line.WebSocket("ws://hub/device", []);
    const failed = vi.fn();
    next.onclose = failed as Socket["onclose"];
    vi.runAllTimers();
    expect(failed).toHaveBeenCalledOnce();
    expect(Real.made).toHaveLength(1);
  });

  it("half open: stands and carries nothing, also when the device leaves it; what was left ends with the fault", () => {
    const { socket, set, real, heard, closed } = lineOf();
    set("half_open", true);
    socket.send("ping");
    real.hears("pong");
    socket.close(1000);
    expect([real.sent, heard, real.isClosed]).toEqual([[], [], false]);
    expect(closed).not.toHaveBeenCalled();
    set("half_open", false);
    expect(real.isClosed).toBe(true);
  });

  it("slow: later, and in order after it is quick again", () => {
    const { socket, set, real } = lineOf("slow");
    socket.send("one");
    set("slow", false);
    socket.send("two");
    expect(real.sent).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(real.sent).toEqual(["one", "two"]);
  });

  it("wrong clock: samples and events have a time of their own, an hour ahead; the rest is as it was [T3]", () => {
    const at = Date.now() + 3_600_000;
    const through = (frame: unknown) => JSON.parse(withWrongTime(JSON.stringify(frame)));
    expect(through({ type: "telemetry", data: { on: true }, ago: 4, seq: 2 })).toEqual({
      type: "telemetry",
      data: { on: true },
      seq: 2,
      at,
    });
    expect(through({ type: "telemetry", samples: [{ data: {}, ago: 1 }] }).samples).toEqual([{ data: {}, at }]);
    expect(through({ type: "hello", boot: "a" })).toEqual({ type: "hello", boot: "a" });
    expect(withWrongTime("ping")).toBe("ping");
  });
});

describe("a simulated device's behaviour", () => {
  const fails = new Error("it failed");
  function madeOf(on: ReadonlySet<Fault>) {
    const state: Record<string, unknown> = {};
    const self = {
      telemetry: () => {},
      report: (patch: object) => Object.assign(state, patch),
      event: () => {},
      blob: () => Promise.resolve(""),
      state,
      time: 0,
      hour: 12,
      settings: {},
      random: () => 0.9,
      fail: () => {
        throw fails;
      },
      sleep: () => Promise.resolve(),
    };
    const behaviour = faulty(light, behaviourOf(light), on)(self as unknown as Parameters<AnyBehaviour>[0]);
    const set = behaviour.commands.set as unknown as (params: object, handling: object) => unknown;
    return { state, behaviour, set: (isOn: boolean) => set({ on: isOn }, {}) };
  }

  it("acts as its kind does while nothing is broken", () => {
    const { state, set } = madeOf(new Set());
    expect(state.on).toBe(false);
    set(true);
    expect(state.on).toBe(true);
  });

  it("lies: says that it did, and stays as it was", () => {
    const { state, set } = madeOf(new Set<Fault>(["lies"]));
    expect(set(true)).toBeUndefined();
    expect(state.on).toBe(false);
  });

  it("refuses: every command, and each field that is desired", () => {
    const { behaviour, set } = madeOf(new Set<Fault>(["refuses"]));
    expect(() => set(true)).toThrow(fails);
    expect(behaviour.desired!({ on: true } as never)).toMatchObject({ on: { code: "refused" } });
  });
});
