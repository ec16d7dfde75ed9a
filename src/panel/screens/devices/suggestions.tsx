/** What the search box offers for the term that is typed: a list that the box's keys go through. */
import { type ReactNode, useEffect, useRef } from "react";
import { numberIn } from "../../words/locale.ts";
import { SUGGEST } from "../../words/suggest.ts";
import type { Suggestion } from "./suggest.ts";

interface Props {
  id: string;
  list: readonly Suggestion[];
  /** Which of them Enter takes; -1 for none. */
  at: number;
  onPoint(at: number): void;
  onTake(one: Suggestion): void;
  /** Stands below the list. */
  children: ReactNode;
}

export const optionId = (id: string, at: number): string => `${id}-${at}`;

export function Suggestions({ id, list, at, onPoint, onTake, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (at >= 0) box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const groups = Map.groupBy(list.map((one, index) => ({ one, index })), ({ one }) => one.group);
  return (
    // The box keeps the focus.
    <div className="suggest" onPointerDown={(event) => event.preventDefault()}>
      {list.length > 0 && (
        <div ref={box} id={id} className="suggest-list" role="listbox" aria-label={SUGGEST.list}>
          {[...groups].map(([group, members]) => (
            <div key={group} role="group" aria-label={group}>
              <p className="suggest-group" aria-hidden="true">{group}</p>
              {members.map(({ one, index }) => (
                <div
                  key={one.insert}
                  id={optionId(id, index)}
                  role="option"
                  className="suggest-option"
                  aria-selected={index === at}
                  onPointerMove={() => index !== at && onPoint(index)}
                  onClick={() => onTake(one)}
                >
                  <code>{one.insert}</code>
                  <span className="truncate">{one.detail}</span>
                  {one.count !== undefined && <span className="suggest-count">{numberIn(one.count)}</span>}
                </div>
              ))}
            </div>
          ))}
        </div>
      )}
      {children}
    </div>
  );
}
