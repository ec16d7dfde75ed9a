/** How a mapped device behaves, whichever its mapping is. */
import { describe, expect, it } from "vitest";
import { Mapped } from "../../../src/bridge/mappings/mapped.ts";
import { mappingSchema, type MappingSpec } from "../../../src/bridge/mappings/mapping.ts";
import type { ToDevice } from "../../../src/protocol/to_device.ts";
import { welcome } from "./dialogue.ts";

const LAMP: MappingSpec = {
  name: "lamp",
  kind: "light",
  presence: [{ topic: "{topic}/lwt", words: { up: "online", down: "offline" } }],
  hears: [
    {
      topic: "{topic}",
      state: { on: { at: "/on" }, brightness: { at: "/level", as: "number" } },
      telemetry: { power: { at: "/power", as: "number" }, output: { at: "/output", as: "number" } },
      time: [{ at: "/time", as: "iso" }],
      event: undefined,
    },
    { topic: "{topic}/ring", payload: "text", event: { name: "rang", data: { how: {} } } },
  ],
  tells: {
    set: {
      params: { on: {} },
      publish: [{ topic: "{topic}/set", payload: { on: "{on}" } }],
      proves: [{ field: "on", param: "on" }],
    },
    set_brightness: {
      params: { brightness: { bounds: [1, 100] } },
      publish: [{ topic: "{topic}/set", payload: { level: "{brightness}" } }],
      proves: [{ field: "brightness", param: "brightness" }],
    },
    effect: {
      params: { name: {} },
      publish: [{ topic: "{topic}/effect/{name}", payload: "" }],
      proves: [{ topic: "{topic}/effect" }],
    },
  },
  desires: {
    on: { command: "set", param: "on" },
    brightness: { command: "set_brightness", param: "brightness" },
  },
};

function lamp(more: Partial<MappingSpec> = {}) {
  const mapped = new Mapped(mappingSchema.parse({ ...LAMP, ...more }), { device: "d", topic: "home/lamp" });
  const heard = (payload: unknown, { topic = "home/lamp", retained = false, now = 0 } = {}) =>
    mapped.heard(topic, typeof payload === "string" ? payload : JSON.stringify(payload), retained, now);
  const lwt = (word: string, retained = false) => heard(word, { topic: "home/lamp/lwt", retained });
  const open = (now = 0, version = 0, state = {}) => mapped.told(welcome(version, state), now);
  const command = (id: string, name: string, params: Record<string, unknown>, now = 0) =>
    mapped.told({ type: "command", id, name, params, ttl: 10, expires: 0 }, now);
  return { mapped, heard, lwt, open, command };
}

const state = (reported: object) => ({ type: "state", reported });

describe("presence", () => {
  it("[N41] is what its Last Will says, told where it changes", () => {
    const { lwt } = lamp();
    expect(lwt("up", true).presence).toBe("online");
    expect(lwt("up").presence).toBeUndefined();
    expect(lwt("sideways").presence).toBeUndefined();
    expect(lwt("down").presence).toBe("offline");
  });

  it("[N41] one that said nothing of it is there once it tells something that the broker did not keep", () => {
    const { heard } = lamp();
    expect(heard({ on: true }, { retained: true }).presence).toBeUndefined();
    expect(heard({ on: true }).presence).toBe("online");
  });

  it("[N41] somebody looks after it where its Last Will was heard, and nobody where it only told something", () => {
    const { mapped, heard, lwt } = lamp();
    heard({ on: true });
    expect(mapped.isVouched).toBe(false);
    lwt("up");
    expect(mapped.isVouched).toBe(true);
    mapped.interrupted();
    expect(mapped.isVouched).toBe(false);
    const alone = lamp({ presence: [] });
    expect(alone.heard({ on: true }).presence).toBe("online");
    expect(alone.mapped.isVouched).toBe(false);
  });

  it("[N41] one that is away is not back by what it tells: its Last Will says so", () => {
    const { heard, lwt } = lamp();
    lwt("down");
    expect(heard({ on: true }).presence).toBeUndefined();
    expect(lwt("up").presence).toBe("online");
  });

  it("[N41] what it tells before its connection is there waits for it, with its age", () => {
    const { heard, open } = lamp();
    heard({ on: true, power: 4 }, { now: 1_000 });
    heard({ power: 5 }, { now: 2_500 });
    expect(open(3_000).frames).toEqual([
      { type: "hello", maxFrame: 16_384 },
      { type: "telemetry", data: { power: 4 }, ago: 2 },
      { type: "telemetry", data: { power: 5 }, ago: 0.5 },
      state({ on: true }),
    ]);
  });

  it("[N41] no more than thirty-two wait, the newest ones", () => {
    const { heard, open } = lamp();
    for (let power = 0; power < 100; power++) heard({ power });
    const told = open().frames.filter(({ type }) => type === "telemetry");
    expect(told.map((frame) => "data" in frame && frame.data?.power)).toEqual(
      Array.from({ length: 32 }, (_, n) => 68 + n),
    );
  });

  it("[N41] what it reported before it was away is not told of it when it is back", () => {
    const { heard, lwt, open } = lamp();
    lwt("up");
    open();
    expect(heard({ on: true }).frames).toEqual([state({ on: true })]);
    lwt("down");
    lwt("up");
    expect(open().frames).toEqual([{ type: "hello", maxFrame: 16_384 }]);
  });

  it("[N41] where the connection to the hub ended and the device did not, its state is told whole again", () => {
    const { mapped, heard, open } = lamp();
    heard({ on: true, level: 40 });
    open();
    mapped.closed();
    expect(heard({ on: false }).frames).toEqual([]);
    expect(open().frames).toEqual([{ type: "hello", maxFrame: 16_384 }, state({ on: false, brightness: 40 })]);
  });
});

describe("what the broker kept", () => {
  it("[N43] counts as state, until the device itself says otherwise", () => {
    const { heard, lwt, open } = lamp();
    lwt("up", true);
    heard({ on: true, level: 40 }, { retained: true });
    expect(open().frames).toContainEqual(state({ on: true, brightness: 40 }));
    expect(heard({ on: false }).frames).toEqual([state({ on: false })]);
    expect(heard({ on: true, level: 50 }, { retained: true }).frames).toEqual([state({ brightness: 50 })]);
  });

  it("[N43] does not count of a device that is away", () => {
    const { heard, lwt, open } = lamp();
    lwt("down", true);
    heard({ on: true }, { retained: true });
    lwt("up");
    expect(open().frames).toEqual([{ type: "hello", maxFrame: 16_384 }]);
  });

  it("[N43] is a sample only with a time that can be believed", () => {
    const { heard, open } = lamp();
    open();
    const kept = (payload: object) => heard(payload, { retained: true }).frames;
    expect(kept({ power: 4 })).toEqual([]);
    expect(kept({ power: 4, time: "2024-02-24T22:20:38" })).toEqual([]);
    expect(kept({ power: 4, time: "2024-02-24T22:20:38Z" }))
      .toEqual([{ type: "telemetry", data: { power: 4 }, at: Date.UTC(2024, 1, 24, 22, 20, 38) }]);
  });

  it("[N43] is no event, and proves nothing of a command", () => {
    const { heard, open, command } = lamp();
    open();
    expect(heard("twice", { topic: "home/lamp/ring", retained: true }).frames).toEqual([]);
    expect(heard("twice", { topic: "home/lamp/ring" }).frames)
      .toEqual([{ type: "event", name: "rang", data: { how: "twice" } }]);
    command("c", "set", { on: true });
    expect(heard({ on: true }, { retained: true }).frames).toEqual([state({ on: true })]);
    expect(heard({ on: true }).frames).toEqual([{ type: "result", id: "c", ok: true }]);
  });

  it("[N43] counts again after the broker was away, since nobody heard what the device said meanwhile", () => {
    const { mapped, heard, lwt, open } = lamp();
    lwt("up");
    heard({ on: true });
    open();
    mapped.interrupted();
    expect(lwt("up", true).presence).toBe("online");
    heard({ on: false }, { retained: true });
    expect(open().frames).toContainEqual(state({ on: false }));
  });
});

describe("reports", () => {
  it("[N42] that say nothing new are passed on once a minute", () => {
    const { heard, open } = lamp();
    open();
    expect(heard({ on: true }, { now: 0 }).frames).toHaveLength(1);
    expect(heard({ on: true }, { now: 59_000 }).frames).toEqual([]);
    expect(heard({ on: true }, { now: 60_000 }).frames).toEqual([state({ on: true })]);
  });

  it("[N47] what no mapping has a place for is said, each place once", () => {
    const { heard } = lamp();
    expect(heard({ on: true, wifi: { ssid: "x", "a/b": 1 }, list: [1] }).unmapped).toEqual([
      "/wifi/ssid",
      "/wifi/a~1b",
      "/list",
    ]);
    expect(heard({ on: true, wifi: { ssid: "y" }, more: 1 }).unmapped).toEqual(["/more"]);
  });

  it("[N47] a place that a variable names has its place", () => {
    const hears = [{ topic: "{topic}", telemetry: { power: { at: "/{meter}/P" } } }];
    const { heard } = lamp({ hears, tells: {}, desires: {}, vars: { meter: "*" } });
    expect(heard({ ENERGY: { P: 1, Q: 2 } }).unmapped).toEqual(["/ENERGY/Q"]);
  });

  it("[N47] a field that the hub refused goes in a frame of its own, and the others are told at once", () => {
    const { mapped, heard, open } = lamp();
    open();
    heard({ on: true, level: 400, power: -1, output: 50 });
    const refused = (of: string, pointer: string): ToDevice => ({
      type: "error",
      code: of === "state" ? "invalid_state" : "invalid_telemetry",
      message: "",
      of,
      pointer,
    });
    expect(mapped.told(refused("state", "#/reported/brightness"), 0).frames).toEqual([state({ on: true })]);
    mapped.told(refused("telemetry", "#/data/power"), 0);
    expect(heard({ level: 300, on: false, power: -2, output: 60 }).frames).toEqual([
      { type: "telemetry", data: { output: 60 } },
      { type: "telemetry", data: { power: -2 } },
      state({ brightness: 300 }),
      state({ on: false }),
    ]);
    expect(mapped.told(refused("state", "#/reported/brightness"), 0).frames).toEqual([]);
  });
});

describe("commands", () => {
  it("[N44] are proved by what the device tells within a minute, and by nothing later", () => {
    const { heard, open, command } = lamp();
    open();
    expect(command("c1", "set", { on: true }).publishes).toEqual([
      { topic: "home/lamp/set", payload: '{"on":true}', qos: 1, retain: false },
    ]);
    expect(heard({ on: false }, { now: 5_000 }).frames).toEqual([state({ on: false })]);
    expect(heard({ on: true }, { now: 61_000 }).frames).toEqual([state({ on: true })]);
    command("c2", "set", { on: false }, 70_000);
    expect(heard({ on: false }, { now: 71_000 }).frames).toContainEqual({ type: "result", id: "c2", ok: true });
  });

  it("[N45] a result is repeated, and nothing published again, until the hub has it", () => {
    const { mapped, heard, open, command } = lamp();
    open();
    command("c", "set", { on: true });
    heard({ on: true });
    const result = { type: "result", id: "c", ok: true };
    expect(command("c", "set", { on: true })).toEqual({ publishes: [], frames: [result] });
    expect(open().frames).toContainEqual(result);
    mapped.told({ type: "stored", id: "c" }, 0);
    expect(open().frames).not.toContainEqual(result);
  });

  it("[N45] a second attempt is published again, while nobody knows of the first", () => {
    const { open, command } = lamp();
    open();
    expect(command("c", "set", { on: true }).publishes).toHaveLength(1);
    expect(command("c", "set", { on: true }).publishes).toHaveLength(1);
  });

  it.each([["a level more", "a/b"], ["a wildcard", "#"], ["nothing", ""]])(
    "[N44] a param that would lead to another topic, as by %s, publishes nothing",
    (_, name) => {
      const { open, command } = lamp();
      open();
      const { publishes, frames } = command("c", "effect", { name });
      expect(publishes).toEqual([]);
      expect(frames).toMatchObject([{ ok: false, error: { code: "unsupported" } }]);
    },
  );
});

describe("desired state", () => {
  it("[N46] what differs is published, and answered when all of it is reported", () => {
    const { heard, open } = lamp();
    heard({ on: true });
    const { publishes, frames } = open(0, 4, { on: true, brightness: 40 });
    expect(publishes.map(({ payload }) => payload)).toEqual(['{"level":40}']);
    expect(frames).toEqual([{ type: "hello", maxFrame: 16_384 }, state({ on: true })]);
    expect(heard({ level: 39 }).frames).toEqual([state({ brightness: 39 })]);
    expect(heard({ level: 40 }).frames).toEqual([{ ...state({ brightness: 40 }), applied: { version: 4, ok: true } }]);
  });

  it("[N46] a version that was told is not told again, whatever somebody did at the device meanwhile", () => {
    const { mapped, heard, open } = lamp();
    open(0, 4, { on: true });
    heard({ on: true });
    heard({ on: false });
    mapped.closed();
    expect(open(0, 4, { on: true }).publishes).toEqual([]);
    expect(mapped.told({ type: "desired", version: 5, state: { on: true } }, 0).publishes).toHaveLength(1);
  });

  it("[N46] what was reported while the hub was away is answered once it is back", () => {
    const { mapped, heard, open } = lamp();
    open(0, 4, { on: true });
    mapped.closed();
    expect(heard({ on: true }).frames).toEqual([]);
    expect(open(0, 4, { on: true }).frames).toContainEqual({
      ...state({ on: true }),
      applied: { version: 4, ok: true },
    });
  });

  it("[N46] what cannot be told is refused at once, by its field", () => {
    const { open } = lamp();
    const { publishes, frames } = open(0, 1, { on: true, brightness: 0.5, color: { h: 1, s: 2 } });
    expect(publishes).toHaveLength(1);
    expect(frames.at(-1)).toMatchObject({
      type: "state",
      reported: {},
      applied: {
        version: 1,
        ok: false,
        errors: [{ field: "color", code: "unsupported" }, { field: "brightness", code: "out_of_range" }],
      },
    });
  });

  it("[N46] under an emergency stop the welcome names no state, and nothing is published", () => {
    const { mapped } = lamp();
    const { desired: _, ...rest } = welcome() as Extract<ToDevice, { type: "welcome" }>;
    expect(mapped.told({ ...rest, desired: { version: 3 } }, 0).publishes).toEqual([]);
  });
});
