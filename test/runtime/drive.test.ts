/** Steering and pictures over real sockets: the library's devices before a Deno process. What is measured is printed. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import camera from "../../devices/camera.ts";
import rover from "../../devices/rover.ts";
import { connect } from "../../src/device/client.ts";
import { simulate } from "../../src/device/simulator.ts";
import { bearer, device, type Json, operator, type Rest, rest } from "../support/client.ts";
import { denoHub, type Hub } from "./launch.ts";

const RATE = 50;
const SECONDS = 5;

let hub: Hub;
let admin: Rest;
beforeAll(async () => {
  hub = await denoHub();
  admin = rest(hub.url, hub.adminToken);
}, 120_000);
afterAll(() => hub?.dispose());

async function tokenOf(id: string, kind: string): Promise<string> {
  const { status, body, text } = await admin.post("/api/v1/devices", { id, kind });
  expect(status, text).toBe(201);
  return body.token;
}

/** An operator's program that takes the lease and drives so long; `sent` tells when each frame left. */
async function drive(id: string, seconds = SECONDS) {
  const ann = await operator(hub.url, hub.adminToken);
  ann.send({ type: "lease", id: "lease", device: id, action: "take" });
  const { value: { fence } } = await ann.next("reply");
  const sent: number[] = [];
  const begun = performance.now();
  for (let n = 0; n < seconds * RATE; n++) {
    await pause(Math.max(0, begun + n * 1000 / RATE - performance.now()));
    sent.push(performance.now());
    ann.send({ type: "stream", device: id, name: "drive", data: { linear: 0.4, angular: 0.2 }, n, fence });
  }
  const errors = (await ann.drain()).filter(({ type }) => type === "error");
  await ann.close();
  expect(errors).toEqual([]);
  return sent;
}

const percentile = (sorted: number[], share: number) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(1);

describe("driving a rover", () => {
  it(`[L3, L4] ${RATE} frames a second for ${SECONDS} s, to a device of the library`, async () => {
    const arrived = new Map<number, number>();
    const token = await tokenOf("rover-1", "rover");
    const device = connect(rover, {
      url: hub.url,
      token,
      streams: { drive: (_, { n }) => void arrived.set(n, performance.now()) },
    });
    // Over what it never reported its interlocks hold.
    device.report({ mode: "idle" });
    await until(async () => (await shown("rover-1")).reported.mode === "idle");
    const sent = await drive("rover-1");
    await pause(200);
    device.close();
    const late = sent.flatMap((at, n) => arrived.has(n) ? [arrived.get(n)! - at] : []).sort((a, b) => a - b);
    console.log(
      `drive: ${sent.length} frames sent in ${SECONDS} s, ${arrived.size} delivered; ` +
        `ms on the way: median ${percentile(late, 0.5)}, 95 % ${percentile(late, 0.95)}, most ${percentile(late, 1)}`,
    );
    expect(arrived.has(sent.length - 1)).toBe(true);
  }, 30_000);

  it("[L3] to a device that answers once a second: what it is sent then is the newest", async () => {
    const token = await tokenOf("rover-2", "rover");
    const slow = await device(hub.url, token);
    slow.send({ type: "state", reported: { mode: "idle" } });
    await slow.none();
    const streams = () => slow.frames.filter(({ type }) => type === "stream");
    const timer = setInterval(() => {
      const last = streams().at(-1);
      if (last) slow.send({ type: "streamed", name: "drive", n: last.n });
    }, 1_000);
    const sent = await drive("rover-2", 4);
    clearInterval(timer);
    const ns = streams().map(({ n }) => n as number);
    const leaps = ns.filter((n, at) => at > 0 && n > ns[at - 1] + 1).length;
    console.log(
      `drive, answered once a second: ${sent.length} frames sent, ${ns.length} delivered, ${leaps} leaps to the newest`,
    );
    expect(ns).toEqual([...new Set(ns)].sort((a, b) => a - b));
    expect(ns.length).toBeLessThan(sent.length);
    await slow.close();
  }, 30_000);

  it("[L6] a simulated one stops by itself when nobody holds the stick", async () => {
    const token = await tokenOf("rover-3", "rover");
    const simulation = simulate(rover, { url: hub.url, token, seed: 3 });
    await until(async () => (await shown("rover-3")).reported.mode === "docked");
    const { body: { fence } } = await admin.post("/api/v1/devices/rover-3/lease", {});
    const undock = { name: "undock", fence };
    const undocked = await admin.post("/api/v1/devices/rover-3/commands", undock, { Prefer: "wait=20" });
    expect(undocked.body).toMatchObject({ status: "succeeded" });
    const driving = drive("rover-3", 2);
    await until(async () => (await shown("rover-3")).reported.mode === "manual");
    await driving;
    await until(async () => {
      const { reported } = await shown("rover-3");
      return reported.mode === "idle" && reported.moving === false;
    });
    simulation.close();
  }, 60_000);
});

describe("a picture", () => {
  it("[B1, B4, B9] a simulated camera answers a command with one, which can be fetched", async () => {
    const token = await tokenOf("porch", "camera");
    const simulation = simulate(camera, { url: hub.url, token, seed: 3 });
    // Its interlock asks what it has reported.
    await until(async () => (await shown("porch")).reported.privacy === false);
    const taken = await admin.post("/api/v1/devices/porch/commands", { name: "snapshot" }, { Prefer: "wait=30" });
    expect(taken.body).toMatchObject({ status: "succeeded", value: { blob: expect.any(String) } });
    const path = `/api/v1/devices/porch/blobs/${taken.body.value.blob}`;
    const response = await fetch(new URL(path, hub.url), { headers: bearer(hub.adminToken) });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([response.headers.get("content-type"), bytes.length]).toEqual(["image/jpeg", taken.body.value.size]);
    // A JPEG begins so.
    expect([...bytes.slice(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    const list = await admin.get("/api/v1/devices/porch/blobs");
    expect(list.body.items).toMatchObject([{ command: taken.body.id, size: bytes.length }]);
    simulation.close();
  }, 60_000);
});

const shown = async (id: string): Promise<Json> => (await admin.get(`/api/v1/devices/${id}`)).body;

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !await holds();) {
    if (Date.now() > end) throw new Error("not within 15 s");
    await pause(50);
  }
}
