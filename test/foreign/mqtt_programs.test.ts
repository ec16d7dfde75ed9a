/** MQTT clients of Debian's packages as devices of a real hub: Python's paho over WebSocket, and Mosquitto's over TCP. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { denoHub, type Hub, ROOT, workerdHub } from "../runtime/launch.ts";
import { type Json, rest, wsUrl } from "../support/client.ts";
import { start } from "../support/process.ts";
import { type OverTcp, overTcp } from "./mqtt/over_tcp.ts";
import { MOSQUITTO_PUB, MOSQUITTO_SUB, need, PAHO } from "./programs.ts";

const soon = { timeout: 20_000, interval: 100 };

describe.each([["Deno", denoHub], ["workerd", workerdHub]] as const)("on %s", (_name, launch) => {
  let hub: Hub;
  let door: OverTcp;
  beforeAll(async () => {
    hub = await launch();
    door = await overTcp(wsUrl(hub.url, "/mqtt"));
  });
  afterAll(async () => {
    await door?.stop();
    await hub?.dispose();
  });

  const admin = () => rest(hub.url, hub.adminToken);
  const show = async (id: string): Promise<Json> => (await admin().get(`/api/v1/devices/${id}`)).body;
  const shows = (id: string, what: Json) => vi.waitFor(async () => expect(await show(id)).toMatchObject(what), soon);
  const enrol = async (id: string): Promise<string> => {
    const made = await admin().post("/api/v1/devices", { id, kind: "relay" });
    expect(made.status, made.text).toBe(201);
    return made.body.token;
  };
  const command = async (id: string, params: Json): Promise<Json> => {
    const asked = await admin().post(`/api/v1/devices/${id}/commands`, { name: "set", params });
    expect(asked.status, asked.text).toBe(202);
    return asked.body;
  };
  const succeeds = (id: string) =>
    vi.waitFor(async () => expect((await admin().get(`/api/v1/commands/${id}`)).body.status).toBe("succeeded"), soon);

  test.concurrent.for(["3.1.1", "5"])("[M4, M5, M7, C10, C12] Python's paho, MQTT %s", async (version, context) => {
    const python = need(context, PAHO);
    const id = `paho-${version}`;
    const token = await enrol(id);
    const { hostname, port } = new URL(hub.url);
    const args = ["test/foreign/mqtt_device.py", hostname, port, id, token, version];
    const device = start(python, args, { cwd: ROOT });
    try {
      await device.printed(new RegExp(`devices/${id}/welcome .*"protocol":1.* QoS 1`));
      await device.printed(/acknowledged 2/);
      await shows(id, { presence: "online", telemetry: { power: { value: 4.5 } } });
      const asked = await command(id, { on: true });
      await device.printed(new RegExp(`devices/${id}/command .*${asked.id}`));
      await succeeds(asked.id);
      await device.printed(new RegExp(`devices/${id}/stored {"id":"${asked.id}"} QoS 1`));
      await shows(id, { reported: { on: true } });
      // It asks for a packet every two seconds; the hub asks version 5 for one every 300.
      if (version === "3.1.1") await new Promise((resolve) => setTimeout(resolve, 4_000));
      await shows(id, { presence: "online" });
      expect(device.out()).not.toContain("disconnected");
    } finally {
      await device.kill();
    }
    await shows(id, { presence: "offline", reason: "paho is gone" });
  });

  describe.concurrent.each(["mqttv311", "mqttv5"])("Mosquitto's clients, %s", (version) => {
    const run = (program: string, id: string, token: string, ...more: string[]) =>
      start(program, ["-V", version, "-h", "127.0.0.1", "-p", `${door.port}`, "-u", id, "-P", token, ...more], {
        cwd: ROOT,
      });

    test("[M4, M7] mosquitto_pub tells what is durable when it ends", async (context) => {
      const pub = need(context, MOSQUITTO_PUB);
      const id = `pub-${version}`;
      const token = await enrol(id);
      const payload = JSON.stringify({ data: { power: 7.5 } });
      const sent = run(pub, id, token, "-q", "1", "-t", `devices/${id}/telemetry`, "-m", payload);
      expect(await sent.ended, sent.err()).toMatchObject({ code: 0 });
      expect(await show(id)).toMatchObject({ telemetry: { power: { value: 7.5 } } });
    });

    test("[M5, M6] mosquitto_sub hears the welcome, and a command as it is given", async (context) => {
      const sub = need(context, MOSQUITTO_SUB);
      const id = `sub-${version}`;
      const token = await enrol(id);
      const heard = run(sub, id, token, "-q", "1", "-v", "-t", `devices/${id}/#`);
      try {
        await heard.printed(new RegExp(`devices/${id}/welcome {"protocol":1,"device":"${id}"`));
        const asked = await command(id, { on: false });
        await heard.printed(new RegExp(`devices/${id}/command {.*"id":"${asked.id}","name":"set"`));
      } finally {
        await heard.kill();
      }
    });

    test("[M3, M6, M11] they are told no", async (context) => {
      const [pub, sub] = [need(context, MOSQUITTO_PUB), need(context, MOSQUITTO_SUB)];
      const id = `no-${version}`;
      const token = await enrol(id);
      const ended = async (program: string, given: string, ...more: string[]) => {
        const child = run(program, id, given, ...more);
        const { code } = await child.ended;
        return { code, said: child.out() + child.err() };
      };
      const stranger = await ended(pub, `${id}.wrong`, "-t", `devices/${id}/telemetry`, "-m", "{}");
      expect(stranger.code, stranger.said).not.toBe(0);
      expect(stranger.said).toMatch(/not authori[sz]ed|bad user name/i);
      const foreign = await ended(sub, token, "-t", "devices/other/#", "-W", "5");
      expect(foreign.said).toMatch(/denied|rejected/i);
    });
  });
});
