/** Channels from the bridge's object to the hub's [N52]. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it, vi } from "vitest";
import type { BridgeCredential, Channel } from "../../../src/bridge/channels.ts";
import { ObjectChannels } from "../../../src/platform/object_channels.ts";
import { evict, type Frame, newDevice, rest, shard, URL_OF_HUB } from "../world.ts";
import { soon } from "./world.ts";

const channels = new ObjectChannels(() => shard());

async function open(path: "device" | "operator", as: BridgeCredential) {
  const frames: Frame[] = [];
  const ends: number[] = [];
  const ear = {
    text: (text: string) => void frames.push(JSON.parse(text)),
    closed: (code: number) => void ends.push(code),
  };
  const opened = await channels.open(path, as, ear);
  if (!opened.ok) throw new Error(opened.fault.message);
  const take = async (type: string): Promise<Frame> => {
    await vi.waitFor(() => expect(frames.map((frame) => frame.type)).toContain(type), 10_000);
    return frames.splice(frames.findIndex((frame) => frame.type === type), 1)[0];
  };
  return {
    channel: opened.value as Channel,
    take,
    ends,
    say: (frame: Frame) => opened.value.send(JSON.stringify(frame)),
  };
}

it("[N52, N20] one of a device is that device's connection, and the hub may sleep beside it", async () => {
  await newDevice("mapped", "relay");
  const { channel, take, say, ends } = await open("device", { sort: "bridged", device: "mapped" });
  expect((await take("welcome")).device).toBe("mapped");
  say({ type: "state", reported: { on: true } });
  await soon(async () =>
    expect((await rest("GET", "/devices/mapped")).body).toMatchObject({ presence: "online", reported: { on: true } })
  );
  await evict();
  const { body: { id } } = await rest("POST", "/devices/mapped/commands", { name: "toggle" });
  expect((await take("command")).id).toBe(id);
  await evict();
  say({ type: "result", id, ok: true });
  expect((await take("stored")).id).toBe(id);
  channel.close();
  channel.send('{"type":"telemetry","data":{}}');
  await soon(async () => expect((await rest("GET", "/devices/mapped")).body.presence).toBe("offline"));
  expect(ends).toEqual([]);
});

it("[N52] what the hub refuses is its own fault, and what it ends has its own code", async () => {
  const ear = { text: () => {}, closed: () => {} };
  const refused = await channels.open("device", { sort: "bridged", device: "nobody" }, ear);
  expect(refused).toMatchObject({ ok: false, fault: { code: "unauthenticated" } });
  await newDevice("deleted", "relay");
  const { ends } = await open("device", { sort: "bridged", device: "deleted" });
  await rest("DELETE", "/devices/deleted");
  await vi.waitFor(() => expect(ends).toEqual([4501]), 10_000);
});

it("[N52] an object that is not there any more is told as an end, and the next channel reaches the new one", async () => {
  await newDevice("again", "relay");
  const first = await open("device", { sort: "bridged", device: "again" });
  await first.take("welcome");
  await runInDurableObject(shard(), (_, state) => state.abort("disconnected: operation canceled")).catch(() => {});
  await vi.waitFor(() => expect(first.ends).toHaveLength(1), 10_000);
  const second = await open("device", { sort: "bridged", device: "again" });
  expect((await second.take("welcome")).device).toBe("again");
  second.channel.close();
});

it("[N52] the hub's object opens nothing else by such an address", async () => {
  for (const path of ["internal", "internal/bridge", "internal/bridge/", "internal/bridge/operator/x", "internal/x"]) {
    const answer = await shard().fetch(`${URL_OF_HUB}/${path}`, { headers: { Upgrade: "websocket" } });
    expect([answer.status, answer.webSocket, (await answer.json<Frame>()).code], path).toEqual([
      404,
      null,
      "not_found",
    ]);
  }
});
