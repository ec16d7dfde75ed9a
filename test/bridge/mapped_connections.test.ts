/** A mapped device's connection to the hub, on a driven clock: when it is opened, what proves that the device lives, when it ends [N41]. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ear } from "../../src/bridge/channels.ts";
import { MappedDevices } from "../../src/bridge/mapped_devices.ts";
import { readDevices } from "../../src/bridge/mappings/mod.ts";
import { ok, refuse } from "../../src/protocol/fault.ts";
import { welcome } from "./mappings/dialogue.ts";

const HEARTBEAT = 30_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function world(mapping = "tasmota-relay") {
  const read = readDevices([{ device: "plug", mapping, topic: "plug" }], "signalbox");
  if (!read.ok) throw new Error(read.fault.message);
  const lines: { ear: Ear; sent: string[]; isOpen: boolean }[] = [];
  let isRefused = false;
  const channels = {
    open(_path: unknown, _as: unknown, ear: Ear) {
      if (isRefused) return Promise.resolve(refuse("unauthenticated", "There is no such device"));
      const line = { ear, sent: [] as string[], isOpen: true };
      lines.push(line);
      setTimeout(() => ear.text(JSON.stringify(welcome())));
      return Promise.resolve(
        ok({ send: (text: string) => void line.sent.push(text), close: () => void (line.isOpen = false) }),
      );
    },
  };
  const published: string[] = [];
  // As late as it may be.
  const devices = new MappedDevices(read.value, channels, () => {}, () => 1 - Number.EPSILON);
  const begin = () => devices.begins((topic, payload) => void published.push(`${topic} ${payload}`));
  const hears = async (topic: string, payload: string, retained = false) => {
    devices.hears({ topic, payload: new TextEncoder().encode(payload), retained, user: {}, held: 0 });
    await vi.advanceTimersByTimeAsync(0);
  };
  const refuses = (is: boolean) => void (isRefused = is);
  return { devices, lines, published, begin, hears, refuses };
}

const pings = ({ sent }: { sent: string[] }) => sent.filter((text) => text === "ping").length;

describe("a mapped device's connection", () => {
  it("[N41] is open while its Last Will says that it is there, which keeps its heartbeat's promise", async () => {
    const { lines, published, begin, hears } = world();
    begin();
    expect(lines).toEqual([]);
    await hears("tele/plug/LWT", "Online", true);
    expect(lines).toHaveLength(1);
    expect(published).toEqual(["cmnd/plug/STATE ", "cmnd/plug/STATUS 10", "cmnd/plug/STATUS 2"]);
    await vi.advanceTimersByTimeAsync(3 * HEARTBEAT);
    expect(pings(lines[0])).toBe(4);
    await hears("tele/plug/LWT", "Offline");
    expect(lines[0].isOpen).toBe(false);
    await vi.advanceTimersByTimeAsync(10 * HEARTBEAT);
    expect([lines.length, pings(lines[0])]).toEqual([1, 4]);
  });

  it("[N41] of one that nobody looks after promises nothing, and comes back when it tells something", async () => {
    const { lines, begin, hears } = world();
    begin();
    await hears("stat/plug/POWER", "ON");
    await vi.advanceTimersByTimeAsync(3 * HEARTBEAT);
    expect(lines.map(pings)).toEqual([0]);
    lines[0].ear.closed(4003, "");
    await vi.advanceTimersByTimeAsync(10 * HEARTBEAT);
    expect(lines).toHaveLength(1);
    await hears("stat/plug/POWER", "ON");
    expect(lines).toHaveLength(2);
    expect(lines[1].sent).toContain(JSON.stringify({ type: "state", reported: { on: true } }));
  });

  it("[N41] is opened again where the hub ended it, as long as the device is there", async () => {
    const { lines, begin, hears } = world();
    begin();
    await hears("tele/plug/LWT", "Online");
    lines[0].ear.closed(1012, "");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(2);
  });

  it("[N41] one that was deleted is there again within a minute of being made anew", async () => {
    const { lines, refuses, begin, hears } = world();
    begin();
    await hears("tele/plug/LWT", "Online");
    refuses(true);
    lines[0].ear.closed(4501, "");
    await vi.advanceTimersByTimeAsync(20 * 60_000);
    expect(lines).toHaveLength(1);
    refuses(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(2);
  });

  it("[N41] leaves the device to somebody who came with its token, for a quarter of an hour", async () => {
    const { lines, begin, hears } = world();
    begin();
    await hears("tele/plug/LWT", "Online");
    lines[0].ear.closed(4502, "");
    await vi.advanceTimersByTimeAsync(15 * 60_000 - 1);
    await hears("stat/plug/POWER", "ON");
    expect(lines).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(lines).toHaveLength(2);
  });

  it("[N43] ends with the broker's, and what that one keeps counts anew", async () => {
    const { devices, lines, begin, hears } = world("esphome-relay");
    begin();
    await hears("plug/status", "online", true);
    await hears("plug/switch/relay/state", "ON");
    devices.ends();
    expect(lines[0].isOpen).toBe(false);
    await hears("plug/status", "online", true);
    expect(lines).toHaveLength(1);
    await hears("plug/switch/relay/state", "OFF", true);
    begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(lines).toHaveLength(2);
    expect(lines[1].sent).toContain(JSON.stringify({ type: "state", reported: { on: false } }));
  });
});
