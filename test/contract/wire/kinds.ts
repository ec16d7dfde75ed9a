/** The kinds that outside programs know by name, as the hub describes them. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { expectProblem, section } from "./world.ts";

interface Expected {
  /** Field to unit, or to the words that it may be. */
  telemetry: Record<string, string | string[] | null>;
  state: Record<string, { desirable: boolean; words?: string[] }>;
  commands: Record<string, { effect: string; params: string[]; confirms?: string; danger?: string }>;
}

const EVERY: Expected["commands"] = {
  identify: { effect: "query", params: ["seconds"] },
  get_diagnostics: { effect: "query", params: [] },
  reboot: { effect: "once", params: ["delay"] },
};

/** Section 8 of the contract. Enumerations may grow, so each list is what must at least be there. */
const KINDS: Record<string, Expected> = {
  "env-sensor": {
    telemetry: { temperature: "°C", humidity: "%", pressure: "hPa", illuminance: "lx", co2: "ppm" },
    state: { report_interval: { desirable: true } },
    commands: { read_now: { effect: "query", params: [] } },
  },
  relay: {
    telemetry: { power: "W", energy: "kWh" },
    state: { on: { desirable: true } },
    commands: {
      set: { effect: "set", params: ["on"], confirms: "on" },
      toggle: { effect: "once", params: [] },
      pulse: { effect: "once", params: ["seconds"] },
    },
  },
  thermostat: {
    telemetry: { temperature: "°C", humidity: "%", action: ["off", "idle", "heating", "cooling"] },
    state: { target: { desirable: true }, mode: { desirable: true, words: ["off", "heat", "cool", "auto"] } },
    commands: {
      set_target: { effect: "set", params: ["target"], confirms: "target" },
      set_mode: { effect: "set", params: ["mode"], confirms: "mode" },
    },
  },
  lock: {
    telemetry: { door: ["open", "closed"] },
    state: { state: { desirable: false, words: ["locked", "unlocked", "jammed"] } },
    commands: {
      lock: { effect: "set", params: [], confirms: "state" },
      unlock: { effect: "once", params: ["pin"], danger: "confirm" },
    },
  },
};

export const kinds = section("kinds", (it) => {
  it("[K1] the list has every kind that the contract names", async (w) => {
    const { status, body } = await w.admin.get("/api/v1/kinds");
    expect(status).toBe(200);
    const names = body.items.map((kind: Json) => kind.kind);
    expect(names).toEqual(expect.arrayContaining(Object.keys(KINDS)));
    expect(new Set(names).size).toBe(names.length);
  });

  for (const [name, expected] of Object.entries(KINDS)) {
    it(`[K2, K3, K4] ${name} as JSON Schema with units, effects and dangers`, async (w) => {
      const { status, body } = await w.admin.get(`/api/v1/kinds/${name}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        kind: name,
        version: expect.any(Number),
        title: expect.stringMatching(/./),
        heartbeat: 30,
        stale: 300,
      });
      expect(body.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
      const { telemetry, state } = body.properties;
      expect(Object.keys(telemetry.properties)).toEqual(
        expect.arrayContaining(["battery", "rssi", "uptime", "firmware"]),
      );
      for (const [field, unit] of Object.entries(expected.telemetry)) {
        const schema = telemetry.properties[field];
        expect(["gauge", "counter", "state"], field).toContain(schema.class);
        if (Array.isArray(unit)) expect(schema.enum).toEqual(expect.arrayContaining(unit));
        else expect(schema.unit).toBe(unit);
      }
      for (const [field, { desirable, words = [] }] of Object.entries(expected.state)) {
        const schema = state.properties[field];
        expect(schema.desirable ?? false, field).toBe(desirable);
        expect(schema.enum ?? []).toEqual(expect.arrayContaining(words));
      }
      for (const [command, wanted] of Object.entries({ ...EVERY, ...expected.commands })) {
        const declared = body.commands[command];
        expect(declared, command).toMatchObject({
          effect: wanted.effect,
          ttl: { default: expect.any(Number), max: expect.any(Number) },
          timeout: expect.any(Number),
          queue: expect.any(Boolean),
          danger: wanted.danger ?? expect.stringMatching(/^(none|confirm|type)$/),
          role: "operator",
        });
        expect(declared.confirms?.field).toBe(wanted.confirms);
        // What a caller that knows only these need not send.
        const { properties = {}, required = [] } = declared.params;
        expect(Object.keys(properties)).toEqual(expect.arrayContaining(wanted.params));
        expect(wanted.params).toEqual(expect.arrayContaining(required));
      }
    });
  }

  it("[C19, K4] the pin of unlock is marked secret", async (w) => {
    const { body } = await w.admin.get("/api/v1/kinds/lock");
    expect(body.commands.unlock.params.properties.pin.secret).toBe(true);
  });

  it("[K4] an unknown kind is 404", async (w) => {
    for (const name of ["toaster", "constructor", "__proto__"]) {
      expectProblem(await w.admin.get(`/api/v1/kinds/${name}`), 404, "not_found");
    }
  });
});
