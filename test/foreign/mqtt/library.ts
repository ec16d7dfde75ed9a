/** A device over MQTT.js, a client that nobody here wrote, with its defaults but for what a test is about. */
import mqtt, { type IClientOptions, type IClientPublishOptions, type MqttClient, type Packet } from "mqtt";
import type { Json } from "../../support/client.ts";

const PATIENCE_MS = 20_000;

export interface MqttDevice {
  client: MqttClient;
  /** Takes the first that was heard on that topic of its own and was not taken yet, or waits for it. */
  next(type: string): Promise<Json>;
  /** Goes on when it is acknowledged, where it is to be; fails where MQTT says no. */
  tell(type: string, frame: Json, options?: IClientPublishOptions): Promise<Packet | undefined>;
  /** Everything that it heard so far, as `topic payload`. */
  heard: string[];
  /** Says goodbye. */
  end(): Promise<void>;
  /** Is gone without a word. */
  cut(): void;
}

export type MqttVersion = 4 | 5;

export interface Identity {
  id: string;
  token: string;
}

/** It is let in, and has subscribed to all that is its own. */
export async function mqttDevice(
  url: string,
  { id, token }: Identity,
  protocolVersion: MqttVersion,
  options: IClientOptions = {},
  filter = `devices/${id}/#`,
): Promise<MqttDevice> {
  const client = mqtt.connect(url, {
    protocolVersion,
    username: id,
    password: token,
    reconnectPeriod: 0,
    connectTimeout: PATIENCE_MS,
    ...options,
  });
  const heard: string[] = [];
  const inbox: { type: string; frame: Json }[] = [];
  let wake = () => {};
  client.on("message", (topic, payload) => {
    heard.push(`${topic} ${payload}`);
    inbox.push({ type: topic.slice(topic.lastIndexOf("/") + 1), frame: JSON.parse(String(payload)) });
    wake();
  });
  // What fails is told where it was asked for.
  client.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", reject);
    client.once("close", () => reject(new Error("closed before it was let in")));
  });
  await client.subscribeAsync(filter, { qos: 1 });
  return {
    client,
    heard,
    next: (type) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no ${type}; heard: ${heard.slice(-8).join(" | ")}`)),
          PATIENCE_MS,
        );
        wake = () => {
          const at = inbox.findIndex((message) => message.type === type);
          if (at < 0) return;
          clearTimeout(timer);
          wake = () => {};
          resolve(inbox.splice(at, 1)[0].frame);
        };
        wake();
      }),
    tell: (type, frame, given) =>
      client.publishAsync(`devices/${id}/${type}`, JSON.stringify(frame), { qos: 1, ...given }),
    end: () => client.endAsync(),
    cut: () => {
      client.options.reconnectPeriod = 0;
      (client.stream as unknown as { destroy(): void }).destroy();
    },
  };
}
