/** The kind that a draft describes, made at run time: the same that its written source makes. */
import { z } from "zod";
import type { Fields } from "../../kind/field.ts";
import { type AnyKind, type CommandSpec, defineKind } from "../../kind/kind.ts";
import { allDesirable, setters } from "../../kind/setters.ts";
import type { CommandDraft, Draft } from "./draft.ts";
import { fieldOf, fieldsOf, type Shape } from "./shape.ts";

export function kindFrom(draft: Draft): AnyKind {
  const { name, title, description, icon, stale } = draft;
  const settable = fields(draft.settable);
  return defineKind({
    name,
    version: 1,
    title,
    description,
    icon,
    stale,
    telemetry: fields(draft.telemetry),
    state: { ...allDesirable({ ...settable, ...fields(draft.wanted) }), ...fields(draft.reported) },
    events: mapped(draft.events, (members) => z.strictObject(fieldsOf(members))),
    commands: { ...setters(settable), ...mapped(draft.commands, command) },
  });
}

const fields = (shapes: Record<string, Shape>): Fields => mapped(shapes, fieldOf);

const command = ({ params, result, ...rest }: CommandDraft): CommandSpec => ({
  ...rest,
  ...(Object.keys(params).length > 0 && { params: z.object(fieldsOf(params)) }),
  ...(result && { result: fieldOf(result) }),
});

const mapped = <T, U>(from: Record<string, T>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value)]));
