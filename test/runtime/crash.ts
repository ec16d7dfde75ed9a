/** What a hub still knows of its devices and its jobs after kill -9 [T6, J8]; `test/kill` has the commands. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
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

    test(
      "[J8] a job goes on where it was: no device has the command twice, and none goes without",
      async () => {
        const made = await Promise.all(Array.from({ length: 12 }, () => make("relay")));
        const admin = rest(hub.url, hub.adminToken);
        const given = { query: `id:${made.map(({ id }) => id).join(",")}`, name: "toggle", rate: 8, stopAt: 1 };
        const got: { device: string; command: string }[] = [];
        const connectAll = () =>
          Promise.all(made.map(async ({ id, token }) => {
            const device = await connect(hub.url, token);
            const answer = async () => {
              for (;;) {
                const frame = await device.next("command", 60_000);
                got.push({ device: id, command: frame.id });
                device.send({ type: "result", id: frame.id, ok: true });
              }
            };
            // Until its socket is gone.
            answer().catch(() => {});
            return device;
          }));
        let devices = await connectAll();
        const answer = await admin.post("/api/v1/commands", given);
        expect(answer.status, answer.text).toBe(202);
        const look = async () => (await admin.get(`/api/v1/jobs/${answer.body.id}`)).body;
        await vi.waitFor(() => expect(got.length).toBeGreaterThan(2), { timeout: 20_000, interval: 20 });
        await hub.restart();
        devices.forEach((device) => device.terminate());
        const before = await look();
        devices = await connectAll();
        await vi.waitFor(async () => expect(await look()).toMatchObject({ status: "done" }), {
          timeout: 30_000,
          interval: 100,
        });
        devices.forEach((device) => device.terminate());
        const { items } = (await admin.get(`/api/v1/jobs/${answer.body.id}/results`)).body;
        const { counts } = await look();
        console.log(
          `job over kill -9 on ${name}: ${before.counts.waiting} of 12 waited, then ${JSON.stringify(counts)}`,
        );
        expect(before.counts.waiting).toBeGreaterThan(0);
        // A toggle is sent once: where the hub died before the outcome, it is unknown.
        expect(counts.succeeded + counts.unknown).toBe(12);
        for (const { device, command } of items) {
          const here = got.filter((one) => one.device === device);
          expect(here.length).toBeLessThanOrEqual(1);
          for (const one of here) expect(one.command).toBe(command);
        }
        expect(got.length).toBeGreaterThanOrEqual(counts.succeeded);
      },
      90_000,
    );
  });
}
