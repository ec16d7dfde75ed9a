/** The real process with its bridge: how it starts, says how it is, keeps secrets, comes back after a kill, and ends. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { denoHub, type Hub, sandbox } from "../runtime/launch.ts";
import { device, rest } from "../support/client.ts";
import { Mosquitto, noMosquitto } from "../support/mosquitto.ts";
import { freePort } from "../support/port.ts";
import { AedesTcp } from "./support/brokers.ts";

const { folder, run } = sandbox();
const ended: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ended.reverse()) await end();
});

async function hubWith(settings: Record<string, string>): Promise<Hub> {
  const hub = await denoHub(settings);
  ended.push(() => hub.dispose());
  return hub;
}
const readyz = async ({ url }: Hub) => await (await fetch(`${url}/readyz`)).text();

describe("a process with a bridge", () => {
  it("[N1, N18, N50] starts, answers and ends with the broker down, says that it is degraded, and no secret", async () => {
    const port = await freePort();
    const hub = await hubWith({ SIGNALBOX_MQTT_URL: `mqtt://hub:s3cr3t-word@127.0.0.1:${port}` });
    const admin = rest(hub.url, hub.adminToken);
    expect((await admin.post("/api/v1/devices", { id: "lamp", kind: "relay" })).status).toBe(201);
    await expect.poll(() => readyz(hub)).toMatch(/^ok, bridge degraded: No connection to the broker at mqtt:\/\/127/);
    const said = [
      (await admin.get("/api/v1/hub")).text,
      (await admin.get("/metrics")).text,
      hub.child.out(),
      hub.child.err(),
    ].join();
    expect(said).toContain("bridge_degraded");
    expect(said).not.toContain("s3cr3t-word");
    hub.child.signal("SIGTERM");
    expect(await hub.child.ended).toMatchObject({ code: 0 });
  });

  it("[N7, N21] what happened while the broker was away is told after a kill, and its last word is that it goes", async () => {
    const broker = await AedesTcp.start();
    ended.push(() => broker.stop());
    const heard = await broker.hears("signalbox/#");
    const hub = await hubWith({ SIGNALBOX_MQTT_URL: `mqtt://127.0.0.1:${broker.port}` });
    const admin = rest(hub.url, hub.adminToken);
    await admin.post("/api/v1/devices", { id: "lamp", kind: "relay" });
    await expect.poll(() => readyz(hub)).toBe("ok");
    await broker.kill();
    await expect.poll(() => readyz(hub)).toContain("degraded");
    const asked = await admin.post("/api/v1/devices/lamp/commands", { name: "set", params: { on: true } });
    expect(asked.body.code).toBe("offline");
    await hub.kill();
    await broker.again();
    await hub.begin();
    await expect.poll(() => heard.filter((line) => line.startsWith("signalbox/lamp/outcome "))).toEqual([
      expect.stringContaining('"status":"rejected"'),
    ]);
    await expect.poll(() => heard.at(-1)).toBeDefined();
    hub.child.signal("SIGTERM");
    await hub.child.ended;
    await expect.poll(() => heard.at(-1)).toBe("signalbox/status offline");
  });

  it("[N13, N26] who waits on a response topic hears what became of it, though the hub was killed meanwhile", async (context) => {
    if (noMosquitto) return context.skip(noMosquitto);
    const broker = await Mosquitto.start();
    ended.push(() => broker.stop());
    const replies = await broker.subscribe("-t", "app/replies", "-F", "%D|%p");
    ended.push(() => replies.stop());
    const hub = await hubWith({ SIGNALBOX_MQTT_URL: `mqtt://127.0.0.1:${broker.port}` });
    const admin = rest(hub.url, hub.adminToken);
    const { body } = await admin.post("/api/v1/devices", { id: "gate", kind: "relay" });
    const gate = await device(hub.url, body.token);
    await expect.poll(() => readyz(hub)).toBe("ok");
    broker.publish(
      "signalbox/gate/command/toggle",
      "{}",
      ...["-D", "publish", "response-topic", "app/replies"],
      ...["-D", "publish", "correlation-data", "seven"],
    );
    const { id } = await gate.next("command");
    await hub.kill();
    await hub.begin();
    await expect.poll(() => replies.lines.length).toBe(1);
    const [correlation, payload] = replies.lines[0].split("|");
    expect([correlation, JSON.parse(payload)]).toMatchObject(["seven", { id, name: "toggle", status: "unknown" }]);
  });

  it("[S6] does not start with a file that is not there or not PEM, and says which", async () => {
    const place = await folder();
    const text = join(place, "text");
    await writeFile(text, "not a certificate");
    const env = {
      PORT: String(await freePort()),
      SIGNALBOX_DATA: place,
      SIGNALBOX_ADMIN_TOKEN: "7d1f0c6b9e4a83d25f71c0be96a4d83e2b57f0c19d6e4a38",
      SIGNALBOX_MQTT_URL: "mqtts://127.0.0.1:1",
    };
    const sentenceOf = async (more: Record<string, string>) => {
      const child = run({ ...env, ...more });
      expect(await child.ended).toMatchObject({ code: 1 });
      return child.err().trim();
    };
    expect(
      await Promise.all([
        sentenceOf({ SIGNALBOX_MQTT_CA: join(place, "nothing.pem") }),
        sentenceOf({ SIGNALBOX_MQTT_CA: text }),
        sentenceOf({ SIGNALBOX_MQTT_DEVICES: join(place, "nothing.json") }),
        sentenceOf({ SIGNALBOX_MQTT_DEVICES: '[{"device":"x","mapping":"nothing","topic":"x"}]' }),
      ]),
    ).toEqual([
      "SIGNALBOX_MQTT_CA names a file that cannot be read.",
      "SIGNALBOX_MQTT_CA names a file that is not PEM.",
      "SIGNALBOX_MQTT_DEVICES names a file that cannot be read.",
      expect.stringMatching(/^SIGNALBOX_MQTT_DEVICES: .*nothing/),
    ]);
  });
});
