/** Packets that the hub sends [M3, M5]. `mqtt-packet` writes them. */
import { generate, type Packet, writeToStream } from "mqtt-packet";
import { MAX_PACKET } from "./framing.ts";
import type { Version } from "./read.ts";
import { REASON, type Reason, returnOf } from "./reasons.ts";

// Else the first packet makes 65,536 buffers, one for each number.
writeToStream.cacheNumbers = false;

/** What clients of version 5 are asked for, in seconds: on Workers each PINGREQ wakes an object. */
export const KEEP_ALIVE = 300;
/** Publishes with QoS 1 that are taken before the first is acknowledged. */
export const RECEIVE_MAXIMUM = 64;

const write = (packet: Packet, version: Version): Uint8Array => generate(packet, { protocolVersion: version });

/** It is let in. `assigned` is the id of one that named none. */
export function connack(version: Version, assigned: string | null): Uint8Array {
  if (version === 4) return write({ cmd: "connack", returnCode: 0, sessionPresent: false }, 4);
  const properties = {
    sessionExpiryInterval: 0,
    receiveMaximum: RECEIVE_MAXIMUM,
    maximumQoS: 1,
    retainAvailable: false,
    maximumPacketSize: MAX_PACKET,
    wildcardSubscriptionAvailable: true,
    subscriptionIdentifiersAvailable: false,
    sharedSubscriptionAvailable: false,
    serverKeepAlive: KEEP_ALIVE,
    ...(assigned !== null && { assignedClientIdentifier: assigned }),
  };
  return write({ cmd: "connack", reasonCode: REASON.success, sessionPresent: false, properties }, 5);
}

export const refusal = (version: Version, reason: Reason, why: string): Uint8Array =>
  version === 4
    ? write({ cmd: "connack", returnCode: returnOf(reason), sessionPresent: false }, 4)
    : write({ cmd: "connack", reasonCode: REASON[reason], sessionPresent: false, ...because(why) }, 5);

export const publish = (
  version: Version,
  { topic, payload, id }: { topic: string; payload: string; id: number | null },
): Uint8Array => {
  const head = { cmd: "publish" as const, topic, payload, dup: false, retain: false };
  return write(id === null ? { ...head, qos: 0 } : { ...head, qos: 1, messageId: id }, version);
};

export const puback = (version: Version, id: number, reason: Reason = "success", why = ""): Uint8Array =>
  version === 4
    ? write({ cmd: "puback", messageId: id }, 4)
    : write({ cmd: "puback", messageId: id, reasonCode: REASON[reason], ...because(why) }, 5);

/** For each filter the QoS that it was granted, or why not. */
export const suback = (version: Version, id: number, granted: readonly (0 | 1 | Reason)[]): Uint8Array => {
  const code = (one: 0 | 1 | Reason) =>
    typeof one === "number" ? one : version === 4 ? REASON.unspecified : REASON[one];
  return write({ cmd: "suback", messageId: id, granted: granted.map(code) }, version);
};

/** `known` says of each filter whether it was subscribed; version 5 wants to hear. */
export const unsuback = (version: Version, id: number, known: readonly boolean[]): Uint8Array => {
  const NOT_SUBSCRIBED = 0x11;
  return write({ cmd: "unsuback", messageId: id, granted: known.map((is) => is ? 0 : NOT_SUBSCRIBED) }, version);
};

export const PINGRESP = Uint8Array.of(0xd0, 0);

/** Only version 5 lets a server say why. */
export const disconnect = (reason: Reason): Uint8Array => write({ cmd: "disconnect", reasonCode: REASON[reason] }, 5);

const because = (why: string) => why === "" ? {} : { properties: { reasonString: why } };
