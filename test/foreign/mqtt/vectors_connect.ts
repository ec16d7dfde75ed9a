/** CONNECT, right and wrong, and what may not come before it. */
import { connect, hex, packet, string, u16 } from "../../support/mqtt_bytes.ts";
import { allowed, disallowed, REFUSED } from "./properties.ts";
import {
  comeIn,
  endless,
  grouped,
  ILL,
  type Level,
  ODD,
  one,
  type Player,
  type Vector,
  type Written,
} from "./vector.ts";

const BAD = "CONNACK 4|5|86|87";
const first = (written: Written[]): Written[] => written.map((one) => ({ isFirst: true, ...one }));
const MAY = "a receiver may refuse it, and need not: the client id is free";

/** What comes where a CONNECT is to come. */
const START: [string, number[]][] = [
  ["CONNACK", hex("20020000")],
  ["PUBLISH", packet(0x30, string("topic"), hex("00"))],
  ["PUBACK", hex("40020001")],
  ["PUBREC", hex("50020001")],
  ["PUBREL", hex("62020001")],
  ["PUBCOMP", hex("70020001")],
  ["SUBSCRIBE", packet(0x82, u16(1), string("p"), [0])],
  ["SUBACK", hex("9003000100")],
  ["UNSUBSCRIBE", packet(0xa2, u16(1), string("p"))],
  ["UNSUBACK", hex("b0020001")],
  ["PINGREQ", hex("c000")],
  ["PINGRESP", hex("d000")],
  ["DISCONNECT", hex("e000")],
  ["AUTH", hex("f000")],
  ["a packet of the type 0", hex("0000")],
  ["the type 0 with a flag", hex("0400")],
];

export function connectVectors(player: Player): Vector[] {
  return [
    ...grouped("no CONNECT first", 4, first(START.map(([name, bytes]) => one(name, bytes, "closed")))),
    ...grouped("CONNECT 3.1", 3, first(old(player))),
    ...grouped("CONNECT 3.1.1", 4, first(both(player, 4, "closed"))),
    ...grouped("CONNECT 3.1.1", 4, first(eleven(player))),
    ...grouped("CONNECT 5", 5, first(both(player, 5, "CONNACK 81|82|85"))),
    ...grouped("CONNECT 5", 5, first(five(player))),
    ...grouped("properties of CONNECT", 5, first(connectProperties(player))),
    ...grouped("properties of the will", 5, first(willProperties(player))),
  ];
}

/** MQTT 3.1, which is older than what is spoken here. */
function old(player: Player): Written[] {
  const name = "MQIsdp";
  const instead = "3.1 is not spoken";
  return [
    one("3.1", comeIn(player, 3, { name }), "CONNACK 1", { instead }),
    one("3.1, a session that stays", comeIn(player, 3, { name, flags: 0 }), "CONNACK 1", { instead }),
    one("without a client id", comeIn(player, 3, { name, client: "" }), "CONNACK 1|2"),
    ...[2, 4, 6].map((level) => one(`level ${level}`, connect({ level, name }), "CONNACK 1|84")),
    one("a length of five bytes", [0x10, 0x80, 0x80, 0x80, 0x80, 1, ...string(name)], "closed"),
  ];
}

function both(player: Player, level: Level, fault: string): Written[] {
  const ask = (given = {}) => comeIn(player, level, given);
  const { user, password, own, foreign } = player;
  const will = { topic: own.replace(/[^/]+$/, "will"), payload: "gone" };
  const properties = level === 5 ? [0] : [];
  const parts = (...more: number[][]) => packet(0x10, string("MQTT"), [level], [0xc2], u16(10), properties, ...more);
  return [
    one("right", ask(), "CONNACK 0"),
    one("first byte 11", [0x11, ...ask().slice(1)], "closed"),
    one("first byte 12", [0x12, ...ask().slice(1)], "closed"),
    one("first byte 14", [0x14, ...ask().slice(1)], "closed"),
    one("first byte 18", [0x18, ...ask().slice(1)], "closed"),
    one("first byte 1f", [0x1f, ...ask().slice(1)], "closed"),
    endless(0x10),
    one("nothing in it", hex("1000"), "closed"),
    one("cut off in the protocol's name", hex("10020004"), "closed"),
    one("cut off after the protocol's name", packet(0x10, string("MQTT")), "closed"),
    one("cut off after the flags", packet(0x10, string("MQTT"), [level, 2]), "closed"),
    one("cut off after the keep-alive", packet(0x10, string("MQTT"), [level, 2], u16(10), properties), "closed"),
    one("another protocol: MQT", ask({ name: "MQT" }), "closed"),
    one("another protocol: MQTTT", ask({ name: "MQTTT" }), "closed"),
    one("another protocol: MQTU", ask({ name: "MQTU" }), "closed"),
    one("another protocol: hj", ask({ name: "hj" }), "closed"),
    one("no protocol", ask({ name: "" }), "closed"),
    ...[2, 6, 0xff].map((other) => one(`level ${other}`, connect({ level: other }), "CONNACK 1|84")),
    one("the flag that is reserved", ask({ flags: 3 }), fault),
    one("QoS of a will, without one", ask({ flags: 0x0a }), fault),
    one("retain of a will, without one", ask({ flags: 0x22 }), fault),
    one("a will without topic and payload", connect({ level, flags: 6 }), fault),
    one(
      "a will without a payload",
      packet(0x10, string("MQTT"), [level, 6], u16(10), properties, string("p"), properties, string("p")),
      fault,
    ),
    one("a will", ask({ will }), "CONNACK 0"),
    one("a will of QoS 1", ask({ will, flags: 0x0a }), "CONNACK 0"),
    one("a will of QoS 3", ask({ will, flags: 0x1a }), fault),
    ...ILL.map(([what, bytes]) =>
      one(`a will for a topic with ${what}`, ask({ will: { ...will, topic: bytes } }), "closed")
    ),
    ...ODD.map(([what, bytes]) =>
      one(`a will for a topic with ${what}`, ask({ will: { ...will, topic: bytes } }), "closed")
    ),
    one("a will for $CONTROL", ask({ will: { ...will, topic: "$CONTROL/dynamic-security/v1" } }), "closed"),
    one(
      "a will for somebody else's topic",
      ask({ will: { ...will, topic: foreign } }),
      level === 5 ? "CONNACK 87" : "CONNACK 5",
    ),
    ...ILL.map(([what, bytes]) => one(`a client id with ${what}`, ask({ client: bytes }), fault)),
    ...ODD.map(([what, bytes]) => one(`a client id with ${what}`, ask({ client: bytes }), "", { not: MAY })),
    ...ILL.map(([what, bytes]) => one(`a user name with ${what}`, ask({ user: bytes }), "closed")),
    ...ODD.map(([what, bytes]) => one(`a user name with ${what}`, ask({ user: bytes }), "closed")),
    one("a byte too many", parts(string("p"), string(user), string(password), [0]), fault),
    one(
      "a user name that is not announced",
      packet(0x10, string("MQTT"), [level, 2], u16(10), properties, string("p"), string(user)),
      fault,
    ),
    one(
      "a user name that does not come",
      packet(0x10, string("MQTT"), [level, 0x82], u16(10), properties, string("p")),
      fault,
    ),
    one(
      "a password that is not announced",
      packet(0x10, string("MQTT"), [level, 0x82], u16(10), properties, string("p"), string(user), string(password)),
      fault,
    ),
    one(
      "a password that does not come",
      packet(0x10, string("MQTT"), [level, 0xc2], u16(10), properties, string("p"), string(user)),
      fault,
    ),
    one("a password with U+0000", ask({ password: [0x74, 0x6f, 0x70, 0, 0] }), BAD, {
      instead: "it is nobody's token",
    }),
    one("another's password", ask({ password: `${user}.nobodys` }), BAD),
    one("an empty user name", ask({ user: "" }), BAD, { instead: "nobody comes in without a name" }),
    one("neither user name nor password", connect({ level }), BAD, { instead: "nobody comes in without a token" }),
    {
      name: "twice",
      steps: [{ send: ask() }, { hear: "CONNACK 0" }, { send: ask() }, {
        hear: level === 5 ? "DISCONNECT 82" : "closed",
      }],
    },
    one("lengths that reach behind its end", [
      ...hex("1007"),
      ...string("MQTT"),
      level,
      0xc2,
      ...u16(60),
      ...u16(11),
      0x70,
    ], "closed"),
  ];
}

function eleven(player: Player): Written[] {
  const ask = (given = {}) => comeIn(player, 4, given);
  const empty = { client: "" };
  return [
    one(
      "a password without a user name",
      packet(0x10, string("MQTT"), [4, 0x42], u16(10), string("p"), string("p")),
      "closed",
    ),
    one("without a client id", ask(empty), "CONNACK 0"),
    one("without a client id, and a session that stays", ask({ ...empty, flags: 0 }), "CONNACK 2"),
    one("MQTT at level 3", comeIn(player, 3, { name: "MQTT" }), "CONNACK 1"),
  ];
}

function five(player: Player): Written[] {
  const ask = (given = {}) => comeIn(player, 5, given);
  return [
    one("without a client id", ask({ client: "" }), "CONNACK 0"),
    one("without a client id, and a session that stays", ask({ client: "", flags: 0 }), "CONNACK 0"),
    one(
      "a password without a user name",
      packet(0x10, string("MQTT"), [5, 0x42], u16(10), [0], string("p"), string(player.password)),
      BAD,
      {
        instead: "nobody comes in without a name",
      },
    ),
    one(
      "a way of authentication that is not known",
      ask({ properties: [0x15, ...string("unsupported"), 0x16, ...string("test")] }),
      "CONNACK 8c",
    ),
  ];
}

const CONNECT = [0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27];
const WILL = [0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26];
/** The two of authentication are refused by other codes. */
const PLAIN = CONNECT.filter((id) => id !== 0x15 && id !== 0x16);

function connectProperties(player: Player): Written[] {
  const around = (properties: number[]) => comeIn(player, 5, { properties });
  const method = [0x15, ...string("p")];
  const data = [0x16, ...string("p")];
  return [
    ...allowed(PLAIN, around, "CONNACK 0", REFUSED),
    ...disallowed(CONNECT, around, REFUSED),
    one("a method cut off", around([0x15]), REFUSED),
    one("a method twice", around([...method, ...method]), "CONNACK 81|82|8c"),
    one("data cut off", around([...method, 0x16]), "CONNACK 81|82|8c"),
    one("data without a method", around(data), REFUSED),
    one("data twice", around([...method, ...data, ...data]), "CONNACK 81|82|8c"),
    one("no topic aliases", around([0x22, 0, 0]), "CONNACK 0"),
    one("the largest of packets", around([0x27, 0xff, 0xff, 0xff, 0xff]), "CONNACK 0"),
    one("a packet of two bytes at most", around([0x27, 0, 0, 0, 2]), "closed"),
  ];
}

function willProperties(player: Player): Written[] {
  const topic = player.own.replace(/[^/]+$/, "will");
  const around = (properties: number[]) => comeIn(player, 5, { will: { topic, payload: "gone", properties } });
  return [
    ...allowed(WILL, around, "CONNACK 0", REFUSED),
    ...disallowed(WILL, around, REFUSED),
    one("an empty content type", around([0x03, ...string("")]), "CONNACK 0"),
    one("an empty response topic", around([0x08, ...string("")]), REFUSED),
    one("empty correlation data", around([0x09, ...string("")]), "CONNACK 0"),
  ];
}
