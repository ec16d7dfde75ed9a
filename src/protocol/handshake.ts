/** The checks before an upgrade, which the runtimes do not make [H]. A pure function of a method and headers. */
import type { Credential } from "./credential.ts";
import { type Fault, ok, type Outcome, refuse } from "./fault.ts";

export const PROTOCOL = "signalbox.v1";
export const TOKEN = "signalbox.token.";
const TICKET = "signalbox.ticket.";

/** The subprotocol of MQTT, which an offer has to have [M1]. */
export const MQTT = "mqtt";

export type Path = "device" | "operator" | "mqtt";

export interface Handshake {
  credential: Credential;
  /** What the answer selects; null when the peer offered nothing of ours [H4]. */
  protocol: typeof PROTOCOL | typeof MQTT | null;
}

/** A refusal, and the headers that belong to it [H1, H2]. */
export type Refusal = { ok: false; fault: Fault; headers?: Record<string, string> };

interface Asked {
  method: string;
  headers: Headers;
  path: Path;
  /** Origins from which a cookie counts [I8]; only a cookie has it asked. */
  origins(): readonly string[];
}

/** In the order of [H1], up to the identity, which only the hub knows. */
export function readHandshake({ method, headers, path, origins }: Asked): { ok: true; value: Handshake } | Refusal {
  if (method !== "GET") {
    return { ...refuse("bad_request", "A WebSocket begins with GET", { status: 405 }), headers: { Allow: "GET" } };
  }
  const upgrade = checkUpgrade(headers);
  if (upgrade) return upgrade;
  if (!isKey(headers.get("sec-websocket-key"))) {
    return refuse("bad_request", "Sec-WebSocket-Key is not 16 bytes in base64");
  }
  if (path === MQTT) return readMqtt(headers);
  const offered = readProtocols(headers, path);
  if (!offered.ok) return offered;
  const credential = oneCredential(headers, path, offered.value.credential);
  if (!credential.ok) return credential;
  if (credential.value.sort === "cookie" && !isAllowed(headers.get("origin"), origins())) {
    return refuse("forbidden", "A session counts only from the hub's own pages");
  }
  return ok({ credential: credential.value, protocol: offered.value.protocol });
}

/** In a list such as `keep-alive, Upgrade`. */
const WEBSOCKET = /(?:^|,)\s*websocket\s*(?:,|$)/i;
const UPGRADE = /(?:^|,)\s*upgrade\s*(?:,|$)/i;

function checkUpgrade(headers: Headers): Refusal | null {
  const isUpgrade = WEBSOCKET.test(headers.get("upgrade") ?? "") && UPGRADE.test(headers.get("connection") ?? "");
  if (isUpgrade && headers.get("sec-websocket-version") === "13") return null;
  const message = isUpgrade ? "Only WebSocket version 13 is spoken here" : "This address speaks WebSocket";
  return {
    ...refuse("bad_request", message, { status: 426 }),
    headers: { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Version": "13" },
  };
}

/** 16 bytes are 22 letters and two equal signs. */
const isKey = (key: string | null): boolean => /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key ?? "");

export const listOf = (header: string | null): string[] =>
  (header ?? "").split(",").map((word) => word.trim()).filter((word) => word !== "");

/** [M1] Who it is comes with its CONNECT. */
const readMqtt = (headers: Headers): Outcome<Handshake> =>
  listOf(headers.get("sec-websocket-protocol")).includes(MQTT)
    ? ok({ credential: { sort: "none" }, protocol: MQTT })
    : refuse("bad_request", "This address speaks MQTT; offer the subprotocol mqtt");

/** [H4] What was offered of ours; everything else is ignored. */
function readProtocols(
  headers: Headers,
  path: Path,
): Outcome<{ credential: Credential | null; protocol: Handshake["protocol"] }> {
  const ours = listOf(headers.get("sec-websocket-protocol")).filter((name) => name.startsWith("signalbox."));
  if (ours.length === 0) return ok({ credential: null, protocol: null });
  if (!ours.includes(PROTOCOL)) {
    return refuse("bad_request", `Of Signalbox's protocols this hub speaks ${PROTOCOL}; offer it too`);
  }
  const credentials = ours.filter((name) => name.startsWith(TOKEN) || name.startsWith(TICKET));
  if (credentials.length > 1) return TWO_CREDENTIALS;
  const [name] = credentials;
  if (name === undefined) return ok({ credential: null, protocol: PROTOCOL });
  const credential: Credential = name.startsWith(TOKEN)
    ? { sort: "token", token: name.slice(TOKEN.length) }
    : { sort: "ticket", ticket: name.slice(TICKET.length) };
  // [I10] A subprotocol is for one path: the device's token for its socket, the ticket for the operator's.
  const isForeign = (credential.sort === "ticket") === (path === "device");
  return ok({ credential: isForeign ? FOREIGN : credential, protocol: PROTOCOL });
}

/** Known to nobody: answered like any credential of the other sort. */
const FOREIGN: Credential = { sort: "token", token: "" };
const TWO_CREDENTIALS = refuse("bad_request", "One credential decides; two were given");

function oneCredential(headers: Headers, path: Path, offered: Credential | null): Outcome<Credential> {
  const explicit = readAuthorization(headers);
  if (!explicit.ok) return explicit;
  if (explicit.value && offered) return TWO_CREDENTIALS;
  const cookie = path === "operator" ? readCookie(headers) : null;
  return ok(explicit.value ?? offered ?? cookie ?? { sort: "none" });
}

/** The credential of a REST call: a header, or else the panel's cookie [I10]. */
export function readCredential(headers: Headers): Outcome<Credential> {
  const explicit = readAuthorization(headers);
  return explicit.ok ? ok(explicit.value ?? readCookie(headers) ?? { sort: "none" }) : explicit;
}

const CHARACTERS = /^[A-Za-z0-9\-._~]{1,128}$/;
const MALFORMED = refuse("bad_request", "The Authorization header is not a Bearer or Basic credential of this hub");

/** `Bearer token`, or `Basic` with a device's id and token [H3]; null where there is none. */
function readAuthorization(headers: Headers): Outcome<Credential | null> {
  const header = headers.get("authorization");
  if (header === null) return ok(null);
  const [scheme, value, ...rest] = header.trim().split(/ +/);
  if (value === undefined || rest.length > 0) return MALFORMED;
  if (scheme.toLowerCase() === "bearer") {
    return CHARACTERS.test(value) ? ok({ sort: "token", token: value }) : MALFORMED;
  }
  if (scheme.toLowerCase() !== "basic") return MALFORMED;
  const [user, token] = decodeBasic(value);
  return CHARACTERS.test(user) && CHARACTERS.test(token) ? ok({ sort: "token", token, user }) : MALFORMED;
}

export function decodeBasic(value: string): [user: string, password: string] {
  try {
    const text = atob(value);
    const colon = text.indexOf(":");
    return colon < 0 ? ["", ""] : [text.slice(0, colon), text.slice(colon + 1)];
  } catch {
    return ["", ""];
  }
}

export const SECURE_COOKIE = "__Host-signalbox";
export const PLAIN_COOKIE = "signalbox";

function readCookie(headers: Headers): Credential | null {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [name, value = ""] = pair.trim().split("=");
    if ((name === SECURE_COOKIE || name === PLAIN_COOKIE) && CHARACTERS.test(value)) {
      return { sort: "cookie", secret: value };
    }
  }
  return null;
}

/** [I8] Missing and `null` are not allowed. */
export const isAllowed = (origin: string | null, origins: readonly string[]): boolean =>
  origin !== null && origins.includes(origin);
