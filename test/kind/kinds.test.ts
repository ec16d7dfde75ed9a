/** The kinds of a building's services [K], four of which outside programs know by name, by what they take and refuse. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { confirmedField, onChannel } from "../../src/kind/channel.ts";
import { annotationsOf } from "../../src/kind/field.ts";
import { interlocked } from "../../src/kind/interlock.ts";
import { percent } from "../../src/kind/quantities.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { kindDocument } from "../../src/kind/schema.ts";

const kindOf = (name: string) => KINDS.find((kind) => kind.name === name)!;
type Doc = Record<string, unknown>;

/** The same value for each channel [K6]. */
const onEach = (values: Doc): Doc =>
  Object.assign({}, ...Array.from({ length: 8 }, (_, index) => onChannel(index + 1, values)));
/** The same value for each phase of a meter. */
const onPhases = (values: Doc): Doc =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => ["l1", "l2", "l3"].map((phase) => [`${name}_${phase}`, value])),
  );

/** Values that fit, field by field; a field that is missing here fails its test. */
const TELEMETRY: Record<string, Doc> = {
  every: { battery: 87, rssi: -61, uptime: 12.345678, firmware: "1.2.0" },
  "env-sensor": { temperature: 21.5, humidity: 40, pressure: 1013.2, illuminance: 300, co2: 415 },
  relay: onEach({ power: 60.5, energy: 12.345 }),
  thermostat: { temperature: 21.5, humidity: 40, action: "heating" },
  lock: { door: "closed" },
  light: { output: 55.5, power: 5.1 },
  cover: { power: 120 },
  valve: { flow: 11.9, volume: 20_311.5 },
  "energy-meter": {
    ...{ power: -2310.5, energy_import: 5120.331, energy_export: 1840.02, frequency: 49.98 },
    ...onPhases({
      power: -770.1,
      voltage: 231.4,
      current: 3.4,
      apparent_power: 790,
      reactive_power: -176.1,
      power_factor: -0.97,
    }),
  },
};
const STATE: Record<string, { desired: Doc; reportedOnly: Doc }> = {
  "env-sensor": { desired: { report_interval: 60 }, reportedOnly: {} },
  relay: { desired: onEach({ on: true }), reportedOnly: {} },
  thermostat: { desired: { target: 21.5, mode: "auto" }, reportedOnly: {} },
  lock: { desired: { auto_relock: 30 }, reportedOnly: { state: "jammed" } },
  light: {
    desired: { on: true, brightness: 1, color_temp: 2700, color: { h: 360, s: 0 }, effect: "candle" },
    reportedOnly: { color_mode: "color" },
  },
  cover: { desired: {}, reportedOnly: { position: 40, tilt: 0, moving: "closing", obstruction: true } },
  valve: { desired: { max_open: 600 }, reportedOnly: { state: "opening", level: 25, leak: false } },
  "energy-meter": { desired: { report_interval: 10 }, reportedOnly: {} },
};
const EVENTS: Record<string, Record<string, { fits: Doc[]; refused: Doc[] }>> = {
  lock: { tamper: { fits: [{ sort: "forced" }], refused: [{}, { sort: "odd" }] } },
  cover: { obstructed: { fits: [{ position: 38 }], refused: [{}, { position: 101 }, { position: 1, at: 2 }] } },
  valve: {
    leak_detected: { fits: [{ volume: 12.5 }], refused: [{}, { volume: -1 }] },
    closed_itself: { fits: [{ reason: "leak", volume: 3 }], refused: [{ reason: "leak" }, { reason: 1, volume: 3 }] },
  },
  "energy-meter": {
    counter_reset: { fits: [{ name: "energy_import", value: 12 }], refused: [{ name: "power", value: 1 }] },
  },
};
const COMMANDS: Record<string, Record<string, { fits: Doc[]; refused: Doc[] }>> = {
  every: {
    identify: {
      fits: [{}, { seconds: 5 }, { seconds: 1.5 }],
      refused: [{ seconds: -1 }, { seconds: 1.0001 }, { x: 1 }],
    },
    get_diagnostics: { fits: [{}], refused: [{ all: true }] },
    reboot: { fits: [{}, { delay: 0 }, { delay: 60 }], refused: [{ delay: "soon" }, { delay: Infinity }] },
  },
  "env-sensor": { read_now: { fits: [{}], refused: [{ now: true }] } },
  relay: {
    set: {
      fits: [{ on: true }, { on: false }, { on: true, channel: 8 }],
      refused: [{}, { on: 1 }, { on: null }, { on: true, channel: 9 }, { on: true, x: 1 }, { channel: 1 }],
    },
    toggle: { fits: [{}, { channel: 2 }], refused: [{ on: true }, { channel: 0 }, { channel: "1" }] },
    pulse: {
      fits: [{ seconds: 0.5 }, { seconds: 3600, channel: 3 }],
      refused: [{}, { channel: 1 }, { seconds: 0 }, { seconds: 0.1234 }, { seconds: 1, channel: 1.5 }],
    },
  },
  thermostat: {
    set_target: { fits: [{ target: 5 }, { target: 30 }], refused: [{}, { target: "21" }, { target: 99 }] },
    set_mode: { fits: [{ mode: "off" }, { mode: "cool" }], refused: [{}, { mode: "OFF" }, { mode: "dry" }] },
  },
  lock: {
    lock: { fits: [{}], refused: [{ pin: "1" }] },
    unlock: {
      fits: [{}, { pin: "4711" }, { seconds: 10 }, { pin: "4711", seconds: 3600 }],
      refused: [{ pin: 4711 }, { seconds: 0 }],
    },
  },
  light: {
    set: { fits: [{ on: true }, { on: false, transition: 2.5 }], refused: [{}, { on: "yes" }, { transition: 1 }] },
    set_brightness: {
      fits: [{ brightness: 1 }, { brightness: 100, transition: 0 }],
      refused: [{}, { brightness: 0 }, { brightness: 101 }, { brightness: 50, transition: -1 }],
    },
    set_color_temp: {
      fits: [{ color_temp: 2000 }, { color_temp: 6500, transition: 1 }],
      refused: [{}, { color_temp: 370 }, { color_temp: "warm" }],
    },
    set_color: {
      fits: [{ color: { h: 0, s: 100 } }, { color: { h: 210.5, s: 30 }, transition: 3 }],
      refused: [{}, { color: {} }, { color: { h: 361, s: 1 } }, { color: { h: 1, s: 1, v: 1 } }, { color: "red" }],
    },
    effect: { fits: [{ name: "none" }, { name: "breathe" }], refused: [{}, { name: "disco" }] },
  },
  cover: {
    open: { fits: [{}], refused: [{ position: 1 }] },
    close: { fits: [{}], refused: [{ now: true }] },
    stop: { fits: [{}], refused: [{ at: 50 }] },
    go_to: { fits: [{ position: 0 }, { position: 100 }], refused: [{}, { position: -1 }, { position: 100.1 }] },
    tilt_to: { fits: [{ tilt: 50 }], refused: [{}, { tilt: 101 }, { position: 1 }] },
    calibrate: { fits: [{}], refused: [{ position: 1 }] },
  },
  valve: {
    open: {
      fits: [{}, { seconds: 300 }, { level: 1 }, { seconds: 86_400, level: 100 }],
      refused: [{ seconds: 0 }, { level: 0 }, { level: 101 }, { minutes: 1 }],
    },
    close: { fits: [{}], refused: [{ level: 0 }] },
  },
  "energy-meter": {
    reset_counter: {
      fits: [{ name: "energy_import" }, { name: "energy_export" }],
      refused: [{}, { name: "power" }, { name: "energy_import", to: 5 }],
    },
  },
};

const BUILDING = KINDS.filter(({ name }) => Object.hasOwn(STATE, name));

it("there are the eight of a building's services, among them the four that the contract names", () => {
  expect(BUILDING.map(({ name }) => name)).toEqual(Object.keys(STATE).toSorted());
  expect(Object.keys(STATE)).toEqual(expect.arrayContaining(["env-sensor", "lock", "relay", "thermostat"]));
});

describe.each(BUILDING.map((kind) => ({ name: kind.name, kind })))("$name", ({ name, kind }) => {
  it("[K1, K3] takes each of its measurements alone, all together, or none", () => {
    const all = { ...TELEMETRY.every, ...TELEMETRY[name] };
    expect(Object.keys(kind.telemetry).toSorted()).toEqual(Object.keys(all).toSorted());
    const samples = [{}, all, ...Object.entries(all).map(([field, value]) => ({ [field]: value }))];
    for (const data of samples) expect(kind.check.telemetry(data, ["data"])).toEqual({ ok: true, value: data });
  });

  it("[T2] refuses every measurement of another type, and names it", () => {
    for (const field of Object.keys(kind.telemetry)) {
      for (const odd of [null, {}, [], "\ud800".repeat(65), NaN]) {
        expect(kind.check.telemetry({ [field]: odd }, ["data"]), `${field} ${odd}`).toMatchObject({
          ok: false,
          fault: { code: "invalid_telemetry", pointer: `#/data/${field}` },
        });
      }
    }
  });

  it("[D1, D2] reports all of its state, and lets be desired what the contract says", () => {
    const { desired, reportedOnly } = STATE[name];
    const all = { ...desired, ...reportedOnly };
    expect(Object.keys(kind.state).toSorted()).toEqual(Object.keys(all).toSorted());
    expect(kind.check.reported({}, all)).toEqual({ ok: true, value: all });
    expect(kind.check.desired({}, desired, [])).toEqual({ ok: true, value: desired });
    for (const [field, value] of Object.entries(reportedOnly)) {
      expect(kind.check.desired({}, { [field]: value }, [])).toMatchObject({
        ok: false,
        fault: { pointer: `#/${field}` },
      });
    }
  });

  it("[K2, K3, C1] takes and refuses params", () => {
    const expected = { ...COMMANDS.every, ...COMMANDS[name] };
    expect(Object.keys(kind.commands).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [command, { fits, refused }] of Object.entries(expected)) {
      for (const params of fits) expect(kind.check.params(command, params)).toEqual({ ok: true, value: params });
      for (const params of refused) {
        const outcome = kind.check.params(command, params);
        expect(outcome, `${command} ${JSON.stringify(params)}`).toMatchObject({ fault: { code: "invalid_params" } });
      }
    }
  });

  it("[T9] its events are taken and refused", () => {
    const expected = EVENTS[name] ?? {};
    expect(Object.keys(kind.events).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [event, { fits, refused }] of Object.entries(expected)) {
      for (const data of fits) expect(kind.check.event(event, data)).toEqual({ ok: true, value: data });
      for (const data of refused) {
        const outcome = kind.check.event(event, data);
        expect(outcome, `${event} ${JSON.stringify(data)}`).toMatchObject({ fault: { code: "invalid_telemetry" } });
      }
    }
  });

  it("[K11] its examples fit, and show every field, event and command", () => {
    const { telemetry, state, events = {}, commands } = kind.examples;
    for (const data of telemetry) expect(kind.check.telemetry(data, [])).toEqual({ ok: true, value: data });
    for (const one of state) expect(kind.check.reported({}, one)).toEqual({ ok: true, value: one });
    const told = [...telemetry, ...state].flatMap(Object.keys);
    const own = [...Object.keys(kind.telemetry), ...Object.keys(kind.state)]
      // Of channels it is enough to see two.
      .filter((field) => !Object.hasOwn(TELEMETRY.every, field) && !/_[3-8]$/.test(field));
    expect(told).toEqual(expect.arrayContaining(own));
    for (const event of Object.keys(kind.events)) {
      const shown = events[event] ?? [];
      expect(shown.length, event).toBeGreaterThan(0);
      for (const data of shown) expect(kind.check.event(event, data)).toEqual({ ok: true, value: data });
    }
    for (const command of Object.keys(kind.commands)) {
      const shown = commands[command] ?? [];
      expect(shown.length, command).toBeGreaterThan(0);
      for (const { params, result } of shown) {
        expect(kind.check.params(command, params)).toEqual({ ok: true, value: params });
        expect(kind.check.fitsResult(command, result), command).toBe(true);
      }
    }
  });

  it("[K4] its document is JSON, and says of every field what it is", () => {
    const document = kindDocument(kind);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    const telemetry = document.properties.telemetry as { properties: Record<string, Doc>; required?: string[] };
    expect(telemetry.required ?? []).toEqual([]);
    for (const field of Object.values(telemetry.properties)) {
      expect(["gauge", "counter", "state"]).toContain(field.class);
      expect(field.title).toMatch(/./);
    }
  });
});

describe("what the contract says of single commands", () => {
  it("[C19] the pin is secret, and nothing else is", () => {
    const secrets = BUILDING.flatMap((kind) =>
      Object.entries(kind.commands).flatMap(([name, { secrets }]) =>
        secrets.map((param) => `${kind.name} ${name} ${param}`)
      )
    );
    expect(secrets).toEqual(["lock unlock pin"]);
  });

  it("[K2] what moves or restarts something is sent once, and asks before", () => {
    const { unlock, reboot } = kindOf("lock").commands;
    expect([unlock.effect, unlock.danger, reboot.effect, reboot.danger]).toEqual([
      "once",
      "confirm",
      "once",
      "confirm",
    ]);
    expect(kindOf("lock").commands.lock.confirms).toEqual({ field: "state", value: "locked" });
  });

  it("[K2] a cover's order is sent once, and stopping may come again; a total is reset by an administrator", () => {
    const effects = Object.entries(kindOf("cover").commands).map(([name, { effect }]) => `${name} ${effect}`);
    expect(effects).toEqual(expect.arrayContaining(["open once", "close once", "stop set", "go_to set"]));
    for (const move of ["open", "close", "go_to", "tilt_to", "calibrate"]) {
      expect(kindOf("cover").commands[move].ttl.max, move).toBeLessThanOrEqual(60);
    }
    expect(kindOf("valve").commands.open).toMatchObject({ effect: "once", danger: "confirm" });
    expect(kindOf("energy-meter").commands.reset_counter).toMatchObject({
      effect: "once",
      danger: "confirm",
      role: "admin",
    });
  });

  it("[K6] a relay's set confirms the field of its channel, and of other channels supersedes nothing", () => {
    const { set } = kindOf("relay").commands;
    expect(set.keys).toEqual(["channel"]);
    expect([confirmedField(set.confirms!, { on: true }), confirmedField(set.confirms!, { on: true, channel: 3 })])
      .toEqual(["on", "on_3"]);
  });

  it("[K10] each opening of a door counts, under load too", () => {
    expect(annotationsOf(kindOf("lock").telemetry.door).drop).toBe("every");
    expect(annotationsOf(kindOf("thermostat").telemetry.temperature).drop).toBeUndefined();
  });

  it("[K7] a cover is calibrated only at rest, and its slats do not turn at the top, if it has any", () => {
    const { interlocks } = kindOf("cover");
    const why = (command: string, reported: Doc) => interlocked(interlocks, command, reported)?.sentence ?? null;
    expect(why("calibrate", { moving: "stopped" })).toBeNull();
    expect(why("calibrate", { moving: "opening" })).toContain("Stop it");
    expect(why("calibrate", {})).toContain("Stop it");
    expect(why("tilt_to", { tilt: 50, position: 0 })).toBeNull();
    expect(why("tilt_to", { tilt: 50, position: 100 })).toContain("Lower it");
    expect(why("tilt_to", { position: 0 })).toContain("no slats");
    for (const command of ["open", "close", "stop", "go_to"]) expect(why(command, {})).toBeNull();
  });

  it("[K7] a valve that leaks is not opened, and always may be closed", () => {
    const { interlocks } = kindOf("valve");
    expect(interlocked(interlocks, "open", { leak: false })).toBeNull();
    expect(interlocked(interlocks, "open", { leak: true })?.sentence).toContain("Mend that first");
    expect(interlocked(interlocks, "close", { leak: true })).toBeNull();
  });

  it("[K2] what a command confirms is a field of the state", () => {
    for (const kind of KINDS) {
      for (const { confirms } of Object.values(kind.commands)) {
        if (confirms) expect(Object.keys(kind.state)).toContain(confirms.field);
      }
    }
  });
});

describe("defineKind [F8]", () => {
  const define = (name: string, field: string) =>
    defineKind({ name, version: 1, title: "T", telemetry: { [field]: percent() }, state: {}, commands: {} });

  it("takes names as the contract has them, and no others", () => {
    expect(define("two-words2", "lower_snake_2").name).toBe("two-words2");
    for (const name of ["Upper", "two words", "-x", ""]) expect(() => define(name, "level")).toThrow(/name/);
    for (const field of ["Level", "two words", "a-b", "_x", "__proto__x"]) {
      expect(() => define("probe", field)).toThrow("lower_snake_case");
    }
  });
});
