/** What is said of connections that were refused in a device's name, and what to do about it. */
import type { FaultCode } from "../../protocol/fault.ts";
import type { Door } from "../../protocol/refusal.ts";
import { numberIn } from "./locale.ts";

export const TURNED_AWAY = {
  title: "Refused connections",
  connection: "A connection was refused",
  call: "A call was refused",
  inAll: (total: number) => `${numberIn(total)} were refused since this page was opened.`,
} as const;

/** Null where the reason says it already. */
export function remedyInWords({ code, over }: { code: FaultCode; over: Door }, device: string): string | null {
  if (over === "operator") return "Let it connect to /device.";
  switch (code) {
    case "unauthenticated":
      return `Copy the device’s token once more, whole. It begins with “${device}.” and has no quotes or spaces in ` +
        "it. If it is lost, the device’s settings make a new one.";
    case "rate_limited":
      return "Another program uses the same token. Stop it, or add a device of its own for it.";
    case "forbidden":
      if (over === "mqtt") return `Over MQTT the user name is “${device}”, and the password is a token of that device.`;
      return `All that its token opens over REST is /api/v1/devices/${device}/telemetry and /api/v1/me.`;
    case "bad_request":
      return "The programs that are shown when a device is added ask the way the hub expects it.";
    default:
      return null;
  }
}
