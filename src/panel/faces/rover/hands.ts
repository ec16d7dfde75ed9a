/** The hands that hold a stick beside a pointer: keys, and a gamepad that is asked as often as frames go out. */
import { useEffect, useState } from "react";
import { EVERY, type Lane, type Push, within } from "./lane.ts";

const KEYS: Record<string, Push> = {
  KeyW: { ahead: 1, right: 0 },
  ArrowUp: { ahead: 1, right: 0 },
  KeyS: { ahead: -1, right: 0 },
  ArrowDown: { ahead: -1, right: 0 },
  KeyA: { ahead: 0, right: -1 },
  ArrowLeft: { ahead: 0, right: -1 },
  KeyD: { ahead: 0, right: 1 },
  ArrowRight: { ahead: 0, right: 1 },
};

/** By where the key is, not by its letter: the cross is the same on every keyboard. */
export const isSteering = (code: string): boolean => code in KEYS;

export function pushOf(pressed: Iterable<string>): Push {
  let [ahead, right] = [0, 0];
  for (const code of pressed) {
    ahead += KEYS[code]?.ahead ?? 0;
    right += KEYS[code]?.right ?? 0;
  }
  const bounded = (value: number) => Math.min(1, Math.max(-1, value));
  return within({ ahead: bounded(ahead), right: bounded(right) });
}

/** Nearer to its middle than this, a stick that nobody touches may stand. */
const REST = 0.15;

export function pushOfAxes([x = 0, y = 0]: readonly number[]): Push | null {
  const far = Math.hypot(x, y);
  if (far < REST) return null;
  const share = Math.min(1, (far - REST) / (1 - REST)) / far;
  return { ahead: -y * share || 0, right: x * share || 0 };
}

/** Only in a window that somebody is at. True while there is one. */
export function useGamepad(lane: Lane): boolean {
  const [isHere, setHere] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const pad = () => navigator.getGamepads?.().find((one) => one?.connected) ?? null;
    const ask = () => {
      const one = pad();
      setHere(one !== null);
      const push = one && document.hasFocus() ? pushOfAxes(one.axes) : null;
      if (push) lane.hold("gamepad", push);
      else lane.release("gamepad");
      if (one) return;
      clearInterval(timer);
      timer = undefined;
    };
    const begin = () => timer ??= setInterval(ask, EVERY);
    if (pad()) begin();
    addEventListener("gamepadconnected", begin);
    return () => {
      removeEventListener("gamepadconnected", begin);
      clearInterval(timer);
      lane.release("gamepad");
    };
  }, [lane]);
  return isHere;
}

/** A page that nobody is at drives nothing. */
export function useStopWhenLeft(lane: Lane, letGo: () => void): void {
  useEffect(() => {
    const leave = () => {
      lane.stop("hidden");
      letGo();
    };
    const hide = () => document.hidden && leave();
    addEventListener("blur", leave);
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", hide);
    return () => {
      removeEventListener("blur", leave);
      removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hide);
      lane.stop("hidden");
    };
  }, [lane]);
}
