/** The list by the keyboard: `j` and `k` go from row to row, `x` chooses one, with Shift all up to it. */
import { type RefObject, useEffect, useRef } from "react";
import { type Chosen, isNobody, NOBODY } from "../../live/selection.ts";
import type { Value } from "../../live/value.ts";
import { useShortcuts } from "../../shell/keys.ts";
import { LIST_KEYS } from "../../words/list.ts";
import type { Choose } from "./row.tsx";

interface Keys {
  box: RefObject<HTMLElement | null>;
  virtual: { scrollToIndex(index: number): void };
  /** The row that had the focus last, -1 where none had. */
  focused: number;
  /** So many stand side by side. */
  lanes: number;
  count: number;
  idAt(index: number): string | undefined;
  choose: Choose;
  selection: Value<Chosen>;
}

export function useListKeys(keys: Keys): void {
  const now = useRef(keys);
  now.current = keys;
  // A row may have to come first: it is drawn, or its part of the list is on the way.
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current !== null && focusRow(keys.box.current, wanted.current)) wanted.current = null;
  });
  const step = (by: number) => {
    const { box, virtual, focused, lanes, count } = now.current;
    const next = Math.min(count - 1, Math.max(0, focused + by));
    if (next < 0) return;
    wanted.current = next;
    virtual.scrollToIndex(Math.floor(next / lanes));
    if (focusRow(box.current, next)) wanted.current = null;
  };
  const choose = (isRange: boolean) => {
    const { focused, idAt, choose } = now.current;
    const id = focused < 0 ? undefined : idAt(focused);
    if (id !== undefined) choose(id, { isRange });
  };
  const { group, ...labels } = LIST_KEYS;
  useShortcuts([
    { keys: "j", label: labels.next, group, repeats: true, run: () => step(1) },
    { keys: "k", label: labels.before, group, repeats: true, run: () => step(-1) },
    { keys: "x", label: labels.choose, group, run: () => choose(false) },
    { keys: "Shift+x", label: labels.range, group, run: () => choose(true) },
  ]);
  useEffect(() => {
    // These are no single letters, and mean it only where the rows are.
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { target, key } = event;
      const isInRows = target instanceof HTMLElement && target.closest(".rows") !== null;
      const by = arrowStep(key, now.current.lanes);
      if (isInRows && by !== 0) {
        event.preventDefault();
        step(by);
      }
      const { selection } = now.current;
      if (key === "Escape" && (isInRows || target === document.body) && !isNobody(selection.get())) {
        event.preventDefault();
        selection.set(NOBODY);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Down is to the next line, which is one row or several cards further. */
function arrowStep(key: string, lanes: number): number {
  switch (key) {
    case "ArrowDown":
      return lanes;
    case "ArrowUp":
      return -lanes;
    case "ArrowRight":
      return lanes > 1 ? 1 : 0;
    case "ArrowLeft":
      return lanes > 1 ? -1 : 0;
    default:
      return 0;
  }
}

function focusRow(box: HTMLElement | null, index: number): boolean {
  const link = box?.querySelector<HTMLElement>(`[data-index="${index}"] .row-link`);
  link?.focus({ preventScroll: true });
  return link !== null && link !== undefined;
}
