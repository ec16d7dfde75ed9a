/** What the present screen is called: in the page's title, and to whoever cannot see the page. */
import { useEffect } from "react";
import { valueOf } from "../live/value.ts";

export const screenTitle = valueOf("Signalbox");

/** The screen's title while it is there. */
export function useTitle(title: string): void {
  useEffect(() => screenTitle.set(title), [title]);
}
