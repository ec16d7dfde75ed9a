/** What of the audit is asked for: five controls that write the address, and each of what is asked as a chip [A9, A2.4]. */
import { X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { Range } from "../../chart/range.tsx";
import { type AuditFilter, isFiltered, without } from "../../form/audit_filter.ts";
import { useKinds } from "../../live/kinds.ts";
import { hubNow } from "../../live/time.ts";
import { AUDIT_FILTER } from "../../words/audit.ts";
import { DEED_NAMES, deedInWords, OUTCOME_NAMES, outcomeInWords } from "../../words/deeds.ts";

interface Props {
  filter: AuditFilter;
  /** Names by operator's id, and what else may be typed as somebody. */
  names: ReadonlyMap<string, string>;
  people: readonly string[];
  onFilter(filter: AuditFilter): void;
}

export function Filters({ filter, names, people, onFilter }: Props) {
  const set = (part: "who" | "what" | "target" | "outcome", value: string) =>
    onFilter(value === "" ? without(filter, part) : { ...filter, [part]: value });
  return (
    <>
      <div className="toolbar audit-filters" role="group" aria-label={AUDIT_FILTER.label}>
        <Typed
          label={AUDIT_FILTER.who}
          hint={AUDIT_FILTER.whoHint}
          value={filter.who}
          among={people}
          onType={(who) => set("who", who)}
        />
        <What value={filter.what} onChoose={(what) => set("what", what)} />
        <Typed
          label={AUDIT_FILTER.target}
          hint={AUDIT_FILTER.targetHint}
          value={filter.target}
          onType={(target) => set("target", target)}
        />
        <Outcome value={filter.outcome} onChoose={(outcome) => set("outcome", outcome)} />
        <When filter={filter} onFilter={onFilter} />
      </div>
      {isFiltered(filter) && <Chips filter={filter} names={names} onFilter={onFilter} />}
    </>
  );
}

interface TypedProps {
  label: string;
  hint: string;
  value?: string;
  among?: readonly string[];
  onType(text: string): void;
}

/** Taken with Enter or when it is left: half a name finds nobody. */
function Typed({ label, hint, value = "", among, onType }: TypedProps) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const take = (text: string) => text.trim() !== value && onType(text.trim());
  return (
    <>
      <input
        className="input"
        aria-label={label}
        placeholder={`${label}: ${hint}`}
        list={among && id}
        value={text}
        maxLength={120}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => {
          setText(target.value);
          // Chosen of the list, which is no typing.
          if (among?.includes(target.value)) take(target.value);
        }}
        onKeyDown={({ key }: KeyboardEvent) => {
          if (key === "Enter") take(text);
          if (key === "Escape") setText(value);
        }}
        onBlur={() => take(text)}
      />
      {among && <datalist id={id}>{among.map((name) => <option key={name} value={name} />)}</datalist>}
    </>
  );
}

interface ChooseProps {
  value?: string;
  onChoose(value: string): void;
}

function What({ value = "", onChoose }: ChooseProps) {
  const kinds = useKinds();
  const commands = [...new Set([...kinds.values()].flatMap((kind) => Object.keys(kind.commands)))].sort();
  const isOther = value !== "" && !DEED_NAMES.includes(value) && !commands.includes(value);
  const option = (what: string) => <option key={what} value={what}>{deedInWords(what)}</option>;
  return (
    <select
      className="input"
      aria-label={AUDIT_FILTER.what}
      value={value}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">{AUDIT_FILTER.anything}</option>
      {isOther && option(value)}
      <optgroup label={AUDIT_FILTER.decisions}>{DEED_NAMES.map(option)}</optgroup>
      <optgroup label={AUDIT_FILTER.commands}>{commands.map(option)}</optgroup>
    </select>
  );
}

const REFUSED = "refused";

function Outcome({ value = "", onChoose }: ChooseProps) {
  const isOther = value !== "" && value !== REFUSED && !OUTCOME_NAMES.includes(value);
  return (
    <select
      className="input"
      aria-label={AUDIT_FILTER.outcome}
      value={value}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">{AUDIT_FILTER.anyOutcome}</option>
      <option value={REFUSED}>{AUDIT_FILTER.refused}</option>
      {isOther && <option value={value}>{outcomeText(value)}</option>}
      {OUTCOME_NAMES.map((outcome) => <option key={outcome} value={outcome}>{outcomeText(outcome)}</option>)}
    </select>
  );
}

const HOUR = 3_600_000;
const SPANS = [
  ["hour", HOUR],
  ["day", 24 * HOUR],
  ["week", 7 * 24 * HOUR],
  ["month", 30 * 24 * HOUR],
] as const;

/** A span is put into the address as the time when it began: a link shows the same tomorrow. */
function When({ filter, onFilter }: Pick<Props, "filter" | "onFilter">) {
  const [isOpen, setOpen] = useState(false);
  const rest = without(filter, "from", "to");
  const time = timeText(filter);
  const now = hubNow();
  const choose = (value: string) => {
    setOpen(value === "between");
    const span = SPANS.find(([name]) => name === value);
    if (span) onFilter({ ...rest, from: Math.round(hubNow() - span[1]) });
    if (value === "") onFilter(rest);
  };
  return (
    <>
      <select
        className="input"
        aria-label={AUDIT_FILTER.when}
        value={isOpen ? "between" : time === null ? "" : "chosen"}
        onChange={({ target }) => choose(target.value)}
      >
        <option value="">{AUDIT_FILTER.anyTime}</option>
        {time !== null && <option value="chosen">{AUDIT_FILTER.chosen}</option>}
        {SPANS.map(([name]) => <option key={name} value={name}>{AUDIT_FILTER[name]}</option>)}
        <option value="between">{AUDIT_FILTER.between}</option>
      </select>
      {isOpen && (
        <div className="audit-range">
          <Range
            shown={{ from: filter.from ?? now - 24 * HOUR, to: filter.to ?? now }}
            onShow={(stretch) => onFilter({ ...rest, ...stretch })}
            onClose={() => setOpen(false)}
          />
        </div>
      )}
    </>
  );
}

function timeText({ from, to }: AuditFilter): string | null {
  if (from !== undefined && to !== undefined) return AUDIT_FILTER.fromTo(from, to);
  if (from !== undefined) return AUDIT_FILTER.since(from);
  return to === undefined ? null : AUDIT_FILTER.until(to);
}

const outcomeText = (outcome: string): string => {
  const { word, isRefused } = outcomeInWords(outcome);
  return isRefused && outcome !== REFUSED ? outcome : word;
};

const whoText = (who: string, names: ReadonlyMap<string, string>): string =>
  who === "nobody" ? AUDIT_FILTER.nobody : names.get(who) ?? who;

function Chips({ filter, names, onFilter }: Omit<Props, "people">) {
  const { who, what, target, outcome } = filter;
  const each = (text: string, words: (one: string) => string) => text.split(",").map(words).join(", ");
  const chip = (name: string, value: string) => AUDIT_FILTER.chip(name, value);
  const time = timeText(filter);
  const chips: [text: string, parts: (keyof AuditFilter)[]][] = [];
  if (who) chips.push([chip(AUDIT_FILTER.who, each(who, (one) => whoText(one, names))), ["who"]]);
  if (what) chips.push([chip(AUDIT_FILTER.what, each(what, deedInWords)), ["what"]]);
  if (target) chips.push([chip(AUDIT_FILTER.target, names.get(target) ?? target), ["target"]]);
  if (outcome) chips.push([chip(AUDIT_FILTER.outcome, each(outcome, outcomeText)), ["outcome"]]);
  if (time !== null) chips.push([time, ["from", "to"]]);
  return (
    <div className="found">
      <ul className="terms" aria-label={AUDIT_FILTER.label}>
        {chips.map(([text, parts]) => (
          <li key={text} className="term">
            <span className="truncate">{text}</span>
            <button
              type="button"
              aria-label={AUDIT_FILTER.drop(text)}
              onClick={() => onFilter(without(filter, ...parts))}
            >
              <X size={12} aria-hidden="true" />
            </button>
          </li>
        ))}
        <li>
          <button type="button" className="button small quiet" onClick={() => onFilter({})}>
            {AUDIT_FILTER.clear}
          </button>
        </li>
      </ul>
    </div>
  );
}
