import { describe, expect, it } from "vitest";
import { RAW_RETENTION } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { signalbox } from "./signalbox.ts";

describe("retention", () => {
  it("[T3] rows past their time go with every flush, faster than a fleet can write new ones", () => {
    const store = openMemory();
    const box = signalbox({ store });
    const roof = box.device("roof", "env-sensor");
    const past = box.now - 2 * RAW_RETENTION;
    const row = { device: "roof", expiresAt: past + RAW_RETENTION, samples: [{ at: past, data: { temperature: 1 } }] };
    const old = Array.from({ length: 8_000 }, (_, at) => ({ put: "samples" as const, row: { ...row, id: `0.${at}` } }));
    store.commit(old, "normal");
    for (let second = 0; second < 10; second++) {
      roof.send({ type: "telemetry", data: { temperature: second } });
      box.advance(1_000);
    }
    expect(store.count("samples")).toBeLessThanOrEqual(10);
  });

  it("[T7] a flush that prunes is still not worth waiting for the disk", () => {
    const modes: string[] = [];
    const store = openMemory();
    const commit: typeof store.commit = (writes, durability) => {
      if (writes.some((write) => "prune" in write)) modes.push(durability);
      store.commit(writes, durability);
    };
    const box = signalbox({ store: { ...store, commit } });
    const roof = box.device("roof", "env-sensor");
    roof.send({ type: "telemetry", data: { temperature: 1 } });
    box.advance(1_500);
    expect(modes.length).toBeGreaterThan(0);
    expect(new Set(modes)).toEqual(new Set(["normal"]));
  });
});
