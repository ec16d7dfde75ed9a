/** Blobs: announced, sent in binary frames, fetched by REST. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import { bearer, type Frame, type Json } from "../../support/client.ts";
import { type Device, expectProblem, isAround, section, type World } from "./world.ts";

/** Bytes of which no two frames are alike. */
const picture = (size: number, seed = 1) =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) + seed) & 255);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const header = (bytes: Uint8Array, more: Json = {}): Frame => ({
  ...{ type: "blob", id: "b1", mime: "image/jpeg", size: bytes.length, sha256: hash(bytes) },
  ...more,
});

function send(device: Device, bytes: Uint8Array, { every = 16_384, ...more }: Json = {}): void {
  device.send(header(bytes, more));
  for (let at = 0; at < bytes.length; at += every) device.send(bytes.slice(at, at + every));
}

const isStored = (blob: string) => (frame: Json) => frame.type === "stored" && frame.blob === blob;
const isBroken = (id: string) => (frame: Json) => frame.type === "error" && frame.of === "blob" && frame.id === id;

const get = (w: World, device: string, blob: string, method = "GET"): Promise<Response> =>
  fetch(new URL(`/api/v1/devices/${device}/blobs/${blob}`, w.url), { method, headers: bearer(w.adminToken) });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

async function expectBlob(w: World, device: string, blob: string, bytes: Uint8Array): Promise<void> {
  const response = await get(w, device, blob);
  expect(response.status).toBe(200);
  expect(Buffer.compare(await bytesOf(response), bytes)).toBe(0);
}

export const blobs = section("blobs", (it) => {
  it("[B1, B4, B8] in frames, with texts in between; listed and heard of once it is stored", async (w) => {
    const [device, ann] = [await w.device("camera"), await w.operator()];
    ann.send({ type: "watch", id: "w", device: device.id, include: ["events"] });
    await ann.next("snapshot");
    const bytes = picture(100_000);
    device.send(header(bytes, { command: "c1" }));
    device.send(bytes.slice(0, 60_000));
    device.send({ type: "telemetry", seq: 1, data: { battery: 50 } });
    device.send(bytes.slice(60_000, 99_999));
    await device.none((frame) => frame.type === "error" || frame.blob !== undefined);
    expectProblem(await w.admin.get(`/api/v1/devices/${device.id}/blobs/b1`), 404, "not_found");
    device.send(bytes.slice(99_999));
    expect(await device.next(isStored("b1"))).toEqual({ type: "stored", blob: "b1" });
    const { type, ...about } = header(bytes, { device: device.id, command: "c1", at: expect.any(Number) });
    const heard = await ann.next("blob");
    expect(heard).toEqual({ type, ...about });
    expect(isAround(heard.at, Date.now())).toBe(true);
    const list = await w.admin.get(`/api/v1/devices/${device.id}/blobs`);
    expect(list.body).toEqual({ items: [about], next: null, total: 1 });
    expect((await w.show(device.id)).telemetry.battery.value).toBe(50);
    await expectBlob(w, device.id, "b1", bytes);
  });

  it("[B9] served as what it is, sandboxed, and not guessed at", async (w) => {
    const device = await w.device("camera");
    const bytes = picture(1_000);
    send(device, bytes);
    await device.next(isStored("b1"));
    const { headers } = await get(w, device.id, "b1");
    expect(headers.get("content-type")).toBe("image/jpeg");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("sandbox");
    expect(headers.get("content-disposition") ?? "").not.toMatch(/attachment/);
    const head = await get(w, device.id, "b1", "HEAD");
    expect([head.status, (await bytesOf(head)).length]).toEqual([200, 0]);
  });

  it("[B9, I3] a viewer fetches it; a device and nobody do not", async (w) => {
    const device = await w.device("camera");
    send(device, picture(10));
    await device.next(isStored("b1"));
    const path = `/api/v1/devices/${device.id}/blobs/b1`;
    expect((await w.rest((await w.newOperator("viewer")).token).get(path)).status).toBe(200);
    expectProblem(await w.rest(device.token).get(path), 403, "forbidden");
    expectProblem(await w.rest().get(path), 401, "unauthenticated");
    expectProblem(await w.admin.get(`/api/v1/devices/${w.id()}/blobs/b1`), 404, "not_found");
  });

  it("[B1] 4 MiB", async (w) => {
    const device = await w.device("camera");
    expect(device.welcome.limits.maxBlob).toBe(4_194_304);
    const bytes = picture(4_194_304);
    send(device, bytes, { every: 65_536 });
    await device.next(isStored("b1"), 20_000);
    await expectBlob(w, device.id, "b1", bytes);
  });

  const refused: Record<string, [more: Json, code: string, pointer: string]> = {
    "a media type that its kind does not name": [{ mime: "text/html" }, "invalid_blob", "#/mime"],
    "a byte more than 4 MiB": [{ size: 4_194_305 }, "too_large", "#/size"],
    "a checksum that is none": [{ sha256: "abc" }, "bad_frame", "#/sha256"],
  };
  for (const [what, [more, code, pointer]] of Object.entries(refused)) {
    it(`[B2, B5] ${what}: refused, its bytes swallowed in silence, and the next one taken`, async (w) => {
      const device = await w.device("camera");
      const bytes = picture(40_000);
      send(device, bytes, more);
      expect(await device.next("error")).toMatchObject({ code, of: "blob", id: "b1", pointer });
      await device.none();
      send(device, bytes, { id: "b2" });
      await device.next(isStored("b2"));
      await expectBlob(w, device.id, "b2", bytes);
    });
  }

  it("[B3] a wrong checksum drops it; whole and right it is stored", async (w) => {
    const device = await w.device("camera");
    const bytes = picture(40_000);
    send(device, bytes, { sha256: hash(picture(40_000, 2)) });
    expect(await device.next(isBroken("b1"))).toMatchObject({ code: "broken_blob" });
    send(device, bytes);
    await device.next(isStored("b1"));
    await expectBlob(w, device.id, "b1", bytes);
  });

  it("[B3, F4] an overrun drops it, and what comes behind was never announced", async (w) => {
    const device = await w.device("camera");
    const bytes = picture(1_000);
    device.send(header(bytes));
    device.send(bytes.slice(0, 999));
    device.send(bytes.slice(0, 2));
    expect(await device.next(isBroken("b1"))).toMatchObject({ code: "broken_blob" });
    await device.none();
    device.send(bytes.slice(0, 1));
    expect((await device.closed).code).toBe(1003);
  });

  it("[B3] a second header drops the first", async (w) => {
    const device = await w.device("camera");
    const [one, two] = [picture(40_000), picture(30_000, 2)];
    device.send(header(one));
    device.send(one.slice(0, 20_000));
    send(device, two, { id: "b2" });
    expect(await device.next(isBroken("b1"))).toMatchObject({ code: "broken_blob" });
    await device.next(isStored("b2"));
    expectProblem(await w.admin.get(`/api/v1/devices/${device.id}/blobs/b1`), 404, "not_found");
    await expectBlob(w, device.id, "b2", two);
  });

  it("[B4, B6] a disconnect drops it; sent again whole it is stored, and told again at once", async (w) => {
    const made = await w.make("camera");
    const first = await w.connect(made);
    const bytes = picture(40_000);
    first.send(header(bytes));
    first.send(bytes.slice(0, 20_000));
    await first.drain();
    first.terminate();
    const second = await w.connect(made);
    await second.none();
    send(second, bytes);
    await second.next(isStored("b1"));
    await expectBlob(w, made.id, "b1", bytes);
    const third = await w.connect(made);
    send(third, bytes);
    await third.next(isStored("b1"));
    await third.none();
    send(third, picture(40_000, 3));
    expect(await third.next("error")).toMatchObject({ code: "conflict", of: "blob", id: "b1" });
    await expectBlob(w, made.id, "b1", bytes);
  });

  it("[B9] with the device it is gone", async (w) => {
    const device = await w.device("camera");
    send(device, picture(1_000));
    await device.next(isStored("b1"));
    expect((await w.admin.delete(`/api/v1/devices/${device.id}`)).status).toBe(204);
    await w.make("camera", { id: device.id });
    expect((await w.admin.get(`/api/v1/devices/${device.id}/blobs`)).body).toEqual({ items: [], next: null, total: 0 });
  });
});
