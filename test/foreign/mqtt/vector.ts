/** A case of the wire: what a client sends, byte by byte, and what a door may say to it. */
import { type Bytes, type Connect, connect, packet } from "../../support/mqtt_bytes.ts";

/** 3 is MQTT 3.1, 4 is 3.1.1. */
export type Level = 3 | 4 | 5;

/** Who plays: a device that may come in, and topics of its own and of somebody else. */
export interface Player {
  user: string;
  password: string;
  /** It may publish here, and this. */
  own: string;
  payload: string;
  /** It may subscribe to these. */
  filters: [string, string];
  foreign: string;
}

/**
 * What is sent, and what is heard then, in turn. Heard is a text of `said()`, `|` between what may be in its last place,
 * and `closed` where the connection ends with or without a word. A refusal ends it too: CONNACK but 0, and DISCONNECT.
 */
export type Step = { send: Bytes } | { hear: string };

export interface Vector {
  group: string;
  name: string;
  level: Level;
  /** Begins without the CONNECT and CONNACK that others have before. */
  isFirst?: boolean;
  steps: Step[];
  /** Another server says something else there; why this one does not. */
  instead?: string;
  /** It is not played; why. */
  not?: string;
}

export const HEX_FAULT = "81|82";

/** Which answer a packet has that is malformed or against the protocol: 3.1.1 has no word for it. */
export const faultOf = (level: Level): string => level === 5 ? `DISCONNECT ${HEX_FAULT}` : "closed";

export const comeIn = (player: Player, level: Level, given: Connect = {}): Bytes =>
  connect({ level, client: "p", user: player.user, password: player.password, ...given });

export interface Written {
  name: string;
  steps: Step[];
  isFirst?: boolean;
  instead?: string;
  not?: string;
}

/** A case in one line: its name, what is sent, what is heard; nothing heard is a connection that stays. */
export const one = (name: string, send: Bytes, hear = "", more: Partial<Written> = {}): Written => ({
  name,
  steps: hear === "" ? [{ send }] : [{ send }, { hear }],
  ...more,
});

export const grouped = (group: string, level: Level, written: Written[]): Vector[] =>
  written.map((one) => ({ group, level, ...one }));

/** Texts that no string of MQTT may be, then those that a receiver may refuse and need not. */
export const ILL: [string, Bytes][] = [
  ["U+0000", [0x74, 0x6f, 0x70, 0, 0]],
  ["the surrogate U+D800", [0x74, 0x6f, 0xed, 0xa0, 0x80]],
  ["the surrogate U+DFFF", [0x74, 0x6f, 0xed, 0xbf, 0xbf]],
];
export const ODD: [string, Bytes][] = [
  ["U+0001", [0x74, 0x6f, 0x70, 1, 0x70]],
  ["U+001F", [0x74, 0x6f, 0x70, 0x1f, 0x70]],
  ["U+007F", [0x74, 0x6f, 0x70, 0x7f, 0x70]],
  ["U+009F", [0x74, 0x6f, 0x70, 0xc2, 0x9f]],
];

/** A length in five bytes, which no length may have: whatever was announced never comes. */
export const endless = (head: number): Written =>
  one("a length of five bytes", [head, 0x80, 0x80, 0x80, 0x80, 1], "closed");

/** The same packet with each of its four low bits that are not to be so. */
export const flags = (type: number, right: number, level: Level, ...parts: Bytes[]): Written[] =>
  [0, 1, 2, 4, 8].map((bits) => (type << 4) | (right ^ bits)).filter((head) => head !== ((type << 4) | right))
    .map((head) => one(`first byte ${head.toString(16)}`, packet(head, ...parts), faultOf(level)));

export const noProperties = (level: Level): Bytes => level === 5 ? [0] : [];
