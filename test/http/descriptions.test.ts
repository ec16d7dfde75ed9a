/** The descriptions, by the validators of those who wrote the standards, and by frames and bodies that fit. */
import SwaggerParser from "@apidevtools/swagger-parser";
import { Parser } from "@asyncapi/parser";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { asyncapi } from "../../src/http/asyncapi.ts";
import { openapi } from "../../src/http/openapi.ts";
import { ROUTES } from "../../src/http/routes.ts";
import { DEVICE_FRAMES } from "../../src/protocol/from_device.ts";
import { OPERATOR_FRAMES } from "../../src/protocol/from_operator.ts";
import { TO_DEVICE, TO_OPERATOR } from "../../src/protocol/outgoing.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

const ABOUT = { origin: "https://hub.example", build: "1.2.3" };
const asSent = (value: unknown): Json => JSON.parse(JSON.stringify(value));
const openApi = () => asSent(openapi(ROUTES, { ...ABOUT, kinds: KINDS }));
const asyncApi = () => asSent(asyncapi(ABOUT));
const count = (of: (kind: typeof KINDS[number]) => object) =>
  KINDS.reduce((sum, kind) => sum + Object.keys(of(kind)).length, 0);

describe("OpenAPI 3.1 [R]", () => {
  it("passes swagger-parser, with every call", async () => {
    const api: Json = await SwaggerParser.validate(openApi());
    const calls = Object.values<Json>(api.paths).flatMap(Object.keys).length;
    expect(calls).toBe(ROUTES.length);
    const schemas = Object.keys(api.components.schemas).length;
    console.log(`openapi: valid; ${calls} calls, ${schemas} schemas of ${KINDS.length} kinds`);
    expect(calls).toBeGreaterThan(30);
  });

  it("a description with a fault does not pass", async () => {
    const broken: [Json, RegExp][] = [
      [(api: Json) => api.paths["/api/v1/devices/{id}"].get.parameters[0].in = "nowhere", /parameters/],
      [(api: Json) => api.paths["/api/v1/me"].get.responses[200].$ref = "#/components/nothing", /nothing/],
      [(api: Json) => delete api.info.version, /version/],
    ];
    for (const [breakIt, reason] of broken) {
      const api = openApi();
      breakIt(api);
      await expect(SwaggerParser.validate(api)).rejects.toThrow(reason);
    }
  });

  it("[G4, C22] asks for the fence and the select where the kind does, and says what forbids", () => {
    const { schemas } = openApi().components;
    const required = (name: string) => schemas[name].required;
    expect(required("rover.command.goto")).toEqual(["name", "params", "fence"]);
    expect(required("rover.command.stop")).toEqual(["name"]);
    expect(required("valve.command.open")).toEqual(["name", "select"]);
    expect(required("valve.command.close")).toEqual(["name"]);
    expect(schemas["valve.command.open"].description)
      .toContain("Forbidden while leak is true: Water leaks behind it. Mend that first.");
  });

  it("has for each kind what it measures, its state, and its commands told apart by their names", () => {
    const { schemas } = openApi().components;
    const seen = { telemetry: 0, state: 0, commands: 0, lanes: 0, events: 0 };
    for (const kind of KINDS) {
      const fields = (part: string) => Object.keys(schemas[`${kind.name}.${part}`].properties);
      expect(fields("telemetry")).toEqual(Object.keys(kind.telemetry));
      expect(fields("state")).toEqual(Object.keys(kind.state));
      const { oneOf, discriminator } = schemas[`${kind.name}.command`];
      expect(discriminator.propertyName).toBe("name");
      expect(Object.keys(discriminator.mapping)).toEqual(
        Object.keys(kind.commands).filter((name) => kind.commands[name].effect !== "stream"),
      );
      expect(oneOf.map(({ $ref }: Json) => $ref)).toEqual(Object.values(discriminator.mapping));
      seen.telemetry += fields("telemetry").length;
      seen.state += fields("state").length;
      seen.commands += oneOf.length;
      const named = (part: string) =>
        Object.keys(schemas).filter((name) => name.startsWith(`${kind.name}.${part}.`)).length;
      seen.lanes += named("lane");
      seen.events += named("event");
    }
    console.log(`openapi: ${JSON.stringify(seen)}`);
    const { commands, lanes, ...rest } = seen;
    expect(commands + lanes).toBe(count((kind) => kind.commands));
    expect(rest).toEqual({
      telemetry: count(({ telemetry }) => telemetry),
      state: count(({ state }) => state),
      events: count(({ events }) => events),
    });
    for (const some of Object.values(seen)) expect(some).toBeGreaterThan(0);
  });

  it("the body of a command fits exactly one of its kind's, and a wrong one none", () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(openApi(), "api");
    const fits = (schema: string, body: unknown) => ajv.validate({ $ref: `api#/components/schemas/${schema}` }, body);
    expect(fits("thermostat.command", { name: "set_target", params: { target: 22 } })).toBe(true);
    expect(fits("thermostat.command", { name: "identify" })).toBe(true);
    expect(fits("thermostat.command", { name: "set_target", params: { target: 99 } })).toBe(false);
    expect(fits("thermostat.command", { name: "set_target" })).toBe(false);
    expect(fits("thermostat.command", { name: "explode" })).toBe(false);
    expect(fits("thermostat.desired", { target: 20 })).toBe(true);
    expect(fits("lock.desired", { state: "unlocked" })).toBe(false);
    expect(fits("lock.telemetry", { door: "ajar" })).toBe(false);
  });
});

describe("AsyncAPI 3 [R]", () => {
  it("passes its own parser", async () => {
    const diagnostics = await new Parser().validate(JSON.stringify(asyncApi()));
    // 0 is an error and 1 a warning; what is left are hints.
    for (const { code, message } of diagnostics) console.log(`asyncapi: hint ${code}: ${message}`);
    expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([]);
  });

  it("a description with a fault does not pass", async () => {
    const api = asyncApi();
    api.channels.device.messages.from_state.payload.type = "nothing";
    const diagnostics = await new Parser().validate(JSON.stringify(api));
    expect(diagnostics.filter(({ severity }) => severity === 0).length).toBeGreaterThan(0);
  });

  it("[M4, M5] has each topic of MQTT, with the frame of its type but for that", () => {
    const { channels, operations } = asyncApi();
    const ajv = new Ajv2020({ strict: false });
    for (const [action, frames] of [["receive", DEVICE_FRAMES], ["send", TO_DEVICE]] as const) {
      const own = Object.values<Json>(operations).filter(({ action: is, channel }) =>
        is === action && channel.$ref.includes("mqtt")
      ).map(({ channel }) => channel.$ref.replace("#/channels/mqtt_", ""));
      expect(own.length).toBeGreaterThan(5);
      for (const type of own) {
        expect(frames).toHaveProperty(type);
        const { address, messages } = channels[`mqtt_${type}`];
        expect(address).toBe(`devices/{device}/${type}`);
        for (const one of messages[type].payload.anyOf ?? [messages[type].payload]) {
          expect(one.properties).not.toHaveProperty("type");
          expect(one.required ?? []).not.toContain("type");
        }
      }
    }
    const fits = (type: string, value: unknown) => ajv.validate(channels[`mqtt_${type}`].messages[type].payload, value);
    expect(fits("result", { id: "a", ok: true })).toBe(true);
    expect(fits("result", { ok: true })).toBe(false);
    expect(fits("stored", { seq: 3 })).toBe(true);
    expect(Object.keys(channels)).not.toContain("mqtt_blob");
  });

  it("has every frame of both directions, ping and pong, and a stream's events, each with what is in it", () => {
    const { channels, operations } = asyncApi();
    const expected = {
      device: { from: [...Object.keys(DEVICE_FRAMES), "bytes", "ping"], to: [...Object.keys(TO_DEVICE), "pong"] },
      operator: { from: [...Object.keys(OPERATOR_FRAMES), "ping"], to: [...Object.keys(TO_OPERATOR), "pong"] },
      stream: { from: [], to: ["snapshot", "changes", "event", "blob", "command", "end"] },
    };
    let frames = 0;
    for (const [address, { from, to }] of Object.entries(expected)) {
      const { messages } = channels[address];
      const named = [...from.map((type) => `from_${type}`), ...to.map((type) => `to_${type}`)];
      expect(Object.keys(messages).toSorted()).toEqual(named.toSorted());
      for (const [name, { payload }] of Object.entries<Json>(messages)) {
        const alternatives: Json[] = payload.anyOf ?? [payload];
        for (const one of alternatives) {
          expect(one.properties ? Object.keys(one.properties).length : one.const ?? one.format, name).toBeTruthy();
          if (one.properties) expect(name).toMatch(new RegExp(`_${one.properties.type.const}$`));
        }
        frames++;
      }
    }
    // [N20] What is between the hub and its own bridge is nobody else's.
    for (const own of ["from_take", "from_bridge", "to_outbox"]) {
      expect(Object.keys(channels.operator.messages)).not.toContain(own);
    }
    expect(channels.operator.messages.from_command.payload.properties).not.toHaveProperty("reply");
    const overMqtt = /^(from|to)_mqtt_/;
    const used = Object.entries<Json>(operations).filter(([name]) => !overMqtt.test(name))
      .flatMap(([, { messages }]) => messages);
    expect(used).toHaveLength(frames);
    console.log(`asyncapi: ${frames} messages`);
    expect(frames).toBeGreaterThan(28);
  });
});
