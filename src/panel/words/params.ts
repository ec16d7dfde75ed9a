/** The params of a command, or the data of an event, in a line: `On: Yes, Seconds: 30 s`. */
import type { FieldModel } from "../form/field.ts";
import { sentence } from "../form/field.ts";
import { inWords } from "./format.ts";

export const paramsInWords = (params: Record<string, unknown>, fields: readonly FieldModel[] = []): string =>
  Object.entries(params).map(([name, value]) => {
    const field = fields.find((field) => field.name === name);
    return `${field?.title ?? sentence(name)}: ${inWords(value, field ?? {})}`;
  }).join(", ");
