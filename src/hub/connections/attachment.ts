/** A connection's value as the bytes that its socket keeps while the hub sleeps: JSON, and what a device carries. */
import type { Connection } from "./connection.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Before the JSON stands how long it is. */
const HEAD = 4;

/** Bytes, which the hub can bound: a clone of a text doubles for one letter beyond Latin-1, and 16 KiB is all. */
export function pack(connection: Connection): Uint8Array<ArrayBuffer> {
  const parts = partsOf(connection);
  const json = encoder.encode(JSON.stringify(connection, (key, value) => key === "bytes" ? undefined : value));
  const packed = new Uint8Array(parts.reduce((sum, { length }) => sum + length, HEAD + json.length));
  new DataView(packed.buffer).setUint32(0, json.length);
  packed.set(json, HEAD);
  let at = HEAD + json.length;
  for (const part of parts) {
    packed.set(part, at);
    at += part.length;
  }
  return packed;
}

/** What it carries, and of a packet of MQTT what has come of it; `unpack` knows their lengths from the JSON. */
function partsOf(connection: Connection): Uint8Array[] {
  if (connection.sort === "operator") return [];
  if (connection.sort === "guest") return [connection.rest.bytes];
  const { carried, mqtt } = connection;
  const bytes = carried.bytes.subarray(0, carried.length);
  return mqtt ? [bytes, mqtt.rest.bytes] : [bytes];
}

export function unpack(packed: Uint8Array): Connection {
  const end = HEAD + new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const connection: Connection = JSON.parse(decoder.decode(packed.subarray(HEAD, end)));
  if (connection.sort === "operator") return connection;
  if (connection.sort === "guest") return { ...connection, rest: { ...connection.rest, bytes: packed.slice(end) } };
  const { carried, mqtt } = connection;
  const whole = { ...connection, carried: { ...carried, bytes: packed.slice(end, end + carried.length) } };
  return mqtt
    ? { ...whole, mqtt: { ...mqtt, rest: { ...mqtt.rest, bytes: packed.slice(end + carried.length) } } }
    : whole;
}
