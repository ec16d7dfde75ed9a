/** One param of a command as a labelled input; the form reads it by name. */
import { useId } from "react";
import { type FieldModel, partName } from "../form/field.ts";
import { inWords } from "../words/format.ts";

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
        {isOptional && <span className="text-ink3">, optional</span>}
      </label>
      <Input field={field} shared={shared} />
      <p id={`${id}-hint`} className={problem ? "problem mt-1" : "hint"} role={problem ? "alert" : undefined}>
        {problem ?? description ?? rangeOf(field)}
      </p>
    </div>
  );
}

function Input(
  { field, shared }: { field: FieldModel; shared: React.ComponentProps<"input"> & React.ComponentProps<"select"> },
) {
  const { sort, options = [], isOptional, isSecret, maxLength } = field;
  switch (sort) {
    case "toggle":
    case "choice": {
      const choices = sort === "toggle" ? ["true", "false"] : options;
      return (
        <select {...shared} defaultValue={isOptional ? "" : choices[0]}>
          {isOptional && <option value="" />}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {sort === "toggle" ? inWords(choice === "true", field) : inWords(choice, field)}
            </option>
          ))}
        </select>
      );
    }
    case "number":
      return <input {...shared} inputMode="decimal" autoComplete="off" />;
    case "group":
      return (
        <fieldset aria-label={field.title} className="flex gap-2">
          {field.parts!.map((part) => (
            <label key={part.name} className="grow">
              <span className="hint">{partTitle(part)}</span>
              <Input field={part} shared={{ className: shared.className, name: partName(field, part) }} />
            </label>
          ))}
        </fieldset>
      );
    case "text":
    case "json":
      return <input {...shared} type={isSecret ? "password" : "text"} autoComplete="off" maxLength={maxLength} />;
  }
}

/** `Hue, °` */
export const partTitle = ({ title, unit }: FieldModel) => unit ? `${title}, ${unit}` : title;

function rangeOf({ min, max, isSecret }: FieldModel): string {
  if (isSecret) return "Seen by the device only; the ledger does not keep it.";
  if (min !== undefined && max !== undefined) return `From ${min} to ${max}.`;
  return "";
}
