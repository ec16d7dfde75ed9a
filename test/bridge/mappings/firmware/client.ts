/** The MQTT of a small device: 3.1.1, a Last Will that is kept, QoS 0. */
import mqtt from "mqtt";

export interface Client {
  publish(topic: string, payload: string, retain?: boolean): Promise<void>;
  subscribe(filter: string): Promise<void>;
  /** Without a word to the broker. */
  cut(): Promise<void>;
}

export async function client(
  url: string,
  will: { topic: string; payload: string },
  hears: (topic: string, payload: string) => void,
): Promise<Client> {
  const options = { protocolVersion: 4, reconnectPeriod: 0, clean: true, keepalive: 30 } as const;
  const made = await mqtt.connectAsync(url, { ...options, will: { ...will, qos: 1, retain: true } });
  made.on("message", (topic, payload) => hears(topic, String(payload)));
  return {
    publish: async (topic, payload, retain = false) => void await made.publishAsync(topic, payload, { retain }),
    subscribe: async (filter) => void await made.subscribeAsync(filter),
    cut: async () => {
      if (!made.connected) return;
      const closed = new Promise((resolve) => made.once("close", () => resolve(undefined)));
      made.stream.destroy();
      await closed;
    },
  };
}
