import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CommandFailed } from "../../src/device/client.ts";
import { sha256 } from "../../src/device/sha256.ts";
import { readDeviceFrame } from "../../src/protocol/from_device.ts";
import { MAX_BLOB } from "../../src/protocol/words.ts";
import { FakeHub, type FakeSocket, type Frame, settle } from "./fake.ts";

const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) & 255);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function online() {
  const hub = new FakeHub();
  const device = hub.relay();
  const socket = hub.welcome();
  socket.take();
  return { hub, device, socket };
}

/** The header and the bytes that were sent since. */
function sent(socket: FakeSocket): { headers: Frame[]; bytes: Uint8Array; frames: number } {
  const binary = socket.bytes.splice(0);
  return { headers: socket.take("blob"), bytes: new Uint8Array(Buffer.concat(binary)), frames: binary.length };
}

/** What became of it so far. */
function watched(promise: Promise<string>) {
  const seen: { id?: string; code?: string } = {};
  promise.then((id) => seen.id = id, (error: CommandFailed) => seen.code = error.code);
  return seen;
}

describe("sha256", () => {
  it.each([0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 1_000, 100_000])("%d bytes", (size) => {
    expect(sha256(bytesOf(size))).toBe(hash(bytesOf(size)));
  });
});

describe("blobs", () => {
  it("[B1, B4] a header, its bytes in frames as large as the hub takes, and the id once it is stored", async () => {
    const { device, socket } = online();
    const bytes = bytesOf(150_000);
    const seen = watched(device.blob("image/jpeg", bytes, { command: "c1" }));
    bytes.fill(0);
    const { headers: [header], bytes: arrived, frames } = sent(socket);
    expect(readDeviceFrame(header)).toMatchObject({ ok: true });
    expect(header).toMatchObject({ mime: "image/jpeg", size: 150_000, sha256: hash(bytesOf(150_000)), command: "c1" });
    expect([Buffer.compare(arrived, bytesOf(150_000)), frames]).toEqual([0, 3]);
    await settle();
    expect(seen).toEqual({});
    socket.say({ type: "stored", blob: header.id });
    await settle();
    expect(seen).toEqual({ id: header.id });
  });

  it("[B7] one at a time, each under a name of its own, and again whole on a new connection", async () => {
    const { hub, device, socket } = online();
    const [one, two] = [
      watched(device.blob("image/jpeg", bytesOf(10))),
      watched(device.blob("image/png", bytesOf(20))),
    ];
    expect(sent(socket)).toMatchObject({ headers: [{ mime: "image/jpeg" }], frames: 1 });
    const again = await hub.reconnect();
    const { headers: [first], bytes } = sent(again);
    expect(bytes).toEqual(bytesOf(10));
    again.say({ type: "stored", blob: first.id });
    const { headers: [second] } = sent(again);
    expect([second.mime, second.id === first.id]).toEqual(["image/png", false]);
    again.say({ type: "stored", blob: second.id });
    await settle();
    expect([one.id, two.id]).toEqual([first.id, second.id]);
    expect(sent(await hub.reconnect()).headers).toEqual([]);
  });

  it("[B7] it waits for a connection, and `settled` waits for it", async () => {
    const hub = new FakeHub();
    const device = hub.relay();
    device.blob("image/jpeg", bytesOf(10));
    let isSettled = false;
    device.settled().then(() => isSettled = true);
    const socket = hub.welcome();
    const { headers: [{ id }] } = sent(socket);
    await settle();
    expect(isSettled).toBe(false);
    socket.say({ type: "stored", blob: id });
    await settle();
    expect(isSettled).toBe(true);
  });

  it("[B2] what the hub does not want fails with the hub's word, and the next one goes", async () => {
    const { hub, device, socket } = online();
    const [seen] = [watched(device.blob("image/gif", bytesOf(10))), device.blob("image/jpeg", bytesOf(20))];
    const { headers: [header] } = sent(socket);
    socket.say({ type: "error", code: "invalid_blob", message: "No.", of: "blob", id: header.id });
    await settle();
    expect([seen, hub.troubles.map(({ code }) => code)]).toEqual([{ code: "invalid_blob" }, ["invalid_blob"]]);
    expect(sent(socket).headers).toMatchObject([{ mime: "image/jpeg" }]);
  });

  it("[B3] what came broken is sent again whole, three times in all", async () => {
    const { hub, device, socket } = online();
    const seen = watched(device.blob("image/jpeg", bytesOf(10)));
    for (let tries = 1; tries <= 3; tries++) {
      const { headers: [header], bytes } = sent(socket);
      expect([bytes, seen]).toEqual([bytesOf(10), {}]);
      socket.say({ type: "error", code: "broken_blob", message: "", of: "blob", id: header.id });
      await hub.clock.advance(1);
    }
    expect([seen, sent(socket).headers]).toEqual([{ code: "broken_blob" }, []]);
  });

  it("[B3, F9] one that was too fast goes again after a pause, as often as it takes", async () => {
    const { hub, device, socket } = online();
    const seen = watched(device.blob("image/jpeg", bytesOf(10)));
    for (let tries = 1; tries <= 5; tries++) {
      const { headers: [header] } = sent(socket);
      socket.say({ type: "error", code: "rate_limited", message: "", of: "blob", id: header.id });
      expect(sent(socket).headers).toEqual([]);
      await hub.clock.advance(1);
    }
    expect([seen, sent(socket).headers.length]).toEqual([{}, 1]);
  });

  it("on a thin line it does not pile up: samples and pings go in between", async () => {
    const { hub, device, socket } = online();
    socket.bufferedAmount = 200_000;
    device.blob("image/jpeg", bytesOf(300_000));
    device.telemetry({ power: 1 });
    await hub.clock.advance(1);
    expect([sent(socket).headers, socket.take("telemetry").length]).toEqual([[], 1]);
    socket.bufferedAmount = 0;
    await hub.clock.advance(0.05);
    expect(sent(socket)).toMatchObject({ headers: [{ size: 300_000 }], frames: 5 });
  });

  it("[F9] many frames go at the hub's pace", async () => {
    const hub = new FakeHub();
    const device = hub.relay();
    const socket = hub.welcome({ limits: { maxFrame: 1_024, rate: 100, burst: 500 } });
    device.blob("image/jpeg", bytesOf(1_024 * 400));
    expect(sent(socket).frames).toBe(249);
    await hub.clock.advance(1);
    expect(sent(socket).frames).toBe(80);
  });

  it("nothing, too much, and a device that closes", async () => {
    const { device } = online();
    const failed = [
      watched(device.blob("image/jpeg", new Uint8Array())),
      watched(device.blob("image/jpeg", new Uint8Array(MAX_BLOB + 1))),
      watched(device.blob("image/jpeg", bytesOf(1))),
    ];
    device.close();
    await settle();
    expect(failed.map(({ code }) => code)).toEqual(["too_large", "too_large", "cancelled"]);
  });
});
