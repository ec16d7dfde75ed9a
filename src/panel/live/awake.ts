/** Keeps the screen on while something is looked at from afar, where a browser lets a page do so: over https only. */
import { useEffect } from "react";

export const CAN_STAY_AWAKE = typeof navigator === "object" && "wakeLock" in navigator;

export function useAwake(): void {
  useEffect(() => {
    if (!CAN_STAY_AWAKE) return;
    let lock: WakeLockSentinel | null = null;
    let isWanted = true;
    // A page that was hidden has lost it.
    const ask = async () => {
      if (document.hidden) return;
      // A battery that is nearly empty is a reason to refuse it.
      const got = await navigator.wakeLock.request("screen").catch(() => null);
      if (isWanted) lock = got;
      else void got?.release();
    };
    const onShown = () => void ask();
    void ask();
    document.addEventListener("visibilitychange", onShown);
    return () => {
      isWanted = false;
      document.removeEventListener("visibilitychange", onShown);
      void lock?.release();
    };
  }, []);
}
