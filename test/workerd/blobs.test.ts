/** The object is evicted between any two binary frames, and the blob arrives whole. */
import { runInDurableObject, SELF } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { ADMIN, connect, evict, newDevice, newOperator, rest, shard, until, URL_OF_HUB } from "./world.ts";

const picture = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) & 255);

async function header(bytes: Uint8Array<ArrayBuffer>, id = "b1") {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { type: "blob", id, mime: "image/jpeg", size: bytes.length, sha256 };
}

const fetchBlob = (device: string, id: string) =>
  SELF.fetch(`${URL_OF_HUB}/api/v1/devices/${device}/blobs/${id}`, { headers: { Authorization: `Bearer ${ADMIN}` } });

const parts = (): Promise<number> =>
  runInDurableObject(
    shard(),
    (_, state) => Number(state.storage.sql.exec("SELECT count(*) AS count FROM blob_part").one().count),
  );

describe("blobs", () => {
  it("[B6] evicted after the header and after each frame, it arrives whole", async () => {
    const eye = await connect("device", await newDevice("eye", "camera"));
    const bytes = picture(200_000);
    eye.send(await header(bytes));
    for (let at = 0; at < bytes.length; at += 50_000) {
      await eye.heard();
      await evict();
      eye.send(bytes.slice(at, at + 50_000));
    }
    expect(await eye.take("stored")).toEqual({ type: "stored", blob: "b1" });
    await evict();
    const response = await fetchBlob("eye", "b1");
    expect(response.headers.get("content-type")).toBe("image/jpeg");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect([eye.closed, await parts()]).toEqual([null, 4]);
    eye.close();
  });

  it("[B6] a socket that ends while the object sleeps leaves nothing of it", async () => {
    const before = await parts();
    const token = await newDevice("blink", "camera");
    const eye = await connect("device", token);
    const bytes = picture(2_000);
    eye.send(await header(bytes));
    eye.send(bytes.slice(0, 1_000));
    await eye.heard();
    expect(await parts()).toBe(before + 1);
    await evict();
    eye.close();
    await until(parts, before);
  });

  it("[L3] a lane goes on through an eviction: nothing of it was to be remembered", async () => {
    const rover = await connect("device", await newDevice("rover", "rover"));
    rover.send({ type: "state", reported: { mode: "idle" } });
    await rover.heard();
    const ann = await connect("operator", await newOperator());
    ann.send({ type: "lease", id: "lease", device: "rover", action: "take" });
    const { value: { fence } } = await ann.take("reply");
    const drive = (n: number) =>
      ann.send({ type: "stream", device: "rover", name: "drive", data: { linear: 0, angular: 0 }, n, fence });
    drive(1);
    expect((await rover.take("stream")).n).toBe(1);
    await rest("GET", "/me");
    await evict();
    drive(2);
    expect((await rover.take("stream")).n).toBe(2);
    rover.close();
    ann.close();
  });
});
