/** Jobs: one command to many devices. In both lives, so that a sleep between any two events changes nothing. */
import { describe, expect, it } from "vitest";
import { type Devices, fleetOf, jobOf, look, names, resultsOf, standing, start, told } from "./fleet.ts";
import { LIVES } from "./signalbox.ts";

describe.each(LIVES)("a job, $life", ({ isForgetful }) => {
  const begin = (...given: Devices) => fleetOf({ isForgetful }, ...given);

  it("[J1, J3] sends its command to each device that the query finds, and tells what became of each", () => {
    const { box, fleet } = begin(["b", "a", "c"], (device) => device === "c" ? "fail" : "ok");
    fleet.connect(["sensor"], "env-sensor");
    const job = start(box, { ttl: 8 });
    expect(job).toEqual({
      id: expect.any(String),
      query: "kind:relay",
      name: "set",
      params: { on: true },
      ttl: 8,
      by: { id: "admin", name: "Administrator" },
      status: "running",
      createdAt: box.now,
      total: 3,
      counts: expect.objectContaining({ waiting: 3, running: 0 }),
      rate: 10,
      stopAt: 0.5,
    });
    fleet.settle();
    expect(fleet.got).toEqual([]);
    fleet.live(1_000);
    const done = look(box, job);
    expect(done).toMatchObject({ status: "done", finishedAt: expect.any(Number), total: 3 });
    expect(told(done)).toEqual({ succeeded: 2, failed: 1 });
    expect(fleet.reached).toEqual(["a", "b", "c"]);
    expect(fleet.got[0].frame).toMatchObject({ name: "set", params: { on: true }, ttl: 8 });
    const results = resultsOf(box, job, 2);
    expect(results.map(({ device }) => device)).toEqual(["a", "b", "c"]);
    expect(results[2]).toEqual({
      device: "c",
      status: "failed",
      command: fleet.got[2].frame.id,
      error: { code: "jammed", message: "It is stuck." },
      finishedAt: expect.any(Number),
    });
    for (const { device, command, status } of results) {
      expect(box.record(command!)).toMatchObject({ device, status, job: job.id, by: { id: "admin" } });
    }
    expect(box.ask("list_jobs", {}).items).toEqual([done]);
  });

  it("[J15] of devices that are named goes to these, each once, in the order of their ids", () => {
    const { box, fleet } = begin(["a", "b", "c", "d"], (device) => device === "d" ? "fail" : "ok");
    const named = { query: undefined, devices: ["d", "a", "c", "a"], stopAt: 1 };
    const trial = box.ask("try_job", jobOf(named));
    expect(trial).toMatchObject({ query: "", total: 3, counts: { waiting: 3 } });
    const job = start(box, named);
    expect(job).toMatchObject({ query: "", total: 3, counts: { waiting: 3 } });
    box.ask("change_device", { device: "b", patch: { tags: ["late"] } });
    fleet.live(1_000);
    expect(fleet.reached).toEqual(["a", "c", "d"]);
    expect(standing(resultsOf(box, job))).toEqual({ a: "succeeded", c: "succeeded", d: "failed" });
    fleet.answers(() => "ok");
    const again = box.ask("retry_job", { job: job.id, params: {} });
    expect(again).toMatchObject({ query: "", total: 1, of: job.id });
    fleet.live(1_000);
    expect(look(box, again)).toMatchObject({ status: "done", counts: { succeeded: 1 } });
  });

  it("[J16] of a query that finds more or fewer than somebody saw sends nothing", () => {
    const { box, fleet } = begin(["a", "b"]);
    for (const call of ["try_job", "start_job"] as const) {
      for (const many of [1, 3]) {
        expect(box.call(call, jobOf({ expect: many }))).toMatchObject({ ok: false, fault: { code: "conflict" } });
      }
    }
    expect(start(box, { expect: 2 })).toMatchObject({ total: 2 });
    fleet.live(1_000);
    expect(fleet.reached).toEqual(["a", "b"]);
  });

  it("[J1] has the list of its beginning: who comes later is no part of it, and who changes stays", () => {
    const { box, fleet } = begin(["a", "b"]);
    box.ask("change_device", { device: "b", patch: { tags: ["hall"] } });
    box.ask("change_device", { device: "a", patch: { tags: ["hall"] } });
    const job = start(box, { query: "tag:hall" });
    fleet.connect(["aa"]);
    box.ask("change_device", { device: "aa", patch: { tags: ["hall"] } });
    box.ask("change_device", { device: "b", patch: { tags: [] } });
    fleet.live(1_000);
    expect(look(box, job)).toMatchObject({ status: "done", total: 2, counts: { succeeded: 2 } });
    expect(fleet.reached).toEqual(["a", "b"]);
  });

  it("[J3] a device that its kind or its standing forbids is told apart from one that failed", () => {
    const { box, fleet } = begin(["a", "b"]);
    fleet.connect(["lock"], "lock");
    box.enroll("far", "relay");
    const job = start(box, { query: "id:*", name: "toggle", params: {}, stopAt: 1 });
    fleet.live(1_000);
    const results = resultsOf(box, job);
    expect(standing(results)).toEqual({ a: "succeeded", b: "succeeded", far: "rejected", lock: "refused" });
    expect(results[2]).toMatchObject({ command: expect.any(String), error: { code: "offline" } });
    expect(results[3]).toEqual({
      device: "lock",
      status: "refused",
      error: { code: "unknown_command", message: expect.any(String) },
      finishedAt: expect.any(Number),
    });
    expect(box.ask("list_commands", { device: "lock" }).items).toEqual([]);
    expect(told(look(box, job))).toEqual({ succeeded: 2, rejected: 1, refused: 1 });
  });

  it("[J3] a device that was deleted is skipped, also where another one has its id by then", () => {
    const { box, fleet } = begin(names(6));
    const job = start(box, { rate: 1 });
    fleet.live(50);
    expect(fleet.reached).toEqual(["r0000"]);
    for (const device of ["r0002", "r0003", "r0005"]) box.ask("delete_device", { device });
    expect(told(look(box, job))).toEqual({ succeeded: 1, waiting: 2, skipped: 3 });
    box.tokens.delete("r0003");
    fleet.connect(["r0003"]);
    fleet.live(6_000);
    expect(fleet.reached).toEqual(["r0000", "r0001", "r0004"]);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: 3, skipped: 3, waiting: 0 } });
    expect(standing(resultsOf(box, job))).toMatchObject({ r0002: "skipped", r0003: "skipped", r0005: "skipped" });
  });

  it("[J3] a device that is deleted while its command is with it is unknown", () => {
    const { box, fleet } = begin(["a", "b"], () => null);
    const job = start(box);
    fleet.live(500);
    expect(told(look(box, job))).toEqual({ running: 2 });
    box.ask("delete_device", { device: "a" });
    expect(told(look(box, job))).toEqual({ running: 1, unknown: 1 });
  });

  it("[J4] gives so many devices a second their turn, and after an absence a second's worth at once", () => {
    const { box, fleet } = begin(names(40));
    for (const [rate, within] of [[4, [1, 4, 8]], [10, [1, 10, 20]]] as const) {
      fleet.got.length = 0;
      const job = start(box, { rate });
      fleet.live(50);
      expect(fleet.got).toHaveLength(within[0]);
      fleet.live(950);
      expect(Math.abs(fleet.got.length - within[1])).toBeLessThanOrEqual(1);
      fleet.live(1_000);
      expect(Math.abs(fleet.got.length - within[2])).toBeLessThanOrEqual(1);
      const before = fleet.got.length;
      box.now += 3_600_000;
      for (const peer of fleet.peers.values()) peer.text("ping");
      fleet.live(50);
      expect(fleet.got.length - before).toBeLessThanOrEqual(rate + 1);
      expect(fleet.got.length - before).toBeGreaterThan(rate / 2);
      box.ask("stop_job", { job: job.id });
    }
  });

  it("[J4] a rate below one a second is that slow", () => {
    const { box, fleet } = begin(names(3));
    start(box, { rate: 0.1 });
    fleet.live(9_900);
    expect(fleet.got).toHaveLength(1);
    fleet.live(200);
    expect(fleet.got).toHaveLength(2);
  });

  it("[J5] the canaries are final before anybody else has a turn", () => {
    const { box, fleet } = begin(names(9), (device) => device === "r0002" ? null : "ok");
    const job = start(box, { canary: 3, rate: 100 });
    fleet.live(5_000);
    expect(fleet.reached).toEqual(["r0000", "r0001", "r0002"]);
    expect(told(look(box, job))).toEqual({ waiting: 6, running: 1, succeeded: 2 });
    const { frame } = fleet.got[2];
    fleet.peers.get("r0002")!.send({ type: "result", id: frame.id, ok: true });
    fleet.live(1_000);
    expect(fleet.reached).toEqual(names(9));
    expect(look(box, job)).toMatchObject({ status: "done", canary: 3, counts: { succeeded: 9 } });
  });

  it("[J5] more canaries than devices are all of them, and a deleted one is not waited for", () => {
    const { box, fleet } = begin(names(3));
    const all = start(box, { canary: 10 });
    fleet.live(1_000);
    expect(look(box, all)).toMatchObject({ status: "done", counts: { succeeded: 3 } });
    const job = start(box, { canary: 2, rate: 1 });
    box.ask("delete_device", { device: "r0001" });
    fleet.live(5_000);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: 2, skipped: 1 } });
  });

  it("[J6] canaries that fail too often stop it before anybody else has a turn", () => {
    const { box, fleet } = begin(names(50), (device) => ["r0001", "r0003"].includes(device) ? "fail" : "ok");
    const job = start(box, { canary: 5, stopAt: 0.2 });
    fleet.live(10_000);
    const stopped = look(box, job);
    expect(stopped).toMatchObject({ status: "stopped", reason: "2 of 5 canaries failed, more than 20 %" });
    expect(stopped.finishedAt).toBeGreaterThan(job.createdAt);
    expect(fleet.got.length).toBeLessThanOrEqual(5);
    expect(stopped.counts.succeeded + stopped.counts.failed + stopped.counts.skipped).toBe(50);
    expect(resultsOf(box, job).filter(({ status }) => status === "skipped")).toHaveLength(stopped.counts.skipped);
  });

  it("[J6] as many as stopAt says may fail; one more stops it", () => {
    const failing = new Set(["r0001", "r0004", "r0007"]);
    const { box, fleet } = begin(names(10), (device) => failing.has(device) ? "fail" : "ok");
    const job = start(box, { stopAt: 0.3 });
    fleet.live(3_000);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: 7, failed: 3 } });
    const again = start(box, { stopAt: 0.29 });
    fleet.live(3_000);
    expect(look(box, again)).toMatchObject({ status: "stopped", reason: "3 of 10 devices failed, more than 29 %" });
    expect(told(look(box, again))).toEqual({ succeeded: 5, failed: 3, skipped: 2 });
  });

  it("[J6] stopAt 0 stops at the first failure, also in the middle of a step; 1 goes through", () => {
    const { box, fleet } = begin(["a", "z"]);
    for (const id of names(5)) box.enroll(id, "relay");
    const careful = start(box, { stopAt: 0, rate: 100 });
    fleet.live(2_000);
    expect(told(look(box, careful))).toEqual({ succeeded: 1, rejected: 1, skipped: 5 });
    for (const id of names(5).slice(1)) expect(box.ask("list_commands", { device: id }).items).toEqual([]);
    const never = start(box, { stopAt: 1, rate: 100 });
    fleet.live(2_000);
    expect(look(box, never)).toMatchObject({ status: "done", counts: { rejected: 5, succeeded: 2 } });
  });

  it("[J6] a failure that falls on the moment of a step counts before the next has its turn", () => {
    const { box, fleet } = begin(names(15), () => null);
    const job = start(box, { name: "toggle", params: {}, rate: 1, stopAt: 0 });
    fleet.live(12_000);
    expect(fleet.reached).toEqual(names(10));
    expect(look(box, job)).toMatchObject({ status: "stopped", counts: { skipped: 5 } });
  });

  it("[J6] what expires and what never answers are failures, a cancelled one is none", () => {
    const { box, fleet } = begin(names(3), () => null);
    const job = start(box, { stopAt: 0.6, ttl: 5 });
    fleet.live(400);
    box.ask("cancel_command", { command: fleet.got[0].frame.id });
    fleet.peers.get("r0000")!.send({
      type: "result",
      id: fleet.got[0].frame.id,
      ok: false,
      error: { code: "cancelled", message: "Not any more." },
    });
    fleet.live(30_000, 1_000);
    expect(look(box, job)).toMatchObject({ status: "stopped", counts: { cancelled: 1, unknown: 2 } });
  });
});
