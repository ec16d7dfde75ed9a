/** Jobs over many devices. */
import { describe, expect, it } from "vitest";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { Fleet, jobOf, look, names, resultsOf, start, told } from "./fleet.ts";
import { signalbox } from "./signalbox.ts";

describe("many", () => {
  it("[J6] a share is what its decimals say: 29 of 100 are not more than 0.29", () => {
    const box = signalbox();
    const fleet = new Fleet(box, names(100), (device) => device < "r0029" ? "fail" : "ok");
    const job = start(box, { rate: 100, stopAt: 0.29 });
    fleet.live(2_000);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { failed: 29, succeeded: 71 } });
  });

  it("[J2] a hundred thousand devices are the most", () => {
    const store = openMemory();
    signalbox({ store }).enroll("d000000", "relay");
    const device = store.get("device", "d000000")!;
    const ids = Array.from({ length: 100_001 }, (_, at) => `d${String(at).padStart(6, "0")}`);
    store.commit(ids.map((id) => ({ put: "device" as const, row: { ...device, id } })), "normal");
    const box = signalbox({ store });
    const tooMany = { ok: false, fault: { code: "too_large", pointer: "#/query" } };
    expect(box.call("start_job", jobOf({ query: "id:*" }))).toMatchObject(tooMany);
    expect(box.call("start_job", jobOf({ query: "-id:d000000" }))).toMatchObject({
      ok: true,
      value: { total: 100_000 },
    });
  });

  it("[J3, E1 #49] a thousand devices of which a hundred fail: each has its own outcome", () => {
    const box = signalbox();
    const fails = (device: string) => Number(device.slice(1)) % 10 === 3;
    const fleet = new Fleet(box, names(1_000), (device) => fails(device) ? "fail" : "ok");
    const job = start(box, { rate: 100, stopAt: 0.1, canary: 20 });
    fleet.live(13_000, 250);
    const done = look(box, job);
    expect(done).toMatchObject({ status: "done", total: 1_000 });
    expect(told(done)).toEqual({ succeeded: 900, failed: 100 });
    const results = resultsOf(box, job, 500);
    expect(results).toHaveLength(1_000);
    for (const { device, status, command } of results) {
      expect(status).toBe(fails(device) ? "failed" : "succeeded");
      expect(box.record(command!)).toMatchObject({ device, status });
    }
    for (const [status, total] of [[["failed"], 100], [["failed", "rejected"], 100], [["waiting"], 0]] as const) {
      const some = box.ask("list_job_results", { job: job.id, limit: 30, status: [...status] });
      expect(some.total).toBe(total);
      expect(resultsOf(box, job, 30, [...status]).map(({ device }) => device)).toEqual(
        names(1_000).filter(fails).slice(0, total),
      );
    }
    expect(fleet.reached).toEqual(names(1_000));
    console.log(`job: 1,000 devices, ${JSON.stringify(told(done))} in ${(done.finishedAt! - done.createdAt) / 1000} s`);
  });
});
