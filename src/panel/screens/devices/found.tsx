/** What is found and why: each term of the query as a chip, how many of how many, and what can be done with them [A2.4]. */
import { CircleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { badTermIn, termsOf, withoutTerm } from "../../live/query_terms.ts";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import { type Outline, WatchStore } from "../../live/watch.ts";
import { FOUND } from "../../words/list.ts";

interface Props {
  q: string;
  outline: Outline;
  onSearch(q: string): void;
  onShowMoved(): void;
  /** What can be done with all of them. */
  children: ReactNode;
}

export function Found({ q, outline, onSearch, onShowMoved, children }: Props) {
  const fleet = useFleet(q);
  const { error, total, moved } = outline;
  const bad = error ? badTermIn(q, error.message) : null;
  return (
    <div className="found">
      {q !== "" && (
        <ul className="terms" aria-label={FOUND.filters}>
          {termsOf(q).map((term, at) => (
            <li key={`${at} ${term}`} className="term" data-bad={bad?.at === at}>
              {bad?.at === at && <CircleAlert size={14} aria-hidden="true" />}
              <code>{term}</code>
              <button type="button" aria-label={FOUND.drop(term)} onClick={() => onSearch(withoutTerm(q, at))}>
                <X size={12} aria-hidden="true" />
              </button>
            </li>
          ))}
          <li>
            <button type="button" className="button small quiet" onClick={() => onSearch("")}>{FOUND.clear}</button>
          </li>
        </ul>
      )}
      {bad
        ? <p className="problem">{FOUND.bad(bad.why)} {total > 0 && FOUND.before}</p>
        : (
          <p className="found-count live" data-late={outline.query !== q}>
            {q === "" ? FOUND.all(total) : FOUND.some(total, fleet)}
          </p>
        )}
      {moved > 0 && (
        <button type="button" className="moved" title={FOUND.movedTitle} onClick={onShowMoved}>
          {FOUND.moved(moved)}
        </button>
      )}
      <div className="found-acts">{children}</div>
    </div>
  );
}

const NONE = new WatchStore(() => {});

/** How many devices there are, whatever is looked for. */
function useFleet(q: string): number | null {
  const all = useOutline(
    useWatch(q === "" ? null : { query: "", window: [0, 1], fields: ["id"], rate: 1 }) ?? NONE,
  );
  return all.isLoading ? null : all.total;
}
