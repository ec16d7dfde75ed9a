/** A kind as JSON Schema 2020-12 with its annotations: what the panel, the documents and outside tools read [K4]. */
import { z } from "zod";
import type { Fields } from "./field.ts";
import type { Interlock } from "./interlock.ts";
import type { AnyKind, Command, Retention } from "./kind.ts";

export type JsonSchema = Record<string, unknown>;

export interface CommandDocument extends Omit<Command, "params" | "result" | "secrets" | "keys"> {
  params: JsonSchema;
  result?: JsonSchema;
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
  blobs: readonly string[];
  examples: AnyKind["examples"];
  properties: { telemetry: JsonSchema; state: JsonSchema; events: JsonSchema };
  commands: Record<string, CommandDocument>;
}

export function kindDocument(kind: AnyKind): KindDocument {
  const { name, version, title, description, icon, heartbeat, stale, sleeps, retention } = kind;
  const { interlocks, lease, blobs, examples } = kind;
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
    blobs,
    examples,
    type: "object",
    properties: {
      telemetry: fieldsSchema(kind.telemetry),
      state: fieldsSchema(kind.state),
      events: fieldsSchema(kind.events),
    },
    commands: Object.fromEntries(
      Object.entries(kind.commands).map(([key, command]) => [key, commandDocument(command as Command)]),
    ),
  };
}

/** JSON Schema without the `$schema` line, to stand inside another. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

const fieldsSchema = (fields: Fields) => jsonSchema(z.strictObject(fields).partial());

function commandDocument({ secrets: _s, keys: _k, params, result, ...command }: Command): CommandDocument {
  return { ...command, params: jsonSchema(params), ...(result && { result: jsonSchema(result) }) };
}
