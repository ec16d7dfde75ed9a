/** The palette's box and its list: a combobox in a native dialog, whole by keyboard. */
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { PALETTE } from "../../words/shell.ts";
import { typedAhead } from "../typed_ahead.tsx";
import { useDevices } from "./devices.tsx";
import { found, type Item } from "./item.ts";

interface Props {
  items: readonly Item[];
  onClose(): void;
}

export function Finder({ items, onClose }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(typedAhead);
  const [chosen, setChosen] = useState<string | null>(null);
  const devices = useDevices(text);
  const shown = withDevices(found(items, text), devices.items);
  // What was chosen may be gone: then the first is.
  const at = Math.max(0, shown.findIndex((item) => item.id === chosen));
  const optionId = (item: Item) => `${id}-${item.id}`;

  // Before anything else is typed.
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before instanceof HTMLElement ? before.focus() : undefined;
  }, []);
  useEffect(() => {
    dialog.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen, text]);

  const run = (item: Item | undefined) => {
    if (!item || (item.why ?? null) !== null) return;
    // A form takes this one's place; anything else ends it.
    if (!item.isForm) onClose();
    item.run();
  };
  const onKey = (event: KeyboardEvent) => {
    const next = nextOf(event.key, at, shown.length);
    if (next !== null) setChosen(shown[next]?.id ?? null);
    else if (event.key === "Enter") run(shown[at]);
    else return;
    event.preventDefault();
  };
  const groups = Map.groupBy(shown, ({ group }) => group);
  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label={PALETTE.label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
    >
      <div className="palette-box">
        <Search size={16} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-label={PALETTE.label}
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown[at] && optionId(shown[at])}
          placeholder={PALETTE.placeholder}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setChosen(null);
          }}
          onKeyDown={onKey}
        />
        <kbd className="key" aria-hidden="true">{PALETTE.escape}</kbd>
      </div>
      <div className="palette-list" id={`${id}-list`} role="listbox" aria-label={PALETTE.label}>
        {[...groups].map(([group, list]) => (
          <div key={group} role="group" aria-label={group}>
            <p className="palette-group" aria-hidden="true">{group}</p>
            {list.map((item) => (
              <Option
                key={item.id}
                id={optionId(item)}
                item={item}
                isChosen={item === shown[at]}
                onPoint={() => setChosen(item.id)}
                onRun={() => run(item)}
              />
            ))}
          </div>
        ))}
      </div>
      {shown.length === 0 && devices.isAnswered && <p className="palette-none">{PALETTE.nothing}</p>}
      <p className="sr-only" role="status">{text !== "" && devices.isAnswered && PALETTE.results(shown.length)}</p>
    </dialog>
  );
}

/** Devices are what is mostly looked for: they come first, but after commands of the one that is open. */
function withDevices(items: Item[], devices: Item[]): Item[] {
  const isCommand = ({ id }: Item) => id.startsWith("command-");
  return [...items.filter(isCommand), ...devices, ...items.filter((item) => !isCommand(item))];
}

function nextOf(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % Math.max(1, count);
    case "ArrowUp":
      return (at + Math.max(1, count) - 1) % Math.max(1, count);
    case "PageDown":
      return Math.min(count - 1, at + 8);
    case "PageUp":
      return Math.max(0, at - 8);
    default:
      return null;
  }
}

interface OptionProps {
  id: string;
  item: Item;
  isChosen: boolean;
  onPoint(): void;
  onRun(): void;
}

const Option = ({ id, item: { title, detail, icon, why = null }, isChosen, onPoint, onRun }: OptionProps) => (
  <div
    id={id}
    role="option"
    className="palette-option"
    aria-selected={isChosen}
    aria-disabled={why !== null}
    onPointerMove={onPoint}
    onClick={onRun}
  >
    <span className="shape">{icon}</span>
    <span className="title">{title}</span>
    {(why ?? detail) && <span className="detail">{why ?? detail}</span>}
  </div>
);
