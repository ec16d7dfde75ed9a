/** Keys that do something: one table for what they do, and for the help that tells of them. */
import { useEffect, useRef } from "react";
import { createKeybindingsHandler } from "tinykeys";
import { preferences } from "../live/preferences.ts";
import { type Value, valueOf } from "../live/value.ts";

export interface Shortcut {
  /** As tinykeys has them: `g d` one after the other, `[Shift]+?`, `$mod+k`. */
  keys: string;
  /** What it does, as the help says it. */
  label: string;
  group: string;
  /** Again and again while it is held: from row to row. */
  repeats?: boolean;
  run(event: KeyboardEvent): void;
}

const known = valueOf<readonly Shortcut[]>([]);

/** Every key of the present screen, in the order in which they came. */
export const shortcuts: Pick<Value<readonly Shortcut[]>, "get" | "subscribe"> = known;

/** Keys that work while the component is there. The list may be made anew with each render; its keys stay. */
export function useShortcuts(list: readonly Shortcut[]): void {
  const latest = useRef(list);
  latest.current = list;
  const names = list.map(({ keys }) => keys).join();
  useEffect(() => {
    const mine = latest.current.map((one, index): Shortcut => ({
      ...one,
      run: (event) => latest.current[index].run(event),
    }));
    listenFor([...known.get(), ...mine]);
    return () => listenFor(known.get().filter((one) => !mine.includes(one)));
  }, [names]);
}

let onKey: ((event: KeyboardEvent) => void) | null = null;

/** One listener for all: `j` alone must not be heard where `g j` was meant. */
function listenFor(list: readonly Shortcut[]): void {
  known.set(list);
  if (onKey) removeEventListener("keydown", onKey);
  onKey = createKeybindingsHandler(bindingsOf(list), { ignore: (event) => !mayAct(event) });
  addEventListener("keydown", onKey);
}

type Act = (event: KeyboardEvent) => void;

/** The first that fits is done: one after the other before single ones, letters before their places. */
function bindingsOf(list: readonly Shortcut[]): Record<string, Act> {
  const inOrder = list.toSorted((one, other) => pressesOf(other) - pressesOf(one));
  const acts = inOrder.map(({ keys, repeats = false, run }): [string, Act] => [keys, (event) => {
    if (event.repeat && !repeats) return;
    event.preventDefault();
    // Forgets that `g` was pressed: the next letter is one of its own.
    listenFor(known.get());
    run(event);
  }]);
  // Where the letters are not Latin ones, the place on the keyboard counts.
  const byPlace = acts.flatMap(([keys, act]): [string, Act][] => {
    const place = byPlaceOf(keys);
    return place === null ? [] : [[place, (event) => isForeign(event.key) && act(event)]];
  });
  return Object.fromEntries([...acts, ...byPlace]);
}

const pressesOf = ({ keys }: Shortcut) => keys.split(" ").length;

const isForeign = (key: string) => /^[^\p{ASCII}]$/u.test(key);

/** `g d` → `KeyG KeyD`; null where it is no row of letters. */
export const byPlaceOf = (keys: string): string | null =>
  /^[a-z]( [a-z])*$/.test(keys) ? keys.replaceAll(/[a-z]/g, (letter) => `Key${letter.toUpperCase()}`) : null;

/** Keys with Ctrl or Cmd work everywhere; single ones where nobody types and no dialog is open, and can be switched off. */
function mayAct(event: KeyboardEvent): boolean {
  if (event.isComposing || event.defaultPrevented) return false;
  if (document.querySelector("dialog[open]")) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return preferences.get().keys && !isTyping(event.target);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])"));

/** One part for each key that is pressed: `g d` → g, d; `$mod+k` → Ctrl K. */
export function keysShown(keys: string): string[] {
  const isMac = typeof navigator === "object" && /Mac|iP/.test(navigator.platform);
  return keys.split(" ").flatMap((press) => press.split(/(?<=\w|\])\+/)).flatMap((key) => {
    if (key === "$mod") return [isMac ? "⌘" : "Ctrl"];
    if (key === "[Shift]") return [];
    return [key.length === 1 ? key : key.replace("Arrow", "")];
  });
}
