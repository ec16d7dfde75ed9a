/** OpenAPI 3.1, from the route table. */
import { z } from "zod";
import { FAULTS } from "../protocol/fault.ts";
import type { Route } from "./route.ts";

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

export function openapi(routes: readonly Route[], { origin, build }: { origin: string; build: string }) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return {
    openapi: "3.1.0",
    info: { title: "Signalbox", version: build, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: origin }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A token of an operator or a device" },
        basic: { type: "http", scheme: "basic", description: "A device's id and its token" },
        session: { type: "apiKey", in: "cookie", name: "__Host-signalbox", description: "The panel's session" },
      },
      responses: {
        Problem: {
          description: "A refusal",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

function operation(route: Route) {
  const { method, path, tag, summary, who, status, answer } = route;
  return {
    operationId: operationId(route),
    tags: [tag],
    summary,
    security: who === "anybody"
      ? [{}]
      : who === "device"
      ? [{ bearer: [] }, { basic: [] }]
      : [{ bearer: [] }, { session: [] }],
    parameters: [...pathParameters(path), ...queryParameters(route), ...(method === "POST" ? [IDEMPOTENCY_KEY] : [])],
    ...(route.body &&
      { requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body) } } } }),
    responses: {
      [status]: { description: answer, ...(status !== 204 && { content: { "application/json": { schema: {} } } }) },
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  schema: { type: "string", maxLength: 128 },
  description: "The same key and call again answers the same and does nothing, for 24 hours",
};

/** `POST /api/v1/devices/{device}/commands` → `post_devices_device_commands`. */
const operationId = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.split(/[^a-z]+/).slice(3)].filter(Boolean).join("_");

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
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
