/** What the kinds add to OpenAPI: schemas of each, and bodies that are one of them. */
import type { AnyKind } from "../kind/kind.ts";
import { demandsInWords } from "./kind_words.ts";
import { type CommandDocument, type JsonSchema, type KindDocument, kindDocument } from "../kind/schema.ts";

export const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** `rover.telemetry`, `.state`, `.desired`, `.command`, `.command.dock`, `.lane.drive`, `.event.obstacle`. */
export function kindSchemas(kinds: readonly AnyKind[]): Record<string, JsonSchema> {
  return Object.assign({}, ...kinds.map((kind) => schemasOf(kindDocument(kind))));
}

function schemasOf(document: KindDocument) {
  const { kind, title, properties: { telemetry, state, events }, commands } = document;
  const isLane = ([, { effect }]: [string, CommandDocument]) => effect === "stream";
  const sent = Object.entries(commands).filter((entry) => !isLane(entry));
  const driven = Object.entries(commands).filter(isLane);
  return {
    [`${kind}.telemetry`]: { title: `What a ${title} measures`, ...telemetry },
    [`${kind}.state`]: { title: `The state of a ${title}`, ...state },
    [`${kind}.desired`]: { title: `What may be desired of a ${title}`, ...state, properties: desirable(state) },
    [`${kind}.command`]: oneOfThem(kind, sent.map(([name]) => name)),
    ...Object.fromEntries([
      ...sent.map(([name, command]) => [`${kind}.command.${name}`, bodyOf(document, name, command)]),
      ...driven.map(([name, { params }]) => [`${kind}.lane.${name}`, params]),
      ...Object.entries(fieldsOf(events)).map(([name, event]) => [`${kind}.event.${name}`, event]),
    ]),
  };
}

const fieldsOf = (schema: JsonSchema) => (schema.properties ?? {}) as Record<string, JsonSchema>;

const desirable = (state: JsonSchema) =>
  Object.fromEntries(Object.entries(fieldsOf(state)).filter(([, field]) => field.desirable === true));

const oneOfThem = (kind: string, names: readonly string[]) => ({
  oneOf: names.map((name) => refTo(`${kind}.command.${name}`)),
  discriminator: {
    propertyName: "name",
    mapping: Object.fromEntries(names.map((name) => [name, refTo(`${kind}.command.${name}`).$ref])),
  },
});

/** The body of `POST …/commands`. */
function bodyOf(kind: KindDocument, name: string, command: CommandDocument): JsonSchema {
  const { title, description, effect, danger, role, ttl, params, select } = command;
  const required = {
    name: true,
    params: Array.isArray(params.required) && params.required.length > 0,
    fence: kind.lease && name !== "stop",
    select,
  };
  const words = [
    description,
    `Effect ${effect}; danger ${danger}; role ${role}.`,
    ...demandsInWords(kind, name, command),
  ].filter(Boolean).join(" ");
  return {
    type: "object",
    title,
    description: words,
    required: Object.entries(required).flatMap(([key, is]) => is ? [key] : []),
    properties: {
      name: { type: "string", const: name },
      params,
      ttl: {
        type: "number",
        minimum: 0,
        maximum: ttl.max,
        default: ttl.default,
        description: "Seconds to start acting",
      },
      fence: { type: "integer", minimum: 0 },
      select: { type: "string", maxLength: 64 },
    },
    additionalProperties: false,
  };
}

/** The body of a call, where what may be in it is the kind's to say. */
export function bodyFor(call: string, body: JsonSchema, kinds: readonly AnyKind[]): JsonSchema {
  const any = (part: string) => ({ anyOf: kinds.map(({ name }) => refTo(`${name}.${part}`)) });
  const within = (properties: JsonSchema) => ({ ...body, properties: { ...fieldsOf(body), ...properties } });
  switch (call) {
    case "POST /api/v1/devices":
      return within({ kind: { type: "string", enum: kinds.map(({ name }) => name) } });
    case "POST /api/v1/devices/{id}/commands":
      return any("command");
    case "PUT /api/v1/devices/{id}/desired":
      return within({ state: any("desired") });
    case "PATCH /api/v1/devices/{id}/desired":
      return { ...body, description: "A merge-patch of the kind's desired state; null takes a field away" };
    case "POST /api/v1/devices/{id}/telemetry":
      return within({
        data: any("telemetry"),
        samples: { type: "array", minItems: 1, items: sample(any("telemetry")) },
      });
    default:
      return body;
  }
}

const sample = (data: JsonSchema): JsonSchema => ({
  type: "object",
  required: ["data"],
  properties: { data, at: { type: "integer", minimum: 0 }, ago: { type: "number", minimum: 0 } },
});
