/** The one-time code that makes the first administrator [I9]. */
import { type Outcome, refuse } from "../../protocol/fault.ts";
import { isSame, unauthenticated } from "./identity.ts";
import type { Turn } from "../turn.ts";

const MINUTE = 60_000;
const MOST_WRONG = 10;

/** Nobody can come in yet: neither by the setting nor by a token. */
export const isUnclaimed = (turn: Turn): boolean =>
  turn.memory.options.adminDigest === null && turn.reader.count("operator_token") === 0;

/** Makes a code and writes it to the log, which only the hub's owner reads. */
export function offerClaim(turn: Turn): void {
  if (!isUnclaimed(turn)) return;
  const standing = turn.reader.get("claim", "claim");
  if (standing && turn.now - standing.at < turn.memory.options.claimLife) return;
  const code = turn.secret();
  turn.put("claim", { id: "claim", digest: turn.env.sha256(code), at: turn.now });
  turn.log("claim_code", { code });
}

/** The refusal, or null when the code is the one. */
export function codeOpens(turn: Turn, code: string): Outcome<never> | null {
  const { memory, now } = turn;
  memory.wrongCodes = memory.wrongCodes.filter((at) => at > now - MINUTE);
  if (memory.wrongCodes.length >= MOST_WRONG) {
    return refuse("rate_limited", "Too many wrong codes", {
      retryAfter: Math.ceil((memory.wrongCodes[0] + MINUTE - now) / 1000),
    });
  }
  const row = isUnclaimed(turn) ? turn.reader.get("claim", "claim") : undefined;
  if (row && isSame(row.digest, turn.env.sha256(code))) return null;
  memory.wrongCodes.push(now);
  return unauthenticated("This code does not open the hub, or did so already");
}
