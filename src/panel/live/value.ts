/** A value outside React that can be watched; components read it through `useValue`. */
import { useSyncExternalStore } from "react";

export interface Value<T> {
  get(): T;
  set(next: T): void;
  subscribe(told: () => void): () => void;
}

export function valueOf<T>(first: T): Value<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const told of listeners) told();
    },
    subscribe(told) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
}

/** What `pick` returns must keep its identity while nothing changed, or the component renders without end. */
export const useValue = <T, P = T>(value: Pick<Value<T>, "get" | "subscribe">, pick?: (value: T) => P): P => {
  const read = () => (pick ? pick(value.get()) : value.get() as unknown as P);
  return useSyncExternalStore(value.subscribe, read, read);
};
