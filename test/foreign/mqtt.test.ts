/** MQTT.js, a library that nobody here wrote, as a device of a real hub: both versions, on both runtimes. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { denoHub, type Hub, workerdHub } from "../runtime/launch.ts";
import { type Json, operator, rest, wsUrl } from "../support/client.ts";
import { type Identity, mqttDevice, type MqttVersion } from "./mqtt/library.ts";

const VERSIONS: [string, MqttVersion][] = [["3.1.1", 4], ["5", 5]];
const soon = { timeout: 20_000, interval: 100 };

describe.each([["Deno", denoHub], ["workerd", workerdHub]] as const)("MQTT.js on %s", (_name, launch) => {
  let hub: Hub;
  beforeAll(async () => void (hub = await launch()));
  afterAll(() => hub?.dispose());

  const admin = () => rest(hub.url, hub.adminToken);
  const show = async (id: string): Promise<Json> => (await admin().get(`/api/v1/devices/${id}`)).body;
  let made = 0;
  const enrol = async (kind = "relay"): Promise<Identity> => {
    const answer = await admin().post("/api/v1/devices", { id: `lamp-${++made}`, kind });
    expect(answer.status, answer.text).toBe(201);
    return { id: answer.body.device.id, token: answer.body.token };
  };
  const come = (who: Identity, version: MqttVersion, options = {}, filter?: string) =>
    mqttDevice(wsUrl(hub.url, "/mqtt"), who, version, options, filter);
  const command = async ({ id }: Identity, params: Json): Promise<Json> => {
    const asked = await admin().post(`/api/v1/devices/${id}/commands`, { name: "set", params });
    expect(asked.status, asked.text).toBe(202);
    return asked.body;
  };
  const statusOf = async (id: string) => (await admin().get(`/api/v1/commands/${id}`)).body.status;
  const ends = (id: string, status: string) => vi.waitFor(async () => expect(await statusOf(id)).toBe(status), soon);

  describe.concurrent.each(VERSIONS)("%s", (_word, version) => {
    test("[M4, M5, C10, C12] telemetry in, a command out, its result back, and `stored`", async () => {
      const who = await enrol();
      const lamp = await come(who, version);
      expect(await lamp.next("welcome")).toMatchObject({ protocol: 1, device: who.id, desired: { version: 0 } });
      await lamp.tell("telemetry", { data: { power: 4.5 } }, { qos: 0 });
      await lamp.tell("telemetry", { data: { power: 5.5 } });
      expect(await show(who.id)).toMatchObject({ presence: "online", telemetry: { power: { value: 5.5 } } });

      const asked = await command(who, { on: true });
      const heard = await lamp.next("command");
      expect(heard).toMatchObject({ id: asked.id, name: "set", params: { on: true } });
      await lamp.tell("received", { id: asked.id });
      await lamp.tell("state", { reported: { on: true } });
      await lamp.tell("result", { id: asked.id, ok: true });
      expect(await lamp.next("stored")).toEqual({ id: asked.id });
      expect(await statusOf(asked.id)).toBe("succeeded");
      expect(await show(who.id)).toMatchObject({ reported: { on: true } });
      await lamp.end();
      await vi.waitFor(async () => expect((await show(who.id)).presence).toBe("offline"), soon);
    });

    test("[C16, C14] a cancel is heard, and the device says how the command ended", async () => {
      const who = await enrol();
      const lamp = await come(who, version);
      const asked = await command(who, { on: true });
      await lamp.next("command");
      expect((await admin().delete(`/api/v1/commands/${asked.id}`)).status).toBe(202);
      expect(await lamp.next("cancel")).toEqual({ id: asked.id });
      await lamp.tell("result", { id: asked.id, ok: false, error: { code: "cancelled", message: "as asked" } });
      await ends(asked.id, "cancelled");
      await lamp.end();
    });

    test("[D6, D3] what is desired comes whole, at once and to who was away; what is applied goes back", async () => {
      const who = await enrol();
      const patch = (on: boolean) => admin().patch(`/api/v1/devices/${who.id}/desired`, { on });
      expect((await patch(true)).status).toBe(200);
      const lamp = await come(who, version);
      expect(await lamp.next("welcome")).toMatchObject({ desired: { version: 1, state: { on: true } } });
      await patch(false);
      expect(await lamp.next("desired")).toEqual({ version: 2, state: { on: false } });
      await lamp.tell("state", { reported: { on: false }, applied: { version: 2, ok: true } });
      expect(await show(who.id)).toMatchObject({ desired: { version: 2, applied: { version: 2, ok: true } } });
      await lamp.end();
    });

    test("[M10] the will is why it is offline, unless it took its leave", async () => {
      const who = await enrol();
      const will = { topic: `devices/${who.id}/will`, payload: "the mains failed", qos: 1 as const, retain: false };
      const lamp = await come(who, version, { will });
      lamp.cut();
      const off = { presence: "offline", reason: "the mains failed" };
      await vi.waitFor(async () => expect(await show(who.id)).toMatchObject(off), soon);
      const again = await come(who, version, { will });
      await again.end();
      await vi.waitFor(async () => expect(await show(who.id)).toMatchObject({ presence: "offline" }), soon);
      expect((await show(who.id)).reason).not.toBe(off.reason);
    });

    test("[P6, M12] a second connection takes over, and the first hears so", async () => {
      const who = await enrol();
      const first = await come(who, version);
      const said: number[] = [];
      first.client.on("disconnect", ({ reasonCode }) => void said.push(reasonCode ?? 0));
      const closed = new Promise((resolve) => first.client.once("close", () => resolve(true)));
      const second = await come(who, version);
      expect(await closed).toBe(true);
      expect(said).toEqual(version === 5 ? [0x8e] : []);
      await second.tell("telemetry", { data: { power: 1 } });
      expect(await show(who.id)).toMatchObject({ presence: "online", telemetry: { power: { value: 1 } } });
      await second.end();
    });

    test("[M6, M11] nothing of anybody else's is heard or said", async () => {
      const [who, other] = [await enrol(), await enrol()];
      const lamp = await come(who, version);
      for (const filter of [`devices/${other.id}/#`, "devices/+/command", "#", "$SYS/#", "$share/g/devices/#"]) {
        const granted = await lamp.client.subscribeAsync(filter).catch((error) => error.message);
        expect(granted, filter).toMatch(/Unspecified error|Not authorized|Shared Subscriptions not supported/);
      }
      const closed = new Promise((resolve) => lamp.client.once("close", () => resolve("closed")));
      const told = lamp.client.publishAsync(`devices/${other.id}/telemetry`, '{"data":{"power":9}}', { qos: 1 })
        .catch(({ code }) => code);
      expect(await Promise.race([closed, told])).toBe(version === 5 ? 0x87 : "closed");
      expect((await show(other.id)).telemetry).toEqual({});
      await lamp.client.endAsync(true);
    });

    test("[M3] a wrong token, another's and none are turned away with MQTT's words", async () => {
      const [who, other] = [await enrol(), await enrol()];
      const [unknown, foreign] = version === 5 ? [0x86, 0x87] : [4, 5];
      const refusal = (identity: Partial<Identity>) =>
        come({ ...who, ...identity }, version).then(() => "let in", ({ code }) => code);
      expect(await refusal({ token: `${who.id}.wrong` })).toBe(unknown);
      expect(await refusal({ token: other.token })).toBe(foreign);
      expect(await refusal({ token: "" })).toBe(unknown);
      expect((await show(who.id)).presence).toBe("new");
    });

    test("[M9] who pings is there as long as it likes", async () => {
      const who = await enrol();
      const lamp = await come(who, version, { keepalive: 1 });
      let pongs = 0;
      lamp.client.on("packetreceive", ({ cmd }) => pongs += cmd === "pingresp" ? 1 : 0);
      // Of version 5 the hub asks for a longer one, which the library keeps.
      if (version === 4) await vi.waitFor(() => expect(pongs).toBeGreaterThan(2), soon);
      else expect(lamp.client.keepalive).toBe(300);
      expect(lamp.client.connected).toBe(true);
      expect((await show(who.id)).presence).toBe("online");
      await lamp.end();
    });
  });

  test("[O5] who watches the device's frames sees them as those of a socket", async () => {
    const who = await enrol();
    const ann = await operator(hub.url, hub.adminToken);
    ann.send({ type: "watch", id: "w", device: who.id, include: ["frames"] });
    await ann.next("snapshot");
    const lamp = await come(who, 5);
    await lamp.tell("telemetry", { data: { power: 2 } });
    const seen = await ann.next(({ type, text }) => type === "frame" && text.includes("telemetry"));
    expect(seen).toMatchObject({ device: who.id, direction: "in" });
    expect(JSON.parse(seen.text)).toEqual({ type: "telemetry", data: { power: 2 } });
    await lamp.end();
    await ann.close();
  });

  test("[M7, C18] what was acknowledged outlives a kill; the library comes back, and tells what it kept meanwhile", async () => {
    const lamps = await Promise.all(VERSIONS.map(async ([, version]) => {
      const who = await enrol();
      return { who, lamp: await come(who, version, { reconnectPeriod: 300, connectTimeout: 3_000 }) };
    }));
    const begun = Date.now();
    await Promise.all(lamps.map(async ({ lamp }) => {
      await lamp.tell("telemetry", { data: { power: 0.5 } }, { qos: 0 });
      for (const power of [1, 2, 3]) await lamp.tell("telemetry", { data: { power } });
    }));
    await hub.kill();
    const kept = lamps.map(({ lamp }) => lamp.tell("telemetry", { data: { power: 4 } }));
    await hub.begin();
    await Promise.all(kept);
    for (const { who, lamp } of lamps) {
      await vi.waitFor(
        async () =>
          expect(await show(who.id)).toMatchObject({ presence: "online", telemetry: { power: { value: 4 } } }),
        soon,
      );
      const { body } = await admin().get(
        `/api/v1/devices/${who.id}/telemetry?field=power&from=${begun - 5_000}&to=${Date.now() + 5_000}&points=2000`,
      );
      const points: number[][] = body.points;
      const count = points.reduce((sum, point) => sum + point[4], 0);
      // The first was not acknowledged, and the last may have been told twice.
      expect(count).toBeGreaterThanOrEqual(4);
      expect(Math.max(...points.map((point) => point[3]))).toBe(4);
      // It subscribed again by itself.
      const asked = await command(who, { on: true });
      expect(await lamp.next("command")).toMatchObject({ id: asked.id });
      await lamp.tell("result", { id: asked.id, ok: true });
      await ends(asked.id, "succeeded");
      await lamp.end();
    }
  });
});
