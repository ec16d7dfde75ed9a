/** One entry of the audit; what else was noted of it is folded. */
import { Link } from "@tanstack/react-router";
import { ChevronDown, X } from "lucide-react";
import { useId, useState } from "react";
import type { AuditFilter } from "../../form/audit_filter.ts";
import { AUDIT_ONLY } from "../../words/audit.ts";
import { AUDIT, type AuditEntry, deedInWords, outcomeInWords, targetOf, whoInWords } from "../../words/deeds.ts";
import { clockOf, wholeMomentOf } from "../../words/format.ts";

interface Props {
  entry: AuditEntry;
  names: ReadonlyMap<string, string>;
  onFilter(filter: AuditFilter): void;
}

export function AuditRow({ entry, names, onFilter }: Props) {
  const { at, who, what, n } = entry;
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <div className="line" role="row">
        <span role="cell" className="when">
          <time
            dateTime={new Date(at).toISOString()}
            title={n === undefined ? wholeMomentOf(at) : AUDIT.entry(wholeMomentOf(at), n)}
          >
            {clockOf(at)}
          </time>
        </span>
        <span role="cell" className="audit-who" title={who.id}>{whoInWords(entry)}</span>
        <span role="cell" className="what">{deedInWords(what)}</span>
        <span role="cell" className="target">
          <TargetName entry={entry} names={names} />
        </span>
        <span role="cell" className="outcome">
          <OutcomeName outcome={entry.outcome} />
        </span>
        <span role="cell" className="act">
          <button
            type="button"
            className="button quiet small square"
            aria-label={AUDIT.detail}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <ChevronDown size={16} className={isOpen ? "rotate-180" : ""} aria-hidden="true" />
          </button>
        </span>
      </div>
      {isOpen && <Detail id={id} entry={entry} names={names} onFilter={onFilter} />}
    </>
  );
}

function Detail({ id, entry, names, onFilter }: Props & { id: string }) {
  const { who, what, target, outcome, detail = {}, n, hash } = entry;
  const noted: [string, unknown][] = Object.entries(detail).map(([name, value]) => [termOf(name), value]);
  if (n !== undefined) noted.push([AUDIT_ONLY.entry, n], [AUDIT_ONLY.hash, hash]);
  const only: [string, AuditFilter][] = [
    [AUDIT_ONLY.who(whoInWords(entry)), { who: who.sort === "nobody" ? "nobody" : who.id }],
    [AUDIT_ONLY.what(deedInWords(what)), { what }],
    [AUDIT_ONLY.outcome(outcomeInWords(outcome).isRefused ? outcome : outcomeInWords(outcome).word), { outcome }],
  ];
  if (target !== "") only.splice(2, 0, [AUDIT_ONLY.target(names.get(target) ?? target), { target }]);
  return (
    <div id={id} className="detail" role="row">
      <div role="cell" aria-colspan={6}>
        <dl>
          {noted.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
        <p className="audit-only">
          <span>{AUDIT_ONLY.label}</span>
          {only.map(([text, filter]) => (
            <button
              key={text}
              type="button"
              className="button small"
              onClick={() => onFilter(filter)}
            >
              {text}
            </button>
          ))}
        </p>
      </div>
    </div>
  );
}

/** `tokenId` → `token id`. */
const termOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function TargetName({ entry, names }: Omit<Props, "onFilter">) {
  const target = targetOf(entry);
  switch (target?.sort) {
    case undefined:
      return null;
    case "text":
      return <code>{target.id}</code>;
    case "operator":
      return names.has(target.id) ? names.get(target.id) : <code>{target.id}</code>;
    case "view":
      return target.name;
    case "job":
      return <Link to="/jobs/$job" params={{ job: target.id }} className="link" preload={false}>{AUDIT.aJob}</Link>;
    case "command":
      return <DeviceLink id={target.device}>{AUDIT.aCommandOf(target.device)}</DeviceLink>;
    case "device":
      return target.isGone ? target.id : <DeviceLink id={target.id}>{target.id}</DeviceLink>;
  }
}

const DeviceLink = ({ id, children }: { id: string; children: React.ReactNode }) => (
  <Link to="/devices/$id" params={{ id }} className="link" preload={false}>{children}</Link>
);

function OutcomeName({ outcome }: { outcome: string }) {
  const { word, sentence, isRefused } = outcomeInWords(outcome);
  if (!isRefused) return <span className="text-ink2">{word}</span>;
  return (
    <>
      <span className="inline-flex shrink-0 items-center gap-1 self-start text-fail">
        <X size={14} strokeWidth={2.5} aria-hidden="true" />
        {word}
      </span>
      <span className="sentence">{sentence}</span>
    </>
  );
}
