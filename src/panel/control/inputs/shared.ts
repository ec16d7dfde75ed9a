/** What every input of a form is given, and how a value stands in one. */
import type { FieldModel } from "../../form/field.ts";
import { numberOf } from "../../words/format.ts";

export interface InputProps {
  field: FieldModel;
  shared: Shared;
  /** What stands in it before somebody types. */
  initial?: unknown;
}

export interface Shared {
  id?: string;
  name: string;
  className?: string;
  "aria-label"?: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

export const textOf = (value: unknown, { precision, sort }: Pick<FieldModel, "precision" | "sort">): string => {
  if (value === undefined || value === null) return "";
  return sort === "number" && typeof value === "number"
    ? numberOf(value, precision).replaceAll(",", "")
    : typeof value === "object"
    ? JSON.stringify(value, null, 2)
    : String(value);
};

/** An input that was changed without a hand in it tells its form. */
export const tellForm = (part: Element | null): void => void part?.dispatchEvent(new Event("input", { bubbles: true }));
