/** The broker over MQTT.js: MQTT 5, or 3.1.1 where that is refused; a client for each connection, which keeps nothing [N2]. */
import mqtt, { type IClientOptions } from "mqtt";
// @ts-ignore The package has types, but none of this file.
import constants from "mqtt-packet/constants.js";
import type { BrokerEar, ConnectBroker } from "./broker.ts";
import { MqttLine, type Tried } from "./mqtt_line.ts";
import { WORD } from "./outbound.ts";
import type { Lack } from "./reason.ts";
import { PATIENCE } from "./sending.ts";

export interface MqttOptions {
  url: string;
  username: string | null;
  password: string | null;
  clientId: string;
  /** Said by the broker once the connection broke, retained. */
  will: { topic: string; payload: string };
  tls?: { ca?: string; cert?: string; key?: string };
  /** Where there are no raw sockets, as on Workers. */
  isNative?: boolean;
  /** Seconds. */
  keepAlive?: number;
  /** How long the broker may take to answer CONNECT, in ms [N3]. */
  patience?: number;
}

const KEEP_ALIVE = 10;
/** What is larger than a body of REST is no command; the broker keeps it to itself. */
const LARGEST = 128 * 1024;

/**
 * Mosquitto acknowledges what is over its `message_size_limit` with 0x95, which MQTT has elsewhere: to the parser that is no
 * packet, and with each such message the connection would end. Any refusal is one [N19].
 */
for (let code = 0x80; code <= 0xff; code++) {
  for (const known of [constants.MQTT5_PUBACK_PUBREC_CODES, constants.MQTT5_SUBACK_CODES]) known[code] ??= String(code);
}

/** Again without what the broker says that it does not have. */
export const mqttBroker = (options: MqttOptions): ConnectBroker => async (ear, signal) => {
  const without = new Set<Lack>();
  for (;;) {
    const tried = await connect(options, without, ear, signal);
    if (tried.ok || tried.lack === undefined || without.has(tried.lack) || signal.aborted) return tried;
    without.add(tried.lack);
  }
};

type Without = ReadonlySet<Lack>;

function connect(options: MqttOptions, without: Without, ear: BrokerEar, signal: AbortSignal): Promise<Tried> {
  const version = without.has("version") ? 4 : 5;
  const client = mqtt.connect(options.url, clientOptions(options, version, without));
  const line = new MqttLine(client, version, ear, options);
  const ended = () => line.close();
  signal.addEventListener("abort", ended, { once: true });
  return line.opened.finally(() => signal.removeEventListener("abort", ended));
}

function clientOptions(
  { url, username, password, clientId, will, tls, isNative, keepAlive, patience }: MqttOptions,
  version: 4 | 5,
  without: Without,
) {
  return {
    protocolVersion: version,
    clientId,
    clean: true,
    keepalive: keepAlive ?? KEEP_ALIVE,
    // Whatever else is heard meanwhile: how old it is, only a ping tells.
    reschedulePings: false,
    connectTimeout: patience ?? PATIENCE,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: "native",
    forceNativeWebSocket: isNative === true,
    // What it makes of an address in brackets is none.
    transformWsUrl: () => url,
    will: {
      topic: will.topic,
      payload: will.payload,
      qos: without.has("qos") ? 0 : 1,
      retain: !without.has("retain"),
      // [N6] As what the bridge itself says there.
      ...(version === 5 && {
        properties: { contentType: WORD, payloadFormatIndicator: true, userProperties: { origin: clientId } },
      }),
    },
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...tls,
    ...(version === 5 && { properties: { maximumPacketSize: LARGEST, sessionExpiryInterval: 0 } }),
  } satisfies IClientOptions as IClientOptions;
}
