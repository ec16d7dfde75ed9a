/** Programs to paste, one tab each: arrows move between them, as in every list of tabs. */
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { CopyButton } from "../../parts/copy.tsx";
import { CONNECT } from "../../words/add.ts";
import type { Snippet } from "../../words/snippets.ts";

export function Snippets({ snippets }: { snippets: readonly Snippet[] }) {
  const id = useId();
  const tabs = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(0);
  const { text, hint } = snippets[chosen];
  const move = (event: KeyboardEvent) => {
    const next = nextOf(event.key, chosen, snippets.length);
    if (next === null) return;
    event.preventDefault();
    setChosen(next);
    (tabs.current!.children[next] as HTMLElement).focus();
  };
  return (
    <>
      <div ref={tabs} className="tabs" role="tablist" aria-label={CONNECT.language} onKeyDown={move}>
        {snippets.map((snippet, index) => (
          <button
            key={snippet.id}
            id={`${id}-${snippet.id}`}
            type="button"
            role="tab"
            className="tab"
            aria-selected={index === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => setChosen(index)}
          >
            {snippet.title}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} className="snippet" role="tabpanel" aria-labelledby={`${id}-${snippets[chosen].id}`}>
        <pre key={chosen} className="code-block" tabIndex={0} aria-label={CONNECT.program}>{text}</pre>
        <div className="snippet-foot">
          <p className="hint">{hint}</p>
          <CopyButton key={chosen} text={text} label={CONNECT.copyProgram} />
        </div>
      </div>
    </>
  );
}

function nextOf(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
