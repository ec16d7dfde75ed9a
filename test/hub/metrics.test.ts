/** What the hub counts of itself [R6]. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { metricsText } from "../../src/http/metrics.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { type Family, readPrometheus, valueOf } from "../support/prometheus.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";

const scrape = async (box: Signalbox): Promise<Family[]> =>
  readPrometheus(await metricsText(box.ask("get_metrics", {})).text());

/** By how much each of these grew meanwhile. */
async function grew(box: Signalbox, names: Record<string, [string, Record<string, string>?]>, act: () => void) {
  const before = await scrape(box);
  act();
  const after = await scrape(box);
  return Object.fromEntries(
    Object.entries(names).map(([key, [name, labels]]) => [
      key,
      valueOf(after, `signalbox_${name}`, labels) - valueOf(before, `signalbox_${name}`, labels),
    ]),
  );
}

describe.each(LIVES)("metrics, $life", ({ isForgetful }) => {
  it("[R6] samples: accepted, refused by code, shed, stored, flushed", async () => {
    const box = signalbox({ isForgetful });
    const roof = box.device("roof", "env-sensor");
    const counted = await grew(box, {
      accepted: ["samples_total"],
      refused: ["samples_refused_total", { code: "invalid_telemetry" }],
      frames: ["frames_refused_total", { code: "invalid_telemetry" }],
      stored: ["stored_total"],
      flushes: ["flushes_total"],
    }, () => {
      const good = { data: { temperature: 20 } };
      roof.send({ type: "telemetry", seq: 1, samples: [good, good, { data: { temperature: "warm" } }] });
      roof.send({ type: "telemetry", ...good });
      box.advance(5_000);
      box.call("post_telemetry", { device: "roof", body: { samples: [good, { data: { nothing: 1 } }] } }, {
        sort: "token",
        token: box.tokens.get("roof")!,
      });
    });
    expect(counted).toEqual({ accepted: 4, refused: 2, frames: 1, stored: 1, flushes: 1 });
    const shed = await grew(box, { shed: ["frames_refused_total", { code: "rate_limited" }] }, () => {
      for (let frame = 0; frame < 510; frame++) roof.send({ type: "telemetry", data: { temperature: 1 } });
    });
    expect(shed.shed).toBe(10);
    expect(valueOf(await scrape(box), "signalbox_samples_waiting")).toBeGreaterThan(0);
    box.advance(5_000);
    expect(valueOf(await scrape(box), "signalbox_samples_waiting")).toBe(0);
  });

  it("[R6] frames and their bytes, both ways, in UTF-8", async () => {
    const box = signalbox({ isForgetful });
    const roof = box.device("roof", "env-sensor");
    const text = '{"type":"event","name":"café ☕"}';
    const sent = () => roof.frames.map((frame) => new TextEncoder().encode(JSON.stringify(frame)).length);
    roof.frames.length = 0;
    const counted = await grew(box, {
      in: ["frames_total", { direction: "in" }],
      bytesIn: ["frame_bytes_total", { direction: "in" }],
      out: ["frames_total", { direction: "out" }],
      bytesOut: ["frame_bytes_total", { direction: "out" }],
    }, () => {
      roof.text(text);
      roof.binary(new Uint8Array(7));
    });
    expect(counted).toEqual({ in: 2, bytesIn: new TextEncoder().encode(text).length + 7, out: 1, bytesOut: sent()[0] });
  });

  it("[R6] connections: opened, refused, closed by reason, taken over", async () => {
    const box = signalbox({ isForgetful });
    const counted = await grew(box, {
      devices: ["connections_opened_total", { sort: "device" }],
      operators: ["connections_opened_total", { sort: "operator" }],
      refused: ["connections_refused_total", { code: "unauthenticated" }],
      takeovers: ["takeovers_total"],
      takenOver: ["connections_closed_total", { reason: "taken_over" }],
      lost: ["connections_closed_total", { reason: "connection_lost" }],
      closed: ["connections_closed_total", { reason: "closed" }],
    }, () => {
      box.device("lamp");
      const second = box.device("lamp");
      const ann = box.operator();
      box.tryConnect("device", { sort: "token", token: "lamp.wrong" });
      ann.drop(1000);
      second.drop(4999);
      // It is not known any more.
      second.drop(4999);
    });
    expect(counted).toEqual({ devices: 2, operators: 1, refused: 1, takeovers: 1, takenOver: 1, lost: 1, closed: 1 });
    const families = await scrape(box);
    expect(valueOf(families, "signalbox_connections", { sort: "device" })).toBe(0);
    expect(valueOf(families, "signalbox_devices", { presence: "offline" })).toBe(1);
  });

  it("[R6] commands by status, and how long they took from accepted to final", async () => {
    const box = signalbox({ isForgetful });
    const lamp = box.device("lamp");
    const counted = await grew(box, {
      succeeded: ["commands_total", { status: "succeeded" }],
      failed: ["commands_total", { status: "failed" }],
      rejected: ["commands_total", { status: "rejected" }],
      quick: ["command_duration_seconds_bucket", { le: "0.1" }],
      within: ["command_duration_seconds_bucket", { le: "5" }],
      all: ["command_duration_seconds_count"],
      sum: ["command_duration_seconds_sum"],
    }, () => {
      box.ask("send_command", { device: "lamp", name: "set", params: { on: true } });
      lamp.send({ type: "result", id: lamp.take("command").id, ok: true });
      box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
      expect(box.ask("get_metrics", {}).find(({ name }) => name === "signalbox_commands_open")!.values[0].value).toBe(
        1,
      );
      box.advance(2_000);
      lamp.send({ type: "result", id: lamp.take("command").id, ok: false, error: { code: "jammed", message: "" } });
      lamp.drop();
      box.call("send_command", { device: "lamp", name: "toggle", params: {} });
    });
    expect(counted).toEqual({ succeeded: 1, failed: 1, rejected: 1, quick: 1, within: 2, all: 2, sum: 2 });
  });

  it("[R6] what is watched: merged frames, and those that a slow reader was not sent", async () => {
    const box = signalbox({ isForgetful });
    const roof = box.device("roof", "env-sensor");
    const ann = box.operator();
    const counted = await grew(box, { merged: ["merged_frames_total"], skipped: ["skipped_frames_total"] }, () => {
      ann.ask({ type: "watch", query: "id:roof" });
      ann.backlog = 1024 * 1024;
      roof.send({ type: "telemetry", data: { temperature: 1 } });
      box.advance(1_000);
    });
    expect(counted.merged).toBeGreaterThan(0);
    if (!isForgetful) {
      expect(counted.skipped).toBeGreaterThan(0);
      expect(valueOf(await scrape(box), "signalbox_watches_open")).toBe(1);
    }
  });
});

describe("metrics", () => {
  it("[R6] what a full store refused was not accepted; that it refuses is seen until it takes a write", async () => {
    const store = openMemory();
    const disk = { isFull: false };
    const commit: typeof store.commit = (...given) => {
      if (disk.isFull) throw new Error("full");
      store.commit(...given);
    };
    const box = signalbox({ store: { ...store, commit } });
    const door = box.device("door", "lock");
    const names = {
      events: ["events_total"],
      audits: ["audit_rows_total"],
      refused: ["frames_refused_total", { code: "storage_unavailable" }],
      writes: ["writes_refused_total"],
      failures: ["failures_total", { code: "storage_unavailable" }],
      refusing: ["store_refusing"],
    } as const;
    const event = { type: "event", name: "tamper", data: { sort: "forced" } };
    const post = () => door.send(event);
    const full = await grew(box, names as never, () => {
      disk.isFull = true;
      post();
    });
    expect(full).toMatchObject({ events: 0, audits: 0, writes: 1, refused: 1, failures: 1, refusing: 1 });
    const room = await grew(box, names as never, () => {
      disk.isFull = false;
      box.advance(5_000);
      post();
      box.enroll("another", "relay");
    });
    expect(room).toMatchObject({ events: 1, audits: 1, writes: 0, refusing: -1 });
    const told = box.logs.map(({ event }) => event).filter((event) => event.startsWith("store_"));
    expect(told).toEqual(["store_refused", "store_recovered"]);
  });

  it("[R6] wake-ups, how late they come, commits and rows", async () => {
    const box = signalbox();
    const roof = box.device("roof", "env-sensor");
    const counted = await grew(box, {
      due: ["wakeups_total", { for: "due" }],
      quick: ["wakeup_lateness_seconds_bucket", { le: "0.025" }],
      all: ["wakeup_lateness_seconds_count"],
      sum: ["wakeup_lateness_seconds_sum"],
      normal: ["commits_total", { durability: "normal" }],
      rows: ["rows_written_total"],
    }, () => {
      roof.send({ type: "telemetry", data: { temperature: 1 } });
      box.now += 1_300;
      box.handle({ type: "wake" });
      expect(box.wakeAt).not.toBeNull();
    });
    expect(counted).toMatchObject({ due: 1, quick: 0, all: 1, normal: 1 });
    expect(counted.sum).toBeCloseTo(0.3, 6);
    expect(counted.rows).toBeGreaterThanOrEqual(1);
    expect(box.logs).toEqual([]);
    roof.send({ type: "telemetry", data: { temperature: 1 } });
    box.now = box.wakeAt! + 2_500;
    box.handle({ type: "wake" });
    expect(box.logs).toEqual([{ event: "woken_late", fields: { seconds: 2.5 } }]);
  });

  it("[R6] what was due before somebody came to look is not late", async () => {
    const box = signalbox();
    box.device("roof", "env-sensor");
    const counted = await grew(box, {
      due: ["wakeups_total", { for: "due" }],
      sum: ["wakeup_lateness_seconds_sum"],
    }, () => {
      box.advance(28_000);
      box.operator().ask({ type: "watch", query: "id:*" });
      box.advance(20_000);
    });
    expect(counted.due).toBeGreaterThan(0);
    expect(counted.sum).toBe(0);
  });

  it("[R6] what the map says is worth an alert is there, with the labels that it names", async () => {
    const map = readFileSync(join(import.meta.dirname!, "../../src/README.md"), "utf8");
    const [, section] = map.split("What is worth an alert:");
    const named = [...section.split("\n## ")[0].matchAll(/(signalbox_\w+)(?:\{(\w+)="([^"]+)"\})?/g)];
    expect(named.length).toBeGreaterThan(7);
    const known = (await scrape(signalbox({ bridge: true }))).flatMap(({ samples }) => samples);
    for (const [, name, label, word] of named) {
      // What only a real process knows.
      if (name === "signalbox_disk_free_bytes") continue;
      const isThere = known.some((sample) => sample.name === name && (!label || sample.labels[label] === word));
      expect(isThere, `${name} ${label} ${word}`).toBe(true);
    }
  });

  it("[R6] no label holds anything that a device, an operator or a stranger chose", async () => {
    const box = signalbox();
    const CHOSEN = "chosen-by-somebody";
    const lamp = box.device(CHOSEN, "relay");
    const ann = box.operator();
    const before = await scrape(box);
    lamp.send({ type: CHOSEN });
    lamp.send({ type: "telemetry", data: { [CHOSEN]: 1 } });
    lamp.send({ type: "event", name: CHOSEN });
    box.ask("send_command", { device: CHOSEN, name: "toggle", params: {} });
    lamp.send({ type: "result", id: lamp.take("command").id, ok: false, error: { code: CHOSEN, message: CHOSEN } });
    ann.ask({ type: "watch", query: CHOSEN });
    ann.ask({ type: "command", device: CHOSEN, name: CHOSEN, params: {} });
    box.tryConnect("device", { sort: "token", token: `${CHOSEN}.x` });
    lamp.drop(4_321);
    ann.drop(3_456);
    box.advance(60_000);
    const after = await scrape(box);
    // However busy it was, nothing is said that was not said before.
    const keys = (families: Family[]) =>
      families.flatMap(({ samples }) => samples.map(({ name, labels }) => [name, labels]));
    expect(keys(after)).toEqual(keys(before));
    expect(JSON.stringify(after)).not.toContain(CHOSEN);
    const labels = new Set(keys(after).flatMap(([, labels]) => Object.keys(labels)));
    expect([...labels].sort()).toEqual([
      ..."code direction durability for le presence reason runtime sort status version".split(" "),
    ]);
  });

  it("[R6] what the runtime cannot know is left out", async () => {
    const families = await scrape(signalbox());
    const names = families.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("process_"))).toEqual([]);
    expect(names).not.toContain("signalbox_commit_duration_seconds");
    expect(names).toContain("signalbox_database_size_bytes");
    expect(valueOf(families, "signalbox_build_info", { version: "test", runtime: "test" })).toBe(1);
  });
});
