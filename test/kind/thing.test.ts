/** Kinds in the words of the W3C's Web of Things: by its own schemas, and by what its own tool makes of a model. */
import { ThingModelHelpers } from "@thingweb/thing-model";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import rover from "../../devices/rover.ts";
import valve from "../../devices/valve.ts";
import { channel, perChannel } from "../../src/kind/channel.ts";
import { desirable, flag, oneOf, secret, text } from "../../src/kind/field.ts";
import { type AnyKind, defineKind } from "../../src/kind/kind.ts";
import { celsius, watts } from "../../src/kind/quantities.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { thingDescription, thingModel } from "../../src/kind/thing.ts";
import { expectThing } from "../support/wot.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

const ORIGIN = "https://hub.example";
const DEVICE = `${ORIGIN}/api/v1/devices/d1`;
const fieldsOf = ({ telemetry, state }: AnyKind) => Object.keys({ ...telemetry, ...state });
const describing = (kind: AnyKind, told = fieldsOf(kind)): Json =>
  thingDescription(kindDocument(kind), { id: "d1", name: "Hall", created: "2026-11-25T12:00:00.000Z", told }, ORIGIN);
const modelOf = (kind: AnyKind): Json => thingModel(kindDocument(kind));

/** A kind with everything that a description may have to say. */
const probe = defineKind({
  name: "probe",
  version: 3,
  title: "Probe",
  description: "For this test.",
  telemetry: { temperature: celsius({ title: "Temperature" }), ...perChannel({ power: watts({ title: "Power" }) }) },
  state: { ...perChannel({ on: desirable(flag({ title: "On" })) }), door: oneOf(["open", "closed"]) },
  events: { motion: z.strictObject({ zone: z.number().int().min(1).max(4) }).meta({ title: "Motion" }) },
  commands: {
    set: { effect: "set", params: z.object({ on: flag(), channel: channel(), pin: secret(text()).optional() }) },
    measure: { effect: "query", timeout: 90, result: z.strictObject({ value: z.number() }) },
    drive: { effect: "stream", params: z.object({ linear: z.number() }) },
  },
});

const EVERY: readonly AnyKind[] = [...KINDS, probe];

describe.each(EVERY.map((kind) => ({ name: kind.name, kind })))("[W4] $name", ({ kind }) => {
  it("is a Thing Model and a Thing Description by the W3C's schemas", () => {
    expectThing("model", modelOf(kind));
    expectThing("description", describing(kind));
    expectThing("description", describing(kind, []));
  });

  it("the model, filled in by the W3C's own tool, is the description", async () => {
    const map = { ORIGIN, SOCKET: "wss://hub.example", DEVICE: "d1" };
    const [made] = await new ThingModelHelpers().getPartialTDs(modelOf(kind), { map }) as Json[];
    expectThing("description", { ...made, title: "Hall" });
    const { properties, actions, events, security, securityDefinitions } = describing(kind);
    expect(made).toMatchObject({ properties, actions, events, security, securityDefinitions });
    expect(Object.keys(made.properties)).toEqual(Object.keys(properties));
  });

  it("has every field, command and event, with units and absolute addresses", () => {
    const { properties, actions, events } = describing(kind);
    expect(Object.keys(properties).toSorted()).toEqual(fieldsOf(kind).toSorted());
    const { lease, commands } = kind;
    const beyond = Object.keys(commands).filter((name) =>
      commands[name].effect === "stream" || commands[name].select || (lease && name !== "stop")
    );
    expect([...Object.keys(actions), ...beyond].toSorted()).toEqual(Object.keys(commands).toSorted());
    expect(Object.keys(events)).toEqual(Object.keys(kind.events));
    const document = kindDocument(kind).properties as Json;
    for (const [name, { unit, forms, readOnly }] of Object.entries<Json>(properties)) {
      const field = (document.telemetry.properties ?? {})[name] ?? document.state.properties[name];
      expect(unit, name).toBe(field.unit);
      expect(readOnly, name).toBe(field.desirable !== true);
      expect(forms[0].href).toBe(`${DEVICE}/properties/${name}`);
    }
    for (const [name, { forms }] of Object.entries<Json>(actions)) {
      expect(forms[0].href).toBe(`${DEVICE}/actions/${name}`);
    }
  });
});

it("[W4] all of them were seen", () => {
  const count = (of: (kind: AnyKind) => object) => EVERY.reduce((sum, kind) => sum + Object.keys(of(kind)).length, 0);
  const seen = {
    kinds: EVERY.length,
    properties: count((kind) => modelOf(kind).properties),
    actions: count((kind) => modelOf(kind).actions),
    events: count((kind) => modelOf(kind).events),
  };
  console.log(`things: ${JSON.stringify(seen)}`);
  expect(seen.kinds).toBe(KINDS.length + 1);
  expect(seen.properties).toBe(count(({ telemetry, state }) => ({ ...telemetry, ...state })));
  for (const some of Object.values(seen)) expect(some).toBeGreaterThan(KINDS.length - 1);
});

it("[W4] the schemas do refuse", () => {
  expect(() => expectThing("description", { ...describing(probe), security: undefined })).toThrow("security");
  expect(() => expectThing("description", modelOf(probe))).toThrow();
  expect(() => expectThing("model", { ...modelOf(probe), "@type": "Thing" })).toThrow();
});

it("[W4] properties: what is measured is read, what can be desired is written", () => {
  const { properties } = describing(probe);
  expect(properties.temperature).toEqual({
    type: "number",
    title: "Temperature",
    unit: "°C",
    minimum: -60,
    maximum: 200,
    readOnly: true,
    observable: false,
    forms: [{ op: ["readproperty"], href: `${DEVICE}/properties/temperature`, contentType: "application/json" }],
  });
  expect([properties.door.readOnly, properties.door.enum]).toEqual([true, ["open", "closed"]]);
  expect(properties.on).toMatchObject({ readOnly: false, forms: [{ op: ["readproperty", "writeproperty"] }] });
});

it("[W4, K6] a description has the channels that were told, a model says that further ones are optional", () => {
  const { properties } = describing(probe, ["on", "on_3"]);
  expect(Object.keys(properties).filter((name) => /^(on|power)/.test(name))).toEqual(["power", "on", "on_3"]);
  const optional = modelOf(probe)["tm:optional"];
  expect(optional).toHaveLength(14);
  expect(optional).toContain("/properties/on_8");
});

it("[W4] actions: what they take and answer, whether they are safe and may be repeated", () => {
  const { set, measure, reboot, drive } = describing(probe).actions;
  expect([set.safe, set.idempotent]).toEqual([false, true]);
  expect([measure.safe, measure.idempotent]).toEqual([true, true]);
  expect([reboot.safe, reboot.idempotent]).toEqual([false, false]);
  expect(drive).toBeUndefined();
  expect(set.input.required).toEqual(["on"]);
  expect(set.input.properties).toMatchObject({ channel: { default: 1, maximum: 8 }, pin: { writeOnly: true } });
  expect(measure.input).toBeUndefined();
  expect(measure.output.properties.value).toMatchObject({ properties: { value: { type: "number" } } });
  const waits = (action: Json) => action.forms[0]["htv:headers"][0]["htv:fieldValue"];
  expect([waits(set), waits(measure)]).toEqual(["wait=20", "wait=60"]);
});

it("[W4, C22, G4] what one bare request cannot do is no action: a lane, a select, and under a lease all but stop", () => {
  expect(Object.keys(describing(rover).actions)).toEqual(["stop"]);
  expect(describing(rover).description).toMatch(/^Drives by hand .+ holds its lease: /);
  expect(modelOf(rover).description).toBe(describing(rover).description);
  expect(Object.keys(describing(valve).actions)).toContain("close");
  expect(Object.keys(describing(valve).actions)).not.toContain("open");
  expect(describing(valve).description).toBe(valve.description);
});

it("[W4] events are heard on the operators' socket", () => {
  expect(describing(probe).events.motion).toMatchObject({
    title: "Motion",
    data: { properties: { zone: { type: "integer", minimum: 1, maximum: 4 } } },
    forms: [{ href: "wss://hub.example/operator", subprotocol: "signalbox.v1" }],
  });
});

it("[W5] a kind with a field in telemetry and state is refused", () => {
  const define = () =>
    defineKind({ name: "odd", version: 1, title: "", telemetry: { on: flag() }, state: { on: flag() }, commands: {} });
  expect(define).toThrow("kind odd: on is telemetry and state");
});
