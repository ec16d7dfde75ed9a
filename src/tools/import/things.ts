/**
 * A W3C Thing Description or Thing Model as a kind. What can only be read is telemetry; what can be written is wanted
 * and set, by an action that takes it where there is one; an action's `safe` and `idempotent` are its effect.
 */
import { z } from "zod";
import type { Annotations } from "../../kind/field.ts";
import { sentence } from "../../kind/sentence.ts";
import { type DataSchema, dataSchema, membersOf, outputOf, schemaShape } from "./data_schema.ts";
import { type CommandDraft, type Draft, emptyDraft, type Imported, isEmpty, mapEach, ourName } from "./draft.ts";
import { putCommand, putEvent, putField, Unmappable } from "./draft.ts";
import { iconOf } from "./icon.ts";
import { fieldName, kindName } from "./names.ts";
import type { Members, Shape } from "./shape.ts";

const affordances = z.record(z.string(), z.unknown()).optional();
const thing = z.looseObject({
  title: z.string().optional(),
  titles: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
  id: z.string().optional(),
  links: z.array(z.looseObject({ rel: z.string().optional(), href: z.string().optional() })).optional(),
  properties: affordances,
  actions: affordances,
  events: affordances,
});

const forms = z.array(z.looseObject({ op: z.union([z.string(), z.array(z.string())]).optional() })).optional();
const common = {
  title: z.string().optional(),
  description: z.string().optional(),
  forms,
  uriVariables: z.unknown().optional(),
};
const action = z.looseObject({
  ...common,
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  safe: z.boolean().optional(),
  idempotent: z.boolean().optional(),
});
const event = z.looseObject({ ...common, data: z.unknown().optional() });
const property = z.looseObject(common);

/** `label` names what has no title of its own. */
export function fromThing(given: unknown, label = ""): Imported {
  const parsed = thing.safeParse(given);
  if (!parsed.success) return { ok: false, why: `it is no Thing Description: ${firstIssue(parsed.error)}` };
  if ("interactions" in parsed.data || "interaction" in parsed.data) {
    return {
      ok: false,
      why: "it has interactions, as before version 1.0, where they became properties, actions and events",
    };
  }
  const { title, titles, id, description, links = [], properties = {}, actions = {}, events = {} } = parsed.data;
  const base = links.find(({ rel }) => rel === "tm:extends");
  if (base) return { ok: false, why: `it extends ${base.href ?? "another model"}: put the two together first` };
  if ([properties, actions, events].every((part) => Object.keys(part).length === 0)) {
    return { ok: false, why: "it has no properties, no actions and no events" };
  }
  const called = title ?? titles?.en ?? id ?? label;
  const name = kindName(called);
  if (!name) return { ok: false, why: "its title has no letter of a to z and no digit" };
  const draft = emptyDraft({
    name,
    title: called,
    ...(description && { description }),
    origin: "a W3C Thing Description",
  });
  for (const { rel, href } of links) {
    if (rel === "tm:submodel") {
      draft.leftOut.push({ feature: `part ${href}`, why: "it is a thing, and a kind, of its own" });
    }
  }
  const proofs = new Map<string, string>();
  mapEach(draft, Object.entries(actions).map(named("action")), ([name, given]) => {
    placeAction(draft, properties, proofs, name, readAs(action, given));
  });
  mapEach(draft, Object.entries(properties).map(named("property")), ([name, given]) => {
    placeProperty(draft, proofs, name, given);
  });
  dropIdleProofs(draft);
  mapEach(draft, Object.entries(events).map(named("event")), ([name, given]) => {
    placeEvent(draft, name, readAs(event, given));
  });
  draft.icon = iconOf(draft);
  const [first] = draft.leftOut;
  if (!first || !isEmpty(draft)) return { ok: true, draft };
  return { ok: false, why: `nothing of it can be mapped: ${first.feature}: ${first.why}` };
}

/** A property that could not be mapped, or is patched, proves nothing. */
function dropIdleProofs({ commands, wanted }: Draft): void {
  for (const command of Object.values(commands)) {
    const { confirms } = command;
    if (confirms && (!Object.hasOwn(wanted, confirms.field) || isPatched(wanted[confirms.field]))) {
      delete command.confirms;
    }
  }
}

const named = (sort: string) => ([name, given]: [string, unknown]) => [`${sort} ${name}`, [name, given]] as const;

const firstIssue = ({ issues: [{ path, message }] }: z.ZodError) => `${path.join(".") || "it"}: ${message}`;

function readAs<S extends z.ZodType>(schema: S, given: unknown): z.infer<S> {
  if (given && typeof given === "object" && "tm:ref" in given) {
    throw new Unmappable("it refers to another model (tm:ref)");
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new Unmappable(isTemplate(given) ? "it has a placeholder" : "it is not formed as the W3C has it");
  }
  return parsed.data;
}

/** `"maximum": "{{GREATEST}}"`: a model's value that each of its things has for itself. */
const isTemplate = (given: unknown) => JSON.stringify(given).includes("{{");

function placeProperty(draft: Draft, proofs: Map<string, string>, name: string, given: unknown): void {
  const { forms = [], uriVariables } = readAs(property, given);
  if (uriVariables) throw new Unmappable("its address has variables, so it is several values");
  const schema = readAs(dataSchema, given);
  const { isRead, isWritten } = accessOf(schema, forms);
  // Who cannot read a property need not be kept from knowing what it was set to.
  const shape = schemaShape({ ...schema, writeOnly: false }, name);
  if (!isRead) {
    putCommand(draft, `set_${name}`, { effect: "set", params: { [ourName(name)]: { shape, isOptional: false } } });
  } else if (!isWritten) putField(draft, "telemetry", name, shape);
  else if (proofs.has(name)) putField(draft, "wanted", name, shape);
  else if (isChannel(draft, proofs, name)) {
    putField(draft, "wanted", name, annotated(shape, { channel: Number(name.at(-1)) }));
  } else if (isPatched(shape)) {
    const field = putField(draft, "wanted", name, shape);
    putCommand(draft, `set_${field}`, { effect: "set", params: { [field]: { shape, isOptional: false } } });
  } else putField(draft, "settable", name, shape);
}

/** A part that is left out stays what it was [D1]: what is reported then is more than what was asked for, and no proof. */
const isPatched = (shape: Shape): boolean =>
  shape.type === "object" &&
  Object.values(shape.members).some(({ shape, isOptional }) => isOptional || isPatched(shape));

/** `on_3`, where the action that takes `on` has a channel [K6]. */
const isChannel = ({ commands }: Draft, proofs: Map<string, string>, name: string) =>
  /_[2-8]$/.test(name) && commands[proofs.get(name.slice(0, -2)) ?? ""]?.params.channel !== undefined;

/** A form that names its operations says more than a flag that was left out. */
function accessOf({ readOnly, writeOnly }: DataSchema, forms: { op?: string | string[] }[]) {
  const ops = forms.map(({ op }) => op === undefined ? undefined : [op].flat());
  const knows = ops.length > 0 && ops.every((op) => op !== undefined);
  const can = (operation: RegExp) => !knows || ops.some((op) => op!.some((name) => operation.test(name)));
  const isRead = !writeOnly && can(/^(readproperty|observeproperty)$/);
  return { isRead, isWritten: !readOnly && can(/^writeproperty$/) || !isRead };
}

/** An action that takes a writable property, and may be repeated, is how it is set: the property proves it. */
function placeAction(
  draft: Draft,
  properties: Record<string, unknown>,
  proofs: Map<string, string>,
  name: string,
  given: z.infer<typeof action>,
): void {
  const { title, description, input, output, safe, idempotent, uriVariables } = given;
  if (uriVariables) throw new Unmappable("its address has variables");
  const params = input === undefined || input === null ? {} : paramsOf(readAs(dataSchema, input));
  const command: CommandDraft = {
    ...(title && title !== sentence(name) && { title }),
    ...(description && { description }),
    effect: safe ? "query" : idempotent ? "set" : "once",
    params,
  };
  const proved = Object.keys(params).filter((param) => isWritable(properties[param]));
  if (command.effect === "set" && proved.length === 1 && fieldName(proved[0]) === proved[0]) {
    command.confirms = { field: proved[0], param: proved[0] };
    proofs.set(proved[0], name);
  }
  if (params.channel) params.channel.shape = annotated(params.channel.shape, { key: true });
  const placed = putCommand(draft, name, command);
  if (output === undefined || draft.commands[placed] !== command) return;
  mapEach(draft, [[`output of ${name}`, output]], (given) => {
    const schema = outputOf(readAs(dataSchema, given));
    if (schema) command.result = schemaShape(schema, name);
  });
}

function isWritable(given: unknown): boolean {
  const read = property.safeParse(given);
  const schema = dataSchema.safeParse(given);
  if (!read.success || !schema.success) return false;
  const access = accessOf(schema.data, read.data.forms ?? []);
  return access.isRead && access.isWritten;
}

/** An object's parts; any other value is the one param `value`. */
function paramsOf(schema: DataSchema): Members {
  if (schema.type === "null") return {};
  if (schema.type !== "object") return { value: { shape: schemaShape(schema, "value"), isOptional: false } };
  return membersOf(schema);
}

const annotated = (shape: Shape, more: Annotations): Shape => ({
  ...shape,
  annotations: { ...shape.annotations, ...more },
});

function placeEvent(draft: Draft, name: string, { data, uriVariables }: z.infer<typeof event>): void {
  if (uriVariables) throw new Unmappable("its address has variables");
  putEvent(draft, name, data === undefined || data === null ? {} : paramsOf(readAs(dataSchema, data)));
}
