import { describe, expect, it } from "vitest";
import envSensor from "../../devices/env-sensor.ts";
import relay from "../../devices/relay.ts";
import { z } from "zod";
import { connect } from "../../src/device/client.ts";
import { joinPatches } from "../../src/device/said.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { FakeHub, type FakeSocket, type Frame, settle } from "./fake.ts";

const power = (value: number) => ({ power: value });
const noLimits = { maxFrame: 65_536, rate: 1e6, burst: 1e6 };

/** What was said is always somewhere. */
const total = ({ stored, buffered, dropped, refused }: Record<string, number>) => stored + buffered + dropped + refused;
const valuesOf = (frames: Frame[]) =>
  frames.flatMap(({ data, samples }) => (samples ?? [{ data }]).map((sample: Frame) => sample.data.power));
const seqsOf = (frames: Frame[]) => frames.map(({ seq }) => seq);

describe("what a device says", () => {
  it("[T5, F7] hello goes first, then each thing as it happens, with its seq", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay({ firmware: "1.2.0" });
    const socket = hub.welcome();
    lamp.telemetry({ power: 4.5 });
    lamp.report({ on: true });
    await hub.clock.advance(1);
    lamp.telemetry({ power: 4.6, battery: 80 });
    expect(socket.take()).toEqual([
      { type: "hello", firmware: "1.2.0", boot: "b1", maxFrame: 65_536, commands: [] },
      { type: "telemetry", seq: 1, data: { power: 4.5 } },
      { type: "state", seq: 2, reported: { on: true } },
      { type: "telemetry", seq: 3, data: { power: 4.6, battery: 80 } },
    ]);
    expect(lamp.counters).toEqual({ sent: 3, stored: 0, buffered: 3, dropped: 0, refused: 0 });
    socket.say({ type: "stored", seq: 2 });
    expect(lamp.counters).toMatchObject({ stored: 2, buffered: 1 });
    socket.say({ type: "stored", seq: 3 });
    expect(lamp.counters).toEqual({ sent: 3, stored: 3, buffered: 0, dropped: 0, refused: 0 });
    expect(await lamp.settled()).toBe(true);
  });

  it("[T3] what waited is told in one frame, each with how long ago it was", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    lamp.telemetry(power(1));
    await hub.clock.advance(1.5);
    lamp.telemetry(power(2));
    await hub.clock.advance(0.25);
    const socket = hub.welcome();
    expect(socket.take("telemetry")).toEqual([
      { type: "telemetry", seq: 1, samples: [{ ago: 1.75, data: { power: 1 } }, { ago: 0.25, data: { power: 2 } }] },
    ]);
  });

  it("[T3] a sample that is older than its telling says so", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    const socket = hub.welcome();
    lamp.telemetry(power(1), 90.5);
    expect(socket.take("telemetry")).toEqual([{ type: "telemetry", seq: 1, ago: 90.5, data: power(1) }]);
    // What is no time in the past is left out: the hub would refuse the frame for it.
    lamp.telemetry(power(2), NaN);
    lamp.telemetry(power(3), -60);
    expect(socket.take("telemetry").map(({ ago }) => ago)).toEqual([undefined, undefined]);
    await hub.clock.advance(10);
    expect((await hub.reconnect()).take("telemetry")[0].ago).toBeGreaterThan(100.5);
  });

  it("[T5] what the caller changes afterwards does not change what was said", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    hub.welcome();
    const data = power(1);
    lamp.telemetry(data);
    data.power = 2;
    expect(valuesOf((await hub.reconnect()).take("telemetry"))).toEqual([1]);
  });

  it("[T5] after a reconnect what is unsettled goes first, in order, with the same seq and a new ago", async () => {
    const hub = new FakeHub();
    hub.random = () => 0;
    const lamp = hub.relay();
    const first = hub.welcome();
    lamp.telemetry(power(1));
    lamp.report({ on: true });
    lamp.telemetry(power(2));
    lamp.telemetry(power(3));
    first.say({ type: "stored", seq: 1 });
    const sent = first.take().slice(2);
    first.end(1006);
    lamp.telemetry(power(4));
    await hub.clock.advance(1);
    const second = hub.welcome();
    lamp.telemetry(power(5));
    expect(second.take()).toEqual([
      expect.objectContaining({ type: "hello", boot: "b1" }),
      ...sent.map((frame) => ({ ...frame, ago: 1 })),
      { type: "telemetry", seq: 5, data: power(4), ago: 1 },
      { type: "telemetry", seq: 6, data: power(5) },
    ]);
    // Sent once, though twice on the wire.
    expect(lamp.counters).toEqual({ sent: 6, stored: 1, buffered: 5, dropped: 0, refused: 0 });
    second.say({ type: "stored", seq: 6 });
    // [D9] Its state is all that there is to say.
    expect((await hub.reconnect()).take().map(({ type }) => type)).toEqual(["hello", "state"]);
  });

  it("[D9] its whole state is told again on each new connection, behind what it has yet to tell", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    const first = hub.welcome();
    lamp.report({ on: true });
    lamp.report({ on_2: false });
    first.say({ type: "stored", seq: 2 });
    first.end(1006);
    lamp.report({ on: false });
    lamp.telemetry(power(1));
    await hub.clock.advance(2);
    const second = hub.welcome();
    expect(second.take().slice(1)).toEqual([
      { type: "state", seq: 3, reported: { on: false }, ago: 2 },
      { type: "telemetry", seq: 4, data: power(1), ago: 2 },
      { type: "state", seq: 5, reported: { on: false, on_2: false } },
    ]);
    // Not again, as long as this connection stands.
    second.say({ type: "stored", seq: 5 });
    lamp.telemetry(power(2));
    expect(second.take().map(({ type }) => type)).toEqual(["telemetry"]);
  });

  it("[D9] it is not told twice where it is on its way as it is now; what waited for too long is", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    lamp.report({ on: true });
    await hub.clock.advance(1);
    const [, ...told] = hub.welcome().take();
    expect(told).toEqual([{ type: "state", seq: 1, reported: { on: true }, ago: 1 }]);
    hub.socket.end(1006);
    await hub.clock.advance(relay.stale);
    while (lamp.status.state !== "connecting") await hub.clock.advance(1);
    const again = hub.welcome().take();
    expect(again[1].ago).toBeGreaterThan(relay.stale);
    expect(again.slice(1)).toEqual([
      { type: "state", seq: 1, reported: { on: true }, ago: expect.any(Number) },
      { type: "state", seq: 2, reported: { on: true } },
    ]);
    // It is on its way now, over however many connections that takes.
    expect((await hub.reconnect()).take("state").map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("[D9] who never reported anything has nothing to tell again", async () => {
    const hub = new FakeHub();
    hub.relay();
    hub.welcome();
    expect((await hub.reconnect()).take().map(({ type }) => type)).toEqual(["hello"]);
  });

  it("[T5] a frame is the same frame each time, whatever came to wait behind it", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    lamp.telemetry(power(1));
    lamp.telemetry(power(2));
    const before = hub.welcome().take("telemetry");
    hub.socket.end(1006);
    lamp.telemetry(power(3));
    await hub.clock.advance(60);
    const after = hub.welcome().take("telemetry");
    expect([seqsOf(before), valuesOf(before)]).toEqual([[1], [1, 2]]);
    expect(after.map((frame) => [frame.seq, ...valuesOf([frame])])).toEqual([[1, 1, 2], [2, 3]]);
  });

  it("nothing is sent before the welcome, and nothing after the close", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    lamp.telemetry(power(1));
    hub.socket.open();
    expect(hub.socket.take().map(({ type }) => type)).toEqual(["hello"]);
    lamp.close();
    lamp.telemetry(power(2));
    expect(hub.socket.take()).toEqual([]);
    expect(await lamp.settled()).toBe(false);
  });

  it("settled() does not wait for a link that has stopped", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay({ attended: true });
    hub.welcome();
    lamp.telemetry(power(1));
    const settled = lamp.settled();
    hub.socket.end(4501);
    expect(await settled).toBe(false);
    expect(await lamp.settled()).toBe(false);
  });

  it("settled(seconds) gives up in time", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    lamp.telemetry(power(1));
    const settled = lamp.settled(5);
    await hub.clock.advance(5);
    expect(await settled).toBe(false);
  });
});

describe("the buffer", () => {
  it("is bounded by count: the oldest go, and are counted", () => {
    const hub = new FakeHub();
    const lamp = hub.relay({ buffer: { count: 100 } });
    for (let at = 1; at <= 250; at++) lamp.telemetry(power(at));
    expect(lamp.counters).toEqual({ sent: 0, stored: 0, buffered: 100, dropped: 150, refused: 0 });
    const frames = hub.welcome().take("telemetry");
    expect(valuesOf(frames)).toEqual(Array.from({ length: 100 }, (_, at) => 151 + at));
  });

  it("is bounded by bytes, of what is said as JSON", () => {
    const hub = new FakeHub();
    const lamp = hub.relay({ buffer: { bytes: 1_000 } });
    const firmware = "ä".repeat(42);
    for (let at = 0; at < 100; at++) lamp.telemetry({ firmware });
    const size = new TextEncoder().encode(JSON.stringify({ type: "telemetry", data: { firmware } })).length;
    const fit = Math.floor(1_000 / size);
    expect(fit).toBeGreaterThan(5);
    expect(lamp.counters).toMatchObject({ buffered: fit, dropped: 100 - fit });
  });

  it("always has room for the newest, however small it is", () => {
    for (const buffer of [{ count: 0 }, { bytes: 1 }]) {
      const hub = new FakeHub();
      const lamp = hub.relay({ buffer });
      lamp.report({ on: true });
      lamp.telemetry(power(1));
      const socket = hub.welcome();
      expect(valuesOf(socket.take("telemetry"))).toEqual([1]);
      // The state that had to go is told again when there is room.
      socket.say({ type: "stored", seq: 1 });
      expect(socket.take("state").map(({ reported }) => reported)).toEqual([{ on: true }]);
      socket.say({ type: "stored", seq: 2 });
      expect(lamp.counters).toEqual({ sent: 2, stored: 2, buffered: 0, dropped: 1, refused: 0 });
    }
  });

  it("[T5] lets the oldest go from an unsettled frame too, under the same seq", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay({ buffer: { count: 4 } });
    for (const value of [1, 2, 3]) lamp.telemetry(power(value));
    hub.welcome();
    hub.socket.end(1006);
    for (const value of [4, 5, 6]) lamp.telemetry(power(value));
    await hub.clock.advance(60);
    const frames = hub.welcome().take("telemetry");
    expect(frames.map((frame) => [frame.seq, ...valuesOf([frame])])).toEqual([[1, 3], [2, 4, 5, 6]]);
    expect(lamp.counters).toMatchObject({ buffered: 4, dropped: 2 });
  });

  it("[D1] tells the whole reported state again when some of it was dropped", () => {
    const hub = new FakeHub();
    const lamp = hub.relay({ buffer: { count: 3 } });
    lamp.report({ on: true });
    for (const value of [1, 2, 3, 4]) lamp.telemetry(power(value));
    const socket = hub.welcome();
    expect(valuesOf(socket.take("telemetry"))).toEqual([2, 3, 4]);
    // Not yet: it would take the place of a sample that the hub may lack.
    expect(socket.take("state")).toEqual([]);
    socket.say({ type: "stored", seq: 1 });
    expect(socket.take("state")).toEqual([{ type: "state", seq: 2, reported: { on: true } }]);
    expect(lamp.counters).toMatchObject({ stored: 3, dropped: 2 });
  });

  it("[D1] joins patches to one that does the same", () => {
    expect(joinPatches({ a: 1, b: { c: 1, d: null } }, { a: null, b: { c: 2 }, e: [1] }))
      .toEqual({ a: null, b: { c: 2, d: null }, e: [1] });
  });

  it("[F4] a backlog goes in frames within maxFrame, complete and in order", async () => {
    for (const maxFrame of [65_536, 2_048]) {
      const hub = new FakeHub();
      const lamp = hub.relay();
      for (let at = 0; at < 5_000; at++) lamp.telemetry(power(at));
      await hub.clock.advance(19.123);
      const frames = hub.welcome({ limits: { ...noLimits, maxFrame } }).take("telemetry");
      const sizes = frames.map((frame) => new TextEncoder().encode(JSON.stringify(frame)).length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(maxFrame);
      // Full frames: all but the last are close to the bound.
      expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(maxFrame * 0.75);
      expect(valuesOf(frames)).toEqual(Array.from({ length: 5_000 }, (_, at) => at));
      expect(seqsOf(frames)).toEqual(frames.map((_, at) => at + 1));
    }
  });

  it("[F4] what no frame can hold is refused here, and ends no connection", () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    const socket = hub.welcome({ limits: { ...noLimits, maxFrame: 1_024 } });
    lamp.telemetry(power(1));
    lamp.telemetry({ firmware: "x".repeat(1_024) });
    lamp.telemetry(power(2));
    expect(valuesOf(socket.take("telemetry"))).toEqual([1, 2]);
    expect(lamp.counters).toMatchObject({ sent: 2, refused: 1 });
    expect(hub.troubles).toEqual([expect.objectContaining({ code: "too_large", of: "telemetry" })]);
  });

  it("[F4] nothing just below the bound makes a frame above it, whatever it is called", () => {
    const name = "n".repeat(64);
    const loud = defineKind({
      ...{ name: "loud", version: 1, title: "Loud", telemetry: {}, commands: {} },
      state: { [name]: z.string() },
      events: { [name]: z.object({ text: z.string() }) },
    });
    const hub = new FakeHub();
    const device = hub.device(loud);
    const socket = hub.welcome({ limits: { ...noLimits, maxFrame: 1_024 } });
    for (let length = 700; length <= 1_024; length++) {
      device.event(name, { text: "x".repeat(length) }, 1234567.123);
      device.report({ [name]: "x".repeat(length) });
    }
    const frames = socket.take().filter(({ type }) => type !== "hello");
    const sizes = frames.map((frame) => JSON.stringify(frame).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_024);
    expect(Math.max(...sizes)).toBeGreaterThan(980);
    expect(device.counters).toMatchObject({ sent: frames.length, refused: 2 * 325 - frames.length });
  });

  it("[F9] stays under the rate and the burst of the welcome", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    // States are not gathered, so each is a frame.
    for (let at = 0; at < 1_000; at++) lamp.report({ on: at % 2 === 0 });
    const limits = { maxFrame: 65_536, rate: 10, burst: 50 };
    const socket = hub.welcome({ limits });
    let frames = socket.take("state");
    expect(frames).toHaveLength(25);
    // As a hub would count it: a bucket of `burst` that fills with `rate`.
    let bucket = limits.burst - frames.length;
    for (let second = 0; second < 200 && lamp.counters.buffered > 0; second++) {
      socket.say({ type: "stored", seq: Math.max(0, ...seqsOf(frames)) });
      await hub.clock.advance(1);
      const more = socket.take("state");
      frames = [...frames, ...more];
      bucket = Math.min(limits.burst, bucket + limits.rate) - more.length;
      expect(bucket).toBeGreaterThanOrEqual(0);
    }
    expect(seqsOf(frames)).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 1));
  });

  it("[F9] never has more in flight than the burst, so that a stalled link cannot deliver too much at once", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    const socket = hub.welcome({ limits: { maxFrame: 65_536, rate: 10, burst: 50 } });
    for (let at = 0; at < 100; at++) {
      lamp.telemetry(power(at));
      await hub.clock.advance(1);
    }
    expect(socket.take("telemetry")).toHaveLength(25);
    socket.say({ type: "stored", seq: 25 });
    await settle();
    const [next] = socket.take("telemetry");
    expect([next.seq, next.samples.length]).toEqual([26, 75]);
  });
});

describe("what the hub refuses", () => {
  const refused = async (error: Partial<Frame>) => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    const socket = hub.welcome();
    lamp.telemetry(power(1));
    lamp.telemetry(power(2));
    socket.take();
    socket.say({ type: "error", code: "invalid_telemetry", message: "no", of: "telemetry", seq: 1, ...error });
    await hub.clock.advance(2);
    return { hub, lamp, socket };
  };

  it("[T6, F10] an error that carries a seq settles it: counted, told, not sent again", async () => {
    const { hub, lamp } = await refused({ pointer: "#/data/power" });
    expect(lamp.counters).toEqual({ sent: 2, stored: 0, buffered: 1, dropped: 0, refused: 1 });
    expect(hub.troubles).toEqual([
      { code: "invalid_telemetry", message: "no", of: "telemetry", pointer: "#/data/power" },
    ]);
    expect(seqsOf((await hub.reconnect()).take("telemetry"))).toEqual([2]);
  });

  it("[T5, X1] a hello that the hub could not keep is said again, on another connection", async () => {
    const { hub, lamp, socket } = await refused({
      code: "storage_unavailable",
      of: "hello",
      seq: undefined,
    });
    expect(socket.closedWith).toBe(1000);
    const again = hub.welcome();
    expect(again.take("hello")).toMatchObject([{ boot: expect.any(String) }]);
    await settle();
    expect(seqsOf(again.take("telemetry"))).toEqual([1, 2]);
    expect(lamp.counters).toMatchObject({ buffered: 2, refused: 0 });
  });

  it("[T2] one bad sample of many does not settle the others", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    for (const value of [1, 2, 3]) lamp.telemetry(power(value));
    const error = { type: "error", code: "invalid_telemetry", seq: 1, pointer: "#/samples/1/data/power" };
    hub.welcome().say(error);
    expect(lamp.counters).toMatchObject({ buffered: 3, refused: 0 });
    const again = await hub.reconnect();
    expect(valuesOf(again.take("telemetry"))).toEqual([1, 2, 3]);
    again.say(error);
    again.say({ type: "stored", seq: 1 });
    expect(lamp.counters).toEqual({ sent: 3, stored: 2, buffered: 0, dropped: 0, refused: 1 });
  });

  it("[T6, X] one that passes by itself is said again later, under a new seq", async () => {
    for (const code of ["rate_limited", "storage_unavailable"]) {
      const { lamp, socket } = await refused({ code });
      expect(socket.take("telemetry")).toEqual([{ type: "telemetry", seq: 3, data: power(1), ago: 1 }]);
      expect(lamp.counters).toEqual({ sent: 2, stored: 0, buffered: 2, dropped: 0, refused: 0 });
    }
  });

  it("[D1] state that is put back does not undo what was reported since", async () => {
    const hub = new FakeHub();
    const lamp = hub.relay();
    const socket = hub.welcome();
    lamp.report({ on: true });
    lamp.report({ on: false });
    socket.take();
    socket.say({ type: "error", code: "rate_limited", of: "state", seq: 1 });
    await hub.clock.advance(3);
    const reported = socket.take("state").reduce((before, frame) => ({ ...before, ...frame.reported }), {});
    expect(reported).toEqual({ on: false });
    expect(total({ ...lamp.counters })).toBe(3);
  });

  it("an error without a seq is told and settles nothing", async () => {
    const { hub, lamp } = await refused({ seq: undefined, code: "unknown_type" });
    expect(hub.troubles).toHaveLength(1);
    expect(lamp.counters).toMatchObject({ buffered: 2 });
  });
});

describe("hello", () => {
  it.each([
    { firmware: "1".repeat(257) },
    { boot: "b".repeat(257) },
    { maxFrame: 0 },
    { maxFrame: 1.5 },
  ])("[F7, T5] %j is refused before there is a connection: the hub would refuse it on every one", (wrong) => {
    const hub = new FakeHub();
    expect(() => hub.relay(wrong)).toThrow(TypeError);
    expect(hub.sockets).toHaveLength(0);
  });

  it("[T5] each life has a boot of its own", () => {
    const boots = [0.1, 0.2].map((dice) => {
      const hub = new FakeHub();
      hub.random = () => dice;
      hub.relay({ boot: undefined });
      return hub.welcome().take("hello")[0].boot;
    });
    expect(boots).toEqual([expect.stringMatching(/^\w{8}$/), expect.stringMatching(/^\w{8}$/)]);
    expect(boots[0]).not.toBe(boots[1]);
  });
});

describe("whatever happens", () => {
  it("[T5, T6] a hub that follows the rules has each sample once and in order, over any mishaps", async () => {
    for (let seed = 1; seed <= 30; seed++) await chaos(seed);
  });
});

/** Connections break at any moment, before or after what they carried was taken; the hub forgets nothing durable. */
async function chaos(seed: number): Promise<void> {
  const dice = generator(seed);
  const hub = new FakeHub();
  const lamp = hub.relay({ buffer: { count: 1e6, bytes: 1e9 } });
  const durable: number[] = [];
  let highest = 0;
  let said = 0;
  let socket: FakeSocket | null = null;
  const take = (frames: Frame[]) => {
    for (const frame of frames.filter(({ seq }) => seq > highest)) {
      highest = frame.seq;
      durable.push(...valuesOf([frame]));
    }
  };
  for (let step = 0; step < 200; step++) {
    const roll = dice();
    if (roll < 0.5) { for (let n = 0; n < 5; n++) lamp.telemetry(power(++said)); }
    else if (roll < 0.6 && socket) {
      if (dice() < 0.5) take(socket.take("telemetry"));
      socket.end(1006);
      socket = null;
    } else if (roll < 0.8) {
      await hub.clock.advance(dice() * 5);
      if (lamp.status.state === "connecting") socket = hub.welcome({ limits: { maxFrame: 1_024, rate: 20, burst: 8 } });
    } else if (socket) {
      take(socket.take("telemetry"));
      if (dice() < 0.7) socket.say({ type: "stored", seq: highest });
    }
    expect(total({ ...lamp.counters })).toBe(said);
  }
  for (let round = 0; round < 300 && lamp.counters.buffered > 0; round++) {
    await hub.clock.advance(3);
    if (lamp.status.state === "connecting") hub.welcome({ limits: { maxFrame: 1_024, rate: 20, burst: 8 } });
    take(hub.socket.take("telemetry"));
    hub.socket.say({ type: "stored", seq: highest });
  }
  expect(durable).toEqual(Array.from({ length: said }, (_, at) => at + 1));
  expect(lamp.counters).toMatchObject({ stored: said, buffered: 0, dropped: 0, refused: 0 });
}

const generator = (seed: number) => () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;

describe("the types", () => {
  it("[K1] only what the kind has compiles", () => {
    const hub = new FakeHub();
    const sensor = connect(envSensor, hub.options);
    const lamp = connect(relay, {
      ...hub.options,
      commands: {
        set: ({ on }) => void (on satisfies boolean),
        pulse: async ({ seconds }) => await void (seconds satisfies number),
        // @ts-expect-error the kind has no such command
        explode: () => {},
      },
    });
    sensor.telemetry({ temperature: 21.5, battery: 90 });
    sensor.report({ report_interval: null });
    lamp.report({ on: true });
    // @ts-expect-error a relay has no temperature
    lamp.telemetry({ temperature: 21.5 });
    // @ts-expect-error a temperature is a number
    sensor.telemetry({ temperature: "warm" });
    // @ts-expect-error `on` is true or false
    lamp.report({ on: "yes" });
    // @ts-expect-error it has no such event
    lamp.event("motion", {});
    // @ts-expect-error set_target belongs to another kind
    connect(relay, { ...hub.options, commands: { set_target: () => {} } });
    // @ts-expect-error set has no result value
    connect(relay, { ...hub.options, commands: { set: () => 5 } });
    expect(hub.sockets).toHaveLength(4);
  });
});
