/** Picks a value for a field. What is reported is filled, what was asked and is not yet so is outlined. */
import { Minus, Plus } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { type FieldModel, stepped } from "../form/field.ts";
import { partName, readField, readForm } from "../form/typed.ts";
import { inWords, numberOf, written } from "../words/format.ts";
import type { Look } from "../words/look.ts";
import { partTitle } from "./field_input.tsx";
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

export function Picker(props: Props) {
  const { field } = props;
  if (field.sort === "toggle") return <Buttons {...props} options={[false, true]} />;
  if (field.sort === "choice" && field.options!.length <= FEW) return <Buttons {...props} options={field.options!} />;
  if (field.sort === "choice") return <Choice {...props} />;
  if (field.sort === "group") return <Group {...props} />;
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
function Entry({ field, value, pending, why, onPick }: Props) {
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
  );
}

/** Values that count together: each is drafted, and all are sent by Set or Enter. */
function Group({ field, value, pending, why, onPick }: Props) {
  const settled = (pending ?? value ?? {}) as Record<string, unknown>;
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const textIn = (part: FieldModel) => drafts[partName(field, part)] ?? textOf(settled[part.name], part);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const texts = new Map(field.parts!.map((part) => [partName(field, part), textIn(part)]));
    const read = readForm({ ...field, isOptional: false }, (name) => texts.get(name) ?? "");
    setProblem(read.ok ? null : read.why);
    if (!read.ok) return;
    onPick(read.value);
    setDrafts({});
  };
  return (
    <form className="entry items-end" onSubmit={submit} noValidate>
      {field.parts!.map((part) => (
        <label key={part.name} className="grow basis-24">
          <span className="hint">{partTitle(part)}</span>
          <input
            className="input font-semibold"
            inputMode={part.sort === "number" ? "decimal" : "text"}
            autoComplete="off"
            value={textIn(part)}
            disabled={why !== null}
            onChange={({ target }) => setDrafts({ ...drafts, [partName(field, part)]: target.value })}
          />
        </label>
      ))}
      <button type="submit" className="button primary" disabled={why !== null || Object.keys(drafts).length === 0}>
        {SET}
      </button>
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

const textOf = (value: unknown, { precision, sort }: FieldModel): string => {
  if (value === undefined || value === null) return "";
  return sort === "number" && typeof value === "number"
    ? numberOf(value, precision).replaceAll(",", "")
    : typeof value === "object"
    ? JSON.stringify(value)
    : String(value);
};
