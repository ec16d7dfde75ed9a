/** Who drives a device, and how a lease was lost, in words [G]. Pure. */
import type { DeviceView } from "../../protocol/record.ts";
import { clockOf } from "./format.ts";

export type Driver =
  | { state: "nobody" }
  | { state: "you"; since: number | null }
  /** This operator, over another connection: another window or a program. */
  | { state: "elsewhere"; since: number }
  | { state: "other"; name: string; since: number };

interface Seen {
  /** As the hub shows it. */
  lease: DeviceView["lease"];
  /** The fence under which this window drives. */
  held?: number;
  /** The newest fence that this window let go or lost: what is shown of it is from before. */
  over?: number;
  me: string;
}

export function driverOf({ lease, held, over = -1, me }: Seen): Driver {
  if (held !== undefined && (!lease || lease.fence <= held || lease.holder?.id === me)) {
    return { state: "you", since: lease?.fence === held ? lease.since : null };
  }
  if (!lease?.holder || lease.fence <= over) return { state: "nobody" };
  const { holder, since } = lease;
  return holder.id === me ? { state: "elsewhere", since } : { state: "other", name: holder.name, since };
}

/** Why somebody who does not drive cannot command; null for who does, and where nobody has to. */
export function undrivenInWords(driver: Driver | null): string | null {
  switch (driver?.state) {
    case "nobody":
      return "Nobody drives it. Take control first.";
    case "elsewhere":
      return "You drive it in another window. Take it back first.";
    case "other":
      return `${driver.name} drives it. Take over first.`;
    default:
      return null;
  }
}

/** How this window came not to drive any more. */
export interface Loss {
  /** The device's. */
  name: string;
  at: number;
  how:
    | "lapsed"
    | "estop"
    /** By somebody, with a reason. */
    | "taken"
    /** By somebody, after it lapsed unseen. */
    | "missed"
    /** By this operator, over another connection. */
    | "elsewhere"
    /** Let go over another connection, or lapsed: a watch shows only that it is over. */
    | "ended"
    | "gone";
  /** The name of whoever did it, where somebody did. */
  by: string;
  reason?: string;
}

export function lossInWords({ how, by, at, reason }: Loss): string {
  switch (how) {
    case "lapsed":
      return `Your lease lapsed at ${clockOf(at)}: nothing was heard of this window for 15 s.`;
    case "estop":
      return `The emergency stop${by === "" ? "" : ` by ${by}`} ended your lease.`;
    case "taken":
      return `${by} took control at ${clockOf(at)}: “${reason}”`;
    case "missed":
      return `Your lease lapsed while the connection was gone, and ${by} took control.`;
    case "elsewhere":
      return "You took control in another window.";
    case "ended":
      return "Your lease ended: it was let go in another window, or lapsed.";
    case "gone":
      return "The device is gone, and your lease with it.";
  }
}

/** After the end of the connection a lease lasts as long as the hub waits for a sign of this window [G2], in ms. */
const LASTS = 15_000;

export const cutInWords = (lostAt: number, now: number): string =>
  now - lostAt < LASTS
    ? "The connection is gone. Your lease lapses 15 s after it, unless it comes back."
    : "The connection is gone, and your lease has lapsed with it.";

export const LEASE = {
  label: "Who drives",
  buttons: {
    nobody: "Take control",
    you: "Let go",
    elsewhere: "Take it back here",
    other: "Take over…",
  } satisfies Record<
    Driver["state"],
    string
  >,
  first: "Somebody else took control first.",
  onlyDriver: "Only who drives can command it. A stop always goes through.",
  lapses: "It lapses 15 s after this window is closed or cut off.",
  takeOverFrom: (name: string, device: string) => `Take over from ${name} · ${device}`,
  takeOver: "Take over",
  takeOverHint: (name: string) =>
    `${name} is told at once, with your reason, and can command nothing any more. What the device is at goes on.`,
  nobody: "Nobody drives",
  you: "You drive",
  other: (name: string) => `${name} drives`,
  elsewhere: " in another window",
  since: (time: string) => `since ${time}`,
  yours: "What you drive",
} as const;
