import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { MAX_BLOB } from "../../src/protocol/words.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { type Frame, LIVES, type Peer, Signalbox, signalbox } from "./signalbox.ts";

const eye = defineKind({
  name: "eye",
  version: 1,
  title: "Eye",
  telemetry: {},
  state: {},
  commands: {},
  blobs: ["image/jpeg", "text/plain"],
});
const kinds = [...KINDS, eye];

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** Bytes of which no two frames are alike. */
const picture = (size: number, seed = 1) =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) + seed) & 255);

const header = (bytes: Uint8Array, more: Frame = {}): Frame => ({
  ...{ type: "blob", id: "b1", mime: "image/jpeg", size: bytes.length, sha256: sha256(bytes) },
  ...more,
});

function send(device: Peer, bytes: Uint8Array, { every = 1_000, ...more }: Frame = {}): void {
  device.send(header(bytes, more));
  for (let at = 0; at < bytes.length; at += every) device.binary(bytes.slice(at, at + every));
}

const read = (box: Signalbox, blob: string, device = "porch") => box.ask("get_blob", { device, blob });
const names = (box: Signalbox, device = "porch") => box.ask("list_blobs", { device }).items.map(({ id }) => id);

describe.each(LIVES)("blobs, $life", ({ isForgetful }) => {
  function porch(more: Parameters<typeof signalbox>[0] = {}) {
    const box = signalbox({ isForgetful, kinds, ...more });
    return { box, eye: box.device("porch", "eye") };
  }

  it("[B1, B4, B9] what came in frames is one blob, byte by byte, with texts in between", () => {
    const { box, eye } = porch();
    const bytes = picture(5_000);
    eye.send(header(bytes, { command: "c7", id: "front.1" }));
    eye.binary(bytes.slice(0, 1));
    eye.send({ type: "telemetry", seq: 1, data: { battery: 50 } });
    eye.binary(bytes.slice(1, 4_000));
    eye.binary(new Uint8Array());
    expect([eye.all("stored"), names(box), box.call("get_blob", { device: "porch", blob: "front.1" })])
      .toMatchObject([[], [], { ok: false, fault: { code: "not_found" } }]);
    eye.binary(bytes.slice(4_000));
    expect(eye.all("stored")).toEqual([{ type: "stored", blob: "front.1" }]);
    const view = { ...header(bytes, { command: "c7" }), id: "front.1", device: "porch", at: box.now };
    const { type: _, ...expected } = view;
    expect(read(box, "front.1")).toEqual({ ...expected, bytes });
    expect(box.ask("list_blobs", { device: "porch" })).toEqual({ items: [expected], next: null, total: 1 });
    expect(box.view("porch").telemetry).toMatchObject({ battery: { value: 50 } });
  });

  it("[B8] who watches its events hears of it, and nobody else does", () => {
    const { box, eye } = porch();
    const [ann, bob] = [box.operator("viewer"), box.operator("viewer")];
    ann.ask({ type: "watch", id: "w", device: "porch", include: ["events"] });
    bob.ask({ type: "watch", id: "w", device: "porch", include: ["telemetry"] });
    const bytes = picture(10);
    send(eye, bytes);
    const { type, ...about } = header(bytes);
    expect([ann.all("blob"), bob.all("blob")]).toEqual([[{ type, device: "porch", ...about, at: box.now }], []]);
  });

  it("[O5] who watches its frames sees how large the binary ones are", () => {
    const { box, eye } = porch();
    const ann = box.operator("viewer");
    ann.ask({ type: "watch", id: "w", device: "porch", include: ["frames"] });
    send(eye, picture(1_500));
    const texts = ann.all("frame").map(({ direction, text }) => `${direction} ${text}`);
    expect(texts.slice(1)).toEqual(["in (1000 bytes)", "in (500 bytes)", 'out {"type":"stored","blob":"b1"}']);
  });

  const REFUSED: [string, Frame, string, string][] = [
    ["a media type that the kind does not name", { mime: "text/html" }, "invalid_blob", "#/mime"],
    ["more than 4 MiB", { size: MAX_BLOB + 1 }, "too_large", "#/size"],
    ["no checksum", { sha256: "abc" }, "bad_frame", "#/sha256"],
    ["no media type", { mime: "picture" }, "bad_frame", "#/mime"],
  ];
  it.each(REFUSED)("[B2, B5] %s: refused by name, and the announced bytes are swallowed", (_, more, code, pointer) => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    send(eye, bytes, more);
    expect(eye.frames).toMatchObject([{ type: "error", code, of: "blob", id: "b1", pointer }]);
    expect([eye.closed, names(box)]).toEqual([null, []]);
    // The next header begins anew, whatever was still announced.
    send(eye, bytes, { id: "b2" });
    expect([eye.take("stored").blob, read(box, "b2").bytes]).toEqual(["b2", bytes]);
  });

  it("[B2] a kind without blobs has none", () => {
    const { box } = porch();
    const lamp = box.device("lamp", "relay");
    send(lamp, picture(2_000));
    expect([lamp.take("error").code, lamp.closed]).toEqual(["invalid_blob", null]);
  });

  it("[B3] a wrong checksum drops it; the same again, whole, is stored", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    eye.send(header(bytes));
    eye.binary(bytes.slice(0, 2_999));
    eye.binary(Uint8Array.of(bytes[2_999] ^ 1));
    expect(eye.frames.splice(0)).toMatchObject([{ type: "error", code: "broken_blob", of: "blob", id: "b1" }]);
    expect([names(box), box.store.count("blob_part"), box.store.count("blob")]).toEqual([[], 0, 0]);
    send(eye, bytes);
    expect([eye.take("stored").blob, read(box, "b1").bytes]).toEqual(["b1", bytes]);
  });

  it("[B3] more bytes than were announced drop it", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    eye.send(header(bytes));
    eye.binary(bytes.slice(0, 2_000));
    eye.binary(bytes.slice(0, 1_001));
    expect(eye.frames.splice(0)).toMatchObject([{ code: "broken_blob", id: "b1" }]);
    expect([eye.closed, box.store.count("blob_part")]).toEqual([null, 0]);
    // Nothing is announced any more.
    eye.binary(bytes.slice(0, 1));
    expect(eye.closed?.code).toBe(1003);
  });

  it("[B3, B5] another header before it was whole drops the first and begins the second", () => {
    const { box, eye } = porch();
    const [one, two] = [picture(3_000), picture(2_000, 9)];
    eye.send(header(one));
    eye.binary(one.slice(0, 1_000));
    send(eye, two, { id: "b2" });
    expect(eye.frames.splice(0)).toMatchObject([{ code: "broken_blob", id: "b1" }, { type: "stored", blob: "b2" }]);
    expect([names(box), read(box, "b2").bytes]).toEqual([["b2"], two]);
    expect(box.store.count("blob_part")).toBe(2);
  });

  it("[B3] its own header again begins it again, without a word", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    eye.send(header(bytes));
    eye.binary(bytes.slice(0, 1_000));
    send(eye, bytes);
    expect(eye.frames.splice(0)).toEqual([{ type: "stored", blob: "b1" }]);
    expect([read(box, "b1").bytes, box.store.count("blob_part"), box.store.count("blob")]).toEqual([bytes, 3, 1]);
  });

  it("[F9] a small controller sends four thousand frames at once", () => {
    const { box, eye } = porch();
    const bytes = picture(4_000);
    send(eye, bytes, { every: 1 });
    expect([eye.take("stored").blob, read(box, "b1").bytes]).toEqual(["b1", bytes]);
  });

  it("[B3] 30 s without a byte drop it, each byte begins them anew, and the rest is swallowed", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    eye.send(header(bytes));
    for (let at = 0; at < 2; at++) {
      box.advance(29_000);
      eye.binary(bytes.slice(at * 1_000, (at + 1) * 1_000));
    }
    box.advance(29_999);
    expect(eye.all("error")).toEqual([]);
    box.advance(1);
    expect(eye.all("error")).toMatchObject([{ code: "broken_blob", id: "b1" }]);
    eye.binary(bytes.slice(2_000));
    expect([eye.frames, eye.closed, names(box), box.store.count("blob_part")]).toEqual([[], null, [], 0]);
  });

  it("[B6] the end of the connection drops it, in silence", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    eye.send(header(bytes));
    eye.binary(bytes.slice(0, 2_000));
    eye.drop();
    expect([box.store.count("blob_part"), box.store.count("blob")]).toEqual([0, 0]);
    const again = box.device("porch");
    again.binary(bytes.slice(2_000));
    expect(again.closed?.code).toBe(1003);
    const third = box.device("porch");
    send(third, bytes);
    expect(third.take("stored").blob).toBe("b1");
  });

  it("[B6] what a killed hub left of one goes when the device is back", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    eye.send(header(bytes));
    eye.binary(bytes.slice(0, 2_000));
    box.crash();
    expect(box.store.count("blob_part")).toBe(1);
    const again = box.device("porch");
    expect([box.store.count("blob_part"), box.store.count("blob")]).toEqual([0, 0]);
    send(again, bytes);
    expect(read(box, "b1").bytes).toEqual(bytes);
  });

  it("[B4] one that is stored gets its word at once, and another of that name is refused", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    send(eye, bytes);
    eye.take("stored");
    eye.send(header(bytes));
    expect(eye.frames.splice(0)).toEqual([{ type: "stored", blob: "b1" }]);
    eye.binary(bytes.slice(0, 3_000));
    send(eye, picture(3_000, 7));
    expect(eye.frames).toMatchObject([{ type: "error", code: "conflict", id: "b1", pointer: "#/id" }]);
    expect([read(box, "b1").bytes, box.store.count("blob"), eye.closed]).toEqual([bytes, 1, null]);
  });

  it("[B9] the newest twenty are kept, for thirty days", () => {
    const { box, eye } = porch();
    for (let at = 1; at <= 22; at++) {
      send(eye, picture(50, at), { id: `b${at}`, every: 25 });
      box.advance(1_000);
    }
    const kept = Array.from({ length: 20 }, (_, at) => `b${22 - at}`);
    expect([names(box), box.store.count("blob_part")]).toEqual([kept, 40]);
    const page = box.ask("list_blobs", { device: "porch", limit: 8 });
    const rest = box.ask("list_blobs", { device: "porch", limit: 100, cursor: page.next! });
    expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual(kept);
    expect([page.total, rest.next]).toEqual([20, null]);
    eye.drop();
    box.advance(30 * 86_400_000);
    box.device("porch").send({ type: "telemetry", data: { battery: 1 } });
    box.advance(2 * 3_600_000);
    expect(names(box)).toEqual([]);
    box.advance(86_400_000);
    box.device("porch").send({ type: "telemetry", data: { battery: 1 } });
    box.advance(2 * 3_600_000);
    expect(box.store.count("blob_part")).toBe(0);
  });

  it("[B9] with the device they are erased, also one that is on its way", () => {
    const { box, eye } = porch();
    send(eye, picture(3_000));
    eye.send(header(picture(2_000, 3), { id: "b2" }));
    eye.binary(picture(1_000, 3));
    box.ask("delete_device", { device: "porch" });
    expect(box.call("list_blobs", { device: "porch" })).toMatchObject({ ok: false, fault: { code: "not_found" } });
    box.ask("create_device", { id: "porch", kind: "camera" });
    expect(names(box)).toEqual([]);
    expect(box.call("get_blob", { device: "porch", blob: "b1" })).toMatchObject({ fault: { code: "not_found" } });
    // Q12
    box.advance(10_000);
    expect([box.store.count("blob"), box.store.count("blob_part")]).toEqual([0, 0]);
  });

  it("[B9, I5] a device's token does not open it, a viewer's does", () => {
    const { box, eye } = porch();
    send(eye, picture(10));
    const args = { device: "porch", blob: "b1" };
    expect(box.call("get_blob", args, box.tokens.get("porch"))).toMatchObject({ fault: { code: "forbidden" } });
    const { token } = box.ask("create_token", { name: "Vera", role: "viewer" });
    expect(box.ask("get_blob", args, token).bytes).toEqual(picture(10));
  });

  it("[B3, F9] frames over the rate drop it, once", () => {
    const { box, eye } = porch();
    const bytes = picture(3_000);
    for (let at = 0; at < 499; at++) eye.send({ type: "telemetry", data: { battery: 1 } });
    send(eye, bytes);
    expect(eye.all("error")).toMatchObject([{ code: "rate_limited", of: "blob", id: "b1" }]);
    expect([eye.closed, names(box), box.store.count("blob_part")]).toEqual([null, [], 0]);
    box.advance(2_000);
    send(eye, bytes);
    expect(eye.take("stored").blob).toBe("b1");
  });

  it("[B5, F9] the bytes of a header that was over the rate are swallowed too", () => {
    const { box, eye } = porch();
    for (let at = 0; at < 500; at++) eye.send({ type: "telemetry", data: { battery: 1 } });
    eye.send(header(picture(3_000)));
    expect(eye.all("error")).toMatchObject([{ code: "rate_limited", of: "blob", id: "b1" }]);
    box.advance(1_000);
    for (let at = 0; at < 3; at++) eye.binary(picture(1_000));
    expect([eye.closed, eye.all("error")]).toEqual([null, []]);
  });

  it("[B1, F4] 4 MiB in the largest frames; a larger frame closes with 1009", () => {
    const { box, eye } = porch();
    const bytes = picture(MAX_BLOB);
    send(eye, bytes, { every: 65_536 });
    expect(eye.take("stored").blob).toBe("b1");
    expect(Buffer.compare(read(box, "b1").bytes, bytes)).toBe(0);
    eye.send(header(bytes, { id: "b2" }));
    eye.binary(new Uint8Array(65_537));
    expect(eye.closed?.code).toBe(1009);
  });
});

describe("blobs and the store", () => {
  it("[B4] only the last frame is worth waiting for the disk", () => {
    const modes: string[] = [];
    const store = openMemory();
    const commit: typeof store.commit = (writes, durability) => {
      if (writes.some((write) => "put" in write && write.put === "blob_part")) modes.push(durability);
      store.commit(writes, durability);
    };
    const box = signalbox({ kinds, store: { ...store, commit } });
    send(box.device("porch", "eye"), picture(3_000));
    expect(modes).toEqual(["normal", "normal", "full"]);
  });

  it("[B2, X1] a frame that the store does not take refuses its blob, and nothing was stored", () => {
    let isFull = false;
    const store = openMemory();
    const commit: typeof store.commit = (writes, durability) => {
      if (isFull) throw new Error("disk full");
      store.commit(writes, durability);
    };
    const box = signalbox({ kinds, store: { ...store, commit } });
    const eye = box.device("porch", "eye");
    const bytes = picture(3_000);
    eye.send(header(bytes));
    isFull = true;
    eye.binary(bytes.slice(0, 1_000));
    expect(eye.frames).toMatchObject([{ type: "error", code: "storage_unavailable", of: "blob", id: "b1" }]);
    expect(eye.closed).toBeNull();
    isFull = false;
    send(eye, bytes);
    expect(read(box, "b1").bytes).toEqual(bytes);
  });
});
