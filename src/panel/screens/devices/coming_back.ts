/** Whoever comes back to the list is where they left it: scrolled as far, on the same row, with the same selection. */
import { useRouter } from "@tanstack/react-router";
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { entryOfList, keepPlaces, leavePlace, type Place } from "../../live/list_place.ts";
import type { Window } from "../../live/list_window.ts";
import type { Chosen } from "../../live/selection.ts";
import type { Value } from "../../live/value.ts";
import type { WatchStore } from "../../live/watch.ts";

interface List {
  place: Place | null;
  box: RefObject<HTMLElement | null>;
  store: WatchStore;
  isLoading: boolean;
  /** Which row has the focus, -1 for none. */
  focused: number;
  window: Window;
  selection: Value<Chosen>;
}

/** The list has no height before its devices are here: until then, what it answers is true, and nothing else is asked for. */
export function useComingBack(list: List): () => boolean {
  const { place, box, store, isLoading } = list;
  const router = useRouter();
  const coming = useRef(place);
  const focusing = useRef(place?.focused ?? null);
  useLayoutEffect(() => {
    if (!coming.current || isLoading) return;
    box.current!.scrollTop = coming.current.offset;
    coming.current = null;
  }, [isLoading]);
  useEffect(() => {
    if (focusing.current === null || coming.current) return;
    const { activeElement } = document;
    // Somebody was quicker; a heading has it for want of anything better.
    if (activeElement && activeElement !== document.body && activeElement.tagName !== "H1") {
      focusing.current = null;
      return;
    }
    const { order, from } = store.outline();
    const index = from + order.indexOf(focusing.current);
    const link = box.current!.querySelector<HTMLElement>(`[data-index="${index}"] .row-link`);
    if (!link || index < from) return;
    focusing.current = null;
    link.focus({ preventScroll: true });
  });
  const latest = useRef(list);
  latest.current = list;
  const entry = useRef("");
  const search = useRef({});
  const offset = useRef(place?.offset ?? 0);
  useEffect(() => {
    entry.current = entryOfList(entry.current);
    const { pathname, search: shown } = router.state.location;
    if (pathname === "/devices") search.current = shown;
  });
  useEffect(() => {
    const element = box.current!;
    const follow = () => void (coming.current ?? (offset.current = element.scrollTop));
    const leave = () => {
      const { focused, window, selection } = latest.current;
      const { order, from } = latest.current.store.outline();
      leavePlace(entry.current, search.current, {
        offset: offset.current,
        window,
        focused: order[focused - from] ?? null,
        chosen: selection.get(),
      });
    };
    const keep = () => {
      leave();
      keepPlaces();
    };
    element.addEventListener("scroll", follow, { passive: true });
    addEventListener("pagehide", keep);
    return () => {
      element.removeEventListener("scroll", follow);
      removeEventListener("pagehide", keep);
      leave();
    };
  }, []);
  return () => coming.current !== null;
}
