/** What a screen does by itself while nobody is at it: it turns its pages, and hides what is for hands. */
import { useEffect, useRef, useState } from "react";

/** Long enough to read a page from across a room, in ms. */
const PAGE = 15_000;
/** After the last movement of a pointer, in ms. */
const IDLE = 5_000;

/** Each page stays as long as the one before, also after somebody turned one. */
export function useTurning(isOn: boolean, page: number, turn: () => void): void {
  const latest = useRef(turn);
  latest.current = turn;
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => latest.current(), PAGE);
    return () => clearTimeout(timer);
  }, [isOn, page]);
}

export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    let timer = setTimeout(() => setIdle(true), IDLE);
    const onMove = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), IDLE);
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerdown", onMove);
    return () => {
      clearTimeout(timer);
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerdown", onMove);
    };
  }, []);
  return isIdle;
}

/** `turn` is missing where a browser has no full screen for pages. */
export function useFullScreen(): { isWhole: boolean; turn?: () => void } {
  const [isWhole, setWhole] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const follow = () => setWhole(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", follow);
    return () => document.removeEventListener("fullscreenchange", follow);
  }, []);
  if (!document.fullscreenEnabled) return { isWhole };
  const turn = () =>
    void (isWhole ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
  return { isWhole, turn };
}
