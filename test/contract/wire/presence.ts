/** Who is there, by evidence; takeover; and the end of a device. */
import { expect } from "vitest";
import { bearer } from "../../support/client.ts";
import { expectProblem, isAround, pause, section } from "./world.ts";

export const presence = section("presence", (it) => {
  it("[P1] new, then online, then offline with since and reason", async (w) => {
    const made = await w.make("relay");
    const fresh = await w.show(made.id);
    expect(fresh).toMatchObject({ presence: "new", since: expect.any(Number), seen: null });
    const device = await w.connect(made);
    const there = await w.show(made.id);
    expect(there.presence).toBe("online");
    expect(there.reason).toBeUndefined();
    expect(isAround(there.since, Date.now())).toBe(true);
    await device.close();
    const gone = await w.until(() => w.show(made.id), (shown) => shown.presence === "offline");
    expect(gone).toMatchObject({
      since: expect.any(Number),
      reason: expect.stringMatching(/./),
      seen: expect.any(Number),
    });
    expect(isAround(gone.since, Date.now())).toBe(true);
  });

  it("[P1] a device whose line breaks is offline as well", async (w) => {
    const device = await w.device("relay");
    device.terminate();
    await w.until(() => w.show(device.id), (shown) => shown.presence === "offline");
  });

  it("[P2] frames and pings are evidence", async (w) => {
    const device = await w.device("relay");
    for (const text of ["ping", '{"type":"telemetry","data":{"power":1}}', '{"type":"nonsense"}']) {
      const before = Date.now();
      device.send(text);
      await device.drain();
      expect((await w.show(device.id)).seen).toBeGreaterThanOrEqual(before - 1_500);
    }
  });

  it("[P1] what was last seen of a device does not go back when its connection ends", async (w) => {
    const device = await w.device("relay");
    await pause(100);
    device.send("ping");
    await device.next();
    const { seen } = await w.show(device.id);
    device.terminate();
    const gone = await w.until(() => w.show(device.id), ({ presence }) => presence === "offline");
    expect(gone.seen).toBeGreaterThanOrEqual(seen);
  });

  it("[P4] a sample by REST is evidence", async (w) => {
    const made = await w.make("env-sensor");
    await w.rest(made.token).post(`/api/v1/devices/${made.id}/telemetry`, { data: { co2: 400 } });
    const shown = await w.show(made.id);
    expect(shown.presence).toBe("online");
    expect(isAround(shown.seen, Date.now())).toBe(true);
  });

  it("[P6] a newer connection takes over: welcome for it, 4502 for the old one", async (w) => {
    const old = await w.device("relay");
    const device = await w.connect(old);
    expect((await old.closed).code).toBe(4502);
    const shown = await w.show(old.id);
    expect(shown.presence).toBe("online");
    device.send({ type: "telemetry", data: { power: 3 } });
    await device.none();
    expect((await w.show(old.id)).telemetry.power.value).toBe(3);
  });

  it("[P6] an old connection that goes on sending hears 4502 too, and nothing of it counts", async (w) => {
    const old = await w.device("relay");
    const connecting = w.connect(old);
    const send = setInterval(() => old.send({ type: "telemetry", data: { power: 1 } }), 50);
    await connecting;
    expect((await old.closed).code).toBe(4502);
    clearInterval(send);
    expect((await w.show(old.id)).presence).toBe("online");
  });

  it("[P6] a takeover makes a once unknown and sends a set again", async (w) => {
    const [one, two] = [await w.device("relay"), await w.device("relay")];
    const once = (await w.command(one.id, "toggle")).body;
    const set = (await w.command(two.id, "set", { on: true }, { ttl: 30 })).body;
    await one.next("command");
    await two.next("command");
    const [newOne, newTwo] = [await w.connect(one), await w.connect(two)];
    expect((await w.record(once.id)).status).toBe("unknown");
    expect(await newTwo.next("command")).toMatchObject({ id: set.id, attempt: 2 });
    await newOne.none();
  });

  it("[P6] a connection without the right token takes nothing over", async (w) => {
    const device = await w.device("relay");
    await w.refused("/device", { headers: bearer(`${device.id}.wrongwrongwrongwrongwrong`) });
    await device.none();
  });

  it("[P7, H6] after three takeovers in a minute a further connection is 429, and the device is flagged", async (w) => {
    const first = await w.device("relay");
    const watcher = await w.operator();
    watcher.send({ type: "watch", id: "w", device: first.id, include: ["frames"] });
    await watcher.next("reply");
    await w.connect(first);
    await w.connect(first);
    const last = await w.connect(first);
    last.send({ type: "telemetry", data: { power: 1 } });
    await last.none();
    const answer = await w.refused("/device", { headers: bearer(first.token) });
    expectProblem(answer, 429, "rate_limited");
    const seconds = Number(answer.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answer.body.retryAfter).toBe(seconds);
    await last.none();
    expect((await w.show(first.id)).flags).toContain("clone suspected");
    const told = await watcher.next("refused");
    expect(told).toMatchObject({ device: first.id, over: "device", code: "rate_limited", message: answer.body.detail });
  });

  it("[P7] connections that ended in order are no takeovers", async (w) => {
    const made = await w.make("relay");
    for (let at = 0; at < 6; at++) {
      const device = await w.connect(made);
      await device.close();
      await w.until(() => w.show(made.id), (shown) => shown.presence === "offline");
    }
    expect((await w.show(made.id)).flags).toEqual([]);
  });

  it("[R] deleting a device cuts its socket with 4501 and erases it", async (w) => {
    const device = await w.device("relay", { name: "Old" });
    device.send({ type: "telemetry", data: { power: 5 } });
    const { body } = await w.command(device.id, "toggle");
    await device.next("command");
    const asked = Date.now();
    const gone = await w.admin.delete(`/api/v1/devices/${device.id}`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect((await device.closed).code).toBe(4501);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expectProblem(await w.admin.get(`/api/v1/devices/${device.id}`), 404, "not_found");
    expectProblem(await w.admin.get(`/api/v1/commands/${body.id}`), 404, "not_found");
    expectProblem(await w.admin.delete(`/api/v1/devices/${device.id}`), 404, "not_found");
    expectProblem(await w.refused("/device", { headers: bearer(device.token) }), 401, "unauthenticated");
    const again = await w.admin.post("/api/v1/devices", { id: device.id, kind: "relay" });
    expect(again.status).toBe(201);
    expect(again.body.device).toMatchObject({ presence: "new", telemetry: {}, reported: {}, desired: { version: 0 } });
    const history = await w.admin.get(`/api/v1/devices/${device.id}/telemetry?field=power`);
    expect(history.body.points).toEqual([]);
    expect((await w.admin.get(`/api/v1/devices/${device.id}/commands`)).body.items).toEqual([]);
    expectProblem(await w.refused("/device", { headers: bearer(device.token) }), 401, "unauthenticated");
  });
});
