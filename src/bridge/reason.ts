/** Why a connection to the broker is not there, in a sentence without secrets [N18]. */

/** What a broker may not have: this version of MQTT, retained messages, QoS 1. The last two it refuses for the Will's sake. */
export type Lack = "version" | "retain" | "qos";

export interface Reason {
  reason: string;
  lack?: Lack;
}

/** How it says so in its CONNACK; of the version in the words of 3.1.1, too. */
const LACKS: Record<number, Lack> = { 1: "version", 132: "version", 154: "retain", 155: "qos" };
const LONGEST = 240;

/** What went wrong with the connection to `url`; `secrets` are in no answer. */
export function reasonOf(error: unknown, { url, username, password }: {
  url: string;
  username: string | null;
  password: string | null;
}): Reason {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const { protocol, host, pathname, search } = new URL(url);
  const secrets = [password, username, search, pathname].filter((text) => text !== null && text.length > 2);
  const said = secrets.reduce<string>((text, secret) => text.replaceAll(secret!, "…"), String(message ?? error));
  const told = typeof code === "number"
    ? `The broker refused the connection: ${reasonCode(code)}`
    : `No connection to the broker at ${protocol}//${host}: ${said.slice(0, LONGEST)}`;
  const lack = typeof code === "number" ? LACKS[code] : undefined;
  return { reason: told.slice(0, LONGEST), ...(lack && { lack }) };
}

/** The words of MQTT for its own codes. */
export const reasonCode = (code: number | undefined): string => WORDS[code ?? 0] ?? `reason code ${code}`;

const WORDS: Record<number, string> = {
  0: "no reason given",
  1: "unacceptable protocol version",
  2: "client id rejected",
  3: "server unavailable",
  4: "bad user name or password",
  5: "not authorized",
  128: "unspecified error",
  129: "malformed packet",
  130: "protocol error",
  131: "implementation specific error",
  132: "unsupported protocol version",
  133: "client id not valid",
  134: "bad user name or password",
  135: "not authorized",
  136: "server unavailable",
  137: "server busy",
  138: "banned",
  139: "server shutting down",
  141: "keep-alive timeout",
  142: "session taken over",
  143: "topic filter invalid",
  144: "topic name invalid",
  147: "receive maximum exceeded",
  149: "packet too large",
  150: "message rate too high",
  151: "quota exceeded",
  152: "administrative action",
  153: "payload format invalid",
  154: "retain not supported",
  155: "QoS not supported",
  156: "use another server",
  157: "server moved",
  159: "connection rate exceeded",
  160: "maximum connect time",
  162: "wildcard subscriptions not supported",
};
