/** Why a command cannot be sent now, said before anybody presses; null when it can. */
import type { Presence } from "../../protocol/words.ts";
import type { CommandModel } from "../form/controls.ts";
import type { Me } from "../live/session.ts";
import { mayAs } from "../parts/me.ts";
import { type Driver, undrivenInWords } from "../words/lease.ts";

export interface Situation {
  isConnected: boolean;
  me: Me;
  presence: Presence;
  /** The emergency stop is latched. */
  isStopped: boolean;
  /** Null where the kind lets anybody drive. */
  driver: Driver | null;
  /** Why an interlock forbids this command now [C24]. */
  interlocked(command: string): string | null;
}

export const CUT_OFF = "Not connected to the hub.";
export const STOPPED = "The emergency stop is latched. Clear it first.";

/** A wish has no command's name where no command confirms its field. */
type Needs = Pick<CommandModel, "role" | "effect" | "mayQueue"> & { name?: string };

/** In the order in which the hub would look at them [C1]. */
export function whyNot(situation: Situation, needs: Needs): string | null {
  const { isConnected, me } = situation;
  if (!isConnected) return CUT_OFF;
  const roleWhy = whyNotAs(me, needs.role);
  if (roleWhy !== null) return roleWhy;
  return whyForbidden(situation, needs) ?? whyUnreachable(situation, needs) ??
    (needs.name === undefined ? null : situation.interlocked(needs.name));
}

/** What forbids nearly everything is said once, above the controls, and not beside each of them. */
export const saidOnce = (situation: Situation): string | null =>
  situation.isConnected ? saidAbove(situation) ?? undrivenInWords(situation.driver) : CUT_OFF;

/** Of that, what neither the banner nor who drives says. */
export const saidAbove = ({ me, isStopped }: Situation): string | null =>
  whyNotAs(me, "operator") ?? (isStopped ? STOPPED : null);

export const whyNotAs = (me: Me, role: CommandModel["role"]): string | null =>
  mayAs(me, role) ? null : `This needs the role ${role}; yours is ${me.role}.`;

/** [E4, G4] `stop` passes always; what is only asked for moves nothing, and passes a latched stop. */
function whyForbidden({ isStopped, driver }: Situation, { name, effect }: Needs): string | null {
  if (name === "stop") return null;
  return isStopped && effect !== "query" ? STOPPED : undrivenInWords(driver);
}

function whyUnreachable({ presence }: Situation, { effect, mayQueue }: Needs): string | null {
  if (mayQueue) return null;
  if (presence === "suspect" && effect === "once") {
    return "The device is suspect. This is never sent twice, so it waits for a sure connection.";
  }
  return isReachable(presence) ? null : "The device is not connected. The hub would refuse it.";
}

export const isReachable = (presence: Presence): boolean => presence === "online" || presence === "suspect";
