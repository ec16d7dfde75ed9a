/** What a connection over MQTT has besides: a small value too, which fits a sleeping socket's attachment [M]. */
import { NO_BYTES } from "../../mqtt/framing.ts";
import type { Connect, Version } from "../../mqtt/read.ts";
import type { Filter, TopicOut } from "../../mqtt/topics.ts";
import { KEEP_ALIVE } from "../../mqtt/write.ts";

/** The beginning of a packet that has not all come yet. */
export interface Rest {
  readonly bytes: Uint8Array;
  readonly length: number;
}

export const NO_REST: Rest = { bytes: NO_BYTES, length: 0 };
export const restOf = (bytes: Uint8Array): Rest => ({ bytes, length: bytes.length });

export interface Speech {
  version: Version;
  /** In seconds, instead of its kind's `heartbeat`; 0 where nothing is promised [M9]. */
  keepAlive: number;
  /** What it subscribed to, with the QoS that it was granted. */
  filters: Partial<Record<Filter, 0 | 1>>;
  /** The id of its newest publish with QoS 1, those that it has not acknowledged, and how many these may be [M8]. */
  lastId: number;
  inFlight: readonly number[];
  most: number;
  /** Bytes of a packet that it takes; absent where it said nothing. */
  maxPacket?: number;
  /** It wants no reason strings. */
  isTerse?: true;
  /** Its `hello` came [C15]. */
  hasGreeted?: true;
  /** Why it is offline, unless it takes its leave [M10]. */
  will: string | null;
  /** Publishes of samples with QoS 1 that the next flush acknowledges [M7]. */
  owed: readonly number[];
  rest: Rest;
}

/** More are not counted: a sleeping socket has to keep their ids. */
const MOST_IN_FLIGHT = 32;
const LONGEST_WILL = 256;

export const speechOf = (connect: Connect): Speech => ({
  version: connect.version,
  keepAlive: connect.version === 5 ? KEEP_ALIVE : connect.keepAlive,
  filters: {},
  lastId: 0,
  inFlight: [],
  most: Math.min(MOST_IN_FLIGHT, connect.receiveMaximum),
  ...(connect.maxPacket < Infinity && { maxPacket: connect.maxPacket }),
  ...(connect.isTerse && { isTerse: true }),
  will: reasonOf(connect.will?.text ?? ""),
  owed: [],
  rest: NO_REST,
});

/** One line of text; nothing is no reason. */
const reasonOf = (text: string): string | null =>
  text.replaceAll(/\p{Cc}+/gu, " ").trim().slice(0, LONGEST_WILL).toWellFormed() || null;

/** The QoS with which it gets frames of this type; null where it did not subscribe to them. */
export function grantOf({ filters }: Speech, type: TopicOut): 0 | 1 | null {
  const granted = [filters[type], filters["+"], filters["#"]].filter((qos) => qos !== undefined);
  return granted.length === 0 ? null : Math.max(...granted) as 0 | 1;
}

export const hasRoom = ({ inFlight, most }: Speech): boolean => inFlight.length < most;

/** May a command be sent now? One that has to be acknowledged waits until there is room for it [M8]. */
export function takesCommands(speech: Speech): boolean {
  const qos = grantOf(speech, "command");
  return qos !== null && (qos === 0 || hasRoom(speech));
}
