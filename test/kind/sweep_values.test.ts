/** Random values against every kind: what its document allows is taken, each single mistake is refused by its place. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { KINDS } from "../../devices/mod.ts";
import type { Schema } from "../../src/device/sample.ts";
import type { AnyKind, Command } from "../../src/kind/kind.ts";
import { type KindDocument, kindDocument } from "../../src/kind/schema.ts";
import type { Outcome } from "../../src/protocol/fault.ts";
import { pointer } from "../../src/protocol/pointer.ts";
import { signalbox } from "../hub/signalbox.ts";
import { kindFiles } from "./files.ts";
import { fitting, holds, wrongs } from "./arbitrary.ts";

type Doc = Record<string, unknown>;

const RUNS = 40;

const seen = { kinds: 0, schemas: 0, values: 0, mistakes: 0, stored: 0 };

/** Everything of a kind that is checked, as the document says it and as the hub asks. */
function places(kind: AnyKind) {
  const { properties, commands } = kindDocument(kind);
  const { check } = kind;
  const state = properties.state as Schema;
  const desirable = Object.entries(state.properties!).filter(([, field]) => field.desirable);
  const place = (name: string, schema: Schema, under: string[], code: string, ask: (value: Doc) => Outcome<Doc>) => ({
    name,
    schema,
    under,
    code,
    ask,
    /** Where `null` takes a field away [D1]. */
    isPatch: code === "invalid_state",
  });
  return [
    place("telemetry", properties.telemetry, ["data"], "invalid_telemetry", (v) => check.telemetry(v, ["data"])),
    place("state", state, ["reported"], "invalid_state", (v) => check.reported({}, v)),
    place(
      "desired",
      { ...state, properties: Object.fromEntries(desirable) },
      ["state"],
      "invalid_state",
      (v) => check.desired({}, v, ["state"]),
    ),
    ...Object.entries((properties.events as Schema).properties!).map(([name, schema]) =>
      place(`event ${name}`, schema, ["data"], "invalid_telemetry", (v) => check.event(name, v))
    ),
    ...Object.entries(commands).map(([name, { params }]) =>
      place(`params of ${name}`, params, ["params"], "invalid_params", (v) => check.params(name, v))
    ),
  ];
}

const holdsNull = (value: unknown): boolean =>
  value === null || (typeof value === "object" && Object.values(value).some(holdsNull));

describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name", ({ kind }) => {
  it("[T2, T9, D1, D2, C1] takes what its document allows, as it is", () => {
    seen.kinds += 1;
    for (const { name, schema, ask } of places(kind)) {
      seen.schemas += 1;
      holds(
        fc.property(fitting(schema), (value) => {
          expect(ask(value as Doc), name).toEqual({ ok: true, value });
          seen.values += 1;
        }),
        RUNS,
      );
    }
  });

  it("[F8, T2, T9, D1, D2, C1] refuses each single mistake, and points at it", () => {
    for (const { name, schema, under, code, ask, isPatch } of places(kind)) {
      holds(
        fc.property(fitting(schema), (value) => {
          for (const wrong of wrongs(schema, value)) {
            if (wrong.at.length === 0 || (isPatch && holdsNull(wrong.value))) continue;
            const told = `${name}: ${wrong.what} at ${wrong.at.join("/")}`;
            const outcome = ask(wrong.value as Doc);
            expect(outcome, told).toMatchObject({
              ok: false,
              fault: { code, pointer: pointer([...under, ...wrong.at]) },
            });
            seen.mistakes += 1;
          }
        }),
        5,
      );
    }
  });

  it("[C10] a result fits what the command declares, and no other does", () => {
    for (const [name, { result }] of Object.entries(kindDocument(kind).commands)) {
      for (const other of [0, "odd", false, { x: 1 }, [1]]) {
        if (!result) expect(kind.check.fitsResult(name, other), name).toBe(false);
      }
      if (!result) continue;
      seen.schemas += 1;
      holds(
        fc.property(fitting(result), (value) => {
          expect(kind.check.fitsResult(name, value), name).toBe(true);
          for (const { what, value: wrong } of wrongs(result, value)) {
            expect(kind.check.fitsResult(name, wrong), `${name}: ${what}`).toBe(false);
          }
        }),
        RUNS,
      );
    }
  });

  it("[T8, T9, D1, D2, C1] what a hub was told comes back unchanged", () => {
    // What its state forbids, and who may drive it, is another matter.
    const commandsAlone = Object.entries<Command>(kind.commands).map((
      [name, spec],
    ) => [name, { ...spec, select: false }]);
    const alone: AnyKind = { ...kind, interlocks: [], lease: false, commands: Object.fromEntries(commandsAlone) };
    const box = signalbox({ kinds: [alone] });
    const peer = box.device("one", kind.name);
    peer.send({ type: "hello", maxFrame: 65_536 });
    const { properties, commands } = kindDocument(kind);
    const isSame = (told: unknown, value: unknown) => {
      expect(JSON.parse(JSON.stringify(told))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(peer.all("error")).toEqual([]);
      seen.stored += 1;
      box.advance(1_000);
    };
    const each = (schema: Schema, run: (value: Doc) => void) =>
      holds(fc.property(fitting(schema), (value) => run(value as Doc)), 15);

    each(properties.telemetry, (data) => {
      peer.send({ type: "telemetry", data });
      const { telemetry } = box.view("one");
      isSame(Object.fromEntries(Object.keys(data).map((field) => [field, telemetry[field].value])), data);
    });
    each(properties.state, (reported) => {
      peer.send({ type: "state", reported, full: true });
      isSame(box.view("one").reported, reported);
    });
    for (const [name, schema] of Object.entries((properties.events as Schema).properties!)) {
      each(schema, (data) => {
        peer.send({ type: "event", name, data });
        isSame(box.ask("list_events", { device: "one", limit: 1 }).items[0].data, data);
      });
    }
    for (const [name, { params, effect }] of Object.entries(commands)) {
      if (effect === "stream") continue;
      each(params, (params) => {
        const { id } = box.ask("send_command", { device: "one", name, params });
        isSame(peer.take("command").params, params);
        const { secrets } = kind.commands[name];
        const open = Object.entries(params).filter(([param]) => !secrets.includes(param));
        isSame(box.record(id).params, Object.fromEntries(open));
        peer.send({ type: "result", id, ok: true });
      });
    }
  });
});

it("nothing was left out", () => {
  const { kinds, schemas, values, mistakes, stored } = seen;
  console.log(
    `random values: ${kinds} kinds, ${schemas} schemas, ${values} values taken, ${mistakes} mistakes refused, ` +
      `${stored} came back from a hub unchanged`,
  );
  const documents = KINDS.map(kindDocument);
  expect(kinds).toBe(kindFiles().length);
  const count = ({ properties, commands }: KindDocument) =>
    // Telemetry, state and what is desired; each event; of each command the params, and the result where it has one.
    3 + Object.keys((properties.events as Schema).properties!).length +
    Object.values(commands).flatMap(({ result }) => result ? [1, 1] : [1]).length;
  expect(schemas).toBe(documents.map(count).reduce((sum, one) => sum + one, 0));
  expect(values).toBeGreaterThanOrEqual(RUNS * kinds * 3);
  expect(mistakes).toBeGreaterThan(values);
  expect(stored).toBeGreaterThan(kinds * 30);
});
