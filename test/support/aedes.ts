/** aedes over WebSocket, a broker in this process that can be lost: MQTT 3.1.1, as a bridge on Workers meets it. */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";

export interface Said {
  topic: string;
  payload: string;
  qos: number;
  retain: boolean;
}

/**
 * `well`: it answers; `away`: nobody listens for its protocol; `mute`: it takes connections and says nothing; `deaf`:
 * it acknowledges no publication.
 */
export type Mood = "well" | "away" | "mute" | "deaf";

export class AedesBroker {
  /** All that clients published, and the broker for them, in order. */
  readonly said: Said[] = [];
  /** What stands on its topics; an empty payload takes it away. */
  readonly retained = new Map<string, string>();
  readonly #broker: Aedes;
  readonly #server: Server;
  readonly #sockets = new Set<import("ws").WebSocket>();
  readonly #unanswered: ((error: Error) => void)[] = [];
  #mood: Mood = "well";

  private constructor(broker: Aedes) {
    this.#broker = broker;
    broker.authorizePublish = (_client, packet, done) => {
      // Without an answer there is no acknowledgement; aedes itself waits for one in the end.
      if (this.#mood !== "deaf" || packet.qos === 0) done(null);
      else this.#unanswered.push(done);
    };
    broker.on("publish", ({ topic, payload, qos, retain }) => {
      if (topic.startsWith("$")) return;
      const said = { topic, payload: payload.toString(), qos, retain };
      this.said.push(said);
      if (retain && said.payload === "") this.retained.delete(topic);
      else if (retain) this.retained.set(topic, said.payload);
    });
    this.#server = createServer((request, response) => void this.#answer(request).then((text) => response.end(text)));
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on("upgrade", (request, socket, head) => {
      if (this.#mood === "away") return socket.destroy();
      sockets.handleUpgrade(request, socket, head, (opened) => {
        this.#sockets.add(opened);
        opened.on("close", () => this.#sockets.delete(opened));
        opened.on("error", () => {});
        if (this.#mood !== "mute") broker.handle(createWebSocketStream(opened).on("error", () => {}), request);
      });
    });
  }

  static async start(port = 0): Promise<AedesBroker> {
    const broker = new AedesBroker(await Aedes.createBroker());
    await new Promise<void>((listening) => broker.#server.listen(port, "127.0.0.1", listening));
    return broker;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on it is so, and whoever was connected is not any more. */
  become(mood: Mood): void {
    this.#mood = mood;
    if (mood === "deaf") return;
    for (const socket of this.#sockets) socket.terminate();
    for (const done of this.#unanswered.splice(0)) done(new Error("its connection ended"));
  }

  publish({ topic, payload, qos = 1, retain = false }: Partial<Said> & Pick<Said, "topic" | "payload">): Promise<void> {
    const packet = { cmd: "publish" as const, topic, payload, qos: qos as 0 | 1, retain, dup: false };
    return new Promise((done, failed) => this.#broker.publish(packet, (error) => error ? failed(error) : done()));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    await new Promise<void>((done) => this.#broker.close(done));
    await new Promise<void>((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }

  /** The same by HTTP, for tests that are not in this process. */
  async #answer(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { become, publish, forget } = JSON.parse(Buffer.concat(chunks).toString() || "{}");
    if (become) this.become(become);
    if (publish) await this.publish(publish);
    if (forget) this.said.length = 0;
    return JSON.stringify({ said: this.said, retained: Object.fromEntries(this.retained) });
  }
}
