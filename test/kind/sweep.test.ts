/** What holds for every kind of `devices/`, whichever there are [K]: its document, its examples, its words. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { readHubFrame } from "../../src/device/from_hub.ts";
import type { Schema } from "../../src/device/sample.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { FAULTS, isFaultCode } from "../../src/protocol/fault.ts";
import { bytesOf, decode } from "../../src/protocol/frame.ts";
import { readDeviceFrame } from "../../src/protocol/from_device.ts";
import { DEFAULT_DEVICE_FRAME, NAME } from "../../src/protocol/words.ts";
import { signalbox } from "../hub/signalbox.ts";
import { kindFiles } from "./files.ts";
import { STATES, TOTALS, UNITS } from "./home_assistant.ts";

type Doc = Record<string, unknown>;
type Sent = { params: Doc; result?: unknown };

const seen = { kinds: 0, fields: 0, events: 0, commands: 0, params: 0, errors: 0, examples: 0, frames: 0, classes: 0 };

/** Every field of a document that has words: measured, reported, in an event, a param. */
function fieldsOf(kind: AnyKind): [where: string, field: Schema][] {
  const { properties: { telemetry, state, events }, commands } = kindDocument(kind);
  const under = (where: string, schema: Schema) =>
    Object.entries(schema.properties ?? {}).map(([name, field]): [string, Schema] => [`${where}.${name}`, field]);
  return [
    ...under("telemetry", telemetry),
    ...under("state", state),
    ...Object.entries((events as Schema).properties!).flatMap(([name, event]) => under(`events.${name}`, event)),
    ...Object.entries(commands).flatMap(([name, { params }]) => under(`commands.${name}`, params)),
  ];
}

describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name", ({ kind }) => {
  const document = kindDocument(kind);
  const { telemetry, state, events } = document.properties as Record<string, Schema>;

  it("[K4] its document is JSON and has everything that the kind has", () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(Object.keys(telemetry.properties!)).toEqual(Object.keys(kind.telemetry));
    expect(Object.keys(state.properties!)).toEqual(Object.keys(kind.state));
    expect(Object.keys(events.properties!)).toEqual(Object.keys(kind.events));
    expect(Object.keys(document.commands)).toEqual(Object.keys(kind.commands));
    for (const [name, { params, result }] of Object.entries(kind.commands as AnyKind["commands"])) {
      expect(Object.keys(document.commands[name].params.properties ?? {})).toEqual(Object.keys(params.shape));
      expect(document.commands[name].result !== undefined).toBe(result !== undefined);
      seen.params += Object.keys(params.shape).length;
    }
    seen.kinds += 1;
    seen.fields += Object.keys(kind.telemetry).length + Object.keys(kind.state).length;
    seen.events += Object.keys(kind.events).length;
    seen.commands += Object.keys(kind.commands).length;
  });

  it("[K4] it has words for people: a title for the kind and every field, a sentence for the kind", () => {
    for (const text of [kind.title, kind.description, kind.icon]) expect(text).toMatch(/\S/);
    const nameless = fieldsOf(kind).filter(([, { title }]) => !title).map(([where]) => where);
    expect(nameless).toEqual([]);
    for (const { title, effect } of Object.values(document.commands)) {
      expect(title).toMatch(/\S/);
      expect(["once", "set", "query", "stream"]).toContain(effect);
    }
  });

  it("[K4] what is measured has a class of history, and a unit unless it is a count or a ratio", () => {
    for (const [where, field] of fieldsOf(kind)) {
      if (/^(telemetry|state)/.test(where) && field.type !== "object" && field.type !== "array") {
        expect(["gauge", "counter", "state"], where).toContain(field.class);
      }
      const isCount = field.type === "integer" || (field.precision === 0 && field.deviceClass === undefined);
      const isRatio = UNITS[field.deviceClass as string]?.length === 0;
      if (field.type !== "number" || isCount || isRatio) continue;
      expect(field.unit, where).toMatch(/./);
    }
  });

  it("[K4] its device classes are Home Assistant's, and so are the units that go with them", () => {
    for (const [where, { type, deviceClass, unit, class: history }] of fieldsOf(kind)) {
      if (deviceClass === undefined) continue;
      seen.classes += 1;
      const told = `${where} is a ${deviceClass} in ${unit}`;
      if (type === "number" || type === "integer") {
        expect(Object.keys(UNITS), told).toContain(deviceClass);
        const units = UNITS[deviceClass as string];
        if (units.length > 0) expect(units, told).toContain(unit);
        else expect(unit, told).toBeUndefined();
        if (where.startsWith("telemetry") && TOTALS.includes(deviceClass as string)) {
          expect(history, told).toBe("counter");
        }
      } else expect(STATES, told).toContain(deviceClass);
    }
  });

  it("[K2] its error codes are words of its own, or those that a device may say", () => {
    for (const [name, { errors }] of Object.entries(document.commands)) {
      expect(new Set(errors).size, name).toBe(errors.length);
      for (const code of errors) {
        seen.errors += 1;
        expect(code, name).toMatch(NAME);
        if (isFaultCode(code)) expect(FAULTS[code].whose, `${name} ${code}`).toBe("device");
      }
    }
  });

  it("[K11] it has examples of a sample, of its state, of every event and of every command", () => {
    const { examples } = kind;
    expect(examples.telemetry.length).toBeGreaterThan(0);
    if (Object.keys(kind.state).length > 0) expect(examples.state.length).toBeGreaterThan(0);
    for (const event of Object.keys(kind.events)) expect(examples.events?.[event]?.length, event).toBeGreaterThan(0);
    for (const name of Object.keys(kind.commands)) expect(examples.commands[name]?.length, name).toBeGreaterThan(0);
    for (const event of Object.keys(examples.events ?? {})) expect(Object.keys(kind.events)).toContain(event);
    for (const name of Object.keys(examples.commands)) expect(Object.keys(kind.commands)).toContain(name);
    const told = new Set(examples.telemetry.flatMap(Object.keys));
    const own = Object.entries(telemetry.properties!).filter(([, { channel }]) => channel === undefined);
    const base = ["battery", "rssi", "uptime", "firmware"];
    expect(own.map(([field]) => field).filter((field) => !told.has(field) && !base.includes(field))).toEqual([]);
  });

  it("[K11, T2, D1, T9] examples of what a device says fit the kind, and are frames", () => {
    const { examples, check } = kind;
    const told = (frame: { type: string } & Doc) => {
      const envelope = decode(JSON.stringify(frame));
      expect(envelope.ok && readDeviceFrame(envelope.value), JSON.stringify(frame)).toMatchObject({ ok: true });
      seen.frames += 1;
    };
    for (const data of examples.telemetry as Doc[]) {
      expect(check.telemetry(data, [])).toEqual({ ok: true, value: data });
      told({ type: "telemetry", data });
      seen.examples += 1;
    }
    for (const reported of examples.state as Doc[]) {
      expect(check.reported({}, reported)).toEqual({ ok: true, value: reported });
      told({ type: "state", reported });
      seen.examples += 1;
    }
    for (const [name, list] of Object.entries((examples.events ?? {}) as Record<string, Doc[]>)) {
      for (const data of list) {
        expect(check.event(name, data), name).toEqual({ ok: true, value: data });
        told({ type: "event", name, data });
        seen.examples += 1;
      }
    }
  });

  it("[K11, C1, C10, F7] examples of commands fit the kind, and go to a device that never raised its frame", () => {
    for (const [name, list] of Object.entries(kind.examples.commands as Record<string, Sent[]>)) {
      for (const { params, result } of list) {
        seen.examples += 1;
        expect(kind.check.params(name, params), name).toEqual({ ok: true, value: params });
        const id = "01k2zzzzzzzzzzzzzzzzzzzzzz";
        const command = { type: "command", id, name, params, ttl: 9.998, expires: 1_786_000_010_000, attempt: 1 };
        const text = JSON.stringify({ ...command, fence: Number.MAX_SAFE_INTEGER });
        expect(bytesOf(text), name).toBeLessThanOrEqual(DEFAULT_DEVICE_FRAME);
        expect(readHubFrame(text)).toMatchObject({ type: "command", name, params });
        if (result !== undefined) expect(kind.check.fitsResult(name, result), name).toBe(true);
        const envelope = decode(JSON.stringify({ type: "result", id, ok: true, value: result }));
        expect(envelope.ok && readDeviceFrame(envelope.value)).toMatchObject({ ok: true });
        seen.frames += 2;
      }
    }
  });
});

it("nothing was left out: each file is a kind, and the hub's own documents count the same", () => {
  const { kinds, fields, events, commands, params, errors, examples, frames, classes } = seen;
  console.log(
    `every kind: ${kinds} kinds, ${fields} fields, ${events} events, ${commands} commands, ${params} params, ` +
      `${errors} error codes, ${classes} device classes, ${examples} examples in ${frames} frames`,
  );
  const { items } = signalbox().ask("list_kinds", {});
  const count = (parts: (item: typeof items[number]) => number) => items.map(parts).reduce((sum, one) => sum + one, 0);
  const size = (part: Schema) => Object.keys(part.properties ?? {}).length;
  expect(kinds).toBe(items.length);
  expect(KINDS.map(({ name }) => `${name}.ts`).toSorted()).toEqual(kindFiles().toSorted());
  expect(fields).toBe(count(({ properties }) => size(properties.telemetry) + size(properties.state)));
  expect(events).toBe(count(({ properties }) => size(properties.events)));
  expect(commands).toBe(count((item) => Object.keys(item.commands).length));
  expect(params).toBe(
    count((item) => Object.values(item.commands).flatMap((one) => Object.keys(one.params.properties ?? {})).length),
  );
  for (const some of [errors, examples, frames, classes]) expect(some).toBeGreaterThan(0);
});
