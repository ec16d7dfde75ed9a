/** The search box and the kind filter: both write the same query [O10]. */
import { Search, X } from "lucide-react";
import { Fragment, useEffect, useRef, useState } from "react";
import type { Kinds } from "../../live/kinds.ts";
import { badTermIn, spanOf, valueIn } from "../../live/query_terms.ts";
import { SEARCH } from "../../words/list.ts";

interface Props {
  q: string;
  problem?: string;
  onSearch(q: string): void;
  /** The one device that is found, where it is one; Enter opens it. */
  only?: string;
  /** What is found is of this query. */
  isAnswered?: boolean;
  onOpen?(id: string): void;
}

/** Long enough to type a word, short enough to seem at once. */
const PAUSE = 200;

export function SearchBox({ q, problem, onSearch, only, isAnswered, onOpen }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  const sent = useRef(q);
  useEffect(() => {
    // The query changed by another way: a counter, the kind filter, the browser's back.
    if (q === sent.current) return;
    sent.current = q;
    setText(q);
  }, [q]);
  useEffect(() => {
    if (text.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text.trim();
      onSearch(sent.current);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  // Whoever is quicker than the hub opens what it finds.
  const [isOpening, setOpening] = useState(false);
  useEffect(() => {
    if (!isOpening || !isAnswered || text.trim() !== q) return;
    setOpening(false);
    if (only !== undefined) onOpen?.(only);
  }, [isOpening, isAnswered, only, q]);
  const enter = () => {
    sent.current = text.trim();
    onSearch(sent.current);
    setOpening(text.trim() !== "");
  };
  const bad = problem === undefined ? null : badTermIn(q, problem);
  const wrong = bad && text.trim() === q ? spanOf(text, bad.at) : null;
  return (
    <div className="search">
      <Search size={16} className="glass" aria-hidden="true" />
      {wrong && <Underline text={text} wrong={wrong} of={input} />}
      <input
        ref={input}
        type="search"
        className="input"
        aria-label={SEARCH.label}
        aria-invalid={problem !== undefined}
        aria-describedby="search-hint"
        placeholder={SEARCH.example}
        spellCheck={false}
        autoComplete="off"
        maxLength={1000}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setOpening(false);
        }}
        onKeyDown={({ key }) => {
          if (key === "Enter") enter();
          if (key === "Escape") text === "" ? input.current!.blur() : setText("");
        }}
      />
      {text === ""
        ? <kbd aria-hidden="true">/</kbd>
        : (
          <button type="button" className="clear" aria-label={SEARCH.clear} onClick={() => setText("")}>
            <X size={14} aria-hidden="true" />
          </button>
        )}
      <div id="search-hint" className="search-hint">
        {problem ? <p className="problem" role="alert">{problem.replace(/^(q|query): /, "")}</p> : <Hint />}
      </div>
    </div>
  );
}

interface UnderlineProps {
  text: string;
  wrong: [from: number, to: number];
  of: React.RefObject<HTMLInputElement | null>;
}

/** The text once more behind itself, unseen but for the line under the term that is wrong. */
function Underline({ text, wrong: [from, to], of }: UnderlineProps) {
  const mirror = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = of.current!;
    const follow = () => mirror.current?.scrollTo({ left: input.scrollLeft });
    follow();
    input.addEventListener("scroll", follow);
    return () => input.removeEventListener("scroll", follow);
  }, [text]);
  return (
    <div ref={mirror} className="mirror" aria-hidden="true">
      {text.slice(0, from)}
      <u>{text.slice(from, to)}</u>
      {text.slice(to)}
    </div>
  );
}

const Hint = () => (
  <dl>
    {SEARCH.hints.map(([typed, meaning]) => (
      <Fragment key={typed}>
        <dt>{typed}</dt>
        <dd>{meaning}</dd>
      </Fragment>
    ))}
  </dl>
);

interface KindProps {
  q: string;
  kinds: Kinds;
  onKind(kind: string | null): void;
}

export function KindFilter({ q, kinds, onKind }: KindProps) {
  const kind = valueIn(q, "kind") ?? "";
  return (
    <select
      className="input kinds"
      aria-label={SEARCH.kind}
      value={kind}
      onChange={({ target }) => onKind(target.value || null)}
    >
      <option value="">{SEARCH.allKinds}</option>
      {[...kinds.values()].map(({ kind, title }) => <option key={kind} value={kind}>{title}</option>)}
      {kind !== "" && !kinds.has(kind) && <option value={kind}>{kind}</option>}
    </select>
  );
}
