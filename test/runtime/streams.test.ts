/** Readers of event streams that leave, or never read, on real runtimes and over real lines. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { bearer, device, rest } from "../support/client.ts";
import { eventSource } from "../support/event_source.ts";
import { denoHub, type Hub, workerdHub } from "./launch.ts";

/** How many streams the hub believes to be open. */
async function counted({ url, adminToken }: Hub): Promise<number> {
  const { text } = await rest(url, adminToken).get("/metrics");
  return Number(/^signalbox_connections\{sort="stream"\} (\d+)$/m.exec(text)![1]);
}

/** A line that broke off is sometimes noticed only with a comment that finds nobody. */
const become = (hub: Hub, count: number) =>
  vi.waitFor(async () => expect(await counted(hub)).toBe(count), { timeout: 40_000, interval: 200 });

/** A request by hand, so that nothing reads what comes. */
async function ask({ url, adminToken }: Hub, query: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
  const lines = [`GET /api/v1/stream?${query} HTTP/1.1`, `Host: ${host}`, `Authorization: Bearer ${adminToken}`];
  socket.write([...lines, "", ""].join("\r\n"));
  return socket;
}

async function leaves(hub: Hub): Promise<void> {
  const read = await eventSource(`${hub.url}/api/v1/stream`, bearer(hub.adminToken));
  const sockets = [await ask(hub, "include=events"), await ask(hub, "")];
  await become(hub, 3);
  read.leave();
  sockets[0].destroy();
  sockets[1].resetAndDestroy();
  await become(hub, 0);
}

/** Events of 60 kB: more than the system on the way takes. */
const MUCH = 300;

async function neverReads(hub: Hub, name: string): Promise<void> {
  const admin = rest(hub.url, hub.adminToken);
  const made = await admin.post("/api/v1/devices", { id: "talker", kind: "relay" });
  const talker = await device(hub.url, made.body.token);
  const reader = await eventSource(`${hub.url}/api/v1/stream?include=commands`, bearer(hub.adminToken));
  const stuck = await ask(hub, "include=commands");
  stuck.pause();
  await become(hub, 2);
  const value = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`part_${at}`, "x".repeat(1_000)]));
  let told = 0;
  const end = Date.now() + 60_000;
  while (await counted(hub) === 2 && Date.now() < end) {
    // Then only now and then, for the half minute that it is borne.
    if (told >= MUCH) await delay(500);
    const { body } = await admin.post("/api/v1/devices/talker/commands", { name: "get_diagnostics" });
    await talker.next("command");
    talker.send({ type: "result", id: body.id, ok: true, value });
    await talker.next("stored");
    told++;
  }
  expect(await counted(hub)).toBe(1);
  // Who reads has all of it.
  await vi.waitFor(() => expect(reader.events).toHaveLength(told), { timeout: 20_000, interval: 200 });
  for (const close of [talker.terminate, reader.leave, () => stuck.destroy()]) close();
  console.log(`streams: ${name}: broke off who never read after ${told} events of 60 kB`);
}

const RUNTIMES = { Deno: denoHub, workerd: workerdHub };
const READERS = { "leaves is forgotten": leaves, "never reads is broken off and harms nobody": neverReads };

// Each with a hub of its own, since both wait for half a minute and count all streams.
test.concurrent.for(
  Object.entries(READERS).flatMap(([what, happens]) =>
    Object.entries(RUNTIMES).map(([name, launch]) => [what, name, happens, launch] as const)
  ),
)(
  "[R10, R12] who %s, on %s",
  { timeout: 180_000 },
  async ([, name, happens, launch]) => {
    const hub = await launch();
    try {
      await happens(hub, name);
    } finally {
      await hub.dispose();
    }
  },
);
