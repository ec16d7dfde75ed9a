/** Which face fits which kind, by its document alone; and every document draws, also of kinds that nobody here wrote. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { seeded } from "../../src/device/random.ts";
import { sample } from "../../src/device/sample.ts";
import { type KindDocument, kindDocument } from "../../src/kind/schema.ts";
import type { Control } from "../../src/panel/form/controls.ts";
import type { Shown } from "../../src/panel/live/watch.ts";
import { kindFrom } from "../../src/tools/import/kind_from.ts";
import { modelsOf, packageModels } from "../../src/tools/import/models.ts";

vi.stubGlobal("location", new URL("http://hub.test:8000/"));
const { controlsOf, forDevice } = await import("../../src/panel/form/controls.ts");
const { FieldCard, ReachCard, ReportedOnly } = await import("../../src/panel/control/control.tsx");
const { Actions } = await import("../../src/panel/control/actions.tsx");
const { FieldInput } = await import("../../src/panel/control/field_input.tsx");
const { Picker } = await import("../../src/panel/control/picker.tsx");
const { fieldsOf } = await import("../../src/panel/form/field.ts");
const { drawnBy, isDrawn, shapeOf } = await import("../../src/panel/faces/shape.ts");
const { beside, distance, projected, stepOf, stretches } = await import(
  "../../src/panel/faces/tracker/projection.ts"
);
const { LOADS } = await import("../../src/panel/faces/mod.ts");
const faces = new Map(
  await Promise.all(Object.entries(LOADS).map(async ([name, load]) => [name, (await load()).default] as const)),
);

const MODELS = join(import.meta.dirname!, "../tools/models");
const imported: KindDocument[] = readdirSync(MODELS).flatMap((file) =>
  modelsOf(readFileSync(join(MODELS, file), "utf8"), file.replace(/\..*/, "")).flatMap(({ imported }) =>
    imported.ok ? [kindDocument(kindFrom(imported.draft))] : []
  )
);
const own: KindDocument[] = KINDS.map((kind) => kindDocument(kind));
const named = (documents: KindDocument[], name: string) => documents.find(({ kind }) => kind.includes(name))!;
const shapeIn = (kind: KindDocument) => shapeOf(kind, controlsOf(kind));

describe("which face", () => {
  it("[K4] ours have one where a generic control is poor", () => {
    const faces = Object.fromEntries(own.flatMap((kind) => {
      const shape = shapeIn(kind);
      return shape ? [[kind.kind, shape.name]] : [];
    }));
    expect(faces).toEqual({
      thermostat: "thermostat",
      light: "light",
      cover: "cover",
      lock: "lock",
      camera: "camera",
      rover: "rover",
      "ev-charger": "charger",
      tracker: "tracker",
    });
  });

  it("[K4] follows the shape and not the name: an imported bulb, blind and bolt have theirs", () => {
    expect(shapeIn(named(imported, "bulb"))).toMatchObject({
      name: "light",
      parts: { white: { field: { unit: "mired" } }, color: { by: { command: { name: "set_color_hs" } } } },
    });
    expect(shapeIn(named(imported, "blind"))).toMatchObject({
      name: "cover",
      parts: { position: { field: { name: "position_left" } }, open: { name: "open_left" } },
    });
    expect(shapeIn(named(imported, "bolt"))).toMatchObject({
      name: "lock",
      parts: { locked: "LOCK", door: undefined },
    });
    expect(shapeIn(named(imported, "air"))).toBeNull();
    const renamed = { ...named(own, "thermostat"), kind: "anything" };
    expect(shapeIn(renamed)?.name).toBe("thermostat");
  });

  it("draws nothing twice, and leaves the rest to the generic controls", () => {
    const light = named(own, "light");
    const controls = controlsOf(light);
    const drawn = drawnBy(shapeIn(light)!);
    const left = controls.filter((control: Control) => !isDrawn(drawn, control)).map((control: Control) =>
      control.sort === "command" ? control.command.name : control.field.name
    );
    expect(left).toEqual(["effect", "identify", "get_diagnostics", "reboot"]);
    const rover = named(own, "rover");
    const stick = drawnBy(shapeIn(rover)!);
    // `stop` leads to what does not move, and is drawn as the stop beside the stick.
    const moving = controlsOf(rover).find((control: Control) =>
      control.sort === "reach" && control.field.name === "moving"
    );
    expect(isDrawn(stick, moving!)).toBe(true);
  });
});

describe("a place without a map", () => {
  it("is metres east and north, the short way around the world", () => {
    const middle = { lat: 53, lon: 8.8 };
    const { east, north } = projected({ lat: 53.01, lon: 8.8 }, middle);
    expect([Math.round(east), Math.round(north)]).toEqual([0, 1113]);
    expect(projected({ lat: 0, lon: -179.99 }, { lat: 0, lon: 179.99 }).east).toBeCloseTo(2226.4, 0);
    expect(distance({ lat: 53, lon: 8.81 }, middle)).toBeCloseTo(670, -1);
    expect(projected(beside(middle, { east: 300, north: -200 }), middle)).toEqual({
      east: expect.closeTo(300),
      north: expect.closeTo(-200),
    });
  });

  it("breaks the track where nothing was heard, and has squares of round metres", () => {
    const track = [0, 10, 20, 500, 510].map((at) => ({ at }));
    expect(stretches(track, 70).map((part) => part.length)).toEqual([3, 2]);
    expect([240, 1_000, 40_000].map(stepOf)).toEqual([50, 200, 10_000]);
  });
});

/** A device of the kind that told something of each field, or nothing at all. */
function deviceOf(kind: KindDocument, hasTold: boolean): Shown {
  const random = seeded(kind.kind.length);
  const told = (part: "telemetry" | "state") =>
    Object.entries(kind.properties[part].properties ?? {}).map(([name, schema]) => [name, sample(schema, random)]);
  const at = 1_786_000_000_000;
  return {
    id: "one",
    name: "One",
    kind: kind.kind,
    presence: hasTold ? "online" : "new",
    since: at,
    createdAt: at,
    ...(hasTold && {
      telemetry: Object.fromEntries(told("telemetry").map(([name, value]) => [name, { value, at, clock: "hub" }])),
      reported: Object.fromEntries(told("state")),
      reportedAt: Object.fromEntries(told("state").map(([name]) => [name, at])),
    }),
  } as Shown;
}

const situation = {
  isConnected: true,
  me: { id: "ann", name: "Ann", role: "admin" as const },
  presence: "online" as const,
  isStopped: false,
  driver: null,
  interlocked: () => null,
};
const ledger = { records: [], asks: [], next: null, total: 0 };

describe("every document", () => {
  it.each([...own, ...imported].map((kind) => [kind.kind, kind] as const))("%s draws, told of or not", (_, kind) => {
    for (const hasTold of [true, false]) {
      const device = deviceOf(kind, hasTold);
      const around = { device, ledger, situation, kind };
      const controls = forDevice(controlsOf(kind), device.reported);
      let drawn = 0;
      const draw = (element: React.ReactElement) => {
        expect(renderToString(element).length).toBeGreaterThan(20);
        drawn += 1;
      };
      for (const control of controls) {
        if (control.sort === "field") draw(createElement(FieldCard, { control, ...around }));
        if (control.sort === "reach") draw(createElement(ReachCard, { control, ...around }));
        if (control.sort === "command") {
          draw(createElement(Actions, { controls: [control], ...around }));
          for (const field of control.command.params) draw(createElement(FieldInput, { field }));
        }
      }
      draw(
        createElement(ReportedOnly, {
          fields: controls.flatMap((one) => one.sort === "field" ? [one.field] : []),
          device,
        }),
      );
      const shape = shapeOf(kind, controls);
      const Face = shape && faces.get(shape.name);
      if (Face) draw(createElement(Face, { ...around, parts: shape.parts as never }));
      expect(drawn).toBeGreaterThan(3);
    }
  });
});

/** Every field of a document, whether anybody can ask for it or not: what a form shows of it, and what a control does. */
function fieldsDraw(kind: KindDocument): number {
  const random = seeded(kind.kind.length);
  const schemas = [
    kind.properties.telemetry,
    kind.properties.state,
    ...Object.values(kind.commands).map(({ params }) => params),
  ];
  let seen = 0;
  for (const schema of schemas) {
    for (const field of fieldsOf(schema)) {
      const value = sample((schema.properties as Record<string, Schema>)[field.name], random);
      const drawn = [
        createElement(FieldInput, { field }),
        createElement(FieldInput, { field, problem: "No." }),
        ...[undefined, value].flatMap((value) =>
          [null, "Not now."].map((why) =>
            createElement(Picker, { field, value, pending: undefined, why, onPick: () => {} })
          )
        ),
      ].map((element) => renderToString(element));
      for (const html of drawn) expect(html, `${kind.kind}: ${field.name}`).toMatch(/<(input|select|textarea|button)/);
      for (const html of drawn.slice(0, 2)) {
        expect(html, `${kind.kind}: ${field.name}`).toMatch(new RegExp(`name="${field.name}[."]`));
      }
      seen += 1;
    }
  }
  return seen;
}

type Schema = Parameters<typeof sample>[0];

describe("every field", () => {
  it("[K4] of ours and of models that nobody here wrote has an input in a form and a control of its own", () => {
    const seen = [...own, ...imported].reduce((sum, kind) => sum + fieldsDraw(kind), 0);
    console.log(`${seen} fields of ${own.length + imported.length} documents drew`);
    expect(seen).toBeGreaterThan(300);
  });

  it("[K4] of foreign devices by the thousand: every fortieth", ({ skip }) => {
    const folder = join(import.meta.dirname!, "../../dist/foreign/node_modules/zigbee-herdsman-converters");
    if (!existsSync(folder)) skip("this machine has no zigbee-herdsman-converters in dist/foreign");
    const some = packageModels(folder)!.models.filter((_, index) => index % 40 === 7);
    const kinds = some.flatMap(({ imported }) => imported.ok ? [kindDocument(kindFrom(imported.draft))] : []);
    const seen = kinds.reduce((sum, kind) => sum + fieldsDraw(kind), 0);
    console.log(`${seen} fields of ${kinds.length} foreign documents drew`);
    expect(kinds.length).toBeGreaterThan(80);
    expect(seen).toBeGreaterThan(800);
  }, 120_000);
});
