/** Watches in components: opened with them, closed with them, redefined when what they ask for changes. */
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { hub } from "./connection.ts";
import { type Definition, type Outline, type Shown, WatchStore } from "./watch.ts";

/** Null where there is nothing to watch. */
export function useWatch(definition: Definition | null): WatchStore | null {
  const isOn = definition !== null;
  const key = JSON.stringify(definition);
  // A device's watch is another watch for another device, a list's is the same list looked at differently.
  const subject = definition?.device ?? "list";
  const opened = useRef<{ key: string; redefine(next: Definition): void } | null>(null);
  const watch = useMemo(() => isOn ? lazyWatch() : null, [isOn, subject]);
  useEffect(() => {
    if (!watch) return;
    const { redefine, close } = watch.open(definition!);
    opened.current = { key, redefine };
    return () => {
      opened.current = null;
      close();
    };
    // `key` is left out on purpose: the effect below follows it.
  }, [watch]);
  useEffect(() => {
    if (!opened.current || opened.current.key === key || !definition) return;
    opened.current.key = key;
    opened.current.redefine(definition);
  }, [key]);
  return watch?.store ?? null;
}

/** The store exists before the watch is open, so that the first render can read it. */
function lazyWatch() {
  const store = new WatchStore(hub.soon);
  return { store, open: (definition: Definition) => hub.watch(definition, store) };
}

export const useOutline = (store: WatchStore): Outline =>
  useSyncExternalStore((told) => store.subscribeOutline(told), store.outline);

/** One device of a watch; its change renders only who looks at it. */
export const useShown = (store: WatchStore, id: string): Shown | undefined =>
  useSyncExternalStore((told) => store.subscribeDevice(id, told), () => store.device(id));
