/** Who is refused at the door, as far as the request says so itself: for whoever watches that device [H6]. */
import { type Fault, type FaultCode, FAULTS } from "./fault.ts";
import { decodeBasic, listOf, TOKEN } from "./handshake.ts";

export const DOORS = ["device", "operator", "mqtt", "rest"] as const;
/** One of the sockets, or a call. */
export type Door = typeof DOORS[number];

export interface Refusal {
  /** As the request says: nothing proves it. */
  device: string;
  over: Door;
  code: FaultCode;
  message: string;
}

/** Null where it names no device, or where it was the hub that failed. */
export function refusalOf(headers: Headers, over: Door, { code, message }: Fault): Refusal | null {
  const claim = claimIn(headers);
  if (!claim || FAULTS[code].status >= 500) return null;
  return { device: claim.device, over, code, message: code === "unauthenticated" ? why(claim, over) : message };
}

/** The peer itself hears less: it may be anybody. */
function why({ isOfToken }: Claim, over: Door): string {
  if (over === "operator") return "It was sent to /operator, which no device's token opens";
  return isOfToken
    ? "Its secret is not one of this device's: it is wrong, or its token was deleted"
    : "HTTP Basic names this device, and the token is not one of its own";
}

interface Claim {
  device: string;
  /** Its token begins with that id, too. */
  isOfToken: boolean;
}

function claimIn(headers: Headers): Claim | null {
  const [first = "", second = first] = (headers.get("authorization") ?? "").trim().split(/ +/);
  const offered = listOf(headers.get("sec-websocket-protocol")).find((name) => name.startsWith(TOKEN));
  const [user, password] = /^basic$/i.test(first) ? decodeBasic(second) : [null, null];
  const device = idIn(offered?.slice(TOKEN.length) ?? password ?? second);
  if (user) return { device: user, isOfToken: user === device };
  return device === null ? null : { device, isOfToken: true };
}

/** [I2] Also of one that was pasted with quotes or brackets around it. */
function idIn(token: string): string | null {
  const dot = token.lastIndexOf(".");
  return dot < 1 ? null : token.slice(0, dot).replace(/^[^A-Za-z0-9]+/, "");
}
