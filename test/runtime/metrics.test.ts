/** What the process tells of itself [R6]; with Prometheus's own checker where that is installed. */
import { setTimeout as delay } from "node:timers/promises";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device, rest } from "../support/client.ts";
import { type Family, readPrometheus, valueOf } from "../support/prometheus.ts";
import { denoHub, type Hub } from "./launch.ts";

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

describe("metrics on Deno", () => {
  let hub: Hub;
  beforeAll(async () => void (hub = await denoHub()), 120_000);
  afterAll(() => hub?.dispose());

  const text = async (): Promise<string> => (await rest(hub.url, hub.adminToken).get("/metrics")).text;
  const scrape = async (): Promise<Family[]> => readPrometheus(await text());

  test("[R6] the process's own, its disk's, and how long it takes", async () => {
    const families = await scrape();
    const now = Date.now() / 1000;
    const started = valueOf(families, "process_start_time_seconds");
    expect(started).toBeGreaterThan(now - 600);
    expect(started).toBeLessThanOrEqual(valueOf(families, "signalbox_start_time_seconds"));
    expect(valueOf(families, "process_resident_memory_bytes")).toBeGreaterThan(10e6);
    expect(valueOf(families, "process_heap_bytes")).toBeGreaterThan(1e6);
    expect(valueOf(families, "signalbox_database_size_bytes")).toBeGreaterThan(4096);
    expect(valueOf(families, "signalbox_disk_free_bytes")).toBeGreaterThan(1e6);
    const before = valueOf(families, "process_cpu_seconds_total");
    expect(before).toBeGreaterThan(0);
    const { body } = await rest(hub.url, hub.adminToken).post("/api/v1/devices", { id: "roof", kind: "env-sensor" });
    const roof = await device(hub.url, body.token);
    roof.send({ type: "telemetry", seq: 1, data: { temperature: 20 } });
    await roof.next("stored");
    // The answer may be on its way before the flush has an end on the clock.
    await delay(10);
    const after = await scrape();
    expect(valueOf(after, "process_cpu_seconds_total")).toBeGreaterThan(before);
    for (const took of ["commit", "flush"]) {
      const name = `signalbox_${took}_duration_seconds`;
      expect(valueOf(after, `${name}_count`)).toBeGreaterThan(0);
      expect(valueOf(after, `${name}_sum`)).toBeGreaterThan(0);
      expect(valueOf(after, `${name}_sum`)).toBeLessThan(60);
    }
    expect(valueOf(after, "signalbox_flush_duration_seconds_count")).toBe(valueOf(after, "signalbox_flushes_total"));
    expect(valueOf(after, "signalbox_rows_written_total")).toBeGreaterThan(
      valueOf(families, "signalbox_rows_written_total"),
    );
    roof.close();
  });

  test("[R6] Prometheus's own checker has nothing to say", async (context) => {
    if (!hasPromtool) return context.skip("promtool is not installed (Debian: prometheus)");
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: await text() });
    expect([status, `${stdout}${stderr}`]).toEqual([0, ""]);
  });
});
