/** What a hub still knows of its devices after kill -9 [T6]; `test/kill` has the commands. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device as connect, rest } from "../support/client.ts";
import type { Hub, Launch } from "./launch.ts";

export function crash(name: string, launch: Launch): void {
  describe(`after kill -9: ${name}`, () => {
    let hub: Hub;
    beforeAll(async () => void (hub = await launch()), 120_000);
    afterAll(() => hub?.dispose());

    const make = async (kind: string): Promise<{ id: string; token: string }> => {
      const id = `crash-${crypto.randomUUID().slice(0, 13)}`;
      const answer = await rest(hub.url, hub.adminToken).post("/api/v1/devices", { id, kind });
      expect(answer.status, answer.text).toBe(201);
      return { id, token: answer.body.token };
    };

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
