/** What lasts of a job: over a crash, a sleep, a repeated call, and in the audit. */
import { describe, expect, it } from "vitest";
import type { Write } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { Fleet, jobOf, look, names, resultsOf, start } from "./fleet.ts";
import { ADMIN, signalbox } from "./signalbox.ts";

const DAY = 86_400_000;

describe("what lasts", () => {
  it("[J1, A1] the job, its list and its audit row are one transaction, and nothing is sent before", () => {
    const store = openMemory();
    const commits: (readonly Write[])[] = [];
    const commit: typeof store.commit = (writes, durability) => {
      commits.push(writes);
      store.commit(writes, durability);
    };
    const box = signalbox({ store: { ...store, commit } });
    const fleet = new Fleet(box, ["a", "b"]);
    commits.length = 0;
    start(box);
    const tables = commits.flat().map((write) => "put" in write ? write.put : "?");
    expect(commits).toHaveLength(1);
    expect(tables.sort()).toEqual(["audit", "job", "job_target", "job_target"]);
    expect(fleet.peers.get("a")!.all("command")).toEqual([]);
  });

  it("[J8] a power cut at any commit of a job: no device has two turns, and none is left out", () => {
    let cuts = 0;
    for (let cutAt = 1; cutAt <= 10; cutAt++) {
      for (const isWritten of [false, true]) {
        const store = openMemory();
        let left = Infinity;
        const commit: typeof store.commit = (...given) => {
          left--;
          if (left !== 0) return store.commit(...given);
          if (isWritten) store.commit(...given);
          throw new Error("the power failed");
        };
        const box = signalbox({ store: { ...store, commit } });
        const fleet = new Fleet(box, names(5));
        const job = start(box, { name: "toggle", params: {}, stopAt: 1 });
        left = cutAt;
        fleet.live(600);
        const wasCut = left <= 0;
        left = Infinity;
        box.crash();
        fleet.connect(names(5));
        fleet.live(70_000, 500);
        const done = look(box, job);
        expect(done.status, `cut at ${cutAt}`).toBe("done");
        expect(Math.max(...names(5).map((id) => fleet.reached.filter((one) => one === id).length))).toBeLessThanOrEqual(
          1,
        );
        for (const { device, status } of resultsOf(box, job)) {
          const ledger = box.ask("list_commands", { device }).items;
          expect(ledger).toHaveLength(1);
          expect(ledger[0]).toMatchObject({ status, job: job.id });
          expect(["succeeded", "unknown"]).toContain(status);
          // Only one that a device may have got and had no time to answer is unknown.
          if (status === "succeeded") expect(fleet.reached).toContain(device);
        }
        expect(done.counts.succeeded + done.counts.unknown).toBe(5);
        if (wasCut) cuts++;
      }
    }
    expect(cuts).toBeGreaterThan(12);
  });

  it("[J8] after a restart it waits for the devices that it was cut off from, and goes on where it was", () => {
    const box = signalbox();
    const fleet = new Fleet(box, names(10));
    const job = start(box, { rate: 4 });
    fleet.live(800);
    const before = fleet.got.length;
    expect(before).toBeGreaterThan(1);
    box.crash();
    fleet.peers.clear();
    fleet.connect(names(9));
    fleet.live(30_000, 500);
    expect(look(box, job)).toMatchObject({ status: "running", counts: { succeeded: before, waiting: 10 - before } });
    fleet.connect(["r0009"]);
    fleet.live(4_000, 500);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: 10 } });
    expect(fleet.reached).toEqual(names(10));
  });

  it("[J8] it waits a minute at most, however often the hub dies meanwhile, and for nobody who said goodbye", () => {
    const box = signalbox();
    const fleet = new Fleet(box, names(8));
    const job = start(box, { rate: 4, stopAt: 1 });
    fleet.live(300);
    const before = fleet.got.length;
    box.crash();
    const died = box.now;
    fleet.peers.clear();
    for (let seconds = 0; seconds < 55; seconds += 5) {
      box.advance(5_000);
      expect(look(box, job).counts.waiting).toBe(8 - before);
      box.crash();
    }
    box.advance(died + 70_000 - box.now);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: before, rejected: 8 - before } });
    fleet.connect(names(8));
    for (const peer of fleet.peers.values()) peer.drop();
    const again = start(box, { stopAt: 1 });
    box.crash();
    box.advance(2_000);
    expect(look(box, again)).toMatchObject({ status: "done", counts: { rejected: 8 } });
  });

  it("[J8, E1 #64] nor does it wait longer where the clock was set back meanwhile", () => {
    const box = signalbox();
    const fleet = new Fleet(box, names(3));
    const job = start(box, { stopAt: 1 });
    box.crash();
    fleet.peers.clear();
    box.advance(5_000);
    expect(look(box, job).counts.waiting).toBe(3);
    box.now -= 3_600_000;
    box.handle({ type: "wake" });
    box.advance(62_000);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { rejected: 3 } });
  });

  it("[J8] after a sleep in which sockets stayed it goes on at once, whoever is away", () => {
    const box = signalbox();
    const fleet = new Fleet(box, ["lost"]);
    box.crash();
    fleet.peers.clear();
    fleet.connect(names(10));
    const job = start(box, { rate: 4, query: "id:r*" });
    fleet.live(800);
    box.evict();
    fleet.live(2_500);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: 10 } });
  });

  it("[J4, E1 #64] a clock that is set back by an hour, or forward, does not hold a job up", () => {
    for (const jump of [-3_600_000, 3_600_000]) {
      for (const rate of [0.5, 4]) {
        const box = signalbox();
        const fleet = new Fleet(box, names(6));
        const admin = box.connect("operator", { sort: "token", token: ADMIN });
        const job = start(box, { rate });
        fleet.live(300);
        admin.all("job");
        box.now += jump;
        for (const peer of fleet.peers.values()) peer.text("ping");
        const before = fleet.got.length;
        fleet.live(50);
        expect(fleet.got.length - before).toBeLessThanOrEqual(rate + 1);
        fleet.live(12_000);
        expect(admin.all("job").length).toBeGreaterThan(1);
        expect(look(box, job), `${jump} ms, ${rate} a second`).toMatchObject({
          status: "done",
          counts: { succeeded: 6 },
        });
        expect(fleet.reached).toEqual(names(6));
      }
    }
  });

  it("[J13] jobs and their results are kept for 90 days after their end, and then they go", () => {
    const store = openMemory();
    const box = signalbox({ store });
    const fleet = new Fleet(box, names(3));
    const job = start(box);
    fleet.live(1_000);
    for (const peer of fleet.peers.values()) peer.drop();
    const age = (days: number) => {
      box.now += days * DAY;
      box.handle({ type: "wake" });
    };
    age(89);
    expect(look(box, job).status).toBe("done");
    expect(resultsOf(box, job)).toHaveLength(3);
    age(2);
    expect(box.call("get_job", { job: job.id })).toMatchObject({ ok: false, fault: { code: "not_found" } });
    age(14);
    expect([store.count("job"), store.count("job_target")]).toEqual([0, 0]);
  });

  it("[R] the metrics count those that are open", () => {
    const box = signalbox();
    const fleet = new Fleet(box, ["a"]);
    const open = () => box.ask("get_metrics", {}).find(({ name }) => name === "signalbox_jobs_open")?.values;
    start(box);
    expect(open()).toEqual([{ labels: {}, value: 1 }]);
    fleet.live(500);
    expect(open()).toEqual([{ labels: {}, value: 0 }]);
  });

  it("[J13] the audit has who began it, who or what stopped it, and how it ended", () => {
    const box = signalbox();
    const fleet = new Fleet(box, ["a", "b"], () => "fail");
    const job = start(box, { stopAt: 0 });
    fleet.live(1_000);
    const about = box.ask("list_audit", {}).items.filter(({ target }) => target === job.id).toReversed();
    const hub = { id: "hub", name: "Signalbox" };
    expect(about).toMatchObject([
      {
        what: "start_job",
        who: { id: "admin" },
        outcome: "accepted",
        detail: { query: "kind:relay", name: "set", total: 2 },
      },
      { what: "stop_job", who: hub, outcome: "done", detail: { reason: "1 of 2 devices failed, more than 0 %" } },
      { what: "end_job", who: hub, outcome: "stopped", detail: { total: 2, counts: { failed: 1 } } },
    ]);
    const commands = box.ask("list_audit", {}).items.filter(({ what }) => what === "set");
    expect(commands).toHaveLength(1);
  });

  it("[C20] the same key again is the same job, as it is by now", () => {
    const box = signalbox();
    const fleet = new Fleet(box, ["a", "b"]);
    const first = box.call("start_job", jobOf(), ADMIN, "k1");
    fleet.live(1_000);
    const again = box.call("start_job", jobOf(), ADMIN, "k1");
    expect(first).toMatchObject({ ok: true, value: { status: "running" } });
    expect(again).toMatchObject({ ok: true, value: { status: "done", counts: { succeeded: 2 } } });
    expect(box.store.count("job")).toBe(1);
    const other = box.call("start_job", jobOf({ params: { on: false } }), ADMIN, "k1");
    expect(other).toMatchObject({ ok: false, fault: { code: "conflict", status: 422 } });
  });
});
