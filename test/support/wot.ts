/** What the W3C's JSON Schemas say of a Thing Description and of a Thing Model. */
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect } from "vitest";
import tdSchema from "wot-thing-description-types/schema/td-json-schema-validation.json" with { type: "json" };
import tmSchema from "wot-thing-model-types/schema/tm-json-schema-validation.json" with { type: "json" };

// Not strict: those schemas have keys that are no keywords, and are what they are.
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const validators = { description: ajv.compile(tdSchema), model: ajv.compile(tmSchema) };

export function expectThing(is: keyof typeof validators, thing: unknown): void {
  const validate = validators[is];
  const isValid = validate(thing);
  expect(isValid, ajv.errorsText(validate.errors)).toBe(true);
}
