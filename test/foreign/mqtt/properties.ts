/** Each property of MQTT 5 in each packet: where it may be, twice, cut off, of a wrong value, and where it may not. */
import { type Bytes, string, u16, u32, varint } from "../../support/mqtt_bytes.ts";
import { HEX_FAULT, one, type Written } from "./vector.ts";

type Form = "byte" | "two bytes" | "four bytes" | "text" | "binary" | "pair" | "number";

/** Its id, its name, its form; then a value that is none of it, where there is one. */
const PROPERTIES: [id: number, name: string, form: Form, wrong?: Bytes][] = [
  [0x01, "payload format", "byte", [2]],
  [0x02, "message expiry", "four bytes"],
  [0x03, "content type", "text"],
  [0x08, "response topic", "text"],
  [0x09, "correlation data", "binary"],
  [0x0b, "subscription identifier", "number", [0]],
  [0x11, "session expiry", "four bytes"],
  [0x12, "assigned client identifier", "text"],
  [0x13, "server keep alive", "two bytes"],
  [0x15, "authentication method", "text"],
  [0x16, "authentication data", "binary"],
  [0x17, "request problem information", "byte", [2]],
  [0x18, "will delay", "four bytes"],
  [0x19, "request response information", "byte", [2]],
  [0x1a, "response information", "text"],
  [0x1c, "server reference", "text"],
  [0x1f, "reason string", "text"],
  [0x21, "receive maximum", "two bytes", [0, 0]],
  [0x22, "topic alias maximum", "two bytes"],
  [0x23, "topic alias", "two bytes"],
  [0x24, "maximum QoS", "byte"],
  [0x25, "retain available", "byte"],
  [0x26, "user property", "pair"],
  [0x27, "maximum packet size", "four bytes", [0, 0, 0, 0]],
  [0x28, "wildcards available", "byte"],
  [0x29, "subscription identifiers available", "byte"],
  [0x2a, "shared subscriptions available", "byte"],
];

const VALUE: Record<Form, Bytes> = {
  byte: [1],
  "two bytes": u16(257),
  "four bytes": u32(0x10000001),
  text: string("p"),
  binary: string("p"),
  pair: [...string("p"), ...string("q")],
  number: [1],
};

/** Ids that no property has, and numbers that are written with more bytes than they need or may have. */
const UNKNOWN = ["00", "04", "05", "06", "07", "0a", "0c", "0d", "0e", "0f", "10", "14", "1b", "1d", "1e", "20", "7f"]
  .concat("8000", "8001", "ff7f", "808001", "ffff7f", "80808001", "ffffff7f", "8080808001");

/** A packet with these properties in it, which are not checked. */
type Around = (properties: Bytes) => Bytes;

const bytes = (text: string): Bytes => text.match(/../g)!.map((pair) => parseInt(pair, 16));

/** Those that a packet may have: right, empty, twice, cut off, wrong. `fine` is what is said to a packet that is right. */
export function allowed(ids: number[], around: Around, fine: string, fault: string): Written[] {
  return PROPERTIES.filter(([id]) => ids.includes(id)).flatMap(([id, name, form, wrong]) => {
    const written = [
      one(name, around([id, ...VALUE[form]]), fine),
      one(`${name}, cut off`, around([id]), fault),
      form === "pair"
        ? one(`${name} twice`, around([id, ...VALUE[form], id, ...VALUE[form]]), fine)
        : one(`${name} twice`, around([id, ...VALUE[form], id, ...VALUE[form]]), fault),
    ];
    if (wrong) written.push(one(`${name}, a value that it cannot have`, around([id, ...wrong]), fault));
    if (form === "pair") {
      written.push(
        one(`${name} without a value`, around([id, ...string("p")]), fault),
        one(`${name} with an empty name`, around([id, ...string(""), ...string("p")]), fine),
        one(`${name} with an empty value`, around([id, ...string("p"), ...string("")]), fine),
        one(`${name}, both empty`, around([id, ...string(""), ...string("")]), fine),
      );
    }
    return written;
  });
}

/** All others, right and cut off, and what is no property. */
export function disallowed(ids: number[], around: Around, fault: string): Written[] {
  const others = PROPERTIES.filter(([id]) => !ids.includes(id)).flatMap(([id, name, form]) => [
    one(`${name}, which is not for it`, around([id, ...VALUE[form]]), fault),
    one(`${name}, which is not for it, cut off`, around([id]), fault),
  ]);
  return [...others, ...UNKNOWN.map((id) => one(`no property: ${id}`, around([...bytes(id), 1]), fault))];
}

/** With their length before them. */
export const block = (properties: Bytes): Bytes => [...varint(properties.length), ...properties];

export const REFUSED = `CONNACK ${HEX_FAULT}`;
