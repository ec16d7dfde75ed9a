/** Brokers that nobody here wrote, behind one face: aedes in this process (3.1.1), and Mosquitto where it is installed (5). */
import { createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { Mosquitto, type Subscriber } from "../../support/mosquitto.ts";

export interface TestBroker {
  readonly port: number;
  /** Everything that was published to these, in order, from now on; topic and payload. */
  hears(filter: string): Promise<string[]>;
  publish(topic: string, payload: string): Promise<void>;
  /** Without a word, with all that it knew but what it keeps for good. */
  kill(): Promise<void>;
  again(): Promise<void>;
  stop(): Promise<void>;
}

/** Topics below the filter that hold something, in order: what comes before the next word of one's own. */
export async function retainedOn(port: number, filter: string): Promise<string[]> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  const topics: string[] = [];
  const { promise: isAll, resolve } = Promise.withResolvers<void>();
  const mark = `mark/${crypto.randomUUID()}`;
  client.on("message", (topic, _payload, { retain }) => {
    if (topic === mark) resolve();
    else if (retain) topics.push(topic);
  });
  await client.subscribeAsync([filter, mark], { qos: 1 });
  await client.publishAsync(mark, "", { qos: 1 });
  await isAll;
  await client.endAsync();
  return topics.toSorted();
}

export class AedesTcp implements TestBroker {
  port = 0;
  #broker!: Aedes;
  #server!: Server;
  readonly #sockets = new Set<Socket>();
  /** What nobody may publish: who does is hung up on, as MQTT 3.1.1 has it. */
  denies: (topic: string) => boolean = () => false;
  #ears: { prefix: string; heard: string[] }[] = [];

  static async start(): Promise<AedesTcp> {
    const broker = new AedesTcp();
    await broker.again();
    return broker;
  }

  async again(): Promise<void> {
    const broker = this.#broker = await Aedes.createBroker({
      authorizePublish: (client, { topic }, answer) =>
        answer(client && this.denies(topic) ? new Error("denied") : null),
    });
    broker.on("publish", ({ topic, payload }) => {
      for (const { prefix, heard } of this.#ears) if (topic.startsWith(prefix)) heard.push(`${topic} ${payload}`);
    });
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      broker.handle(socket);
    });
    await new Promise<void>((listening) => this.#server.listen(this.port, "127.0.0.1", listening));
    this.port = (this.#server.address() as { port: number }).port;
  }

  hears(filter: string): Promise<string[]> {
    const heard: string[] = [];
    this.#ears.push({ prefix: filter.replace(/#$/, ""), heard });
    return Promise.resolve(heard);
  }

  publish(topic: string, payload: string): Promise<void> {
    const packet = { cmd: "publish" as const, topic, payload, qos: 1 as const, retain: false, dup: false };
    return new Promise((done, failed) => this.#broker.publish(packet, (error) => error ? failed(error) : done()));
  }

  async kill(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.#server.close(closed));
    await new Promise<void>((closed) => this.#broker.close(() => closed()));
  }

  async stop(): Promise<void> {
    await this.kill();
  }
}

export class MosquittoTcp implements TestBroker {
  readonly #broker: Mosquitto;
  #subscribers: { filter: string; heard: string[]; subscriber: Subscriber }[] = [];

  private constructor(broker: Mosquitto) {
    this.#broker = broker;
  }

  static async start(): Promise<MosquittoTcp> {
    return new MosquittoTcp(await Mosquitto.start());
  }

  get port(): number {
    return this.#broker.port;
  }

  /** With the lines of whoever subscribed for it before and after the broker was there again. */
  async hears(filter: string): Promise<string[]> {
    const heard: string[] = [];
    await this.#subscribe(filter, heard);
    return heard;
  }

  publish(topic: string, payload: string): Promise<void> {
    return Promise.resolve(this.#broker.publish(topic, payload));
  }

  async kill(): Promise<void> {
    const ended = this.#subscribers.splice(0);
    await this.#broker.kill();
    for (const { subscriber } of ended) await subscriber.stop();
    this.#again = ended.map(({ filter, heard }) => ({ filter, heard }));
  }

  async again(): Promise<void> {
    await this.#broker.again();
    for (const { filter, heard } of this.#again.splice(0)) await this.#subscribe(filter, heard);
  }

  async stop(): Promise<void> {
    for (const { subscriber } of this.#subscribers) await subscriber.stop();
    await this.#broker.stop();
  }

  #again: { filter: string; heard: string[] }[] = [];

  async #subscribe(filter: string, heard: string[]): Promise<void> {
    const subscriber = await this.#broker.subscribe("-v", "-R", "-t", filter);
    subscriber.lines.push = (...lines) => heard.push(...lines);
    this.#subscribers.push({ filter, heard, subscriber });
  }
}
