/** A command's params out of a form, or what is wrong with each [K2]. */
import { type FieldModel } from "./field.ts";
import { readForm } from "./typed.ts";

export interface Filled {
  params: Record<string, unknown>;
  /** Names of those that must not be kept [C19]. */
  secrets: string[];
}

export type ReadParams = { ok: true; value: Filled } | { ok: false; problems: Record<string, string> };

export function readParams(fields: readonly FieldModel[], form: FormData): ReadParams {
  const typed = (name: string) => form.getAll(name).join("\n");
  const params: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const read = readForm(field, typed);
    if (!read.ok) problems[field.name] = read.why;
    else if (read.value !== undefined) params[field.name] = read.value;
  }
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, value: { params, secrets: fields.filter(({ isSecret }) => isSecret).map(({ name }) => name) } };
}
