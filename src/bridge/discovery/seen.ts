/** What discovery looks at: a kind's fields and commands, and which of them Home Assistant may have. */
import { sentence } from "../../kind/sentence.ts";
import type { CommandDocument, JsonSchema, KindDocument } from "../../kind/schema.ts";
import { roleOpens } from "../../protocol/words.ts";

export interface SeenField {
  name: string;
  title: string;
  part: "telemetry" | "state";
  schema: FieldSchema;
  /** The name without its channel, and the channel: 1 where the field has none. */
  plain: string;
  channel: number;
}

/** The words of a field's schema that decide. */
export interface FieldSchema extends JsonSchema {
  type?: string;
  enum?: readonly string[];
  unit?: string;
  deviceClass?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  minLength?: number;
  precision?: number;
  step?: number;
  desirable?: boolean;
}

export interface SeenCommand {
  name: string;
  title: string;
  document: CommandDocument;
  params: Record<string, FieldSchema>;
  required: readonly string[];
}

export interface Seen {
  kind: KindDocument;
  fields: readonly SeenField[];
  /** Those that the bridge may send. */
  commands: readonly SeenCommand[];
  /** Was it told, or may it be taken for told? */
  isTold(field: SeenField): boolean;
}

type Fields = Record<string, FieldSchema>;
const propertiesOf = (schema: JsonSchema): Fields => (schema.properties ?? {}) as Fields;

export function seenOf(kind: KindDocument, told: readonly string[] | undefined): Seen {
  const { telemetry, state } = kind.properties;
  return {
    kind,
    fields: [...fieldsOf(propertiesOf(telemetry), "telemetry"), ...fieldsOf(propertiesOf(state), "state")],
    commands: Object.entries(kind.commands).filter(isSendable(kind)).map(([name, document]) => ({
      name,
      title: document.title,
      document,
      params: propertiesOf(document.params),
      required: (document.params.required ?? []) as string[],
    })),
    isTold: ({ name }) => told === undefined || told.includes(name),
  };
}

const fieldsOf = (fields: Fields, part: SeenField["part"]): SeenField[] =>
  Object.entries(fields).map(([name, schema]) => {
    const channel = typeof schema.channel === "number" ? schema.channel : 1;
    const title = typeof schema.title === "string" ? schema.title : sentence(name);
    return { name, title, part, schema, channel, plain: channel === 1 ? name : name.slice(0, -`_${channel}`.length) };
  });

/** The bridge is an operator without a lease, and nobody selects or types through it [N36]. */
const isSendable =
  ({ lease }: KindDocument) => ([name, { effect, role, select, danger }]: [string, CommandDocument]): boolean =>
    effect !== "stream" && roleOpens("operator", role) && !select && danger !== "type" && (!lease || name === "stop");

/** Without a second thought of whoever sends it. */
export const isPlain = ({ document }: SeenCommand): boolean => document.danger === "none";

/** Is nothing asked of whoever sends it? */
export const isBare = ({ required }: SeenCommand): boolean => required.length === 0;

export const isNumber = ({ type }: FieldSchema): boolean => type === "number" || type === "integer";
