/** Who comes to another screen by keys or by ear is at its heading, not where the link was that is gone. */
import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** A screen that has no heading by then will have none, in ms. */
const PATIENCE = 5_000;

export function useFocusOnScreen(): void {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    const from = before.current;
    before.current = path;
    // The first screen of a visit has the page's own beginning.
    if (from === undefined || from === path) return;
    // The parts of one screen are not other screens: its head stays, and the focus on it.
    if (headOf(from!) === headOf(path!)) return;
    return whenThere(() => document.querySelector<HTMLElement>("main h1"), focus);
  }, [path]);
}

/** `/settings/keys` is a part of `/settings`; of a device, what its address begins with. */
const headOf = (path: string): string => path.split("/").slice(0, path.startsWith("/settings") ? 2 : 3).join("/");

function focus(heading: HTMLElement): void {
  const { activeElement } = document;
  // Somebody, or the screen itself, was quicker.
  if (activeElement?.closest("main, dialog")) return;
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function whenThere(find: () => HTMLElement | null, found: (element: HTMLElement) => void): () => void {
  const now = find();
  if (now) {
    found(now);
    return () => {};
  }
  const look = new MutationObserver(() => {
    const element = find();
    if (!element) return;
    end();
    found(element);
  });
  const timer = setTimeout(() => end(), PATIENCE);
  const end = () => {
    look.disconnect();
    clearTimeout(timer);
  };
  look.observe(document.body, { childList: true, subtree: true });
  return end;
}
