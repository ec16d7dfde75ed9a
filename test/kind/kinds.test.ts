/** The kinds that outside programs know by name [K], by what they take and refuse. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { percent } from "../../src/kind/quantities.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { kindDocument } from "../../src/kind/schema.ts";

const kindOf = (name: string) => KINDS.find((kind) => kind.name === name)!;
type Doc = Record<string, unknown>;

/** Values that fit, field by field; a field that is missing here fails its test. */
const TELEMETRY: Record<string, Doc> = {
  every: { battery: 87, rssi: -61, uptime: 12.345678, firmware: "1.2.0" },
  "env-sensor": { temperature: 21.5, humidity: 40, pressure: 1013.2, illuminance: 300, co2: 415 },
  relay: { power: 60.5, energy: 12.345 },
  thermostat: { temperature: 21.5, humidity: 40, action: "heating" },
  lock: { door: "closed" },
};
const STATE: Record<string, { desired: Doc; reportedOnly: Doc }> = {
  "env-sensor": { desired: { report_interval: 60 }, reportedOnly: {} },
  relay: { desired: { on: true }, reportedOnly: {} },
  thermostat: { desired: { target: 21.5, mode: "auto" }, reportedOnly: {} },
  lock: { desired: {}, reportedOnly: { state: "jammed" } },
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
    set: { fits: [{ on: true }, { on: false }], refused: [{}, { on: 1 }, { on: null }, { on: true, channel: 1 }] },
    toggle: { fits: [{}], refused: [{ on: true }] },
    pulse: { fits: [{ seconds: 0.5 }], refused: [{}, { seconds: 0 }, { seconds: 0.1234 }] },
  },
  thermostat: {
    set_target: { fits: [{ target: 5 }, { target: 30 }], refused: [{}, { target: "21" }, { target: 99 }] },
    set_mode: { fits: [{ mode: "off" }, { mode: "cool" }], refused: [{}, { mode: "OFF" }, { mode: "dry" }] },
  },
  lock: {
    lock: { fits: [{}], refused: [{ pin: "1" }] },
    unlock: { fits: [{}, { pin: "4711" }], refused: [{ pin: 4711 }] },
  },
};

it("there are the four that the contract names", () => {
  expect(KINDS.map(({ name }) => name).toSorted()).toEqual(["env-sensor", "lock", "relay", "thermostat"]);
});

describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name", ({ name, kind }) => {
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
    const secrets = KINDS.flatMap((kind) =>
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
