/** One param of a command as a labelled input; the form reads it by name. */
import { useId, useState } from "react";
import { type FieldModel, stepOf } from "../form/field.ts";
import { partName } from "../form/typed.ts";
import { inWords } from "../words/format.ts";
import { optional } from "../words/common.ts";
import { fromTo, SECRET_HINT } from "../words/control.ts";

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

function Input(
  { field, shared }: { field: FieldModel; shared: React.ComponentProps<"input"> & React.ComponentProps<"select"> },
) {
  const { sort, options = [], isOptional, isSecret, maxLength, unit } = field;
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
    case "options":
      return (
        <fieldset id={shared.id} aria-label={field.title} className="flex flex-wrap gap-x-4 gap-y-1">
          {options.map((option) => (
            <label key={option} className="flex min-h-6 items-center gap-2">
              <input type="checkbox" name={shared.name} value={option} />
              {inWords(option, { sort: "choice" })}
            </label>
          ))}
        </fieldset>
      );
    case "number":
      return isSliding(field)
        ? <Sliding field={field} shared={shared} />
        : <input {...shared} inputMode={unit === "s" ? "text" : "decimal"} autoComplete="off" />;
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
    case "json":
      return <textarea {...area(shared)} rows={5} spellCheck={false} className="input area code" />;
    case "text":
      if (field.isColor) return <Coloring shared={shared} />;
      if (!isSecret && (maxLength ?? 0) > LONG) {
        return <textarea {...area(shared)} rows={4} maxLength={maxLength} className="input area" />;
      }
      return <input {...shared} type={isSecret ? "password" : "text"} autoComplete="off" maxLength={maxLength} />;
  }
}

type Shared = React.ComponentProps<"input"> & React.ComponentProps<"select">;

/** A text that may be longer than this gets lines. */
const LONG = 160;

const area = ({ id, name, "aria-invalid": invalid, "aria-describedby": described }: Shared) => ({
  id,
  name,
  "aria-invalid": invalid,
  "aria-describedby": described,
});

/** So many places on a slider are told apart by a hand. */
const PLACES = 400;

const isSliding = (field: FieldModel): boolean =>
  field.min !== undefined && field.max !== undefined && (field.max - field.min) / stepOf(field) <= PLACES;

/** A number with a slider beside it for a hand; what counts is what stands in the input. */
function Sliding({ field, shared }: { field: FieldModel; shared: Shared }) {
  const [text, setText] = useState("");
  const { min = 0, max = 100 } = field;
  const at = Number(text.replace(",", "."));
  return (
    <span className="sliding">
      <input
        {...shared}
        value={text}
        inputMode="decimal"
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
      />
      {/* The input takes and says the same, so only a hand needs it. */}
      <input
        type="range"
        aria-hidden="true"
        tabIndex={-1}
        min={min}
        max={max}
        step={stepOf(field)}
        value={text === "" || !Number.isFinite(at) ? min : at}
        onChange={({ target }) => setText(target.value)}
      />
    </span>
  );
}

/** A colour as text, and the browser's own way to choose one. */
function Coloring({ shared }: { shared: Shared }) {
  const [text, setText] = useState("");
  return (
    <span className="sliding">
      <input {...shared} value={text} placeholder="#rrggbb" onChange={({ target }) => setText(target.value)} />
      <input
        type="color"
        aria-hidden="true"
        tabIndex={-1}
        value={/^#[0-9a-f]{6}$/i.test(text) ? text : "#808080"}
        onChange={({ target }) => setText(target.value)}
      />
    </span>
  );
}

/** `Hue, °` */
export const partTitle = ({ title, unit }: FieldModel) => unit ? `${title}, ${unit}` : title;

function rangeOf({ min, max, isSecret }: FieldModel): string {
  if (isSecret) return SECRET_HINT;
  if (min !== undefined && max !== undefined) return fromTo(min, max);
  return "";
}
