/** A client that says and hears single packets, written and read by `mqtt-packet`: it acknowledges nothing by itself. */
import { Buffer } from "node:buffer";
import { generate, type IConnackPacket, type IConnectPacket, type Packet, parser } from "mqtt-packet";
import { type ClientOptions, WebSocket } from "ws";
import type { Json } from "../../support/client.ts";
import type { MqttVersion } from "./library.ts";

const PATIENCE_MS = 10_000;
const OPTIONS: ClientOptions & { closeTimeout: number } = { perMessageDeflate: false, closeTimeout: 200 };

type Loose = { cmd: string } & Record<string, Json>;

export interface MqttClient {
  connack: IConnackPacket;
  send(packet: Json): void;
  /** Takes the first packet of that sort that was not taken yet, or waits for it. */
  next(cmd: string): Promise<Loose>;
  /** The next publish on that topic of its own: its frame, and how it came. */
  hears(type: string): Promise<{ frame: Json; qos: number; messageId: number }>;
  /** Everything that came and was not taken, after one turn around the hub. */
  drain(): Promise<Loose[]>;
  subscribe(filter: string, options?: Json): Promise<number[]>;
  /** Goes on with its PUBACK where it has QoS 1. */
  publish(type: string, frame: Json, more?: Json): Promise<Loose | undefined>;
  closed: Promise<number>;
  /** Says goodbye. */
  leave(): Promise<void>;
  /** Is gone without a word. */
  cut(): void;
}

/** Let in, or turned away: `connack` says which. */
export async function mqttClient(
  door: string,
  { id, token }: { id: string; token: string },
  protocolVersion: MqttVersion,
  more: Partial<IConnectPacket> = {},
): Promise<MqttClient> {
  const socket = new WebSocket(door, ["mqtt"], OPTIONS);
  const inbox: Loose[] = [];
  let wake = () => {};
  const reader = parser({ protocolVersion });
  reader.on("packet", (packet: Packet) => {
    inbox.push(packet as unknown as Loose);
    wake();
  });
  socket.on("message", (bytes: Uint8Array) => reader.parse(bytes as never));
  let isClosed = false;
  const closed = new Promise<number>((resolve) =>
    socket.on("close", (code) => {
      isClosed = true;
      wake();
      resolve(code);
    })
  );
  const take = (what: string, fits: (packet: Loose) => boolean) =>
    new Promise<Loose>((resolve, reject) => {
      const seen = () => JSON.stringify(inbox).slice(0, 600);
      const timer = setTimeout(() => reject(new Error(`no ${what}: ${seen()}`)), PATIENCE_MS);
      wake = () => {
        const at = inbox.findIndex(fits);
        if (at < 0 && !isClosed) return;
        clearTimeout(timer);
        wake = () => {};
        if (at < 0) reject(new Error(`closed before ${what}: ${seen()}`));
        else resolve(inbox.splice(at, 1)[0]);
      };
      wake();
    });
  const send = (packet: Json) => socket.send(generate(packet, { protocolVersion }));
  const next = (cmd: string) => take(cmd, (packet) => packet.cmd === cmd);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  send({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion,
    clean: true,
    clientId: "interop",
    keepalive: 0,
    username: id,
    password: Buffer.from(token),
    ...more,
  });
  let packetId = 0;
  const topic = (type: string) => type.includes("/") ? type : `devices/${id}/${type}`;
  return {
    connack: await next("connack") as unknown as IConnackPacket,
    send,
    next,
    async hears(type) {
      const { payload, qos, messageId } = await take(
        type,
        (packet) => packet.cmd === "publish" && packet.topic === topic(type),
      );
      return { frame: JSON.parse(String(payload)), qos, messageId };
    },
    async drain() {
      send({ cmd: "pingreq" });
      await next("pingresp");
      return inbox.splice(0);
    },
    async subscribe(filter, options = {}) {
      send({
        cmd: "subscribe",
        messageId: ++packetId,
        subscriptions: [{ topic: filter, qos: 1, nl: false, rap: false, rh: 0, ...options }],
        ...options.packet,
      });
      return (await next("suback")).granted;
    },
    async publish(type, frame, { qos = 1, ...rest } = {}) {
      const payload = typeof frame === "string" ? frame : JSON.stringify(frame);
      const messageId = qos > 0 ? ++packetId : undefined;
      send({ cmd: "publish", topic: topic(type), payload, qos, messageId, dup: false, retain: false, ...rest });
      return qos === 1 ? await next("puback") : undefined;
    },
    closed,
    async leave() {
      send({ cmd: "disconnect", reasonCode: 0 });
      await closed;
    },
    cut: () => socket.terminate(),
  };
}
