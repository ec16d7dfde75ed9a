/** [A2.7] While somebody points, has the focus, marks text or has chosen rows, none of them moves away from there. */
import { type RefObject, useEffect, useState } from "react";
import type { WatchStore } from "../../live/watch.ts";

/** A pointer that only crosses the list holds nothing; one that rests for long is nobody's hand any more. In ms. */
const CROSSING = 400;
const RESTING = 30_000;
/** After a finger was lifted somebody still reads where it was. */
const LIFTED = 2_000;

/** `rows` is what holds the rows. True while they are held. */
export function useHand(store: WatchStore, rows: RefObject<HTMLElement | null>, isChosen: boolean): boolean {
  const isPointed = usePointed(rows);
  const isFocused = useFocused(rows);
  const isMarked = useMarked(rows);
  const isHeld = isPointed || isFocused || isMarked || isChosen;
  useEffect(() => {
    if (!isHeld) return;
    store.hold();
    return () => store.release();
  }, [store, isHeld]);
  return isHeld;
}

function usePointed(rows: RefObject<HTMLElement | null>): boolean {
  const [isPointed, setPointed] = useState(false);
  useEffect(() => {
    const element = rows.current;
    if (!element) return;
    let coming: ReturnType<typeof setTimeout> | undefined;
    let going: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      clearTimeout(coming);
      clearTimeout(going);
      coming = undefined;
      setPointed(false);
    };
    const leaveIn = (ms: number) => {
      clearTimeout(going);
      going = setTimeout(leave, ms);
    };
    const onMove = ({ pointerType }: PointerEvent) => {
      if (pointerType === "touch") return;
      coming ??= setTimeout(() => setPointed(true), CROSSING);
      leaveIn(RESTING);
    };
    const onDown = ({ pointerType }: PointerEvent) => {
      if (pointerType !== "touch") return;
      setPointed(true);
      leaveIn(RESTING);
    };
    const onUp = ({ pointerType }: PointerEvent) => pointerType === "touch" && leaveIn(LIFTED);
    const onLeave = ({ pointerType }: PointerEvent) => pointerType !== "touch" && leave();
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerdown", onDown);
    element.addEventListener("pointerup", onUp);
    element.addEventListener("pointercancel", onUp);
    element.addEventListener("pointerleave", onLeave);
    return () => {
      leave();
      element.removeEventListener("pointermove", onMove);
      element.removeEventListener("pointerdown", onDown);
      element.removeEventListener("pointerup", onUp);
      element.removeEventListener("pointercancel", onUp);
      element.removeEventListener("pointerleave", onLeave);
    };
  }, []);
  return isPointed;
}

function useFocused(rows: RefObject<HTMLElement | null>): boolean {
  const [isFocused, setFocused] = useState(false);
  useEffect(() => {
    const element = rows.current;
    if (!element) return;
    const come = () => setFocused(true);
    const go = ({ relatedTarget }: FocusEvent) => setFocused(element.contains(relatedTarget as Node | null));
    element.addEventListener("focusin", come);
    element.addEventListener("focusout", go);
    return () => {
      element.removeEventListener("focusin", come);
      element.removeEventListener("focusout", go);
    };
  }, []);
  return isFocused;
}

function useMarked(rows: RefObject<HTMLElement | null>): boolean {
  const [isMarked, setMarked] = useState(false);
  useEffect(() => {
    const follow = () => {
      const marked = document.getSelection();
      setMarked(!!marked && !marked.isCollapsed && !!rows.current?.contains(marked.anchorNode));
    };
    document.addEventListener("selectionchange", follow);
    return () => document.removeEventListener("selectionchange", follow);
  }, []);
  return isMarked;
}
