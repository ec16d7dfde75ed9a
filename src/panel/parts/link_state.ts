/** Is what is shown still true? The connection as components and the page's title see it. */
import { useEffect, useState } from "react";
import { hub } from "../live/connection.ts";
import { useValue } from "../live/value.ts";

/** Shorter cuts than this heal before anybody could act on a banner. */
const PATIENCE = 2000;

export const useLink = () => useValue(hub.link);
export const useIsConnected = (): boolean => useValue(hub.link, ({ phase }) => phase === "open");

/** True once the connection has been gone for two seconds. */
export function useIsCut(): boolean {
  const isConnected = useIsConnected();
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    if (isConnected) return setCut(false);
    const timer = setTimeout(() => setCut(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [isConnected]);
  return isCut;
}

/** The title and the favicon say it too, for who has the panel in a tab behind. */
export function useHealthInTitle(isCut: boolean, title: string): void {
  useEffect(() => {
    document.title = isCut ? `Not connected – ${title}` : `${title} – Signalbox`;
    document.querySelector<HTMLLinkElement>('link[rel="icon"]')!.href = isCut ? "/danger.svg" : "/clear.svg";
  }, [isCut, title]);
}
