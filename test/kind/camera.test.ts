import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import camera from "../../devices/camera.ts";
import { interlocked } from "../../src/kind/interlock.ts";
import type { Frame } from "../device/fake.ts";
import { live, values } from "../device/live.ts";

const { check, commands, interlocks } = camera;

describe("what a camera takes and refuses", () => {
  it("[C10] the answer of a snapshot names its blob and what it is", () => {
    const result = { blob: "c0a8-1", width: 1920, height: 1080, size: 284_113 };
    expect(check.fitsResult("snapshot", result)).toBe(true);
    for (const odd of [undefined, {}, { ...result, blob: 1 }, { ...result, width: 0 }]) {
      expect(check.fitsResult("snapshot", odd)).toBe(false);
    }
    expect(commands.snapshot).toMatchObject({ effect: "query", timeout: 60 });
    expect(camera.blobs).toEqual(["image/jpeg"]);
  });

  it("[K2] params have their ranges", () => {
    for (const fits of [{}, { width: 640 }, { quality: 100 }, { width: 7680, quality: 1 }]) {
      expect(check.params("snapshot", fits).ok).toBe(true);
    }
    for (const odd of [{ width: 0 }, { quality: 101 }, { quality: 0 }, { height: 480 }]) {
      expect(check.params("snapshot", odd).ok, JSON.stringify(odd)).toBe(false);
    }
    expect(check.params("look", { pan: -180, tilt: 90 }).ok).toBe(true);
    for (const odd of [{ pan: 181, tilt: 0 }, { pan: 0, tilt: -91 }, { pan: 0 }]) {
      expect(check.params("look", odd).ok).toBe(false);
    }
    expect(check.params("record", { seconds: 601 }).ok).toBe(false);
  });

  it("[D2] privacy can be desired, where it looks and whether it records cannot", () => {
    expect(check.desired({}, { privacy: true, night_mode: "off" }, []).ok).toBe(true);
    for (const patch of [{ pan: 10 }, { recording: true }, { infrared: true }]) {
      expect(check.desired({}, patch, []).ok).toBe(false);
    }
  });

  it("[K7] nothing is seen while privacy is on, or while nobody knows", () => {
    for (const command of ["snapshot", "record"]) {
      expect(interlocked(interlocks, command, { privacy: true })?.sentence).toContain("the lens is closed");
      expect(interlocked(interlocks, command, {})).not.toBeNull();
      expect(interlocked(interlocks, command, { privacy: false })).toBeNull();
    }
    expect(interlocked(interlocks, "set_privacy", { privacy: true })).toBeNull();
  });
});

/** Width and height as a JPEG's own frame header says them, and its comment; throws for what is no JPEG. */
function readJpeg(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  expect([view.getUint16(0), view.getUint16(bytes.length - 2)]).toEqual([0xffd8, 0xffd9]);
  let size: { width: number; height: number } | undefined;
  let comment = "";
  for (let at = 2; view.getUint16(at) !== 0xffda; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    expect(marker >> 8, `a marker at ${at}`).toBe(0xff);
    if (marker === 0xffc0) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (marker === 0xfffe) comment = new TextDecoder().decode(bytes.subarray(at + 4, at + 2 + view.getUint16(at + 2)));
  }
  return { ...size!, comment };
}

describe("a simulated camera", () => {
  const picture = async (one: ReturnType<typeof live>, params = {}) => {
    const count = one.socket.bytes.length;
    const { result, before } = await one.command("snapshot", params);
    return { result, header: before.find(({ type }) => type === "blob")!, bytes: one.socket.bytes[count] };
  };

  it("[B1, B4] a snapshot is a JPEG, sent before the result that names it, and says whose answer it is", async () => {
    const one = live(camera);
    const { result, header, bytes } = await picture(one);
    expect(result.ok).toBe(true);
    expect(check.fitsResult("snapshot", result.value)).toBe(true);
    expect(header).toMatchObject({ mime: "image/jpeg", id: result.value.blob, command: result.id });
    expect([header.size, result.value.size]).toEqual([bytes.length, bytes.length]);
    expect(header.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    const { width, height } = readJpeg(bytes);
    expect([result.value.width, result.value.height]).toEqual([width, height]);
  });

  it("no two snapshots are the same bytes, and by night they are others than by day", async () => {
    const one = live(camera, { hour: 12 });
    const [first, second] = [await picture(one), await picture(one)];
    expect(first.header.sha256).not.toBe(second.header.sha256);
    expect(readJpeg(second.bytes).comment).toMatch(/^2, \d/);
    const night = live(camera, { hour: 2 });
    expect(night.reported.infrared).toBe(true);
    const bare = ({ bytes }: { bytes: Uint8Array }) => [...bytes.subarray(bytes.length - 100)];
    expect(bare(await picture(night))).not.toEqual(bare(first));
  });

  it("without night mode it is too dark by night, and only then", async () => {
    const night = live(camera, { hour: 2 });
    await night.desire(1, { night_mode: "off" });
    expect(night.reported).toMatchObject({ night_mode: "off", infrared: false });
    expect((await picture(night)).result.error.code).toBe("too_dark");
    const day = live(camera, { hour: 12 });
    await day.desire(1, { night_mode: "off" });
    expect((await picture(day)).result.ok).toBe(true);
    await day.desire(2, { night_mode: "on" });
    expect(day.reported.infrared).toBe(true);
  });

  it("privacy: no picture, no record, no motion, no light; what records stops", async () => {
    const one = live(camera);
    one.hub.command("record", { seconds: 60 }, { id: "r" });
    await one.pass(5);
    expect(one.reported.recording).toBe(true);
    await one.command("set_privacy", { on: true });
    const frames = await one.pass(3600);
    expect(frames.find(({ id, type }) => id === "r" && type === "result")?.error.code).toBe("privacy");
    expect(one.reported).toMatchObject({ privacy: true, recording: false });
    expect(frames.filter(({ type }) => type === "event")).toEqual([]);
    expect([values(frames, "motion"), values(frames, "light_level")]).toEqual([[], []]);
    const { result, bytes } = await picture(one);
    expect([result.error.code, bytes]).toEqual(["privacy", undefined]);
  });

  it("[C9, C16] a record tells how far it is, takes storage, and can be cancelled", async () => {
    const one = live(camera);
    await one.pass(5);
    const before = values(one.said, "storage_free").at(-1);
    const { result, before: heard } = await one.command("record", { seconds: 4 });
    expect(result.ok).toBe(true);
    expect(heard.filter(({ type }) => type === "progress").map(({ percent }) => percent)).toEqual([0, 50]);
    expect(before - values(one.said, "storage_free").at(-1)).toBe(1_000_000);
    one.hub.command("record", { seconds: 600 }, { id: "r" });
    await one.pass(10);
    expect((await one.command("record", { seconds: 1 })).result.error.code).toBe("busy");
    one.socket.say({ type: "cancel", id: "r" });
    const frames = await one.pass(1);
    expect(frames.find(({ id, type }) => id === "r" && type === "result")?.error.code).toBe("cancelled");
    expect(one.reported.recording).toBe(false);
  });

  it("a record that does not fit is refused before it begins", async () => {
    const one = live(camera, { speed: 600 });
    let refused: Frame | undefined;
    for (let tries = 0; tries < 20 && !refused; tries++) {
      const { result } = await one.command("record", { seconds: 600 });
      if (!result.ok) refused = result;
    }
    expect(refused?.error.code).toBe("storage_full");
    expect(values(one.said, "storage_free").at(-1)).toBeLessThan(150e6);
    expect(Math.min(...values(one.said, "storage_free"))).toBeGreaterThanOrEqual(0);
  });

  it("looking elsewhere takes its time, and is reported when it is there", async () => {
    const one = live(camera);
    one.hub.command("look", { pan: 120, tilt: -10 }, { id: "l" });
    await one.pass(1);
    expect(one.reported.pan).toBe(0);
    await one.pass(2);
    expect(one.reported).toMatchObject({ pan: 120, tilt: -10 });
  });

  it("notices more by day than by night, and motion ends", async () => {
    const count = async (hour: number) => {
      const one = live(camera, { hour });
      const frames = await one.pass(3 * 3600);
      const events = frames.filter(({ type }) => type === "event");
      for (const { name, data } of events) expect(check.event(name, data).ok).toBe(true);
      expect(new Set(values(frames, "motion"))).toContain(false);
      return events.length;
    };
    const [day, night] = [await count(11), await count(1)];
    expect(day).toBeGreaterThan(20);
    expect(night).toBeLessThan(day / 3);
  });
});
