/** The broker over MQTT.js, against whatever may be at the other end of an address. */
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Broker, BrokerEar } from "../../src/bridge/broker.ts";
import { mqttBroker, type MqttOptions } from "../../src/bridge/mqtt.ts";
import { readPacket } from "../../src/mqtt/read.ts";
import { AedesTcp } from "./support/brokers.ts";

const open: (Server | { close(): unknown })[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Somebody who listens, and does that with each connection. */
async function listener(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return (server.address() as { port: number }).port;
}

const connect = (port: number, more: Partial<MqttOptions> = {}, ear: Partial<BrokerEar> = {}) =>
  mqttBroker({
    url: `mqtt://127.0.0.1:${port}`,
    username: "hub",
    password: "s3cr3t",
    clientId: "signalbox-test",
    will: { topic: "x/status", payload: "offline" },
    patience: 1_500,
    ...more,
  })({ message: () => {}, closed: () => {}, ...ear }, new AbortController().signal);

const CONNACK = Uint8Array.of(0x20, 3, 0, 0, 0);

describe("somebody who is no broker", () => {
  const random = (n: number) => {
    let state = n * 2_654_435_761 >>> 0;
    return Uint8Array.from({ length: 1 + n * 7 }, () => (state = state * 1_664_525 + 1_013_904_223 >>> 0) >>> 24);
  };
  it.each<[string, (socket: Socket) => void]>([
    ["hangs up at once", (socket) => socket.destroy()],
    ["says goodbye at once", (socket) => socket.end()],
    ["speaks HTTP", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")],
    ["says nothing", () => {}],
    ["begins a packet that has no end", (socket) => socket.write(Uint8Array.of(0x20, 255, 255, 255, 127, 0))],
    ["has a length of five bytes", (socket) => socket.write(Uint8Array.of(0x20, 255, 255, 255, 255, 255, 1))],
    ["answers CONNECT with PUBACK", (socket) => socket.write(Uint8Array.of(0x40, 2, 0, 1))],
    ...Array.from({ length: 12 }, (_, n): [string, (socket: Socket) => void] => [
      `says ${1 + n * 7} random bytes`,
      (socket) => socket.write(random(n)),
    ]),
  ])("[N3] who %s is no connection, with a reason, and nothing breaks", async (_, serve) => {
    const connected = await connect(await listener(serve));
    expect(connected).toMatchObject({ ok: false, reason: expect.stringMatching(/\w{4}/) });
    expect(JSON.stringify(connected)).not.toContain("s3cr3t");
  });

  it.each<[string, Uint8Array]>([
    ["a second CONNACK", CONNACK],
    ["random bytes", random(9)],
    ["a PUBLISH with an empty topic", Uint8Array.of(0x30, 4, 0, 0, 0, 65)],
    ["a SUBACK that nobody asked for", Uint8Array.of(0x90, 4, 0, 9, 0, 1)],
  ])("[N3] after CONNACK, %s ends the connection once, or is passed over", async (_, bytes) => {
    let ended = 0;
    const port = await listener((socket) => {
      socket.once("data", () => socket.write(CONNACK));
      setTimeout(() => socket.write(bytes), 100);
      setTimeout(() => socket.destroy(), 400);
    });
    const connected = await connect(port, { patience: 20_000 }, { closed: () => ended++ });
    expect(connected.ok).toBe(true);
    await expect.poll(() => ended).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(ended).toBe(1);
  });

  it.each<[string, number[], number, string | undefined]>([
    ["nothing", [], 0x33, undefined],
    ["no QoS 1", [0x24, 0], 0x31, expect.stringContaining("QoS 0")],
    ["no retained messages", [0x25, 0], 0x32, expect.stringContaining("retains nothing")],
    ["neither", [0x24, 0, 0x25, 0], 0x30, expect.stringContaining("retains nothing")],
  ])("[N19] to a broker that lacks %s it is said without, and that is told", async (_, lacks, head, told) => {
    const heads: number[] = [];
    const port = await listener((socket) => {
      socket.once("data", () => {
        socket.on("data", (bytes: Uint8Array) => heads.push(bytes[0]));
        socket.write(Uint8Array.of(0x20, 3 + lacks.length, 0, 0, lacks.length, ...lacks));
      });
    });
    const connected = await connect(port, { patience: 20_000 });
    if (!connected.ok) throw new Error(connected.reason);
    open.push(connected.broker);
    expect(connected.broker.lacks).toEqual(told);
    void connected.broker.publish({ topic: "a", payload: "x", qos: 1, retain: true });
    await expect.poll(() => heads).toEqual([head]);
  });

  it.each<[string, (flags: number) => number | null, number]>([
    ["is to be retained", (flags) => flags & 0x20 ? 0x9a : null, 0x0e],
    ["has QoS 1", (flags) => flags & 0x08 ? 0x9b : null, 0x26],
    ["is either", (flags) => flags & 0x20 ? 0x9a : flags & 0x08 ? 0x9b : null, 0x06],
  ])("[N19] a broker that takes no Will that %s gets one that is not", async (_, refuses, taken) => {
    const WILL = 0x3e;
    const wills: number[] = [];
    const port = await listener((socket) => {
      socket.once("data", (bytes: Uint8Array) => {
        const flags = bytes[bytes.indexOf(0x4d) + 5];
        wills.push(flags & WILL);
        const code = refuses(flags);
        if (code === null) socket.write(CONNACK);
        else socket.end(Uint8Array.of(0x20, 3, 0, code, 0));
      });
    });
    const connected = await connect(port, { patience: 20_000 });
    if (!connected.ok) throw new Error(connected.reason);
    open.push(connected.broker);
    expect([wills[0], wills.at(-1), connected.broker.version]).toEqual([0x2e, taken, 5]);
  });

  it("[N19] one that takes no Will at all is asked no more often than it says something new", async () => {
    let asked = 0;
    const port = await listener((socket) => {
      asked += 1;
      socket.once("data", () => socket.end(Uint8Array.of(0x20, 3, 0, 0x9a, 0)));
    });
    const connected = await connect(port, { patience: 20_000 });
    expect(connected).toMatchObject({ ok: false, reason: expect.stringContaining("retain not supported") });
    expect(asked).toBe(2);
  });

  it("[N19] a PUBACK with a code that MQTT has elsewhere is a refusal, and the connection goes on", async () => {
    const TOO_LARGE = 0x95;
    let ended = 0;
    const port = await listener((socket) => {
      socket.once("data", () => {
        socket.write(CONNACK);
        socket.on("data", (publish: Uint8Array) => {
          const id = publish.subarray(5, 7);
          socket.write(Uint8Array.of(0x40, 3, ...id, publish.length > 100 ? TOO_LARGE : 0));
        });
      });
    });
    const connected = await connect(port, { patience: 20_000 }, { closed: () => ended++ });
    if (!connected.ok) throw new Error(connected.reason);
    open.push(connected.broker);
    const publish = (length: number) => connected.broker.publish({ topic: "a", payload: "x".repeat(length), qos: 1 });
    expect(await publish(110)).toEqual({ ok: false, reason: "packet too large", isQuota: false });
    expect(await publish(1)).toEqual({ ok: true });
    expect(ended).toBe(0);
    // What is said to the door is read by the same parser, and held to what MQTT allows there [M11].
    expect(readPacket(Uint8Array.of(0x40, 3, 0, 1, TOO_LARGE), 5)).toBeNull();
    expect(readPacket(Uint8Array.of(0x40, 3, 0, 1, 0x99), 5)).toEqual({ cmd: "puback", id: 1 });
  });

  it("[N3] nobody at all is a reason, and a wait that is given up ends", async () => {
    const port = await listener(() => {});
    open.splice(0).forEach((one) => one.close());
    expect(await connect(port)).toMatchObject({ ok: false, reason: expect.stringContaining("ECONNREFUSED") });
    const silent = await listener(() => {});
    const given = new AbortController();
    setTimeout(() => given.abort(), 100);
    const began = Date.now();
    const options = { username: null, password: null, clientId: "x", will: { topic: "x", payload: "x" } };
    const connected = await mqttBroker({ url: `mqtt://127.0.0.1:${silent}`, ...options })(
      { message: () => {}, closed: () => {} },
      given.signal,
    );
    expect(connected.ok).toBe(false);
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});

describe("a broker", () => {
  async function brokered(ear: Partial<BrokerEar> = {}): Promise<{ aedes: AedesTcp; broker: Broker }> {
    const aedes = await AedesTcp.start();
    open.push({ close: () => aedes.stop() });
    const connected = await connect(aedes.port, { patience: 20_000 }, ear);
    if (!connected.ok) throw new Error(connected.reason);
    open.push(connected.broker);
    return { aedes, broker: connected.broker };
  }

  it("[N2] that refuses MQTT 5 is asked in 3.1.1 on a connection of its own", async () => {
    expect((await brokered()).broker.version).toBe(4);
  });

  it("[N1] what it has not acknowledged when it goes is neither taken nor refused", async () => {
    let reason = "";
    const { aedes, broker } = await brokered({ closed: (why) => reason = why });
    const answers: unknown[] = [];
    await aedes.kill();
    void broker.publish({ topic: "a", payload: "x", qos: 1 }).then((taking) => answers.push(taking));
    void broker.subscribe("b").then((taking) => answers.push(taking));
    await expect.poll(() => reason).not.toBe("");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answers).toEqual([]);
    await aedes.again();
  });

  it("[N2] an own goodbye is no end that anybody hears of, and leaves no Will", async () => {
    let ended = 0;
    const { aedes, broker } = await brokered({ closed: () => ended++ });
    const heard = await aedes.hears("x/#");
    broker.close();
    broker.close();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([ended, heard]).toEqual([0, []]);
  });
});
