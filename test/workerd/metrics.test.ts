/** What an object tells of itself [R6]: nothing of a process, and its rows as they are paid for. */
import { SELF } from "cloudflare:test";
import { expect, it } from "vitest";
import { type Family, readPrometheus, valueOf } from "../support/prometheus.ts";
import { ADMIN, connect, evict, newDevice, rest, URL_OF_HUB } from "./world.ts";

async function scrape(): Promise<Family[]> {
  const response = await SELF.fetch(`${URL_OF_HUB}/metrics`, { headers: { Authorization: `Bearer ${ADMIN}` } });
  expect(response.status).toBe(200);
  return readPrometheus(await response.text());
}

it("[R6] without a process, without a clock; rows as they are paid for", async () => {
  const families = await scrape();
  const names = families.map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("process_") || name.endsWith("_duration_seconds"))).toEqual([
    "signalbox_command_duration_seconds",
  ]);
  expect(names).not.toContain("signalbox_disk_free_bytes");
  expect(valueOf(families, "signalbox_database_size_bytes")).toBeGreaterThan(4096);
  const rows = valueOf(families, "signalbox_rows_written_total");
  const roof = await connect("device", await newDevice("counted", "env-sensor"));
  roof.send({ type: "telemetry", seq: 1, data: { temperature: 20 } });
  await roof.heard();
  const after = await scrape();
  // The device, its token, its trace, the audit, twice with an index; and the alarm.
  expect(valueOf(after, "signalbox_rows_written_total") - rows).toBeGreaterThan(5);
  expect(valueOf(after, "signalbox_samples_total") - valueOf(families, "signalbox_samples_total")).toBe(1);
  expect(valueOf(after, "signalbox_samples_waiting")).toBe(1);
  roof.close();
});

it("[R6] counters begin anew with each wake-up, and say since when", async () => {
  await newDevice("again", "relay");
  const before = await scrape();
  expect(valueOf(before, "signalbox_audit_rows_total")).toBeGreaterThan(0);
  await evict();
  const after = await scrape();
  expect(valueOf(after, "signalbox_audit_rows_total")).toBe(0);
  expect(valueOf(after, "signalbox_start_time_seconds")).toBeGreaterThan(
    valueOf(before, "signalbox_start_time_seconds"),
  );
});

it("[R14] how an object is: its size, not its memory, and nothing of a disk", async () => {
  await newDevice("looked-at", "relay");
  await evict();
  const { body } = await rest("GET", "/hub");
  expect(body).toMatchObject({ runtime: "workerd", store: { state: "ok", size: expect.any(Number) } });
  expect([body.memory, body.store.free]).toEqual([undefined, undefined]);
  expect(body.devices.new).toBeGreaterThan(0);
  expect(body.startedAt).toBeLessThanOrEqual(body.time);
});
