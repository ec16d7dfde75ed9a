/** Whom a changed kind breaks [K12]: each row of the table, each way. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { compareKinds, versionFault } from "../../src/kind/compare.ts";
import { channel } from "../../src/kind/channel.ts";
import { annotate, desirable, type Fields, flag, oneOf, quantity, secret, text } from "../../src/kind/field.ts";
import { type AnyKind, type CommandSpec, defineKind, type KindSpec } from "../../src/kind/kind.ts";
import { celsius, percent } from "../../src/kind/quantities.ts";
import { type KindDocument, kindDocument } from "../../src/kind/schema.ts";

type Spec = Partial<KindSpec<Fields, Fields, Fields, Record<string, CommandSpec>>>;

const kind = (spec: Spec): AnyKind =>
  defineKind({ name: "probe", version: 1, title: "Probe", telemetry: {}, state: {}, commands: {}, ...spec });
const compare = (was: Spec, is: Spec) => compareKinds(kindDocument(kind(was)), kindDocument(kind(is)));

/** The only finding of a change, as its path and whom it breaks. */
function finding(was: Spec, is: Spec): string {
  const found = compare(was, is);
  expect(found, JSON.stringify(found)).toHaveLength(1);
  expect(found[0].what).toMatch(/^\S.+ .+\.$/);
  return `${found[0].path}: ${found[0].breaks.join(" and ") || "nobody"}`;
}

type Row = [title: string, was: Spec, is: Spec, to: string, back: string];

/** The change to and fro; `@` is where a row's fields stand. */
function expectRow([, was, is, to, back]: Row): void {
  expect(finding(was, is)).toBe(to);
  expect(finding(is, was)).toBe(back);
}

const sensor = (telemetry: Fields): Spec => ({ telemetry });
const twin = (state: Fields): Spec => ({ state });
const happens = (data: z.ZodType): Spec => ({ events: { motion: data } });
const ask = (spec: Partial<CommandSpec>): Spec => ({ commands: { go: { effect: "once", ...spec } } });
const param = (target: z.ZodType): Spec => ask({ params: z.object({ target }) });
const answer = (result?: z.ZodType): Spec => ask({ result });

const range = (min?: number, max?: number) => quantity({ min, max });
const word = (...values: [string, ...string[]]) => oneOf(values);

/** A field that devices send: the same in telemetry, reported state, an event's data and a result. */
const TOLD: [title: string, was: z.ZodType, is: z.ZodType, to: string, back: string][] = [
  ["a greater least", range(0, 9), range(1, 9), "devices", "nobody"],
  ["a smaller greatest", range(0, 9), range(0, 8), "devices", "nobody"],
  ["a least where there was none", range(), range(0), "devices", "nobody"],
  ["a bound that is out itself", z.number().min(0), z.number().gt(0), "devices", "nobody"],
  ["a shorter text", text({ max: 64 }), text({ max: 8 }), "devices", "nobody"],
  ["a smaller enumeration", word("a", "b"), word("a"), "devices", "nobody"],
  ["an enumeration for any text", z.string(), z.enum(["a"]), "devices", "nobody"],
  ["an integer for a number", z.number(), z.number().int(), "devices", "nobody"],
  ["no null any more", z.number().nullable(), z.number(), "devices", "nobody"],
  ["fewer alternatives", z.union([z.number(), z.string()]), z.string(), "devices", "nobody"],
  ["a pattern", z.string(), z.string().regex(/^a/), "devices", "nobody"],
  ["fewer items", z.array(z.number()).max(9), z.array(z.number()).max(8), "devices", "nobody"],
  ["items of a smaller range", z.array(range(0, 9)), z.array(range(0, 8)), "devices", "nobody"],
  ["another pattern", z.string().regex(/^a/), z.string().regex(/^b/), "devices and operators", "devices and operators"],
  ["another type", range(), text(), "devices and operators", "devices and operators"],
  ["a boolean for a choice of words", flag(), word("a", "b"), "devices and operators", "devices and operators"],
  ["another unit", celsius(), celsius({ unit: "°F" }), "devices and operators", "devices and operators"],
  ["another history class", quantity({}), quantity({ class: "counter" }), "operators", "operators"],
  [
    "another device class",
    percent({ deviceClass: "battery" }),
    percent({ deviceClass: "moisture" }),
    "operators",
    "operators",
  ],
  ["a device class where there was none", percent(), percent({ deviceClass: "battery" }), "nobody", "operators"],
  ["other words", celsius({ title: "Inside" }), celsius({ title: "Room", precision: 2 }), "nobody", "nobody"],
];

describe("what devices say", () => {
  const places: [string, (field: z.ZodType) => Spec, string][] = [
    ["telemetry", (field) => sensor({ x: field }), "telemetry.x"],
    ["reported state", (field) => twin({ x: field }), "state.x"],
    ["an event's data", (field) => happens(z.strictObject({ x: field })), "events.motion.x"],
    ["a result", (field) => answer(z.strictObject({ x: field })), "commands.go.result.x"],
  ];
  for (const [place, spec, path] of places) {
    it.each(TOLD)(`[K12] ${place}: %s`, (title, was, is, to, back) => {
      const inside = title.startsWith("items") ? `${path} (items)` : path;
      expectRow([title, spec(was), spec(is), `${inside}: ${to}`, `${inside}: ${back}`]);
    });
    it(`[K12] ${place}: a field that is gone breaks both, a new one nobody`, () => {
      const shapes: Fields[] = [{ x: flag(), y: flag().optional() }, { x: flag() }];
      const [whole, without] = shapes.map((fields): Spec => {
        if (place === "telemetry") return sensor(fields);
        if (place === "reported state") return twin(fields);
        return place === "a result" ? answer(z.strictObject(fields)) : happens(z.strictObject(fields));
      });
      const there = path.replace(/x$/, "y");
      expect(finding(whole, without)).toBe(`${there}: devices and operators`);
      expect(finding(without, whole)).toBe(`${there}: nobody`);
    });
  }

  it.each<Row>([
    [
      "a field of an event that must be there",
      happens(z.object({ x: flag().optional() })),
      happens(z.object({ x: flag() })),
      "events.motion.x: devices",
      "events.motion.x: operators",
    ],
    [
      "a new field of an event that must be there",
      happens(z.object({})),
      happens(z.object({ x: flag() })),
      "events.motion.x: devices",
      "events.motion.x: devices and operators",
    ],
    ["an event", {}, happens(z.object({})), "events.motion: nobody", "events.motion: devices and operators"],
    ["a result", answer(), answer(flag()), "commands.go.result: devices", "commands.go.result: devices and operators"],
    [
      "an error code",
      ask({}),
      ask({ errors: ["dry"] }),
      "commands.go.errors: nobody",
      "commands.go.errors: devices",
    ],
    ["a blob's media type", {}, { blobs: ["image/jpeg"] }, "blobs: nobody", "blobs: devices"],
  ])("[K12] %s", (...row) => expectRow(row));
});

describe("what can be desired", () => {
  it.each<Row>([
    [
      "a smaller range",
      twin({ x: desirable(range(0, 9)) }),
      twin({ x: desirable(range(0, 8)) }),
      "state.x: devices and operators",
      "state.x: nobody",
    ],
    ["no more", twin({ x: desirable(flag()) }), twin({ x: flag() }), "state.x: operators", "state.x: nobody"],
    ["a field that is gone", twin({ x: desirable(flag()) }), {}, "state.x: devices and operators", "state.x: nobody"],
  ])("[K12] %s", (...row) => expectRow(row));
});

describe("what operators say", () => {
  const X = "commands.go.params.target";
  it.each<Row>([
    ["a smaller range", param(range(0, 9)), param(range(0, 8)), `${X}: operators`, `${X}: nobody`],
    ["a smaller enumeration", param(word("a", "b")), param(word("a")), `${X}: operators`, `${X}: nobody`],
    ["another type", param(range()), param(text()), `${X}: devices and operators`, `${X}: devices and operators`],
    [
      "another unit",
      param(celsius()),
      param(celsius({ unit: "K" })),
      `${X}: devices and operators`,
      `${X}: devices and operators`,
    ],
    [
      "another default",
      param(annotate(range(), { default: 1 }).optional()),
      param(annotate(range(), { default: 2 }).optional()),
      `${X}: devices and operators`,
      `${X}: devices and operators`,
    ],
    ["a secret", param(text()), param(secret(text())), `${X}: operators`, `${X}: operators`],
    ["a key", param(text()), param(text({ key: true })), `${X}: operators`, `${X}: operators`],
    ["one that must be given now", param(flag().optional()), param(flag()), `${X}: operators`, `${X}: devices`],
    [
      "a new one that must be given",
      ask({}),
      param(flag()),
      `${X}: devices and operators`,
      `${X}: devices and operators`,
    ],
    ["a new one that need not", ask({}), param(flag().optional()), `${X}: nobody`, `${X}: operators`],
    ["other words", param(flag()), param(flag({ title: "To" })), `${X}: nobody`, `${X}: nobody`],
  ])("[K12] a param: %s", (...row) => expectRow(row));

  const GO = "commands.go";
  const state = { on: flag(), off: flag() };
  it.each<Row>([
    ["the command itself", {}, ask({}), `${GO}: nobody`, `${GO}: operators`],
    ["its role", ask({ role: "operator" }), ask({ role: "admin" }), `${GO}: operators`, `${GO}: nobody`],
    [
      "its greatest ttl",
      ask({ ttl: { max: 60 } }),
      ask({ ttl: { max: 30 } }),
      `${GO}.ttl.max: operators`,
      `${GO}.ttl.max: nobody`,
    ],
    [
      "its default ttl",
      ask({ ttl: { default: 20 } }),
      ask({ ttl: { default: 5 } }),
      `${GO}.ttl.default: nobody`,
      `${GO}.ttl.default: nobody`,
    ],
    ["its timeout", ask({ timeout: 20 }), ask({ timeout: 5 }), `${GO}.timeout: devices`, `${GO}.timeout: nobody`],
    ["its waiting for offline devices", ask({ queue: true }), ask({}), `${GO}: operators`, `${GO}: nobody`],
    ["its select", ask({}), ask({ select: true }), `${GO}: operators`, `${GO}: nobody`],
    ["its danger", ask({}), ask({ danger: "type" }), `${GO}: nobody`, `${GO}: nobody`],
    [
      "what it confirms",
      { state, ...ask({}) },
      { state, ...ask({ confirms: { field: "on", value: true } }) },
      `${GO}.confirms: nobody`,
      `${GO}.confirms: operators`,
    ],
    [
      "the value that it confirms",
      { state, ...ask({ confirms: { field: "on", value: true } }) },
      { state, ...ask({ confirms: { field: "on", value: false } }) },
      `${GO}.confirms: operators`,
      `${GO}.confirms: operators`,
    ],
    [
      "its dead-man time",
      ask({ effect: "stream", deadman: 1 }),
      ask({ effect: "stream", deadman: 0.5 }),
      `${GO}.deadman: operators`,
      `${GO}.deadman: nobody`,
    ],
    [
      "an interlock",
      { state, ...ask({}) },
      {
        state,
        ...ask({}),
        interlocks: [{ commands: ["go"], when: { field: "on", is: true }, sentence: "Off first." }],
      },
      `${GO}: operators`,
      `${GO}: nobody`,
    ],
    ["the lease", {}, { lease: true }, "lease: operators", "lease: nobody"],
    ["how many at once", { inFlight: 1 }, { inFlight: 2 }, "inFlight: devices", "inFlight: nobody"],
    [
      "its effect",
      ask({ ttl: { max: 60 } }),
      ask({ effect: "set", ttl: { max: 60 } }),
      `${GO}: operators`,
      `${GO}: operators`,
    ],
  ])("[K12] %s", (...row) => expectRow(row));

  it("[K12] a command that becomes a real-time lane breaks both, and so does the way back", () => {
    const [once, lane] = [ask({}), ask({ effect: "stream" })].map((spec) => kindDocument(kind(spec)));
    for (const [was, is] of [[once, lane], [lane, once]]) {
      expect(compareKinds(was, is).find(({ path }) => path === GO)!.breaks).toEqual(["devices", "operators"]);
    }
  });

  it("[K12] a document of before there was inFlight is one of one command at a time", () => {
    const { inFlight: _, ...old } = kindDocument(kind({}));
    const of = (inFlight: number) => compareKinds(old as KindDocument, kindDocument(kind({ inFlight })));
    expect(of(1)).toEqual([]);
    expect(of(2)).toMatchObject([{ path: "inFlight", breaks: ["devices"] }]);
  });

  it("[K12] an interlock's sentence may change", () => {
    const locked = (sentence: string): Spec => ({
      state,
      ...ask({}),
      interlocks: [{ commands: ["go"], when: { field: "on", is: true }, sentence }],
    });
    expect(compare(locked("Off first."), locked("Switch it off first."))).toEqual([]);
  });
});

it.each<Row>([
  ["heartbeat", { heartbeat: 30 }, { heartbeat: 10 }, "heartbeat: devices", "heartbeat: nobody"],
  ["stale", { stale: 300 }, { stale: 30 }, "stale: devices", "stale: nobody"],
  ["sleeps", { sleeps: 3600 }, {}, "sleeps: devices", "sleeps: nobody"],
  [
    "retention",
    { retention: { hour: null } },
    { retention: { hour: 86_400 } },
    "retention.hour: operators",
    "retention.hour: nobody",
  ],
  ["words", {}, { title: "Another", icon: "cat" }, "the kind: nobody", "the kind: nobody"],
])("[K12] the kind itself: %s", (...row) => expectRow(row));

it("[K12] a kind is no change of itself: all of them, and one that uses every word", () => {
  expect(KINDS.length).toBeGreaterThan(3);
  for (const one of KINDS) expect(compareKinds(kindDocument(one), structured(one))).toEqual([]);
  const odd = kind({ commands: { go: { effect: "set", params: z.object({ channel: channel() }) } } });
  expect(compareKinds(kindDocument(odd), structured(odd))).toEqual([]);
});

/** As a store or a hub's answer gives it. */
const structured = (one: AnyKind) => JSON.parse(JSON.stringify(kindDocument(one)));

describe("the version", () => {
  const full = { ...sensor({ x: range(0, 9), y: flag() }), title: "Probe" };
  const [was, narrower, wider] = [full, sensor({ x: range(0, 8) }), { ...full, ...sensor({ x: range(), y: flag() }) }]
    .map((
      spec,
    ) =>
    (version: number) => kindDocument(kind({ ...spec, version })));

  it("[K5, K13] a change that breaks somebody needs a higher one, and the sentence says what and whom", () => {
    expect(versionFault(was(1), narrower(1))).toBe(
      "The kind probe changed in a way that breaks devices and operators and still has version 1: " +
        "telemetry.x takes at most 8, before at most 9 (and 1 more); raise its version, or undo that.",
    );
    expect(versionFault(was(1), narrower(2))).toBeNull();
  });
  it("[K13] a change that breaks nobody needs none", () => {
    expect(compareKinds(was(1), wider(1))).toHaveLength(2);
    expect(versionFault(was(1), wider(1))).toBeNull();
  });
  it("[K13] never goes back, whatever changed", () => {
    expect(versionFault(was(2), was(1))).toBe(
      "The kind probe has version 1, and version 2 was seen here before: give it that or a higher one.",
    );
  });
});
