/** A kind's document is JSON Schema 2020-12 to a validator that forgives nothing, once it knows our annotations [K4]. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { type JsonSchema, kindDocument } from "../../src/kind/schema.ts";

/** The annotations of K4, K6 and K10, each with the type of what it says. */
const ANNOTATIONS = {
  unit: "string",
  deviceClass: "string",
  precision: "number",
  step: "number",
  class: "string",
  desirable: "boolean",
  secret: "boolean",
  key: "boolean",
  channel: "number",
  drop: "string",
} as const;
/** What stands beside the schema in a kind's document. */
const BESIDE = ["kind", "version", "icon", "heartbeat", "stale", "sleeps", "retention", "interlocks", "lease", "blobs"]
  .concat("commands", "inFlight");

const strict = new Ajv2020({ strict: true, allErrors: true });
for (const [keyword, schemaType] of Object.entries(ANNOTATIONS)) strict.addKeyword({ keyword, schemaType });
for (const keyword of BESIDE) strict.addKeyword(keyword);

const seen = { kinds: 0, fields: 0, events: 0, commands: 0, examples: 0 };
const fieldsOf = ({ properties = {} }: JsonSchema) => properties as Record<string, JsonSchema>;

function expectFits(schema: JsonSchema, value: unknown): void {
  const validate = strict.compile(schema);
  const isValid = validate(value);
  expect(isValid, `${JSON.stringify(value)}: ${strict.errorsText(validate.errors)}`).toBe(true);
  seen.examples++;
}

describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("[K4] $name", ({ kind }) => {
  // As it arrives: what JSON leaves out is not there.
  const document: ReturnType<typeof kindDocument> = JSON.parse(JSON.stringify(kindDocument(kind)));
  const { telemetry, state, events } = document.properties;

  it("is JSON Schema in strict mode, as a whole and in each of its parts", () => {
    for (const part of [document, telemetry, state, events]) strict.compile(part);
    for (const { params, result = {} } of Object.values(document.commands)) {
      strict.compile(params);
      strict.compile(result);
      seen.commands++;
    }
    seen.kinds++;
    seen.fields += Object.keys({ ...fieldsOf(telemetry), ...fieldsOf(state) }).length;
    seen.events += Object.keys(fieldsOf(events)).length;
  });

  it("takes its own examples, and no field that it does not have", () => {
    for (const schema of [telemetry, state, ...Object.values(fieldsOf(events))]) {
      for (const example of (schema.examples ?? []) as unknown[]) expectFits(schema, example);
    }
    for (const { params, result, examples = [] } of Object.values(document.commands)) {
      for (const use of examples) {
        expectFits(params, use.params);
        if (use.result !== undefined) expectFits(result!, use.result);
      }
    }
    for (const part of [telemetry, state]) expect(strict.compile(part)({ there_is_no_such_field: 1 })).toBe(false);
  });
});

it("[K4] all of them were seen", () => {
  console.log(`json schema 2020-12, strict: ${JSON.stringify(seen)}`);
  expect(seen.kinds).toBe(KINDS.length);
  expect(seen.commands).toBe(KINDS.reduce((sum, { commands }) => sum + Object.keys(commands).length, 0));
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

it("[K4] the validator does forgive nothing", () => {
  const { telemetry } = kindDocument(KINDS[0]).properties;
  expect(() => new Ajv2020({ strict: true }).compile(telemetry)).toThrow("unknown keyword");
  expect(() => strict.compile({ type: "number", unit: 5 })).toThrow("unit");
});
