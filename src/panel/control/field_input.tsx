/** One param of a command as a labelled input; the form reads it by name. */
import { useId } from "react";
import type { FieldModel } from "../form/field.ts";
import { boundInWords, isLasting } from "../form/typed.ts";
import { optional } from "../words/common.ts";
import { fromTo, SECRET_HINT } from "../words/control.ts";
import { numberOf } from "../words/format.ts";
import { Input } from "./inputs/input.tsx";

interface Props {
  field: FieldModel;
  problem?: string;
}

export function FieldInput({ field, problem }: Props) {
  const id = useId();
  const { name, title, unit, isOptional, description } = field;
  const shared = {
    id,
    name,
    className: "input",
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-hint`,
  };
  return (
    <div className="mb-4">
      <label className="label" htmlFor={id}>
        {title}
        {unit && <span className="unit">{unit}</span>}
        {isOptional && <span className="text-ink3">{optional("")}</span>}
      </label>
      <Input field={field} shared={shared} />
      <p id={`${id}-hint`} className={problem ? "problem mt-1" : "hint"} role={problem ? "alert" : undefined}>
        {problem ?? description ?? rangeOf(field)}
      </p>
    </div>
  );
}

function rangeOf(field: FieldModel): string {
  const { min, max, isSecret } = field;
  if (isSecret) return SECRET_HINT;
  if (min === undefined || max === undefined) return "";
  // Its label has the unit, which a time as a person says it has, too.
  const bound = (value: number) => isLasting(field) ? boundInWords(value, field) : numberOf(value);
  return fromTo(bound(min), bound(max));
}
