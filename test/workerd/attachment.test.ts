/** What a sleeping socket keeps must fit 16 KiB, with the largest that anybody may say in the widest letters. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { connect, evict, rest, shard } from "./world.ts";

/** Of 16,384; the rest is for what a later version adds. */
const PLANNED = 14 * 1024;
/** Three bytes in UTF-8, and in a clone's two-byte strings twice what an ASCII letter takes. */
const WIDE = "字";

const sizes = (): Promise<number[]> =>
  runInDurableObject(
    shard(),
    (_, state) => state.getWebSockets().map((socket) => socket.deserializeAttachment()?.byteLength ?? 0),
  );

async function largest(): Promise<number> {
  const size = Math.max(...await sizes());
  expect(size).toBeLessThan(PLANNED);
  return size;
}

describe("attachments", () => {
  it("[O2] an operator's watches fit whatever they hold, and begin again after a sleep", async () => {
    const { body: { token } } = await rest("POST", "/tokens", { name: WIDE.repeat(120), role: "operator" });
    const ann = await connect("operator", token);
    const open: string[] = [];
    for (let at = 0; at < 40; at++) {
      ann.send({ type: "watch", id: `${WIDE.repeat(60)}${at}`, query: WIDE.repeat(300), sort: "temperature" });
      const reply = await ann.take("reply");
      if (reply.ok) open.push((await ann.take("snapshot")).watch);
      else expect(reply.error.code).toBe("too_large");
    }
    // Small ones, until there is no room for another.
    for (let at = 0; at < 40; at++) {
      ann.send({ type: "watch", id: `${at}` });
      if ((await ann.take("reply")).ok) open.push((await ann.take("snapshot")).watch);
    }
    console.log(`an operator's attachment with ${open.length} watches: ${await largest()} bytes`);
    expect(open.length).toBeGreaterThan(10);
    await evict();
    await rest("GET", "/me");
    for (const watch of open) expect((await ann.take("snapshot")).watch).toBe(watch);
    expect(ann.closed).toBeNull();
    ann.close();
  });

  it("[O2] 32 watches of an ordinary size fit", async () => {
    const { body: { token } } = await rest("POST", "/tokens", { name: "Ann", role: "viewer" });
    const ann = await connect("operator", token);
    const query = "kind:relay,thermostat tag:ground-floor -status:offline hall*";
    for (let at = 0; at < 33; at++) {
      const fields = ["presence", "telemetry", "reported", "desired"];
      ann.send({ type: "watch", id: `list-${at}`, query, sort: "-temperature", fields, window: [0, 500], rate: 20 });
      expect((await ann.take("reply")).ok).toBe(at < 32);
    }
    console.log(`an operator's attachment with 32 watches: ${await largest()} bytes`);
    ann.close();
  });

  it("[T7] a device's samples and commands fit whatever they hold, and nothing is lost in a sleep", async () => {
    const id = "w".repeat(64);
    const { body: { token } } = await rest("POST", "/devices", { id, kind: "env-sensor" });
    const roof = await connect("device", token);
    const commands: string[] = [];
    for (let at = 0; at < 51; at++) {
      const { status, body } = await rest("POST", `/devices/${id}/commands`, { name: "identify", ttl: 10 });
      expect(status, JSON.stringify(body)).toBe(202);
      commands.push(body.id);
    }
    roof.send({ type: "hello", boot: WIDE.repeat(256), firmware: WIDE.repeat(256), maxFrame: 65_536, commands });
    roof.send({ type: "nonsense" });
    await roof.take("error");
    let greatest = 0;
    for (let sample = 1; sample <= 38; sample++) {
      roof.send({ type: "telemetry", data: { temperature: sample + 0.1, firmware: WIDE.repeat(64) } });
      greatest = Math.max(greatest, await largest());
    }
    console.log(`a device's attachment with samples and ${commands.length} commands: ${greatest} bytes`);
    expect(greatest).toBeGreaterThan(10_000);
    await evict();
    const { body } = await rest("GET", `/devices/${id}/telemetry?field=temperature&points=1`);
    expect(body.points[0].slice(1)).toEqual([1.1, expect.any(Number), 38.1, 38]);
    expect(roof.closed).toBeNull();
    roof.close();
  });

  it("[T7, T8] a full frame of samples is in every answer at once, though its socket cannot keep it", async () => {
    const { body: { token } } = await rest("POST", "/devices", { id: "bulk", kind: "env-sensor" });
    const roof = await connect("device", token);
    const samples = Array.from({ length: 240 }, (_, at) => ({ ago: at, data: { firmware: WIDE.repeat(64), co2: at } }));
    roof.send({ type: "telemetry", samples });
    await largest();
    const { body } = await rest("GET", "/devices/bulk/telemetry?field=co2&points=1");
    expect(body.points.reduce((sum: number, [, , , , count]: number[]) => sum + count, 0)).toBe(240);
    roof.close();
  });
});
