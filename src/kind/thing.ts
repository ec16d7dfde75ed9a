/** W3C Thing Descriptions and Thing Models: a kind's document in the words that other people's tools read [W4]. */
import type { CommandDocument, JsonSchema, KindDocument } from "./schema.ts";

/** Where a thing is asked and heard. */
interface Place {
  origin: string;
  /** Its address below `/api/v1`. */
  device: string;
  /** The operators' socket. */
  socket: string;
}

/** What a model leaves open, in the W3C's braces. */
const ANYWHERE: Place = {
  origin: "{{ORIGIN}}",
  device: "{{ORIGIN}}/api/v1/devices/{{DEVICE}}",
  socket: "{{SOCKET}}/operator",
};

const placeOf = (origin: string, device: string): Place => ({
  origin,
  device: `${origin}/api/v1/devices/${device}`,
  socket: `${origin.replace(/^http/, "ws")}/operator`,
});

export interface Thing {
  id: string;
  name: string;
  /** RFC 3339. */
  created: string;
  /** The fields that it ever told. */
  told: readonly string[];
}

/** Any device of the kind: what is optional are the channels, since a device has as many as it reports [K6]. */
export function thingModel(kind: KindDocument): JsonSchema {
  const channels = Object.entries(fieldsOf(kind)).filter(([, field]) => field.channel !== undefined);
  return {
    "@context": CONTEXT,
    "@type": "tm:ThingModel",
    title: kind.title,
    ...described(kind, ANYWHERE),
    version: { model: String(kind.version) },
    ...(channels.length > 0 && { "tm:optional": channels.map(([name]) => `/properties/${name}`) }),
  };
}

/** One device, with addresses that answer. */
export function thingDescription(kind: KindDocument, { id, name, created, told }: Thing, origin: string): JsonSchema {
  const place = placeOf(origin, id);
  const { properties, links, ...rest } = described(kind, place);
  const isThere = ([field]: [string, unknown]) => fieldsOf(kind)[field].channel === undefined || told.includes(field);
  const model = { rel: "type", href: `${origin}/api/v1/kinds/${kind.kind}/tm`, type: "application/tm+json" };
  return {
    "@context": CONTEXT,
    id: place.device,
    title: name,
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(isThere)),
    created,
    version: { instance: String(kind.version), model: String(kind.version) },
    links: [model, ...links],
  };
}

const CONTEXT = ["https://www.w3.org/2022/wot/td/v1.1", { htv: "http://www.w3.org/2011/http#" }];
const JSON_TYPE = "application/json";

/** What a description and a model have in common. */
function described(kind: KindDocument, place: Place) {
  const { telemetry, state, events } = kind.properties;
  return {
    ...wordsOf(kind),
    securityDefinitions: { bearer: { scheme: "bearer", in: "header", format: "opaque" } },
    security: ["bearer"],
    schemaDefinitions: { problem: PROBLEM },
    links: [{ rel: "service-doc", href: `${place.origin}/docs/kinds/${kind.kind}`, type: "text/html" }],
    properties: {
      ...mapped(fields(telemetry), (field, name) => property(field, name, place)),
      ...mapped(fields(state), (field, name) => property(field, name, place)),
    },
    actions: mapped(
      Object.fromEntries(Object.entries(kind.commands).filter(isAction(kind))),
      (command, name) => action(command, name, place),
    ),
    events: mapped(fields(events), (event) => happening(event, place)),
  };
}

/** Can one request with the bare params do it? A lane is none, and neither a select nor a fence has a place in it. */
const isAction = ({ lease }: KindDocument) => ([name, { effect, select }]: [string, CommandDocument]): boolean =>
  effect !== "stream" && !select && (!lease || name === "stop");

const UNDER_LEASE =
  "Whoever gives it commands, or desires something of it, holds its lease: of that the hub's own pages tell.";

function wordsOf({ description, lease }: KindDocument): { description?: string } {
  const words = [description, ...(lease ? [UNDER_LEASE] : [])].filter(Boolean).join(" ");
  return words === "" ? {} : { description: words };
}

function property(field: JsonSchema, name: string, { device }: Place): JsonSchema {
  const isDesirable = field.desirable === true;
  const op = isDesirable ? ["readproperty", "writeproperty"] : ["readproperty"];
  return {
    ...dataSchema(field),
    readOnly: !isDesirable,
    observable: false,
    forms: [{ op, href: `${device}/properties/${name}`, contentType: JSON_TYPE }],
  };
}

const LONGEST_WAIT = 60;

function action(command: CommandDocument, name: string, { device }: Place): JsonSchema {
  const { title, description, effect, params, result, ttl, timeout } = command;
  // Long enough for the outcome of an ordinary one, so that who invokes it learns what became of it [R4].
  const wait = Math.min(LONGEST_WAIT, Math.ceil(ttl.default + timeout));
  return {
    title,
    ...(description && { description }),
    ...(Object.keys(fields(params)).length > 0 && { input: dataSchema(params) }),
    output: record(result),
    safe: effect === "query",
    idempotent: effect !== "once",
    forms: [{
      op: "invokeaction",
      href: `${device}/actions/${name}`,
      contentType: JSON_TYPE,
      "htv:methodName": "POST",
      "htv:headers": [{ "htv:fieldName": "Prefer", "htv:fieldValue": `wait=${wait}` }],
      response: { contentType: JSON_TYPE },
      additionalResponses: [{ success: false, contentType: "application/problem+json", schema: "problem" }],
    }],
  };
}

const TEXT = { type: "string" };
const FAILURE = { type: "object", properties: { code: TEXT, message: TEXT } };
const PROBLEM = {
  type: "object",
  required: ["title", "status", "code"],
  properties: { title: TEXT, status: { type: "integer" }, detail: TEXT, code: TEXT, retryable: { type: "boolean" } },
};

/** The command's record, of which this is what an outsider can rely on. */
const record = (result?: JsonSchema): JsonSchema => ({
  type: "object",
  required: ["id", "status"],
  properties: {
    id: TEXT,
    status: { ...TEXT, description: "succeeded, failed, unknown, …; accepted, sent or received while it goes on" },
    ...(result && { value: dataSchema(result) }),
    error: FAILURE,
  },
});

/** Heard on the operators' socket by a `watch` that includes events [O5]. */
const happening = (event: JsonSchema, { socket }: Place): JsonSchema => ({
  ...(typeof event.title === "string" && { title: event.title }),
  ...(typeof event.description === "string" && { description: event.description }),
  data: dataSchema(event),
  forms: [{
    op: ["subscribeevent", "unsubscribeevent"],
    href: socket,
    contentType: JSON_TYPE,
    subprotocol: "signalbox.v1",
  }],
});

/** The terms that JSON Schema and the W3C's data schemas share. */
const SHARED = ["type", "title", "description", "unit", "enum", "const", "default", "format", "pattern", "required"]
  .concat(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])
  .concat(["minLength", "maxLength", "minItems", "maxItems", "contentEncoding", "contentMediaType"]);

/** A JSON Schema as a data schema; what that language cannot say is left to the hub's own check. */
function dataSchema(schema: JsonSchema): JsonSchema {
  const { properties, items, prefixItems, anyOf, oneOf = anyOf } = schema;
  const shared = Object.entries(schema).filter(([term]) => SHARED.includes(term));
  const all = (schemas: unknown) => (schemas as JsonSchema[]).map(dataSchema);
  return {
    ...Object.fromEntries(shared),
    ...(properties !== undefined && { properties: mapped(properties as Record<string, JsonSchema>, dataSchema) }),
    ...(Array.isArray(prefixItems)
      ? { items: all(prefixItems) }
      : items !== undefined && { items: dataSchema(items as JsonSchema) }),
    ...(oneOf !== undefined && { oneOf: all(oneOf) }),
    ...(schema.secret === true && { writeOnly: true }),
  };
}

const fields = (schema: JsonSchema) => (schema.properties ?? {}) as Record<string, JsonSchema>;

const fieldsOf = ({ properties: { telemetry, state } }: KindDocument) => ({ ...fields(telemetry), ...fields(state) });

const mapped = <T, U>(from: Record<string, T>, make: (value: T, name: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, make(value, name)]));
