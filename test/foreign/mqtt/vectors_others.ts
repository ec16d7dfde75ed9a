/** DISCONNECT, pings, AUTH, the type 0, and what only a server says. */
import { type Bytes, hex, packet, string, u16, u32 } from "../../support/mqtt_bytes.ts";
import { allowed, block, disallowed } from "./properties.ts";
import {
  comeIn,
  endless,
  faultOf,
  flags,
  grouped,
  type Level,
  one,
  type Player,
  type Vector,
  type Written,
} from "./vector.ts";

const LEVELS: Level[] = [4, 5];

export function otherVectors(player: Player): Vector[] {
  return [
    ...LEVELS.flatMap((level) => [
      ...grouped(`PINGREQ ${word(level)}`, level, ping(level)),
      ...grouped(`PINGRESP ${word(level)}`, level, pong(level)),
      ...grouped(`DISCONNECT ${word(level)}`, level, disconnect(level)),
      ...grouped(`AUTH ${word(level)}`, level, auth(level)),
      ...grouped(`the type 0 ${word(level)}`, level, nothing(level)),
      ...SERVERS.flatMap(([name, type, body]) => grouped(`${name} ${word(level)}`, level, servers(type, body, level))),
    ]),
    ...grouped("DISCONNECT 5", 5, codes(player)),
    ...grouped("properties of DISCONNECT", 5, disconnectProperties()),
    ...SERVERS.flatMap(([name, type, body, own]) =>
      grouped(`properties of ${name}`, 5, serversProperties(type, body, own))
    ),
  ];
}

const word = (level: Level) => level === 5 ? "5" : "3.1.1";

function ping(level: Level): Written[] {
  return [
    endless(0xc0),
    one("right", hex("c000"), "PINGRESP"),
    one("with a byte in it", hex("c00100"), "closed"),
    ...flags(12, 0, level),
  ];
}

/** Only a server says it. */
const pong = (level: Level): Written[] => [
  endless(0xd0),
  one("right", hex("d000"), faultOf(level)),
  one("with a byte in it", hex("d00100"), faultOf(level)),
  ...flags(13, 0, level),
];

const disconnect = (level: Level): Written[] => [
  endless(0xe0),
  one("right", hex("e000"), "closed"),
  one("a byte in it", hex("e00100"), "closed"),
  ...flags(14, 0, level),
];

const auth = (level: Level): Written[] => [
  endless(0xf0),
  one("right", hex("f000"), faultOf(level)),
  one("a byte in it", hex("f00100"), faultOf(level)),
  ...flags(15, 0, level),
];

const nothing = (level: Level): Written[] => [
  endless(0x00),
  ...["0000", "0100", "0200", "0400", "0800", "000100"].map((bytes) => one(bytes, hex(bytes), faultOf(level))),
  ...level === 5
    ? [one("a length that does not end", hex("0ac0"), "", { not: "nothing tells it from one that is still under way" })]
    : [],
];

/** Whatever a client calls the end, it is one. */
function codes(player: Player): Written[] {
  const ends = [0, 1, 4, 5, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90];
  for (let code = 0x93; code <= 0xa2; code++) ends.push(code);
  return [
    ...ends.map((code) => one(`code ${code.toString(16)}`, packet(0xe0, [code]), "closed")),
    one("code 82, no properties", packet(0xe0, [0x82, 0]), "closed"),
    ...["00", "11", "1100", "110000", "11000000", "1100000000"].map((bytes) =>
      one(
        `one byte of properties: ${bytes}`,
        packet(0xe0, [0, 1], hex(bytes)),
        bytes.length > 8 ? "closed" : faultOf(5),
      )
    ),
    {
      name: "a session that is to stay, of one that had none",
      isFirst: true,
      steps: [
        { send: comeIn(player, 5, { properties: [0x11, ...u32(0)] }) },
        { hear: "CONNACK 0" },
        { send: packet(0xe0, [0], block([0x11, ...u32(1)])) },
        { hear: "closed" },
      ],
      instead: "every session ends with its connection",
    },
  ];
}

function disconnectProperties(): Written[] {
  const around = (properties: Bytes) => packet(0xe0, [0], block(properties));
  return [
    ...allowed([0x1f, 0x26], around, "closed", faultOf(5)),
    ...disallowed([0x11, 0x1c, 0x1f, 0x26], around, faultOf(5)),
    one("an expiry of nothing", around([0x11, ...u32(0)]), "closed"),
    one("an expiry twice", around([0x11, ...u32(0), 0x11, ...u32(0)]), faultOf(5)),
    one("an expiry, cut off", around([0x11]), faultOf(5)),
    one("another server", around([0x1c, ...string("p")]), "closed"),
    one("another server twice", around([0x1c, ...string("p"), 0x1c, ...string("p")]), faultOf(5)),
    one("another server, cut off", around([0x1c]), faultOf(5)),
    one("an empty reason", around([0x1f, 0, 0]), "closed"),
  ];
}

/** What only servers say: names, types, what is before and behind their properties, and which these are. */
const SERVERS: [name: string, type: number, body: [Bytes, Bytes], own: number[]][] = [
  ["CONNACK", 2, [[0, 0], []], [
    0x11,
    0x12,
    0x13,
    0x15,
    0x16,
    0x1a,
    0x1c,
    0x1f,
    0x21,
    0x22,
    0x24,
    0x25,
    0x26,
    0x27,
    0x28,
    0x29,
    0x2a,
  ]],
  ["SUBACK", 9, [u16(1), [0]], [0x1f, 0x26]],
  ["UNSUBACK", 11, [u16(1), [0]], [0x1f, 0x26]],
];

function servers(type: number, [before, behind]: [Bytes, Bytes], level: Level): Written[] {
  const head = type << 4;
  const none = level === 5 ? [0] : [];
  const fault = faultOf(level);
  const bits = type === 2 ? [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80] : [];
  const codes = [1, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x8f, 0x90, 0x91]
    .concat(0x95, 0x97, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa1, 0xa2, 0xff);
  return [
    endless(head),
    one("right", packet(head, before, none, behind), fault),
    one("empty", packet(head), fault),
    one("of one byte", packet(head, [0]), fault),
    one("of two bytes", packet(head, u16(1)), fault),
    one("of the id 0", packet(head, u16(0), none, behind), fault),
    one("a byte too many", packet(head, before, none, behind, [0]), fault),
    one("first byte 29, and two bytes", hex("29020001"), fault),
    ...flags(type, 0, level, before, none, behind),
    ...bits.map((bit) => one(`its flags are ${bit.toString(16)}`, packet(head, [bit, 0], none), fault)),
    ...codes.map((code) =>
      one(
        `code ${code.toString(16)}`,
        type === 2 ? packet(head, [0, code], none) : packet(head, before, none, [code]),
        fault,
      )
    ),
  ];
}

function serversProperties(type: number, [before, behind]: [Bytes, Bytes], own: number[]): Written[] {
  const fault = faultOf(5);
  const around = (properties: Bytes) => packet(type << 4, before, block(properties), behind);
  // They are all faults: allowed or not, right or not.
  return [...allowed(own, around, fault, fault), ...disallowed(own, around, fault)];
}
