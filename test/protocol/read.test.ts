import { describe, expect, it } from "vitest";
import { z } from "zod";
import { pointer } from "../../src/protocol/pointer.ts";
import { read } from "../../src/protocol/read.ts";

const said = (schema: z.ZodType, value: unknown) => {
  const outcome = read(z.strictObject({ field: schema.optional() }), value, "bad_request");
  return outcome.ok ? "fits" : outcome.fault.message;
};

describe("faults of form [F8]", () => {
  it.each<[string, z.ZodType, unknown]>([
    ["field: expected a number", z.number(), "warm"],
    ["field: expected a number", z.number(), null],
    ["field: expected a finite number", z.number(), 1e400],
    ["field: expected a whole number", z.int(), 1.5],
    ["field: expected a string", z.string(), 5],
    ["field: expected true or false", z.boolean(), "yes"],
    ["field: expected an object", z.strictObject({}), []],
    ["field: expected a list", z.array(z.string()), {}],
    ["field: expected one of off, heat", z.enum(["off", "heat"]), "cool"],
    ["field: expected at least 5", z.number().min(5), 4],
    ["field: expected more than 0", z.number().gt(0), 0],
    ["field: expected at most 30", z.number().max(30), 31],
    ["field: expected 1 or more characters", z.string().min(1), ""],
    ["field: expected 2 or fewer items", z.array(z.number()).max(2), [1, 2, 3]],
    ["field: expected a multiple of 0.001", z.number().multipleOf(0.001), 0.0005],
    ["field: words of its own", z.string().regex(/^a/, "words of its own"), "b"],
  ])("says %s", (words, schema, field) => expect(said(schema, { field })).toBe(words));

  it("names what is missing and what is unknown", () => {
    const schema = z.strictObject({ id: z.string() });
    expect(read(schema, { colour: "red", size: 1 }, "bad_request", ["body"])).toEqual({
      ok: false,
      fault: {
        code: "bad_request",
        message: "id: missing; expected a string",
        pointer: "#/body/id",
        errors: [
          { pointer: "#/body/id", detail: "missing; expected a string" },
          { pointer: "#/body/colour", detail: "there is no such key here" },
          { pointer: "#/body/size", detail: "there is no such key here" },
        ],
      },
    });
  });

  it.each([
    ["window/1: expected a number", { window: [0, "x"] }],
    ["data: expected a number", { samples: [{ data: 1 }, { data: "x" }] }],
    ["expected an object", []],
  ])("says where: %s", (words, value) => {
    const schema = z.strictObject({
      window: z.array(z.number()).optional(),
      samples: z.array(z.strictObject({ data: z.number() })).optional(),
    });
    expect(read(schema, value, "bad_request")).toMatchObject({ fault: { message: words } });
  });

  it("names at most five", () => {
    const outcome = read(z.array(z.number()), Array(10_000).fill("x"), "bad_request");
    expect(outcome).toMatchObject({ ok: false, fault: { pointer: "#/0", errors: { length: 5 } } });
  });
});

describe("pointers [F8]", () => {
  it.each([
    ["#", []],
    ["#/data/temperature", ["data", "temperature"]],
    ["#/samples/2/data", ["samples", 2, "data"]],
    ["#/a~1b/c~0d", ["a/b", "c~d"]],
    ["#/a%23b%25/%20%22", ["a#b%", ' "']],
    ["#/%C3%A9", ["é"]],
    ["#/%EF%BF%BD", ["\ud800"]],
  ])("is %s", (text, path) => expect(pointer(path)).toBe(text));
});
