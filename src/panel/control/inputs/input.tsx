/** One input for one field, chosen by its schema alone; the form reads it by its name [K4]. */
import { type FieldModel, stepOf } from "../../form/field.ts";
import { inputOf } from "../../form/moment.ts";
import { isOfPlace } from "../../form/place.ts";
import { isLasting, partName } from "../../form/typed.ts";
import { UTC } from "../../words/form.ts";
import { inWords } from "../../words/format.ts";
import { locale } from "../../words/locale.ts";
import { Coloring } from "./coloring.tsx";
import { JsonArea } from "./json_area.tsx";
import { Lasting } from "./lasting.tsx";
import { List } from "./list.tsx";
import { PlaceHelp } from "./place_help.tsx";
import { type InputProps, textOf } from "./shared.ts";
import { Sliding } from "./sliding.tsx";

export function Input({ field, shared, initial }: InputProps) {
  const { options = [], sort, isOptional } = field;
  switch (sort) {
    case "toggle":
    case "choice": {
      const choices = sort === "toggle" ? ["true", "false"] : options;
      return (
        <select {...shared} defaultValue={initial === undefined ? isOptional ? "" : choices[0] : String(initial)}>
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
              <input
                type="checkbox"
                name={shared.name}
                value={option}
                defaultChecked={Array.isArray(initial) && initial.includes(option)}
              />
              {inWords(option, { sort: "choice" })}
            </label>
          ))}
        </fieldset>
      );
    case "list":
      return <List field={field} shared={shared} initial={initial} />;
    case "number":
      return isSliding(field)
        ? <Sliding field={field} shared={shared} initial={initial} />
        : isLasting(field)
        ? <Lasting field={field} shared={shared} initial={initial} />
        : <input {...shared} inputMode="decimal" autoComplete="off" defaultValue={textOf(initial, field)} />;
    case "group":
      return <Group field={field} shared={shared} initial={initial} />;
    case "json":
      return <JsonArea field={field} shared={shared} initial={initial} />;
    case "text":
      return <Text field={field} shared={shared} initial={initial} />;
  }
}

function Group({ field, shared, initial }: InputProps) {
  const values = (initial ?? {}) as Record<string, unknown>;
  return (
    <fieldset aria-label={field.title}>
      <span className="input-parts">
        {field.parts!.map((part) => (
          <label key={part.name}>
            <span className="hint">{partTitle(part)}</span>
            <Input
              field={part}
              shared={{ className: shared.className, name: partName(field, part) }}
              initial={values[part.name]}
            />
          </label>
        ))}
      </span>
      <PlaceHelp fields={field.parts!} nameOf={(part) => partName(field, part)} />
    </fieldset>
  );
}

/** A text that may be longer than this gets lines. */
const LONG = 160;

export const isLong = ({ sort, isSecret, maxLength = 0 }: FieldModel): boolean =>
  sort === "text" && !isSecret && maxLength > LONG;

function Text({ field, shared, initial }: InputProps) {
  const { isSecret, maxLength, format } = field;
  const text = textOf(initial, field);
  switch (format) {
    case "color":
      return <Coloring field={field} shared={shared} initial={initial} />;
    case "date-time":
      return (
        <span className="input-moment">
          <input {...shared} type="datetime-local" step={1} defaultValue={inputOf(initial)} />
          {locale().zone === "utc" && <span className="unit">{UTC}</span>}
        </span>
      );
    case "date":
      return <input {...shared} type="date" defaultValue={text} />;
    case "time":
      return <input {...shared} type="time" step={1} defaultValue={text} />;
  }
  return isLong(field)
    ? <textarea {...shared} rows={4} maxLength={maxLength} className="input area" defaultValue={text} />
    : (
      <input
        {...shared}
        type={isSecret ? "password" : "text"}
        autoComplete="off"
        maxLength={maxLength}
        defaultValue={text}
      />
    );
}

/** So many places on a slider are told apart by a hand. */
const PLACES = 400;

export const isSliding = (field: FieldModel): boolean =>
  field.sort === "number" && field.min !== undefined && field.max !== undefined && field.max > field.min &&
  (field.max - field.min) / stepOf(field) <= PLACES && !isOfPlace(field);

/** `Hue, °` */
export const partTitle = ({ title, unit }: FieldModel) => unit ? `${title}, ${unit}` : title;
