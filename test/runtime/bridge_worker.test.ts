/** The bridge as `wrangler dev` runs it: the broker is lost, workerd is killed, and nothing that was accepted is lost [N53]. */
import { expect, test } from "vitest";
import { device, type Frame, type Peer, rest } from "../support/client.ts";
import { AedesBroker } from "../support/aedes.ts";
import { Mosquitto, noMosquitto, type Subscriber } from "../support/mosquitto.ts";
import { freePort } from "../support/port.ts";
import { type Hub, workerdHub } from "./launch.ts";

const TOPIC = "signalbox/door/event/obstructed";

/** Each of these is stored; `stored` comes once a second at most. */
async function happen(peer: Peer, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq++) {
    peer.send({ type: "event", name: "obstructed", data: { position: seq }, seq });
  }
  await peer.next((frame: Frame) => frame.type === "stored" && frame.seq >= to);
}

async function come(hub: Hub, token: string): Promise<Peer> {
  const peer = await device(hub.url, token);
  peer.send({ type: "hello", boot: "one" });
  return peer;
}

/** Ids of events, each as often as the brokers were told of it. */
const idsIn = (brokers: AedesBroker[]): string[] =>
  brokers.flatMap(({ said }) =>
    said.filter(({ topic }) => topic === TOPIC).map(({ payload }) => JSON.parse(payload).id)
  );

test(
  "[N51, N53, N7, N50] a broker that dies, and objects that are killed, lose nothing of what was accepted",
  async () => {
    const port = await freePort();
    const brokers = [await AedesBroker.start(port)];
    const hub = await workerdHub({ SIGNALBOX_MQTT_URL: `ws://127.0.0.1:${port}` });
    try {
      const admin = rest(hub.url, hub.adminToken);
      const ready = async () => (await rest(hub.url).get("/readyz")).text;
      const bridge = async () => (await admin.get("/api/v1/hub")).body.bridge;
      const { token } = (await admin.post("/api/v1/devices", { id: "door", kind: "cover" })).body;
      const first = await come(hub, token);
      await happen(first, 1, 5);
      await expect.poll(() => idsIn(brokers).length).toBe(5);
      await expect.poll(bridge).toMatchObject({ state: "connected", waiting: 0 });
      expect(await ready()).toBe("ok");

      await brokers[0].stop();
      await happen(first, 6, 40);
      await expect.poll(ready).toMatch(/^ok, bridge degraded: .*broker/);
      expect(await bridge()).toMatchObject({
        state: "degraded",
        waiting: 35,
        dropped: 0,
      });

      await hub.restart();
      const second = await come(hub, token);
      await happen(second, 41, 60);
      brokers.push(await AedesBroker.start(port));
      await expect.poll(() => new Set(idsIn(brokers)).size, { timeout: 60_000 }).toBe(60);

      // What is on its way to a broker that does not acknowledge it comes again after the next kill.
      brokers[1].become("deaf");
      await happen(second, 61, 80);
      await hub.kill();
      brokers[1].become("well");
      await hub.begin();
      await expect.poll(() => new Set(idsIn(brokers)).size, { timeout: 60_000 }).toBe(80);
      const { items } = (await admin.get("/api/v1/devices/door/events?limit=500")).body;
      expect([...new Set(idsIn(brokers))]).toEqual(items.map(({ id }: Frame) => id).reverse());
      await expect.poll(async () => (await admin.get("/api/v1/hub")).body.bridge)
        .toMatchObject({ state: "connected", waiting: 0, dropped: 0 });

      const third = await come(hub, token);
      await expect.poll(() => brokers[1].retained.get("signalbox/door/presence")).toBe("online");
      await brokers[1].publish({ topic: "signalbox/door/command/go_to", payload: '{"position":30}' });
      const { id, params } = await third.next("command");
      expect(params).toEqual({ position: 30 });
      third.send({ type: "result", id, ok: true });
      await expect.poll(() => brokers[1].said.find(({ topic }) => topic === "signalbox/door/outcome")?.payload)
        .toMatch(`"id":"${id}"`);
      third.terminate();
      await expect.poll(() => brokers[1].retained.get("signalbox/door/presence")).toBe("offline");
    } finally {
      await hub.dispose();
      await brokers[1]?.stop();
    }
  },
  240_000,
);

test.skipIf(noMosquitto)(
  `[N51, N6, N13] Mosquitto by WebSocket: MQTT 5, with its properties, and who asks is answered${
    noMosquitto ? ` (${noMosquitto})` : ""
  }`,
  async () => {
    const mosquitto = await Mosquitto.start([{}, { protocol: "websockets" }]);
    const hub = await workerdHub({
      SIGNALBOX_MQTT_URL: `ws://127.0.0.1:${mosquitto.ports[1]}`,
      // The broker takes anybody, and nothing of this is written anywhere.
      SIGNALBOX_MQTT_USERNAME: "ann",
      SIGNALBOX_MQTT_PASSWORD: "a secret: of hers",
      SIGNALBOX_MQTT_DISCOVERY: "",
    });
    let subscriber: Subscriber | undefined;
    try {
      const admin = rest(hub.url, hub.adminToken);
      const { token } = (await admin.post("/api/v1/devices", { id: "door", kind: "cover" })).body;
      const door = await come(hub, token);
      door.send({ type: "state", reported: { position: 40 } });
      await expect.poll(async () => (await admin.get("/api/v1/hub")).body.bridge).toMatchObject({ state: "connected" });
      // Whether it comes after its subscription or was there before: that it is to be retained is said either way.
      const format = ["--retain-as-published", "-F", "%t|%r|%C|%D|%P|%p"];
      subscriber = await mosquitto.subscribe("-t", "signalbox/#", "-t", "answers", ...format);
      const origin = "origin:signalbox-[0-9a-z]{12}";
      const seen = (line: string) => expect.poll(() => subscriber!.lines).toContainEqual(expect.stringMatching(line));
      await seen(`^signalbox/status\\|1\\|text/plain\\|\\|${origin}\\|online$`);
      await seen(
        `^signalbox/door/reported\\|1\\|application/json\\|\\|${origin} kind:cover units:{"position":"%"}\\|{"position":40}$`,
      );
      const asks = ["-D", "publish", "response-topic", "answers", "-D", "publish", "correlation-data", "seven"];
      mosquitto.publish("signalbox/door/command/go_to", '{"position":30}', ...asks);
      const { id } = await door.next("command");
      door.send({ type: "result", id, ok: true });
      await seen(`^answers\\|0\\|application/json\\|seven\\|.*\\|{"id":"${id}",.*"status":"succeeded"`);
      expect(hub.child.out() + hub.child.err()).not.toContain("secret");
    } finally {
      await subscriber?.stop();
      await hub.dispose();
      await mosquitto.stop();
    }
  },
  240_000,
);
