/** A process whose disk is full lives on, promises nothing that it cannot keep, and goes on when there is room [X1]. */
import { expect, test } from "vitest";
import { device, operator, rest } from "../support/client.ts";
import { canFill, fillDisk, makeRoom } from "../support/full_disk.ts";
import { fillableHub } from "./launch.ts";

test("[C2, C12, X1] the real process", async (context) => {
  if (!canFill) context.skip("this machine has no prlimit, with which the disk of a running process can be filled");
  const hub = await fillableHub();
  try {
    const admin = rest(hub.url, hub.adminToken);
    const make = async (id: string) => (await admin.post("/api/v1/devices", { id, kind: "relay" })).body.token;
    const command = (name: string, key: string) =>
      admin.post("/api/v1/devices/lamp/commands", { name, ttl: 60 }, { "Idempotency-Key": key });
    const lamp = await device(hub.url, await make("lamp"));
    const doorToken = await make("door");
    const ann = await operator(hub.url, hub.adminToken);
    const { body: { id: flying } } = await command("toggle", "k1");
    await lamp.next("command");
    await fillDisk(hub.child.pid);

    // Nothing is accepted, counted or let in, and who asked hears so.
    const refused = await command("toggle", "k2");
    expect([refused.status, refused.body.code]).toEqual([503, "storage_unavailable"]);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    ann.send({ type: "command", id: "1", device: "lamp", name: "toggle", params: {}, key: "k3" });
    expect(await ann.next("reply")).toMatchObject({
      ok: false,
      error: { code: "storage_unavailable", retryable: true },
    });
    lamp.send({ type: "result", id: flying, ok: true });
    expect(await lamp.next("error")).toMatchObject({ code: "storage_unavailable", of: "result", id: flying });
    lamp.send({ type: "state", seq: 1, reported: { on: true } });
    expect(await lamp.next("error")).toMatchObject({ code: "storage_unavailable", of: "state", seq: 1 });
    await expect(device(hub.url, doorToken)).rejects.toThrow("refused with 503");
    await lamp.none();
    // What only reads is answered.
    expect((await admin.get("/api/v1/devices")).body.total).toBe(2);
    expect((await admin.get(`/api/v1/commands/${flying}`)).body.status).toBe("sent");
    for (const path of ["/healthz", "/readyz"]) expect((await rest(hub.url).get(path)).status, path).toBe(200);
    expect(hub.child.out()).toContain('"event":"store_refused"');

    await makeRoom(hub.child.pid);
    lamp.send({ type: "result", id: flying, ok: true });
    expect(await lamp.next("stored")).toEqual({ type: "stored", id: flying });
    const { status, body } = await command("toggle", "k2");
    expect([status, (await lamp.next("command")).id]).toEqual([202, body.id]);
    expect((await admin.get(`/api/v1/commands/${flying}`)).body.status).toBe("succeeded");
    const door = await device(hub.url, doorToken);
    for (const peer of [lamp, door, ann]) peer.terminate();
  } finally {
    await hub.dispose();
  }
}, 60_000);
