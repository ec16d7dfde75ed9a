/** A kind as JSON Schema 2020-12 with its annotations: what the panel, the documents and outside tools read [K4]. */
import { z } from "zod";
import type { Fields } from "./field.ts";
import type { Interlock } from "./interlock.ts";
import type { AnyKind, Command, Retention } from "./kind.ts";

export type JsonSchema = Record<string, unknown>;
type Doc = Record<string, unknown>;

/** A schema with the kind's examples of what it describes. */
interface Exemplified extends JsonSchema {
  examples?: readonly Doc[];
}

export interface CommandDocument extends Omit<Command, "params" | "result" | "secrets" | "keys"> {
  params: JsonSchema;
  result?: JsonSchema;
  examples?: readonly { params: Doc; result?: unknown }[];
}

export interface KindDocument extends JsonSchema {
  kind: string;
  version: number;
  title: string;
  description: string;
  icon: string;
  heartbeat: number;
  stale: number;
  sleeps: number;
  retention: Retention;
  interlocks: readonly Interlock[];
  lease: boolean;
  inFlight: number;
  blobs: readonly string[];
  properties: { telemetry: Exemplified; state: Exemplified; events: JsonSchema };
  commands: Record<string, CommandDocument>;
}

export function kindDocument(kind: AnyKind): KindDocument {
  const { name, version, title, description, icon, heartbeat, stale, sleeps, retention } = kind;
  const { interlocks, lease, inFlight, blobs, examples } = kind;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    kind: name,
    version,
    title,
    description,
    icon,
    heartbeat,
    stale,
    sleeps,
    retention,
    interlocks,
    lease,
    inFlight,
    blobs,
    type: "object",
    properties: {
      telemetry: shownBy(fieldsSchema(kind.telemetry), examples.telemetry),
      state: shownBy(fieldsSchema(kind.state), examples.state),
      events: eventsSchema(kind),
    },
    commands: Object.fromEntries(
      Object.entries(kind.commands).map((
        [key, command],
      ) => [key, shownBy(commandDocument(command as Command), examples.commands[key])]),
    ),
  };
}

/** JSON Schema without the `$schema` line, to stand inside another. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

const shownBy = <T extends object>(described: T, examples: readonly unknown[] = []): T =>
  examples.length > 0 ? { ...described, examples } : described;

function eventsSchema({ events, examples }: AnyKind): JsonSchema {
  const { properties = {}, ...schema } = fieldsSchema(events);
  const named = Object.entries(properties as Record<string, JsonSchema>);
  return {
    ...schema,
    properties: Object.fromEntries(named.map(([name, event]) => [name, shownBy(event, examples.events?.[name])])),
  };
}

const fieldsSchema = (fields: Fields) => jsonSchema(z.strictObject(fields).partial());

function commandDocument({ secrets: _s, keys: _k, params, result, ...command }: Command): CommandDocument {
  return { ...command, params: jsonSchema(params), ...(result && { result: jsonSchema(result) }) };
}
