/** One connection to the broker, as MQTT.js has it: what goes, what is heard, and why it ended [N2, N3, N12]. */
import { Buffer } from "node:buffer";
import type { IConnackPacket, IPublishPacket, MqttClient, Packet } from "mqtt";
import type { Broker, BrokerEar, Connected, Message, Publication, Taking } from "./broker.ts";
import type { MqttOptions } from "./mqtt.ts";
import { type Lack, reasonCode, reasonOf } from "./reason.ts";

/** How long the last word may take, in ms. */
const LAST_WORDS = 500;
/** A ping that is not answered for so long tells of a line that stands still, in ms [N12]. */
const ANSWERS_WITHIN = 1_000;

/** What came of a try to connect. */
export type Tried = Connected & { lack?: Lack };

export class MqttLine implements Broker {
  readonly version: 4 | 5;
  mostInFlight?: number;
  largest?: number;
  lacks?: string;
  readonly opened: Promise<Tried>;
  readonly #client: MqttClient;
  readonly #ear: BrokerEar;
  readonly #options: MqttOptions;
  readonly #tell: (tried: Tried) => void;
  #isOpen = false;
  #isOver = false;
  /** Why it will end, as far as anybody said. */
  #reason: string | null = null;
  #lack: Lack | undefined;
  /** When the newest ping went that was answered, and the oldest that was not. */
  #provenAt = Date.now();
  #pingedAt: number | null = null;
  #mostQos: 0 | 1 = 1;
  #retains = true;

  constructor(client: MqttClient, version: 4 | 5, ear: BrokerEar, options: MqttOptions) {
    this.version = version;
    this.#client = client;
    this.#ear = ear;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Tried>();
    this.opened = promise;
    this.#tell = resolve;
    client.on("connect", ({ properties }) => this.#opens(properties));
    client.on("message", (_topic, _payload, packet) => this.#hears(packet));
    client.on("packetsend", ({ cmd }) => this.#sends(cmd));
    client.on("packetreceive", (packet) => this.#receives(packet));
    // Stays for good: an error that nobody listens to would be thrown.
    client.on("error", (error) => this.#fails(error));
    client.on("close", () => this.#ends());
  }

  publish({ topic, payload, qos, retain = false, ...rest }: Publication): Promise<Taking> {
    const properties = this.version === 5 && {
      properties: {
        ...(rest.contentType !== undefined && { contentType: rest.contentType, payloadFormatIndicator: true }),
        ...(rest.correlation && { correlationData: Buffer.from(rest.correlation) }),
        ...(rest.user && { userProperties: rest.user }),
      },
    };
    return new Promise((resolve) => {
      const how = { qos: Math.min(qos, this.#mostQos) as 0 | 1, retain: retain && this.#retains };
      this.#client.publish(topic, payload, { ...how, ...properties }, (error) => {
        const taking = takingOf(error);
        if (taking) resolve(taking);
      });
    });
  }

  subscribe(filter: string, { isOthers = false } = {}): Promise<Taking> {
    const options = { qos: 1 as const, ...(this.version === 5 && { nl: true, rap: !isOthers, rh: 0 as const }) };
    return new Promise((resolve) => {
      this.#client.subscribe(filter, options, (error) => {
        const taking = takingOf(error);
        if (taking) resolve(taking);
      });
    });
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tell({ ok: false, reason: "It was ended" });
    if (!this.#isOpen) return void this.#client.end(true);
    this.#client.end(false);
    // It waits for what was not acknowledged, and nobody else does.
    setTimeout(() => this.#client.stream.destroy(), LAST_WORDS);
  }

  #opens(properties: NonNullable<IConnackPacket["properties"]> = {}): void {
    if (this.#isOver) return;
    this.#isOpen = true;
    this.#provenAt = Date.now();
    this.mostInFlight = properties.receiveMaximum;
    this.largest = properties.maximumPacketSize;
    this.#mostQos = properties.maximumQoS === 0 ? 0 : 1;
    this.#retains = properties.retainAvailable !== false;
    if (!this.#retains) this.lacks = "The broker retains nothing, so who subscribes late sees nothing until it changes";
    else if (this.#mostQos === 0) this.lacks = "The broker takes QoS 0 only, so nothing that it loses comes again";
    this.#tell({ ok: true, broker: this });
  }

  #hears(packet: IPublishPacket): void {
    if (this.#isOver) return;
    const { topic, payload, retain, properties = {} } = packet;
    const { messageExpiryInterval, responseTopic, correlationData, userProperties } = properties;
    const message: Message = {
      topic,
      payload: typeof payload === "string" ? new TextEncoder().encode(payload) : payload,
      retained: retain,
      user: { ...userProperties },
      held: this.#held(),
    };
    if (messageExpiryInterval !== undefined) message.expiry = messageExpiryInterval;
    if (responseTopic !== undefined) message.replyTo = responseTopic;
    if (correlationData !== undefined) message.correlation = correlationData;
    this.#ear.message(message);
  }

  #held(): number {
    const now = Date.now();
    return this.#pingedAt === null || now - this.#pingedAt < ANSWERS_WITHIN ? 0 : now - this.#provenAt;
  }

  #sends(cmd: string | undefined): void {
    if (cmd === "pingreq") this.#pingedAt ??= Date.now();
  }

  #receives(packet: Packet): void {
    if (packet.cmd === "pingresp" && this.#pingedAt !== null) {
      this.#provenAt = this.#pingedAt;
      this.#pingedAt = null;
    }
    if (packet.cmd === "disconnect") this.#reason = `The broker ended the connection: ${reasonCode(packet.reasonCode)}`;
  }

  #fails(error: unknown): void {
    const { reason, lack } = reasonOf(error, this.#options);
    this.#lack ??= lack;
    this.#reason ??= reason;
    // Not every error closes the connection, and there is none that it should outlive.
    this.#client.end(true);
    this.#ends();
  }

  #ends(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const silent = this.#isOpen
      ? "The connection to the broker broke"
      : "The broker ended the connection before its answer";
    const reason = this.#reason ?? silent;
    if (this.#isOpen) return this.#ear.closed(reason);
    // Some brokers hang up on a version that they do not know.
    const lack = this.#lack ?? (this.#reason === null ? "version" : undefined);
    this.#tell({ ok: false, reason, ...(lack && { lack }) });
  }
}

/** [N19] Codes that say not now, where the others say never. */
const QUOTA = [147, 150, 151];

/** Undefined where the broker said nothing: what was on its way when the connection ended. */
function takingOf(error: unknown): Taking | undefined {
  if (!error) return { ok: true };
  const { code, packet } = Object(error) as { code?: unknown; packet?: { granted?: number[] } };
  const said = typeof code === "number" ? code : packet?.granted?.find((granted) => granted >= 128);
  return said === undefined ? undefined : { ok: false, reason: reasonCode(said), isQuota: QUOTA.includes(said) };
}
