/** The search box and the kind filter: both write the same query [O10]. The box offers what the next term could be. */
import { Search, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useFacets } from "../../live/facets.ts";
import { type Kinds, useKinds } from "../../live/kinds.ts";
import { badTermIn, spanOf, termsOf, valueIn } from "../../live/query_terms.ts";
import { taking, typedAt } from "../../live/typed.ts";
import { SEARCH } from "../../words/list.ts";
import { SUGGEST } from "../../words/suggest.ts";
import { hintFor, type Suggestion, suggestionsFor } from "./suggest.ts";
import { optionId, Suggestions } from "./suggestions.tsx";

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
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  const [caret, setCaret] = useState(q.length);
  const [isOffered, setOffered] = useState(false);
  const [at, setAt] = useState(-1);
  const sent = useRef(q);
  const typed = typedAt(text, Math.min(caret, text.length));
  const kinds = useKinds();
  const facets = useFacets(isOffered ? typed.others : null);
  const list = isOffered ? suggestionsFor(typed, facets, kinds) : [];
  const hint = hintFor(typed, kinds);
  // While a term is half typed the others find what its values are counted of.
  const wanted = isOffered && typed.isHalf ? typed.others : text.trim();
  const search = (q: string) => {
    if (q === sent.current) return;
    sent.current = q;
    onSearch(q);
  };
  useEffect(() => {
    // The query changed by another way: a counter, the kind filter, the browser's back.
    if (q === sent.current) return;
    sent.current = q;
    setText(q);
  }, [q]);
  useEffect(() => {
    if (wanted === sent.current) return;
    const timer = setTimeout(() => search(wanted), PAUSE);
    return () => clearTimeout(timer);
  }, [wanted]);
  // Whoever is quicker than the hub opens what it finds.
  const [isOpening, setOpening] = useState(false);
  useEffect(() => {
    if (!isOpening || !isAnswered || text.trim() !== q) return;
    setOpening(false);
    if (only !== undefined) onOpen?.(only);
  }, [isOpening, isAnswered, only, q]);
  const placed = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (placed.current === null) return;
    input.current!.setSelectionRange(placed.current, placed.current);
    placed.current = null;
  });
  const write = (text: string, caret: number) => {
    setText(text);
    setCaret(caret);
    setAt(-1);
    setOpening(false);
    setOffered(true);
  };
  const take = (one: Suggestion) => {
    const [next, caret] = taking(text, typed, one.insert, one.isWhole);
    placed.current = caret;
    write(next, caret);
  };
  const close = () => {
    setOffered(false);
    setAt(-1);
  };
  const onKey = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      setOffered(true);
      setAt(stepped(at, key === "ArrowDown" ? 1 : -1, list.length));
    } else if ((key === "Enter" || key === "Tab") && list[at]) take(list[at]);
    else if (key === "Enter") {
      close();
      search(text.trim());
      setOpening(text.trim() !== "");
    } else if (key === "Escape") {
      if (isOffered) close();
      else if (text === "") input.current!.blur();
      else write("", 0);
    } else return;
    event.preventDefault();
  };
  const bad = problem === undefined ? null : badTermIn(q, problem);
  const wrong = bad ? spanOf(text, termsOf(text).indexOf(termsOf(q)[bad.at])) : null;
  const sentence = problem?.replace(/^(q|query): /, "");
  return (
    <div className="search">
      <Search size={16} className="glass" aria-hidden="true" />
      {wrong && <Underline text={text} wrong={wrong} of={input} />}
      <input
        ref={input}
        type="text"
        enterKeyHint="search"
        className="input"
        role="combobox"
        aria-label={SEARCH.label}
        aria-expanded={list.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={list[at] && optionId(`${id}-list`, at)}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        placeholder={SEARCH.example}
        spellCheck={false}
        autoComplete="off"
        maxLength={1000}
        value={text}
        onChange={({ target }) => write(target.value, target.selectionStart ?? target.value.length)}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? 0)}
        onFocus={() => setOffered(true)}
        onClick={() => setOffered(true)}
        onBlur={() => {
          close();
          search(text.trim());
        }}
        onKeyDown={onKey}
      />
      {text === ""
        ? <kbd aria-hidden="true">/</kbd>
        : (
          <button type="button" className="clear" aria-label={SEARCH.clear} onClick={() => setText("")}>
            <X size={14} aria-hidden="true" />
          </button>
        )}
      {isOffered && (list.length > 0 || hint || sentence) && (
        <Suggestions id={`${id}-list`} list={list} at={at} onPoint={setAt} onTake={take}>
          {sentence && <p className="suggest-foot problem">{sentence}</p>}
          {hint && <p className="suggest-foot">{hint}</p>}
        </Suggestions>
      )}
      <p id={`${id}-about`} className="sr-only" role={sentence ? "alert" : undefined}>{sentence ?? hint}</p>
      <p className="sr-only" role="status">{list.length > 0 && SUGGEST.count(list.length)}</p>
    </div>
  );
}

/** From none to the first or the last, and from these to none again. */
const stepped = (at: number, by: 1 | -1, count: number): number =>
  count === 0 ? -1 : (at + 1 + by + count + 1) % (count + 1) - 1;

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
