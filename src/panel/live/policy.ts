/** When the panel comes back by itself, and when it stops for a person [Z]. */
import { askedDelay, retryDelay } from "../../device/backoff.ts";
import { endingOfClose } from "../../device/ending.ts";

export type Next =
  | { do: "wait"; seconds: number; name: string }
  /** The socket never opened: only REST can say why [H5]. */
  | { do: "ask"; seconds: number; name: string }
  | { do: "stop"; name: string; code: number };

interface Ended {
  code: number;
  reason: string;
  /** Did a welcome come on this connection? */
  wasOpen: boolean;
  /** Connections in a row that failed, this one included. */
  failures: number;
}

export function nextAfter({ code, reason, wasOpen, failures }: Ended, random: () => number): Next {
  const { name, isLasting, retryAfter } = endingOfClose(code, reason);
  if (isLasting) return { do: "stop", name, code };
  const seconds = retryAfter === undefined ? retryDelay(failures, random) : askedDelay(retryAfter, failures, random);
  return { do: wasOpen ? "wait" : "ask", seconds, name };
}
