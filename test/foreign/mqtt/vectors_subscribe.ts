/** SUBSCRIBE and UNSUBSCRIBE. */
import { type Bytes, hex, packet, string, u16 } from "../../support/mqtt_bytes.ts";
import { allowed, block, disallowed } from "./properties.ts";
import {
  endless,
  faultOf,
  flags,
  grouped,
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
const FOREIGN = "nobody hears but what is its own";
const AT_MOST_1 = "QoS 1 is the most that is granted";
/** MQTT lets it end the connection. */
const BY_ITSELF = { instead: "a filter that cannot be is refused by itself, and the connection stays" };
const NO_SHARES = "there are no shared subscriptions here";
const NO_IDS = "there are no subscription identifiers here";

export function subscribeVectors(player: Player): Vector[] {
  return [
    ...grouped("SUBSCRIBE 3.1.1", 4, [...subscribe(player, 4), ...oldOptions(player)]),
    ...grouped("SUBSCRIBE 5", 5, [...subscribe(player, 5), ...newOptions(player)]),
    ...grouped("properties of SUBSCRIBE", 5, subscribeProperties(player)),
    ...grouped("UNSUBSCRIBE 3.1.1", 4, unsubscribe(player, 4)),
    ...grouped("UNSUBSCRIBE 5", 5, unsubscribe(player, 5)),
    ...grouped("properties of UNSUBSCRIBE", 5, unsubscribeProperties(player)),
  ];
}

/** Which code a filter gets that is not granted. */
const no = (level: Level, five = "87|8f") => level === 5 ? five : "80";

function subscribe({ filters: [p, q], foreign }: Player, level: Level): Written[] {
  const fault = faultOf(level);
  const [none, missing] = [noProperties(level), level === 5 ? [0] : []];
  const ask = (filter: string | Bytes, options = 0, id = ID) => packet(0x82, u16(id), none, string(filter), [options]);
  const two = (one: string, other: string) => packet(0x82, u16(ID), none, string(one), [0], string(other), [0]);
  const suback = (codes: string) => `SUBACK ${ID} ${codes}`;
  return [
    endless(0x82),
    ...flags(8, 2, level, u16(ID), none, string(p), [0]),
    one("QoS 0", ask(p), suback("0")),
    one("QoS 1", ask(p, 1), suback("1")),
    one("QoS 2", ask(p, 2), suback("1"), { instead: AT_MOST_1 }),
    one("QoS 3", ask(p, 3), fault),
    one("two filters", two(p, q), suback("0,0")),
    one("the id 0", ask(p, 0, 0), fault),
    one("empty", packet(0x82), fault),
    one("of one byte", packet(0x82, [1]), fault),
    one("without a filter", packet(0x82, u16(ID), missing), fault),
    one("a filter of half a length", packet(0x82, u16(ID), missing, [0]), fault),
    one("an empty filter without options", packet(0x82, u16(ID), missing, [0, 0]), fault),
    one("without options", packet(0x82, u16(ID), missing, string(p)), fault),
    one("a byte too many", packet(0x82, u16(ID), missing, string(p), [0, 0]), fault),
    one("an empty filter", ask(""), suback(no(level, "8f")), BY_ITSELF),
    one("an empty one before another", two("", q), suback(`${no(level, "8f")},0`), BY_ITSELF),
    one("an empty one after another", two(p, ""), suback(`0,${no(level, "8f")}`), BY_ITSELF),
    one("two empty ones", two("", ""), suback(`${no(level, "8f")},${no(level, "8f")}`), BY_ITSELF),
    ...ILL.map(([what, bytes]) => one(`a filter with ${what}`, ask(bytes), fault)),
    ...ODD.map(([what, bytes]) => one(`a filter with ${what}`, ask(bytes), suback(no(level)), { instead: FOREIGN })),
    one("a + that is not alone in its level", ask("ab/+e"), suback(no(level, "8f")), BY_ITSELF),
    one("a # that is not the last", ask("ab/#/e"), suback(no(level, "8f")), BY_ITSELF),
    one("somebody else's", ask(foreign), suback(no(level)), { instead: FOREIGN }),
    one("all of everybody's", ask("#"), suback(no(level)), { instead: FOREIGN }),
    one("$SYS", ask("$SYS/broker/missing"), suback(no(level)), { instead: FOREIGN }),
    one("a share of it", ask(`$share/share/${p}`), suback(no(level, "9e")), { instead: NO_SHARES }),
    one("one of its own beside somebody else's", two(p, foreign), level === 5 ? suback("0,87") : suback("0,80")),
  ];
}

/** Bits of the options that 3.1.1 does not have. */
const oldOptions = ({ filters: [p] }: Player): Written[] =>
  [4, 8, 16, 32, 64, 128].map((bit) =>
    one(`options ${bit.toString(16)}`, packet(0x82, u16(ID), string(p), [bit]), "closed")
  );

function newOptions({ filters: [p] }: Player): Written[] {
  const ask = (options: number, filter = p) => packet(0x82, u16(ID), [0], string(filter), [options]);
  const fault = faultOf(5);
  return [
    ...[4, 8, 0x10, 0x20].map((options) => one(`options ${options.toString(16)}`, ask(options), `SUBACK ${ID} 0`)),
    ...[0x30, 0x40, 0x80, 0xf0].map((options) => one(`options ${options.toString(16)}`, ask(options), fault)),
    one("a share without one's own", ask(4, `$share/p/${p}`), `SUBACK ${ID} 9e`, { instead: NO_SHARES }),
  ];
}

function subscribeProperties({ filters: [p] }: Player): Written[] {
  const around = (properties: Bytes) => packet(0x82, u16(ID), block(properties), string(p), [0]);
  const fault = faultOf(5);
  const right = ["7f", "8001", "ff7f", "808001", "ffff7f", "80808001", "ffffff7f"];
  return [
    ...allowed([0x26], around, `SUBACK ${ID} 0`, fault),
    ...disallowed([0x26, 0x0b], around, fault),
    ...["01", ...right].map((id) =>
      one(`the identifier ${id}`, around([0x0b, ...hex(id)]), "DISCONNECT a1", { instead: NO_IDS })
    ),
    ...["00", "8000", "8080808001", ""].map((id) =>
      one(`no identifier: ${id}`, around([0x0b, ...hex(id)]), `DISCONNECT 81|82|a1`)
    ),
    one("two identifiers", around([0x0b, 1, 0x0b, 1]), `DISCONNECT 81|82|a1`),
  ];
}

function unsubscribe({ filters: [p, q], foreign }: Player, level: Level): Written[] {
  const fault = faultOf(level);
  const none = noProperties(level);
  const ask = (filter: string | Bytes, id = ID) => packet(0xa2, u16(id), none, string(filter));
  const two = (one: string, other: string) => packet(0xa2, u16(ID), none, string(one), string(other));
  const unsuback = (codes: string) => level === 5 ? `UNSUBACK ${ID} ${codes}` : `UNSUBACK ${ID} `;
  return [
    endless(0xa2),
    ...flags(10, 2, level, u16(ID), none, string(p)),
    one("of nothing", ask(p), unsuback("11")),
    {
      name: "of what was subscribed",
      steps: [
        { send: packet(0x82, u16(ID), none, string(q), [0]) },
        { hear: `SUBACK ${ID} 0` },
        { send: ask(q) },
        { hear: unsuback("0") },
      ],
    },
    one("of two", two(p, q), unsuback("11,11")),
    one("of somebody else's", ask(foreign), unsuback("11|87")),
    one("the id 0", ask(p, 0), fault),
    one("empty", packet(0xa2), fault),
    one("of one byte", packet(0xa2, [1]), fault),
    one("without a filter", packet(0xa2, u16(ID), none), fault),
    one("a filter of half a length", packet(0xa2, u16(ID), none, [0]), fault),
    one("a filter that does not come", packet(0xa2, u16(ID), none, [0, 1]), fault),
    one("an empty one before another", two("", q), unsuback("11,11"), BY_ITSELF),
    one("an empty one after another", two(p, ""), unsuback("11,11"), BY_ITSELF),
    ...ILL.map(([what, bytes]) => one(`a filter with ${what}`, ask(bytes), fault)),
    ...ODD.map(([what, bytes]) => one(`a filter with ${what}`, ask(bytes), unsuback("11|87|8f"), { instead: FOREIGN })),
    one("a + that is not alone in its level", ask("ab/+e"), unsuback("11"), BY_ITSELF),
  ];
}

function unsubscribeProperties({ filters: [p] }: Player): Written[] {
  const around = (properties: Bytes) => packet(0xa2, u16(ID), block(properties), string(p));
  return [
    ...allowed([0x26], around, `UNSUBACK ${ID} 11`, faultOf(5)),
    ...disallowed([0x26], around, faultOf(5)),
  ];
}
