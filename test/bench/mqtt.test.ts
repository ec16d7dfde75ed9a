/** The bench's own MQTT, against a broker that nobody here wrote: what a yardstick is told has to be what was meant. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Aedes } from "aedes";
import { afterAll, describe, expect, it } from "vitest";
import { createWebSocketStream, WebSocketServer } from "ws";
import { connectMqtt, type Packet, packet, publishOf, subscribe, unpacker } from "../../bench/mqtt.ts";
import { until } from "../../bench/harness.ts";

describe("the bench's MQTT", () => {
  it("finds the packets of a stream again, wherever it was cut", () => {
    const sent = [0, 127, 128, 16_384].map((size) => packet(3, 2, new Uint8Array(size).fill(size % 251)));
    expect(sent.map((bytes) => bytes.length)).toEqual([2, 129, 131, 16_388]);
    const stream = new Uint8Array(sent.flatMap((bytes) => [...bytes]));
    for (const step of [1, 2, 130, 10_000, stream.length]) {
      const got: Packet[] = [];
      const unpack = unpacker((one) => got.push({ ...one, body: one.body.slice() }));
      for (let at = 0; at < stream.length; at += step) unpack(stream.subarray(at, at + step));
      expect(got.map(({ type, flags, body }) => [type, flags, body.length])).toEqual(
        [0, 127, 128, 16_384].map((size) => [3, 2, size]),
      );
      expect(got.every(({ body }) => body.every((byte) => byte === body.length % 251))).toBe(true);
    }
  });

  describe("with a broker", async () => {
    const broker = await Aedes.createBroker();
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket, request) => void broker.handle(createWebSocketStream(socket), request));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    afterAll(async () => {
      for (const socket of sockets.clients) socket.terminate();
      await broker.close();
      server.close();
    });

    it.each([0, 1] as const)(
      "has each text delivered once and in order, and acknowledged, with QoS %i",
      async (qos) => {
        const got: string[] = [];
        const watcher = await connectMqtt(url, `watcher-${qos}`, ({ topic }) => got.push(topic));
        await subscribe(watcher, "devices/#", qos);
        const line = await connectMqtt(url, `device-${qos}`);
        const payloads: string[] = [];
        broker.on("publish", ({ topic, payload }, client) => void (client && payloads.push(`${topic} ${payload}`)));
        const publish = [publishOf(line, "devices/7", qos), publishOf(line, "devices/8", qos)];
        for (let n = 0; n < 50; n++) publish[n % 2](`{"n":${n}}`);
        await until("all is there", () => got.length === 50 && line.acknowledged === (qos === 1 ? 50 : 0));
        expect(got).toEqual(Array.from({ length: 50 }, (_, n) => `devices/${7 + n % 2}`));
        expect(payloads).toEqual(got.map((topic, n) => `${topic} {"n":${n}}`));
        expect([line.isOpen(), watcher.isOpen()]).toEqual([true, true]);
        broker.removeAllListeners("publish");
      },
    );
  });
});
