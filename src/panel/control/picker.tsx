/** Picks a value for a field. What is reported is filled, what was asked and is not yet so is outlined. */
import { Minus, Plus } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { type FieldModel, stepped } from "../form/field.ts";
import { readField, readForm } from "../form/typed.ts";
import { inWords, written } from "../words/format.ts";
import type { Look } from "../words/look.ts";
import { Input, isLong, isSliding } from "./inputs/input.tsx";
import { textOf } from "./inputs/shared.ts";
import { Slider } from "./slider.tsx";
import { LESS, MORE, SET } from "../words/control.ts";

interface Props {
  field: FieldModel;
  /** As reported. */
  value: unknown;
  /** As asked, while that is under way. */
  pending: unknown;
  /** How what was asked stands. */
  look?: Look;
  why: string | null;
  onPick(value: unknown): void;
}

const FEW = 4;
const DRAFTED: readonly FieldModel["sort"][] = ["group", "options", "list", "json"];

export function Picker(props: Props) {
  const { field } = props;
  if (field.sort === "toggle") return <Buttons {...props} options={[false, true]} />;
  if (field.sort === "choice" && field.options!.length <= FEW) return <Buttons {...props} options={field.options!} />;
  if (field.sort === "choice") return <Choice {...props} />;
  if (DRAFTED.includes(field.sort) || field.format || isLong(field)) return <Drafted {...props} />;
  return <Entry {...props} />;
}

/** Two and more buttons, never a toggle: pressing says what is wanted, whatever the state is. */
function Buttons({ field, value, pending, look, why, onPick, options }: Props & { options: readonly unknown[] }) {
  return (
    <div className="segments" role="group" aria-label={field.title}>
      {options.map((option) => (
        <button
          key={String(option)}
          type="button"
          className="live"
          aria-pressed={value === option}
          data-pending={pending === option && value !== option}
          data-look={pending === option || value === option ? look : undefined}
          disabled={why !== null}
          onClick={() => onPick(option)}
        >
          {written(option, field).text}
        </button>
      ))}
    </div>
  );
}

function Choice({ field, value, pending, why, onPick }: Props) {
  return (
    <select
      className="input"
      aria-label={field.title}
      value={String(pending ?? value ?? "")}
      disabled={why !== null}
      onChange={({ target }) => onPick(target.value)}
    >
      {value === undefined && <option value="" />}
      {field.options!.map((option) => <option key={option} value={option}>{inWords(option, field)}</option>)}
    </select>
  );
}

/** A number with steps, or a text: drafted first, sent by Set or Enter. */
function Entry({ field, value, pending, look = "settled", why, onPick }: Props) {
  const settled = textOf(pending ?? value, field);
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const text = draft ?? settled;
  // What was drafted is reached: follow again.
  useEffect(() => setDraft((draft) => draft === settled ? null : draft), [settled]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readField({ ...field, isOptional: false }, text);
    setProblem(read.ok ? null : read.why);
    if (read.ok) onPick(read.value);
  };
  const move = (direction: 1 | -1) => {
    const from = Number(text.replace(",", "."));
    setDraft(textOf(stepped(field, Number.isFinite(from) && text !== "" ? from : field.min ?? 0, direction), field));
    setProblem(null);
  };
  return (
    <>
      {isSliding(field) && (
        <Slider
          field={field}
          reported={value}
          pending={pending}
          look={look}
          isBare
          why={why}
          onPick={onPick}
          onMove={(value) => setDraft(value === null ? null : textOf(value, field))}
        />
      )}
      <form className="entry" onSubmit={submit} noValidate>
        {field.sort === "number" && (
          <StepButton label={LESS(field.title)} why={why} onClick={() => move(-1)}>
            <Minus size={16} aria-hidden="true" />
          </StepButton>
        )}
        <span className="typed">
          <input
            className="input live"
            inputMode={field.sort === "number" ? "decimal" : undefined}
            aria-label={field.unit ? `${field.title} in ${field.unit}` : field.title}
            aria-invalid={problem !== null}
            value={text}
            disabled={why !== null}
            maxLength={field.maxLength}
            onChange={({ target }) => setDraft(target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") setDraft(null);
              if (field.sort !== "number" || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
              event.preventDefault();
              move(event.key === "ArrowUp" ? 1 : -1);
            }}
          />
          {field.unit && <span className="unit" aria-hidden="true">{field.unit}</span>}
        </span>
        {field.sort === "number" && (
          <StepButton label={MORE(field.title)} why={why} onClick={() => move(1)}>
            <Plus size={16} aria-hidden="true" />
          </StepButton>
        )}
        <button type="submit" className="button primary" disabled={why !== null || draft === null || draft === settled}>
          {SET}
        </button>
        {problem && <p className="problem" role="alert">{problem}</p>}
      </form>
    </>
  );
}

/** What is chosen in several parts or at length: drafted, and sent by Set or Enter. */
function Drafted({ field, value, pending, why, onPick }: Props) {
  const settled = pending ?? value;
  const written = JSON.stringify(settled) ?? "";
  /** What stood there when a hand began; reports do not take it away [A2.7]. */
  const [held, setHeld] = useState<string | null>(null);
  const [times, setTimes] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const drop = () => {
    setHeld(null);
    setProblem(null);
    setTimes(times + 1);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const read = readForm({ ...field, isOptional: false }, (name) => form.getAll(name).join("\n"));
    setProblem(read.ok ? null : read.why);
    if (!read.ok) return;
    onPick(read.value);
    drop();
  };
  return (
    <form
      className="entry drafted"
      onSubmit={submit}
      onInput={() => setHeld(held ?? written)}
      onKeyDown={({ key }) => key === "Escape" && drop()}
      noValidate
    >
      <fieldset disabled={why !== null}>
        <Input
          key={`${times} ${held ?? written}`}
          field={field}
          shared={{ name: field.name, className: "input", "aria-label": field.title, "aria-invalid": problem !== null }}
          initial={settled}
        />
      </fieldset>
      <button type="submit" className="button primary" disabled={why !== null || held === null}>{SET}</button>
      {problem && <p className="problem" role="alert">{problem}</p>}
    </form>
  );
}

interface StepProps {
  label: string;
  why: string | null;
  onClick(): void;
  children: React.ReactNode;
}

const StepButton = ({ label, why, onClick, children }: StepProps) => (
  <button
    type="button"
    className="button step"
    aria-label={label}
    disabled={why !== null}
    onClick={onClick}
  >
    {children}
  </button>
);
