import { describe, expect, it, vi } from "vitest";
import relay from "../../devices/relay.ts";
import thermostat from "../../devices/thermostat.ts";
import { type CommandContext, CommandFailed, type DeviceOptions } from "../../src/device/client.ts";
import { readDeviceFrame } from "../../src/protocol/from_device.ts";
import { FakeHub, settle } from "./fake.ts";

type Commands = DeviceOptions<typeof relay>["commands"];

/** A relay that is online and was told nothing yet. */
function online(commands: Commands, more: Partial<DeviceOptions<typeof relay>> = {}) {
  const hub = new FakeHub();
  const lamp = hub.relay({ commands, ...more });
  const socket = hub.welcome();
  socket.take();
  return { hub, lamp, socket };
}

const received = { type: "received", id: "c1" };
const failed = (code: string, message: unknown = expect.any(String)) => ({
  type: "result",
  id: "c1",
  ok: false,
  error: { code, message },
});

describe("commands", () => {
  it("[C9, C10] received, then the state that it changed, then the result", async () => {
    const seen: unknown[] = [];
    const { hub, lamp, socket } = online({
      set({ on }, { id, attempt, ttl }) {
        seen.push(on, id, attempt, ttl);
        lamp.report({ on });
      },
    });
    hub.command("set", { on: true });
    await settle();
    expect(seen).toEqual([true, "c1", 1, 10]);
    expect(socket.take()).toEqual([
      received,
      { type: "state", seq: 1, reported: { on: true } },
      { type: "result", id: "c1", ok: true },
    ]);
  });

  it("[C10, D7] the result does not overtake the state behind a full window", async () => {
    const { hub, lamp, socket } = online({ set: ({ on }) => lamp.report({ on }) });
    for (let at = 0; at < 300; at++) lamp.telemetry({ power: at });
    expect(socket.take()).toHaveLength(250);
    hub.command("set", { on: true });
    await hub.clock.advance(2);
    expect(socket.take()).toEqual([received]);
    socket.say({ type: "stored", seq: 250 });
    expect(socket.take().map(({ type }) => type)).toEqual(["telemetry", "state", "result"]);
  });

  it("[C13] an id that it knows is not acted on again, neither at work nor afterwards", async () => {
    let acts = 0;
    let finish = () => {};
    const { hub, socket } = online({
      toggle: () => {
        acts += 1;
        return new Promise<void>((resolve) => finish = resolve);
      },
    });
    hub.command("toggle");
    hub.command("toggle", {}, { attempt: 2 });
    await settle();
    expect(socket.take()).toEqual([received, received]);
    finish();
    await settle();
    const result = { type: "result", id: "c1", ok: true };
    expect(socket.take()).toEqual([result]);
    socket.say({ type: "stored", id: "c1" });
    // Late, expired, under another name: what is known is answered from memory.
    hub.command("toggle", {}, { ttl: -1, attempt: 3 });
    await settle();
    expect([acts, socket.take()]).toEqual([1, [result]]);
  });

  it("[C12, C15] a result is sent again on each connection until it is stored, and named in hello until then", async () => {
    const { hub } = online({ toggle: () => {} });
    hub.command("toggle");
    await settle();
    for (let round = 0; round < 3; round++) {
      const socket = await hub.reconnect();
      expect(socket.take()).toEqual([
        expect.objectContaining({ type: "hello", commands: ["c1"] }),
        { type: "result", id: "c1", ok: true },
      ]);
    }
    hub.socket.say({ type: "stored", id: "c1" });
    expect((await hub.reconnect()).take()).toEqual([expect.objectContaining({ type: "hello", commands: [] })]);
  });

  it("[C15] what ends while the hub is away is told when it is back", async () => {
    let finish = () => {};
    const { hub } = online({ toggle: () => new Promise<void>((resolve) => finish = resolve) });
    hub.command("toggle");
    hub.socket.end(1006);
    finish();
    await hub.clock.advance(2);
    expect(hub.welcome().take().map(({ type }) => type)).toEqual(["hello", "result"]);
  });

  it("[C12] a result that the hub does not want is not repeated", async () => {
    const { hub, socket } = online({ toggle: () => {} });
    hub.command("toggle");
    await settle();
    socket.say({ type: "error", code: "not_found", message: "", of: "result", id: "c1" });
    expect((await hub.reconnect()).take().map(({ type }) => type)).toEqual(["hello"]);
  });

  it("[C12, X] a result that the hub could not write goes again a moment later, with what else there is to say", async () => {
    const { hub, lamp, socket } = online({ toggle: () => {} });
    hub.command("toggle");
    await settle();
    const [, result] = socket.take();
    socket.say({ type: "error", code: "storage_unavailable", message: "", of: "result", id: "c1" });
    lamp.telemetry({ power: 1 });
    await hub.clock.advance(0.9);
    expect(socket.take()).toEqual([]);
    await hub.clock.advance(0.2);
    expect(socket.take()).toEqual([{ type: "telemetry", seq: 1, ago: 1, data: { power: 1 } }, result]);
    socket.say({ type: "stored", id: "c1" });
    expect((await hub.reconnect()).take("result")).toEqual([]);
  });

  it.each([
    ["ttl", { ttl: 0, expires: undefined }],
    ["a ttl below zero", { ttl: -3, expires: undefined }],
    ["the hub's clock, on a link that stalled", { ttl: 9.9, expires: -100 }],
  ])("[C3, C6] one that is too late by %s is not acted on", async (_, { ttl, expires }) => {
    let acts = 0;
    const { hub, socket } = online({ toggle: () => void (acts += 1) });
    await hub.clock.advance(20);
    hub.command("toggle", {}, { ttl, expires: expires === undefined ? undefined : hub.time + expires });
    await settle();
    expect([acts, socket.take()]).toEqual([0, [failed("expired")]]);
  });

  it("[C6] its handler knows what a slow link left of its time", async () => {
    const seen: number[] = [];
    const { hub } = online({ toggle: (_, { ttl }) => void seen.push(ttl) });
    await hub.clock.advance(20);
    hub.command("toggle", {}, { ttl: 10, expires: hub.time + 6_000 });
    await settle();
    expect(seen[0]).toBeCloseTo(6, 1);
  });

  it("[C6] the hub's clock is known from each welcome, whatever the device's says", async () => {
    let acts = 0;
    const { hub, socket } = online({ toggle: () => void (acts += 1) });
    hub.command("toggle", {}, { ttl: 10, expires: hub.time + 1 });
    // The hub's clock was set back by a day; its welcome says so.
    const again = await hub.reconnect({ time: hub.time - 86_400_000 });
    hub.command("toggle", {}, { id: "c2", expires: hub.time - 86_400_000 + 5_000 });
    await settle();
    expect([acts, socket.take("result").length, again.take("result").length]).toEqual([2, 0, 2]);
  });

  it("[C6] a hub's clock that is set back meanwhile, or drifts, does not make commands late", async () => {
    let acts = 0;
    const { hub } = online({ toggle: () => void (acts += 1) });
    const step = 3_600_000;
    hub.command("toggle", {}, { id: "c1", expires: hub.time - step + 10_000 });
    hub.command("toggle", {}, { id: "c2", expires: hub.time - step + 10_000 });
    hub.command("toggle", {}, { id: "late", expires: hub.time - step - 1 });
    await settle();
    expect(acts).toBe(2);
    const { hub: slow } = online({ toggle: () => void (acts += 1) });
    await slow.clock.advance(86_400 * 3);
    slow.command("toggle", {}, { expires: slow.time - 15_000 + 10_000 });
    await settle();
    expect(acts).toBe(3);
  });

  it("[C16] cancel aborts the signal, and the outcome is what the handler makes of it", async () => {
    const until = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const { hub, socket } = online({
      pulse: (_, { cancelled }) => until(cancelled),
      toggle: (_, { cancelled }) => until(cancelled).catch(() => {}),
      reboot: (_, { cancelled }) => until(cancelled).catch(() => Promise.reject(new CommandFailed("busy", "halfway"))),
    });
    const outcomes = [];
    for (const [name, params] of [["pulse", { seconds: 9 }], ["toggle", {}], ["reboot", {}]] as const) {
      hub.command(name, params, { id: name });
      await settle();
      socket.say({ type: "cancel", id: name });
      await settle();
      const [{ ok, error }] = socket.take("result");
      outcomes.push(ok ? "done" : error.code);
    }
    socket.say({ type: "cancel", id: "never-heard-of" });
    expect(outcomes).toEqual(["cancelled", "done", "busy"]);
  });

  it("[G7] a command under a lower fence than was seen before is refused, and nothing is done", async () => {
    const done: unknown[] = [];
    const { hub, socket } = online({ set: (_, { id, fence }) => void done.push([id, fence]) });
    const order = async (id: string, more = {}) => {
      hub.command("set", { on: true }, { id, ...more });
      await settle();
      const [{ ok, error }] = socket.take("result");
      return ok || error.code;
    };
    expect(await order("a", { fence: 2 })).toBe(true);
    expect(await order("b", { fence: 2 })).toBe(true);
    expect(await order("c", { fence: 3 })).toBe(true);
    expect(await order("d", { fence: 2 })).toBe("refused");
    // [C13] What it did before it still answers from memory.
    expect(await order("a", { fence: 2 })).toBe(true);
    // A stop has none, whoever sends it.
    expect(await order("e")).toBe(true);
    expect(done).toEqual([["a", 2], ["b", 2], ["c", 3], ["e", undefined]]);
  });

  it("[C14] a failure carries the handler's code; what it did not foresee is a hardware_fault, and told here", async () => {
    const { hub, socket } = online({
      set: () => {
        throw new CommandFailed("jammed", "The bolt did not move.");
      },
      toggle: () => Promise.reject(new TypeError("undefined is not a bolt")),
    });
    hub.command("set", { on: true });
    await settle();
    expect(socket.take("result")).toEqual([failed("jammed", "The bolt did not move.")]);
    hub.command("toggle", {}, { id: "c2" });
    await settle();
    expect(socket.take("result")).toEqual([{ ...failed("hardware_fault", "undefined is not a bolt"), id: "c2" }]);
    expect(hub.troubles).toEqual([{ code: "internal", message: "undefined is not a bolt", of: "toggle" }]);
  });

  it("[C10] no handler is unsupported, also for names that every object has; wrong params are not acted on", async () => {
    const { hub, socket } = online({ set: () => {} });
    for (const [name, params] of [["toggle", {}], ["constructor", {}], ["set", { on: 1 }]] as const) {
      hub.command(name, params, { id: `c-${name}` });
    }
    await settle();
    expect(socket.take().map(({ error }) => error.code)).toEqual(["unsupported", "unsupported", "invalid_params"]);
  });

  it("[F4] a value that no frame can hold is left out: the command was done", async () => {
    const values = ["x".repeat(70_000), 7n];
    const { hub, socket } = online({ toggle: (() => values.shift()) as never });
    for (const id of ["c1", "c2"]) hub.command("toggle", {}, { id });
    await settle();
    expect(socket.take("result")).toEqual(["c1", "c2"].map((id) => ({ type: "result", id, ok: true })));
    expect(hub.troubles).toHaveLength(2);
  });

  it("[C9] progress is told while it works, and no longer", async () => {
    let context: CommandContext | undefined;
    let finish = () => {};
    const { hub, socket } = online({
      toggle: (_, given) => {
        context = given;
        return new Promise<void>((resolve) => finish = resolve);
      },
    });
    hub.command("toggle");
    context?.progress(140, "n".repeat(300));
    context?.progress(50);
    finish();
    await settle();
    context?.progress(60);
    expect(socket.take()).toEqual([
      received,
      { type: "progress", id: "c1", percent: 100, note: "n".repeat(256) },
      { type: "progress", id: "c1", percent: 50 },
      { type: "result", id: "c1", ok: true },
    ]);
  });

  it("[C13] remembers 256, and never forgets one whose outcome the hub lacks", async () => {
    let acts = 0;
    const { hub, socket } = online({ toggle: () => void (acts += 1) });
    const send = async (id: string, isStored: boolean) => {
      hub.command("toggle", {}, { id });
      await settle();
      if (isStored) socket.say({ type: "stored", id });
    };
    await send("unstored", false);
    for (let at = 0; at < 300; at++) await send(`stored-${at}`, true);
    expect(acts).toBe(301);
    await send("unstored", false);
    await send("stored-299", true);
    await send("stored-100", true);
    expect(acts).toBe(301);
    await send("stored-0", true);
    expect(acts).toBe(302);
  });

  it("[K3, C10] identify is answered by default; a reboot that nobody wrote is unsupported, not claimed", async () => {
    const info = vi.spyOn(console, "info").mockReturnValue();
    const { hub, socket } = online({});
    hub.command("identify", { seconds: 3 });
    hub.command("reboot", {}, { id: "c2" });
    await settle();
    const results = socket.take("result");
    expect(results).toContainEqual({ type: "result", id: "c1", ok: true });
    expect(results).toContainEqual({ ...failed("unsupported"), id: "c2" });
    expect(info.mock.calls).toEqual([["identify: this is lamp"]]);
    info.mockRestore();
  });

  it("[K3] get_diagnostics tells by default what the library knows, and what it tells is a result", async () => {
    const { hub, lamp, socket } = online({});
    lamp.telemetry({ power: 1 });
    hub.command("get_diagnostics");
    await settle();
    const [{ value }] = socket.take("result");
    expect(value).toMatchObject({ boot: "b1", reconnects: 0, sent: 1, buffered: 1, dropped: 0 });
    expect(relay.check.fitsResult("get_diagnostics", value)).toBe(true);
  });

  it("[K3] a reboot's result is stored before the device goes down", async () => {
    const seen: unknown[] = [];
    const { hub, lamp, socket } = online({
      reboot: () => void lamp.settled(5).then((isSettled) => seen.push(isSettled)),
    });
    hub.command("reboot");
    await settle();
    expect([seen, socket.take("result").length]).toEqual([[], 1]);
    socket.say({ type: "stored", id: "c1" });
    await settle();
    expect(seen).toEqual([true]);
  });

  it("closing aborts what is at work", async () => {
    let signal: AbortSignal | undefined;
    const { hub, lamp } = online({
      toggle: (_, { cancelled }) => {
        signal = cancelled;
        return new Promise<void>(() => {});
      },
    });
    hub.command("toggle");
    await settle();
    lamp.close();
    expect(signal?.aborted).toBe(true);
  });
});

describe("desired state", () => {
  it("[D3, D6] is taken from welcome and desired, and answered with the version", async () => {
    const hub = new FakeHub();
    const taken: unknown[] = [];
    const hall = hub.device(thermostat, {
      onDesired(state, version) {
        taken.push([version, state]);
        hall.report(state);
      },
    });
    const socket = hub.welcome({ desired: { version: 3, state: { target: 21 } } });
    await settle();
    socket.say({ type: "desired", version: 4, state: { target: 22, mode: "heat" } });
    await settle();
    expect(taken).toEqual([[3, { target: 21 }], [4, { target: 22, mode: "heat" }]]);
    expect(socket.take("state")).toEqual([
      { type: "state", seq: 1, reported: { target: 21 } },
      { type: "state", seq: 2, reported: {}, applied: { version: 3, ok: true } },
      { type: "state", seq: 3, reported: { target: 22, mode: "heat" } },
      { type: "state", seq: 4, reported: {}, applied: { version: 4, ok: true } },
    ]);
  });

  it("[D6] a version that it has is not taken again, and version 0 asks for nothing", async () => {
    const hub = new FakeHub();
    let taken = 0;
    hub.device(thermostat, { onDesired: () => void (taken += 1) });
    hub.welcome();
    await hub.reconnect({ desired: { version: 1, state: { target: 20 } } });
    await hub.reconnect({ desired: { version: 1, state: { target: 20 } } });
    // Left out, because it did not fit: it follows in a frame of its own.
    const socket = await hub.reconnect({ desired: { version: 2 } });
    expect(taken).toBe(1);
    socket.say({ type: "desired", version: 2, state: {} });
    await settle();
    expect(taken).toBe(2);
  });

  it("[D6] a welcome without state, as under an emergency stop: nothing is taken until a desired comes", async () => {
    const hub = new FakeHub();
    const taken: number[] = [];
    let finish = () => {};
    hub.device(thermostat, {
      onDesired(_, version) {
        taken.push(version);
        return new Promise<void>((resolve) => finish = resolve);
      },
    });
    hub.welcome({ desired: { version: 1, state: { target: 20 } } });
    // It waits until the first one is taken; by then somebody has pressed the red button.
    hub.socket.say({ type: "desired", version: 2, state: { target: 25 } });
    const socket = await hub.reconnect({ desired: { version: 2 } });
    finish();
    await settle();
    expect(taken).toEqual([1]);
    socket.say({ type: "desired", version: 2, state: { target: 25 } });
    await settle();
    expect(taken).toEqual([1, 2]);
  });

  it("[D3] says which fields it refused, and why", async () => {
    const hub = new FakeHub();
    let refuse = true;
    hub.device(thermostat, {
      onDesired() {
        if (refuse) return { target: { code: "out_of_range", message: "too warm" } };
        throw new Error("no bus");
      },
    });
    const socket = hub.welcome({ desired: { version: 1, state: { target: 29 } } });
    await settle();
    refuse = false;
    socket.say({ type: "desired", version: 2, state: { target: 28, mode: "off" } });
    await settle();
    expect(socket.take("state").map(({ applied }) => applied)).toEqual([
      { version: 1, ok: false, errors: [{ field: "target", code: "out_of_range", message: "too warm" }] },
      {
        version: 2,
        ok: false,
        errors: ["target", "mode"].map((field) => ({ field, code: "hardware_fault", message: "no bus" })),
      },
    ]);
  });

  it("[D3] cuts its words to what the hub takes, so that the answer is not refused for them", async () => {
    const hub = new FakeHub();
    hub.device(thermostat, {
      onDesired() {
        throw new Error("e".repeat(1_000));
      },
    });
    const state = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`field_${at}`, at]));
    const socket = hub.welcome({ desired: { version: 1, state } });
    await settle();
    const [frame] = socket.take("state");
    expect(frame.applied.errors).toHaveLength(64);
    expect(readDeviceFrame(frame)).toMatchObject({ ok: true });
  });

  it("[D3] an answer that was dropped from a full buffer is given again", async () => {
    const hub = new FakeHub();
    const hall = hub.device(thermostat, {
      buffer: { count: 2 },
      onDesired: ({ target }) => void hall.report({ target }),
    });
    hub.welcome({ desired: { version: 3, state: { target: 22 } } });
    await settle();
    hub.socket.end(1006);
    for (let at = 0; at < 5; at++) hall.telemetry({ temperature: at });
    await hub.clock.advance(2);
    const socket = hub.welcome({ desired: { version: 3, state: { target: 22 } } });
    socket.say({ type: "stored", seq: 9 });
    expect(socket.take("state").pop()).toMatchObject({
      reported: { target: 22 },
      applied: { version: 3, ok: true },
    });
  });

  it("[D3] works on one at a time, and skips to the newest", async () => {
    const hub = new FakeHub();
    const taken: number[] = [];
    const finish: (() => void)[] = [];
    hub.device(thermostat, {
      onDesired(_, version) {
        taken.push(version);
        return new Promise<void>((resolve) => finish.push(resolve));
      },
    });
    const socket = hub.welcome();
    for (const version of [1, 2, 3]) socket.say({ type: "desired", version, state: {} });
    finish[0]();
    await settle();
    finish[1]();
    await settle();
    expect(taken).toEqual([1, 3]);
    expect(socket.take("state").map(({ applied }) => applied.version)).toEqual([1, 3]);
  });

  it("[D3] a device that takes none does not say that it did", async () => {
    const hub = new FakeHub();
    hub.device(thermostat);
    const socket = hub.welcome({ desired: { version: 1, state: { target: 29 } } });
    await settle();
    expect(socket.take().map(({ type }) => type)).toEqual(["hello"]);
  });
});
