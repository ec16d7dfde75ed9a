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
    const mine = latest.current;
    known.set([...known.get(), ...mine]);
    const onKey = createKeybindingsHandler(bindingsOf(mine, (index, event) => latest.current[index].run(event)), {
      ignore: (event) => !mayAct(event),
    });
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      known.set(known.get().filter((one) => !mine.includes(one)));
    };
  }, [names]);
}

/** Of keys that something else follows, such as a list with its rows: the help has them all the same. */
export function useToldKeys(list: readonly Omit<Shortcut, "run">[]): void {
  useEffect(() => {
    const mine: Shortcut[] = list.map((one) => ({ ...one, run() {} }));
    known.set([...known.get(), ...mine]);
    return () => known.set(known.get().filter((one) => !mine.includes(one)));
  }, []);
}

/** May a key alone do something? A screen that follows keys by itself asks before it does. */
export const mayUseKeys = (): boolean => preferences.get().keys;

type Run = (index: number, event: KeyboardEvent) => void;

function bindingsOf(list: readonly Shortcut[], run: Run): Record<string, (event: KeyboardEvent) => void> {
  const bindings = list.flatMap(({ keys }, index) => {
    const act = (event: KeyboardEvent) => {
      event.preventDefault();
      run(index, event);
    };
    const byPlace = byPlaceOf(keys);
    if (byPlace === null) return [[keys, act]];
    // Where the letters are not Latin ones, the place on the keyboard counts.
    return [[keys, act], [byPlace, (event: KeyboardEvent) => isForeign(event.key) && act(event)]];
  });
  return Object.fromEntries(bindings);
}

const isForeign = (key: string) => /^[^\p{ASCII}]$/u.test(key);

/** `g d` → `KeyG KeyD`; null where it is no row of letters. */
export const byPlaceOf = (keys: string): string | null =>
  /^[a-z]( [a-z])*$/.test(keys) ? keys.replaceAll(/[a-z]/g, (letter) => `Key${letter.toUpperCase()}`) : null;

/** Keys with Ctrl or Cmd work everywhere; single ones where nobody types and no dialog is open, and can be switched off. */
function mayAct(event: KeyboardEvent): boolean {
  if (event.repeat || event.isComposing || event.defaultPrevented) return false;
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
