/** What a hub still knows after kill -9 in the middle of its work [C7, C18, T6]. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device as connect, type Frame, type Json, type Peer, rest } from "../support/client.ts";
import type { Hub, Launch } from "./launch.ts";

const FINAL = ["succeeded", "failed", "rejected", "expired", "cancelled", "superseded", "unknown"];
const COMMANDS = 100, DEVICES = 20;

/** Effects in turn; a set with a ttl too short to be sent after the crash is among them. */
const CALLS: [name: string, params: Json, ttl: number][] = [
  ["toggle", {}, 30],
  ["identify", { seconds: 1 }, 30],
  ["toggle", {}, 1],
  ["set", { on: true }, 30],
  ["identify", { seconds: 2 }, 1],
];

interface Delivery {
  id: string;
  name: string;
  attempt: number;
  ttl: number;
  /** Ms between the limit and the arrival; negative is too late. */
  left: number;
}

/** A relay that takes 50 ms for a command, keeps its outcomes, and comes back when it is cut off. */
function relay(hub: Hub, token: string, deliveries: Delivery[]) {
  const done = new Set<string>();
  let peer: Peer | undefined;
  let stopped = false;

  const answer = async (at: Peer, { id, name, attempt = 1, ttl, expires }: Frame) => {
    deliveries.push({ id, name, attempt, ttl, left: expires - Date.now() });
    if (!done.has(id)) await delay(50);
    done.add(id);
    at.send({ type: "result", id, ok: true });
  };
  const run = async () => {
    while (!stopped) {
      try {
        const at = await connect(hub.url, token);
        peer = at;
        for (;;) await answer(at, await at.next("command", 60_000));
      } catch {
        await delay(100); // cut off, or the hub is not there yet
      }
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      peer?.terminate();
      await running;
    },
  };
}

export function crash(name: string, launch: Launch): void {
  describe(`kill -9: ${name}`, () => {
    let hub: Hub;
    beforeAll(async () => void (hub = await launch()), 120_000);
    afterAll(() => hub?.dispose());

    const make = async (kind: string): Promise<{ id: string; token: string }> => {
      const id = `crash-${crypto.randomUUID().slice(0, 13)}`;
      const answer = await rest(hub.url, hub.adminToken).post("/api/v1/devices", { id, kind });
      expect(answer.status, answer.text).toBe(201);
      return { id, token: answer.body.token };
    };

    test("[C18] nothing accepted is lost, no once is sent twice, nothing is sent after its end", async () => {
      const admin = rest(hub.url, hub.adminToken);
      const made = await Promise.all(Array.from({ length: DEVICES }, () => make("relay")));
      const deliveries: Delivery[] = [];
      const relays = made.map(({ token }) => relay(hub, token, deliveries));
      const online = async () => (await admin.get("/api/v1/devices?q=status:online")).body.total;
      while (await online() < DEVICES) await delay(50);

      const accepted: string[] = [];
      let lost = 0;
      const calls = Array.from({ length: COMMANDS }, async (_, at) => {
        const [name, params, ttl] = CALLS[at % CALLS.length];
        const path = `/api/v1/devices/${made[Math.floor(at / CALLS.length) % DEVICES].id}/commands`;
        const answer = await admin.post(path, { name, params, ttl }).catch(() => undefined);
        if (answer?.status === 202) accepted.push(answer.body.id);
        else lost++;
      });
      while (accepted.length < COMMANDS * 0.4 && accepted.length + lost < COMMANDS) await delay(1);
      await hub.restart();
      await Promise.all(calls);
      const before = deliveries.length;

      const ledger = async (): Promise<Json[]> => {
        const pages = await Promise.all(made.map(({ id }) => admin.get(`/api/v1/devices/${id}/commands?limit=500`)));
        return pages.flatMap((page) => page.body.items);
      };
      const deadline = Date.now() + 60_000;
      let records = await ledger();
      while (!records.every((record) => FINAL.includes(record.status)) && Date.now() < deadline) {
        await delay(250);
        records = await ledger();
      }
      await Promise.all(relays.map((relay) => relay.stop()));

      const counts: Record<string, number> = {};
      for (const { status } of records) counts[status] = (counts[status] ?? 0) + 1;
      const again = deliveries.filter((delivery) => delivery.attempt > 1).length;
      console.log(
        `kill -9 on ${name}: ${COMMANDS} asked, ${accepted.length} accepted, ${lost} without an answer; ledger ` +
          `${JSON.stringify(counts)}; ${deliveries.length} sent, ${
            deliveries.length - before
          } after the restart, ${again} again`,
      );

      expect(accepted.length).toBeGreaterThan(0);
      const known = new Set(records.map((record) => record.id));
      expect(accepted.filter((id) => !known.has(id))).toEqual([]);
      expect(records.filter((record) => !FINAL.includes(record.status))).toEqual([]);
      const toggles = deliveries.filter((delivery) => delivery.name === "toggle").map((delivery) => delivery.id);
      expect(toggles.length).toBe(new Set(toggles).size);
      // Half a second for the way from the hub to here on a busy machine.
      expect(deliveries.filter(({ ttl, left }) => !(ttl > 0) || left < -500)).toEqual([]);
      const unsent = records.filter((record) =>
        record.status === "succeeded" && !deliveries.some(({ id }) => id === record.id)
      );
      expect(unsent).toEqual([]);
    }, 120_000);

    test(
      "[T6] what stored named is there after the crash; so are desired state, reported state and tokens",
      async () => {
        const made = await make("thermostat");
        const admin = rest(hub.url, hub.adminToken);
        const device = await connect(hub.url, made.token);
        device.send({ type: "hello", boot: "b1" });
        for (let seq = 1; seq <= 20; seq++) device.send({ type: "telemetry", seq, data: { temperature: seq } });
        device.send({ type: "state", seq: 21, reported: { mode: "heat" } });
        await device.next((frame) => frame.type === "stored" && frame.seq === 21);
        await admin.patch(`/api/v1/devices/${made.id}/desired`, { target: 21 });
        await hub.restart();
        device.terminate();

        const shown = (await admin.get(`/api/v1/devices/${made.id}`)).body;
        expect(shown).toMatchObject({
          presence: "offline",
          reported: { mode: "heat" },
          desired: { version: 1, state: { target: 21 } },
          telemetry: { temperature: { value: 20 } },
        });
        const count = async () => {
          const { body } = await admin.get(`/api/v1/devices/${made.id}/telemetry?field=temperature`);
          return body.points.reduce((sum: number, point: number[]) => sum + point[4], 0);
        };
        expect(await count()).toBe(20);
        const again = await connect(hub.url, made.token);
        expect(again.welcome.desired).toEqual({ version: 1, state: { target: 21 } });
        again.send({ type: "hello", boot: "b1" });
        again.send({ type: "telemetry", seq: 20, data: { temperature: 99 } });
        await again.next("stored");
        expect(await count()).toBe(20);
        again.terminate();
      },
      60_000,
    );
  });
}
