/** The door for MQTT in an object that sleeps: between two halves of a packet, and with a command under way [M]. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { TOPICS_IN, TOPICS_OUT } from "../../src/mqtt/topics.ts";
import { guest, listener } from "./speaker.ts";
import { evict, handshake, newDevice, rest, shard, until } from "./world.ts";

/** A flush of what has to be acknowledged is four seconds away. */
vi.setConfig({ testTimeout: 60_000 });

const VERSIONS = [4, 5] as const;
const name = () => `m-${crypto.randomUUID().slice(0, 8)}`;

/** The answer comes after what was sent before it, and wakes an object that sleeps. */
async function sleep(): Promise<void> {
  await rest("GET", "/me");
  await evict();
}

/** It is away, soon, for this reason. */
const gone = (id: string, reason: string) =>
  until(async () => {
    const { body } = await rest("GET", `/devices/${id}`);
    return [body.presence, body.reason];
  }, ["offline", reason]);

describe("MQTT in an object that sleeps", () => {
  it.each(VERSIONS)("[M2] version %i: between any two bytes of a CONNECT and what follows", async (version) => {
    const id = name();
    const token = await newDevice(id, "relay");
    const lamp = await guest(id, version);
    const all = [
      ...lamp.connectBytes(token),
      ...lamp.publishBytes("telemetry", { data: { power: 6 } }),
      ...lamp.bytesOf({ cmd: "pingreq" }),
    ];
    for (
      const [from, to] of [[0, 1], [1, 14], [14, 60], [60, 95], [95, all.length - 1], [all.length - 1, all.length]]
    ) {
      lamp.bytes(Uint8Array.from(all.slice(from, to)));
      await sleep();
    }
    await lamp.take("connack");
    await lamp.take("pingresp");
    const { body } = await rest("GET", `/devices/${id}`);
    expect([body.presence, body.telemetry.power.value]).toEqual(["online", 6]);
    lamp.close();
  });

  it.each(VERSIONS)(
    "[M7, M8] version %i: with a command, an acknowledgement and half a packet under way",
    async (version) => {
      const id = name();
      const token = await newDevice(id, "relay");
      const lamp = await listener(id, token, version);
      const sent = await rest("POST", `/devices/${id}/commands`, { name: "set", params: { on: true }, ttl: 30 });
      const { packet, ...command } = await lamp.frame("command", false);
      expect(command).toMatchObject({ id: sent.body.id, name: "set", params: { on: true } });
      lamp.bytes(lamp.publishBytes("telemetry", { data: { power: 1 } }, 11));
      await sleep();
      const second = lamp.publishBytes("telemetry", { data: { power: 2 } }, 12);
      lamp.bytes(second.slice(0, 40));
      await sleep();
      lamp.bytes(second.slice(40));
      await sleep();
      lamp.say({ cmd: "puback", messageId: packet.messageId, reasonCode: 0 });
      await sleep();
      lamp.bytes(lamp.publishBytes("result", { id: command.id, ok: true }, 13));
      const acks = [await lamp.take("puback"), await lamp.take("puback"), await lamp.take("puback")];
      expect(acks.map(({ messageId }) => messageId).sort()).toEqual([11, 12, 13]);
      expect(await lamp.frame("stored")).toMatchObject({ id: command.id });
      await sleep();
      expect((await rest("GET", `/commands/${command.id}`)).body.status).toBe("succeeded");
      const { body } = await rest("GET", `/devices/${id}/telemetry?field=power&points=1`);
      expect(body.points[0][4]).toBe(2);
      // What it subscribed to is known, too.
      await rest("POST", `/devices/${id}/commands`, { name: "identify", params: {} });
      await lamp.frame("command");
      lamp.say({ cmd: "disconnect", reasonCode: 0 });
      await gone(id, "closed");
    },
  );

  it("[M9] a PINGREQ wakes it, is answered and is evidence", async () => {
    const id = name();
    const lamp = await listener(id, await newDevice(id, "relay"));
    await sleep();
    await lamp.heard();
    expect((await rest("GET", `/devices/${id}`)).body.presence).toBe("online");
    lamp.close();
  });

  it("[M10] a will outlives a sleep", async () => {
    const id = name();
    const will = { topic: `devices/${id}/state`, payload: "The mains failed.", qos: 0, retain: false };
    const lamp = await listener(id, await newDevice(id, "relay"), 5, { will });
    await sleep();
    lamp.close();
    await gone(id, "The mains failed.");
  });

  it("[M1] the Worker refuses what offers no mqtt, and asks for no credential", async () => {
    const refused = await handshake("mqtt");
    expect([refused.status, (await refused.json() as { code: string }).code]).toEqual([400, "bad_request"]);
    expect((await handshake("mqtt", { "Sec-WebSocket-Protocol": "signalbox.v1", Authorization: "Basic x" })).status)
      .toBe(400);
    expect((await handshake("mqtt", { "Sec-WebSocket-Protocol": "mqtt", "Sec-WebSocket-Version": "8" })).status).toBe(
      426,
    );
  });

  it("[M2] a text closes; the exact text ping is answered by the runtime, which knows of no MQTT", async () => {
    const id = name();
    const lamp = await listener(id, await newDevice(id, "relay"));
    lamp.bytes("ping");
    await lamp.heard();
    expect([lamp.texts, lamp.closed]).toEqual([["pong"], null]);
    lamp.bytes(" ping ");
    expect((await lamp.take("disconnect")).reasonCode).toBe(0x82);
  });
});

/** Three bytes in UTF-8. */
const WIDE = "字";
/** Of 16,384; the rest is for what a later version adds. */
const PLANNED = 14 * 1024;

describe("what a socket of MQTT keeps in a sleep", () => {
  it("[M11, T7] fits with all that anybody may say at once", async () => {
    const id = `w${crypto.randomUUID().replaceAll("-", "")}`.padEnd(64, "w");
    const token = await newDevice(id, "env-sensor");
    const will = { topic: `devices/${id}/x`, payload: WIDE.repeat(256), qos: 0, retain: false };
    const properties = { maximumPacketSize: 268_435_455, requestProblemInformation: false };
    const roof = await listener(id, token, 5, { will, properties });
    const types = [...TOPICS_OUT, ...TOPICS_IN, "+", "#"];
    const subscriptions = types.map((type) => ({ topic: `devices/${id}/${type}`, qos: 1 }));
    roof.say({ cmd: "subscribe", messageId: 65_000, subscriptions });
    await roof.take("suback");
    const commands: string[] = [];
    for (let at = 0; at < 51; at++) {
      const { body } = await rest("POST", `/devices/${id}/commands`, { name: "identify", ttl: 10 });
      commands.push(body.id);
    }
    roof.bytes(roof.publishBytes("hello", { boot: WIDE.repeat(256), firmware: WIDE.repeat(256), commands }));
    for (let at = 0; at < 9; at++) roof.bytes(roof.publishBytes("state", 3));
    // Nothing is acknowledged: as many as are counted, with the longest ids.
    for (let at = 0; at < 40; at++) {
      roof.say({ cmd: "subscribe", messageId: 60_000 + at, subscriptions: [subscriptions[0]] });
    }
    for (let at = 0; at < 60; at++) {
      roof.bytes(
        roof.publishBytes("telemetry", { data: { temperature: at + 0.5, firmware: WIDE.repeat(32) } }, 65_400 + at),
      );
    }
    await roof.heard();
    const size = () =>
      runInDurableObject(
        shard(),
        (_, state) =>
          Math.max(...state.getWebSockets().map((socket) => socket.deserializeAttachment()?.byteLength ?? 0)),
      );
    let greatest = await size();
    // A packet as large as may be, in steps; nothing that is carried has to go for a small rest.
    const packet = roof.publishBytes("telemetry", { data: { firmware: "x".repeat(8_192 - 150) } });
    expect(packet.length).toBeLessThanOrEqual(8_192);
    for (let at = 0; at < packet.length - 1; at += 512) {
      roof.bytes(packet.slice(at, Math.min(at + 512, packet.length - 1)));
      await rest("GET", "/me");
      greatest = Math.max(greatest, await size());
    }
    console.log(`a socket of MQTT with ${commands.length} commands, samples and half a packet: ${greatest} bytes`);
    expect(greatest).toBeGreaterThan(10_000);
    expect(greatest).toBeLessThan(PLANNED);
    await evict();
    roof.bytes(packet.slice(packet.length - 1));
    await roof.heard();
    expect(roof.closed).toBeNull();
    const { body } = await rest("GET", `/devices/${id}/telemetry?field=temperature&points=1`);
    expect(body.points[0][4]).toBe(60);
    roof.close();
  }, 60_000);
});
