/** PUBLISH, and the acknowledgements of what the other side published. */
import { type Bytes, hex, packet, string, u16, utf8 } from "../../support/mqtt_bytes.ts";
import { allowed, block, disallowed } from "./properties.ts";
import {
  endless,
  faultOf,
  flags,
  grouped,
  HEX_FAULT,
  ILL,
  type Level,
  noProperties,
  ODD,
  one,
  type Player,
  type Vector,
  type Written,
} from "./vector.ts";

const ID = 1234;
const QOS_2 = "QoS 2 does not exist here";
const RETAIN = "nothing is retained here";
const FOREIGN = "nobody publishes but under its own name";
const ALIAS = "there are no topic aliases here";

export function publishVectors(player: Player): Vector[] {
  return [
    ...grouped("PUBLISH 3.1.1", 4, publish(player, 4)),
    ...grouped("PUBLISH 5", 5, publish(player, 5)),
    ...grouped("properties of PUBLISH", 5, properties(player)),
    ...acks().flatMap(([name, type, right]) => [
      ...grouped(`${name} 3.1.1`, 4, ack(name, type, right, 4)),
      ...grouped(`${name} 5`, 5, [...ack(name, type, right, 5), ...ackFive(name, type, right)]),
    ]),
  ];
}

function publish({ own, payload, foreign }: Player, level: Level): Written[] {
  const fault = faultOf(level);
  const rest = [noProperties(level), utf8(payload)].flat();
  const at = (head: number, topic: string | Bytes, id: number | null, more = rest) =>
    packet(head, string(topic), id === null ? [] : u16(id), more);
  const acked = `PUBACK ${ID} 0`;
  const refused = level === 5 ? "PUBACK 1234 87|90" : "closed";
  const noTwo = { instead: QOS_2 };
  const two = level === 5 ? "DISCONNECT 9b" : "closed";
  const noRetain = { instead: RETAIN };
  const five = level === 5;
  return [
    endless(0x30),
    one("QoS 0", at(0x30, own, null)),
    one("QoS 0, retained", at(0x31, own, null), five ? "DISCONNECT 9a" : "", five ? noRetain : {}),
    one(
      "QoS 0, retained and empty",
      at(0x31, own, null, noProperties(level)),
      five ? "DISCONNECT 9a" : "",
      five ? noRetain : {},
    ),
    one("no topic", at(0x30, "", null), five ? `DISCONNECT ${HEX_FAULT}|90` : "closed"),
    one("QoS 0, for the second time", at(0x38, own, null), fault),
    one("QoS 3 without an id", at(0x36, own, null), fault),
    one("QoS 3", at(0x36, own, ID), fault),
    one("QoS 1, cut off before its id", packet(0x32, string(own)), fault),
    one("QoS 1 with the id 0", at(0x32, own, 0), fault),
    one("QoS 2 with the id 0", at(0x34, own, 0), five ? `DISCONNECT ${HEX_FAULT}|9b` : "closed"),
    one("QoS 1", at(0x32, own, ID), acked),
    one("QoS 1, for the second time", at(0x3a, own, ID), acked),
    one("QoS 2", at(0x34, own, ID), two, noTwo),
    one("QoS 2, for the second time", at(0x3c, own, ID), two, noTwo),
    one("QoS 2, empty", at(0x34, own, ID, noProperties(level)), two, noTwo),
    one("QoS 2 elsewhere", at(0x34, "$test/test", ID), two, noTwo),
    ...ILL.map(([what, bytes]) =>
      one(`a topic with ${what}`, at(0x32, bytes, ID), five ? `DISCONNECT ${HEX_FAULT}|90` : "closed")
    ),
    ...ODD.map(([what, bytes]) =>
      one(`a topic with ${what}`, at(0x32, bytes, ID), five ? refused : "closed", { instead: FOREIGN })
    ),
    one("a topic with U+2A6D4", at(0x32, "A\u{2a6d4}", ID), refused, { instead: FOREIGN }),
    one("a topic with +", at(0x30, "devices/+/telemetry", null), five ? `DISCONNECT ${HEX_FAULT}|90` : "closed"),
    one("a topic with #", at(0x30, "devices/#", null), five ? `DISCONNECT ${HEX_FAULT}|90` : "closed"),
    one("somebody else's topic", at(0x32, foreign, ID), refused, { instead: FOREIGN }),
    one("$SYS", at(0x32, "$SYS/broker/uptime", ID), refused, { instead: FOREIGN }),
    one("$SYS of a bridge", at(0x32, "$SYS/broker/connection/me/state", ID), refused, { instead: FOREIGN }),
    one("$share", at(0x32, `$share/share/${own}`, ID), refused),
    one(
      "a packet that is larger than was allowed",
      at(0x32, own, ID, [...noProperties(level), ...Array(9_000).fill(0x20)]),
      five ? "DISCONNECT 95" : "closed",
    ),
  ];
}

const PUBLISH = [0x01, 0x02, 0x03, 0x08, 0x09, 0x26];
/** Topic aliases may be there, and subscription identifiers from a server: they are by themselves below. */
const APART = [0x0b, 0x23];

function properties({ own, payload }: Player): Written[] {
  const around = (properties: Bytes) => packet(0x32, string(own), u16(ID), block(properties), utf8(payload));
  const fault = faultOf(5);
  return [
    ...allowed(PUBLISH, around, `PUBACK ${ID} 0`, fault),
    ...disallowed([...PUBLISH, ...APART], around, fault),
    one("a payload that is said to be no text", around([0x01, 0]), `PUBACK ${ID} 0`),
    one("an expiry of nothing", around([0x02, 0, 0, 0, 0]), `PUBACK ${ID} 0`),
    one("empty correlation data", around([0x09, 0, 0]), `PUBACK ${ID} 0`),
    one("an empty content type", around([0x03, 0, 0]), `PUBACK ${ID} 0`),
    one("a topic alias", around([0x23, 0, 1]), "DISCONNECT 94", { instead: ALIAS }),
    one("a topic alias of 0", around([0x23, 0, 0]), `DISCONNECT ${HEX_FAULT}|94`),
    one("a topic alias that is too high", around([0x23, 0, 17]), "DISCONNECT 94"),
    one("a topic alias twice", around([0x23, 0, 1, 0x23, 0, 1]), `DISCONNECT ${HEX_FAULT}|94`),
    one("two topic aliases", around([0x23, 0, 1, 0x23, 0, 2]), `DISCONNECT ${HEX_FAULT}|94`),
    one("a topic alias, cut off", around([0x23]), fault),
    one(
      "a topic alias without a topic",
      packet(0x32, string(""), u16(ID), block([0x23, 0, 1])),
      `DISCONNECT ${HEX_FAULT}|94`,
    ),
    ...["0b00", "0b01", "0b8000", "0b8080808001", "0b010b01", "0b"].map((bytes) =>
      one(`a client's subscription identifier: ${bytes}`, around(hex(bytes)), fault)
    ),
  ];
}

/** Which have a packet's id only: their names, types and low bits. */
const acks = (): [name: string, type: number, right: number][] => [
  ["PUBACK", 4, 0],
  ["PUBREC", 5, 0],
  ["PUBREL", 6, 2],
  ["PUBCOMP", 7, 0],
];

/** Nothing is acknowledged by a PUBACK that nobody waits for; the other three belong to QoS 2. */
const fineFor = (name: string, level: Level) => name === "PUBACK" ? "" : faultOf(level);
const whyFor = (name: string) => name === "PUBACK" ? {} : { instead: QOS_2 };

function ack(name: string, type: number, right: number, level: Level): Written[] {
  const head = (type << 4) | right;
  const fault = faultOf(level);
  return [
    endless(head),
    one("of nothing", packet(head, u16(1)), fineFor(name, level), whyFor(name)),
    one("of the id 0", packet(head, u16(0)), fault),
    one("empty", packet(head), fault),
    one("of one byte", packet(head, [1]), fault),
    ...level === 4 ? [one("of three bytes", packet(head, u16(1), [0]), fault)] : [],
    ...flags(type, right, level, u16(1)),
  ];
}

const ACK = [0x1f, 0x26];

function ackFive(name: string, type: number, right: number): Written[] {
  const head = (type << 4) | right;
  const around = (properties: Bytes) => packet(head, u16(1), [0], block(properties));
  const [fine, fault] = [fineFor(name, 5), faultOf(5)];
  // 0x80 is a code of two of them only: of the two of QoS 2 it is a fault, and here everything of those is one.
  const code = (value: number, hear: string, ...more: Bytes[]) =>
    one(
      `code ${value.toString(16)}${more.length > 0 ? ` and ${more.flat().length} bytes` : ""}`,
      packet(head, u16(1), [value], ...more),
      hear,
      whyFor(name),
    );
  return [
    code(0, fine),
    code(0x80, fine),
    code(0, fine, [0]),
    code(0x80, fine, [0]),
    code(0xff, fault, [0]),
    code(0, fault, [1]),
    code(0, fault, [0, 0]),
    ...allowed(ACK, around, fine, fault),
    ...disallowed(ACK, around, fault),
    one("an empty reason", around([0x1f, 0, 0]), fine, whyFor(name)),
    one("a reason cut off in its length", around([0x1f, 0]), fault),
  ];
}
