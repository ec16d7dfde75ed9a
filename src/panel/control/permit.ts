/** Why a command cannot be sent now, said before anybody presses; null when it can. */
import type { Presence } from "../../protocol/words.ts";
import type { CommandModel } from "../form/controls.ts";
import type { Me } from "../live/session.ts";
import { mayAs } from "../parts/me.ts";

export interface Situation {
  isConnected: boolean;
  me: Me;
  presence: Presence;
}

export const CUT_OFF = "Not connected to the hub.";

type Needs = Pick<CommandModel, "role" | "effect" | "mayQueue">;

export function whyNot({ isConnected, me, presence }: Situation, { role, effect, mayQueue }: Needs): string | null {
  if (!isConnected) return CUT_OFF;
  if (!mayAs(me, role)) return `This needs the role ${role}; yours is ${me.role}.`;
  if (mayQueue) return null;
  if (presence === "suspect" && effect === "once") {
    return "The device is suspect. This is never sent twice, so it waits for a sure connection.";
  }
  return isReachable(presence) ? null : "The device is not connected. The hub would refuse it.";
}

export const isReachable = (presence: Presence): boolean => presence === "online" || presence === "suspect";
