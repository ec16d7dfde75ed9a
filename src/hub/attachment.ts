/** A connection's value as the bytes that its socket keeps while the hub sleeps: JSON, and what a device carries. */
import type { Connection } from "./connection.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Before the JSON stands how long it is. */
const HEAD = 4;

/** Bytes, which the hub can bound: a clone of a text doubles for one letter beyond Latin-1, and 16 KiB is all. */
export function pack(connection: Connection): Uint8Array<ArrayBuffer> {
  const bytes = connection.sort === "device" ? connection.carried.bytes.subarray(0, connection.carried.length) : NONE;
  const json = encoder.encode(JSON.stringify(connection, (key, value) => key === "bytes" ? undefined : value));
  const packed = new Uint8Array(HEAD + json.length + bytes.length);
  new DataView(packed.buffer).setUint32(0, json.length);
  packed.set(json, HEAD);
  packed.set(bytes, HEAD + json.length);
  return packed;
}

const NONE = new Uint8Array(0);

export function unpack(packed: Uint8Array): Connection {
  const end = HEAD + new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const connection: Connection = JSON.parse(decoder.decode(packed.subarray(HEAD, end)));
  if (connection.sort === "operator") return connection;
  return { ...connection, carried: { ...connection.carried, bytes: packed.slice(end) } };
}
