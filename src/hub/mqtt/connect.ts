/** CONNECT: who it is, and why not [M3]. */
import type { Fault } from "../../protocol/fault.ts";
import type { CloseName } from "../../protocol/close.ts";
import type { Reason } from "../../mqtt/reasons.ts";
import { type Connect, readConnect, type Version, versionOf } from "../../mqtt/read.ts";
import { isTopic, isUnder } from "../../mqtt/topics.ts";
import { connack, refusal } from "../../mqtt/write.ts";
import type { Guest } from "../connections/connection.ts";
import { identify } from "../access/identity.ts";
import { onRefused } from "../connections/turned_away.ts";
import { enter } from "../devices/session.ts";
import type { Turn } from "../turn.ts";
import { speechOf } from "./speech.ts";

/** Why somebody is not let in: what MQTT says, and what whoever watches the device hears besides [H6]. */
interface No {
  reason: Reason;
  why: string;
  fault?: Pick<Fault, "code" | "message">;
}

export function onConnect(turn: Turn, guest: Guest, packet: Uint8Array): void {
  const version = versionOf(packet);
  if (version === null) return turn.close(guest, "protocol_error");
  if (typeof version === "object") {
    return turnAway(turn, guest, version.refuseAs, { reason: "bad_version", why: "MQTT 3.1.1 and 5 are spoken here" });
  }
  const connect = readConnect(packet);
  if (!connect) return turnAway(turn, guest, version, MALFORMED, "protocol_error");
  // [M5] It would take no answer.
  if (connect.maxPacket < Infinity && answerTo(connect).length > connect.maxPacket) {
    return turn.close(guest, "protocol_error");
  }
  // Its socket is the device's from now on, or closed.
  turn.forget(guest);
  const refused = formFault(connect) ?? admit(turn, guest, connect);
  if (!refused) return;
  const { fault } = refused;
  if (fault) onRefused(turn, { device: connect.user, over: "mqtt", ...fault });
  turnAway(turn, guest, version, refused);
}

/** An empty client id is the device's. */
const answerTo = ({ version, clientId, user }: Connect) => connack(version, clientId === "" ? user : null);

const MALFORMED: No = { reason: "malformed", why: "This CONNECT cannot be read" };

export function turnAway(turn: Turn, guest: Guest, version: Version, no: No, name: CloseName = "refused"): void {
  const { reason, why, fault } = no;
  turn.tally.turnAway(fault?.code ?? "bad_request");
  turn.sendBytes(guest.id, refusal(version, reason, why));
  turn.close(guest, name);
}

/** What is asked for that is not offered here. */
function formFault({ version, will, asksAuth, clientId, clean }: Connect): No | null {
  if (asksAuth) return { reason: "bad_auth_method", why: "A user name and a password are all that is asked for" };
  if (version === 4) {
    // [MQTT-3.1.3-8]
    return clientId === "" && !clean ? { reason: "bad_client_id", why: "" } : null;
  }
  if (will && will.qos > 1) return { reason: "no_qos_2", why: "A will has QoS 0 or 1" };
  return will?.retain ? { reason: "no_retain", why: "Nothing is retained here" } : null;
}

/** Null where it is let in. */
function admit(turn: Turn, { id }: Guest, connect: Connect): No | null {
  const { user, password, will } = connect;
  const caller = identify(turn, { sort: "token", token: password });
  if (!caller.ok || caller.value.sort !== "device") return stranger(user, password);
  const device = caller.value.device.row.id;
  if (user !== device) {
    const message = "MQTT's user name is this device, and the password is another one's token";
    return { reason: "not_authorized", why: "Not authorized", fault: { code: "forbidden", message } };
  }
  if (will && !isUnder(device, will.topic)) {
    const message = `Its will is not under devices/${device}/`;
    return { reason: "not_authorized", why: message, fault: { code: "forbidden", message } };
  }
  if (will && !isTopic(will.topic)) {
    const message = "Its will is for a topic with a wildcard, and there is no such topic";
    return { reason: "bad_topic", why: message, fault: { code: "bad_request", message } };
  }
  const before = turn.effects.length;
  const entered = enter(turn, id, caller.value, speechOf(connect));
  if (!entered.ok) {
    const { code, message } = entered.fault;
    return { reason: "too_many_connections", why: message, fault: { code, message } };
  }
  // Before whatever followed from it.
  turn.sendBytes(id, answerTo(connect));
  turn.effects.splice(before, 0, turn.effects.pop()!);
  return null;
}

/** The peer itself hears less: it may be anybody. */
function stranger(user: string, password: string): No {
  const isOwn = password.slice(0, Math.max(0, password.lastIndexOf("."))) === user;
  const message = isOwn
    ? "Its secret is not one of this device's: it is wrong, or its token was deleted"
    : "MQTT's user name is this device, and the password is not one of its tokens";
  const why = "The user name is a device's id and the password its token";
  return { reason: "bad_credential", why, fault: { code: "unauthenticated", message } };
}
