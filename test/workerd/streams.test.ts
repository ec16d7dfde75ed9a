/** Server-sent events from a Durable Object: the body of an answer lives with its memory, and with nothing else [R13]. */
import { runInDurableObject, SELF } from "cloudflare:test";
import { expect, it } from "vitest";
import { ADMIN, connect, evict, newDevice, shard, until, URL_OF_HUB } from "./world.ts";

/** An open stream; `read` goes on until a text holds, and answers all of it; null where it ended before. */
async function open(query: string) {
  const response = await SELF.fetch(`${URL_OF_HUB}/api/v1/stream?${query}`, {
    headers: { Authorization: `Bearer ${ADMIN}` },
  });
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const read = async (words: string): Promise<string | null> => {
    while (!text.includes(words)) {
      const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true as const }));
      if (done) return null;
      text += decoder.decode(value, { stream: true });
    }
    return text;
  };
  return { read, leave: () => reader.cancel() };
}

async function counted(): Promise<number> {
  const response = await SELF.fetch(`${URL_OF_HUB}/metrics`, { headers: { Authorization: `Bearer ${ADMIN}` } });
  return Number(/signalbox_connections\{sort="stream"\} (\d+)/.exec(await response.text())![1]);
}

it("[R7, R8] begins with a snapshot, and tells what sockets bring", async () => {
  const relay = await connect("device", await newDevice("streamed", "relay"));
  const stream = await open("q=id:streamed");
  expect(await stream.read("\n\nevent: snapshot\nid: 1\ndata: ")).toMatch(/^retry: \d+\n\n/);
  relay.send({ type: "telemetry", data: { power: 4.5 } });
  expect(await stream.read(`"power":{"value":4.5`)).toContain("event: changes\nid: 2\n");
  await stream.leave();
});

it("[R12] is forgotten when its reader leaves", async () => {
  const streams = [await open("include=events"), await open("include=events")];
  await until(counted, 2);
  for (const { leave } of streams) await leave();
  await until(counted, 0);
});

it("[R13] keeps the object awake for as long as it is read", async () => {
  const stream = await open("include=events");
  await stream.read("retry:");
  let isEvicted = false;
  const evicted = evict().then(() => void (isEvicted = true));
  expect([await counted(), isEvicted]).toEqual([1, false]);
  await stream.leave();
  await evicted;
}, 40_000);

it("[R13] ends with an object that is ended all the same, and is no ghost of it afterwards", async () => {
  await newDevice("haunted", "relay");
  const stream = await open("q=id:haunted");
  await stream.read("event: snapshot");
  // Not awaited: what is aborted does not answer.
  void runInDurableObject(shard(), (_, ctx) => ctx.abort("disconnected: operation canceled")).catch(() => {});
  expect(await stream.read("what never comes")).toBeNull();
  expect(await counted()).toBe(0);
});
