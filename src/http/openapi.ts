/** OpenAPI 3.1, from the route table and the kinds. */
import { z } from "zod";
import type { AnyKind } from "../kind/kind.ts";
import { FAULTS } from "../protocol/fault.ts";
import { object } from "../protocol/words.ts";
import { bodyFor, kindSchemas, refTo } from "./openapi_kinds.ts";
import { type Route, SHOWN, type Shown } from "./route.ts";

const PROBLEM = {
  type: "object",
  required: ["type", "title", "status", "code", "retryable"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", enum: Object.keys(FAULTS) },
    retryable: { type: "boolean" },
    retryAfter: { type: "number", description: "Seconds" },
    command: { type: "string", description: "The record that this refusal left in the ledger" },
    errors: {
      type: "array",
      maxItems: 5,
      items: { type: "object", properties: { pointer: { type: "string" }, detail: { type: "string" } } },
    },
  },
};

interface About {
  origin: string;
  build: string;
  kinds: readonly AnyKind[];
}

export function openapi(routes: readonly Route[], { origin, build, kinds }: About) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, kinds);
  const shown = Object.entries(SHOWN).map(([name, schema]) => [name, schemaOf(schema)]);
  return {
    openapi: "3.1.0",
    info: { title: "Signalbox", version: build, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: origin }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: PROBLEM, ...Object.fromEntries(shown), ...kindSchemas(kinds) },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A token of an operator or a device" },
        basic: { type: "http", scheme: "basic", description: "A device's id and its token" },
        session: { type: "apiKey", in: "cookie", name: "__Host-signalbox", description: "The panel's session" },
      },
      responses: {
        Problem: {
          description: "A refusal",
          content: { "application/problem+json": { schema: refTo("Problem") } },
        },
      },
    },
  };
}

function operation(route: Route, kinds: readonly AnyKind[]) {
  const { method, path, tag, summary, who, status, body, waits, tries } = route;
  return {
    operationId: operationId(route),
    tags: [tag],
    summary,
    security: who === "anybody"
      ? [{}]
      : who === "device"
      ? [{ bearer: [] }, { basic: [] }]
      : [{ bearer: [] }, { session: [] }],
    parameters: [...pathParameters(path), ...queryParameters(route), ...headerParameters(route)],
    ...(body && {
      requestBody: {
        required: method !== "POST" || !body.safeParse({}).success,
        content: { "application/json": { schema: bodyFor(`${method} ${path}`, schemaOf(body), kinds) } },
      },
    }),
    responses: {
      ...(waits && { 200: { ...answerOf(route), description: `${route.answer}, final within the wait` } }),
      ...(tries && { 200: { ...answerOf({ ...route, shows: tries }), description: "What it would do, with dryRun" } }),
      [status]: answerOf(route),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function answerOf({ status, answer: description, type = "application/json", shows, lists, isUncounted }: Route) {
  const schema = shows
    ? refTo(shows)
    : lists
    ? listOf(lists, isUncounted)
    : type.startsWith("text/")
    ? { type: "string" }
    : {};
  return { description, ...(status !== 204 && { content: { [type]: { schema } } }) };
}

const listOf = (shown: Shown, isUncounted: Route["isUncounted"]) => ({
  type: "object",
  required: ["items", "next", ...isUncounted ? [] : ["total"]],
  properties: {
    items: { type: "array", items: refTo(shown) },
    next: { type: ["string", "null"], description: "The cursor of the next page" },
    ...(isUncounted !== "always" && { total: { type: "integer" } }),
  },
});

const header = (name: string, description: string, schema = {}) => ({
  name,
  in: "header",
  schema: { type: "string", ...schema },
  description,
});
const IDEMPOTENCY_KEY = header(
  "Idempotency-Key",
  "The same key and call again answers the same and does nothing, for 24 hours; 409 while the first one still waits",
  { maxLength: 128 },
);
const PREFER = header("Prefer", "wait=10: answer with the outcome, or after so many seconds", {
  examples: ["wait=10"],
});
const IF_MATCH = header("If-Match", "The version that the change is for, as ETag has it", { examples: ['"7"'] });

const headerParameters = ({ method, waits, matches }: Route) => [
  ...(method === "POST" ? [IDEMPOTENCY_KEY] : []),
  ...(waits ? [PREFER] : []),
  ...(matches ? [IF_MATCH] : []),
];

/** `POST /api/v1/devices/{device}/commands` → `post_devices_device_commands`. */
const operationId = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.split(/[^A-Za-z]+/).slice(3)].filter(Boolean).join("_");

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

function queryParameters({ query }: Route) {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

/** What the schema language cannot say becomes anything. */
export function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === object) jsonSchema.type = "object";
    },
  });
  return rest;
}
