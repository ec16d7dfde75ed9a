import { describe, expect, it } from "vitest";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { signalbox } from "./signalbox.ts";

const DAY = 86_400_000;

describe("retention", () => {
  it("rows past their time go with every flush, faster than a fleet can write new ones", () => {
    const store = openMemory();
    const box = signalbox({ store });
    const roof = box.device("roof", "env-sensor");
    const row = { device: "roof", name: "motion", data: {}, at: box.now - 40 * DAY };
    const old = Array.from({ length: 8_000 }, (_, at) => ({ put: "event" as const, row: { ...row, id: `0.${at}` } }));
    store.commit(old, "normal");
    for (let second = 0; second < 10; second++) {
      roof.send({ type: "telemetry", data: { temperature: second } });
      box.advance(1_000);
    }
    expect(store.count("event")).toBe(0);
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
