/** Jobs: one command to many devices. Every rule in both lives, so that a sleep between any two events changes nothing. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type CommandSpec, defineKind } from "../../src/kind/kind.ts";
import type { Write } from "../../src/hub/ports.ts";
import type { JobCounts, JobView } from "../../src/protocol/job.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { Fleet, jobOf, look, names, resultsOf, start } from "./fleet.ts";
import { ADMIN, LIVES, signalbox } from "./signalbox.ts";

const DAY = 86_400_000;

/** The counts that are not zero. */
const told = ({ counts }: { counts: JobCounts }) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
const standing = (results: { device: string; status: string }[]) =>
  Object.fromEntries(results.map(({ device, status }) => [device, status]));

describe.each(LIVES)("a job, $life", ({ isForgetful }) => {
  const begin = (...given: ConstructorParameters<typeof Fleet> extends [unknown, ...infer Rest] ? Rest : never) => {
    const box = signalbox({ isForgetful });
    return { box, fleet: new Fleet(box, ...given) };
  };

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

  it("[J7] acts as who made it: a token that was deleted stops it before the next has a turn", () => {
    const { box, fleet } = begin(names(10));
    const { id, token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const job = start(box, { rate: 2 }, token);
    fleet.live(600);
    const before = fleet.got.length;
    expect(before).toBeGreaterThan(0);
    expect(box.record(fleet.got[0].frame.id).by).toEqual({ id, name: "Ann" });
    box.ask("delete_token", { token: id });
    fleet.live(5_000);
    expect(fleet.got).toHaveLength(before);
    expect(look(box, job)).toMatchObject({ status: "stopped", reason: expect.stringContaining("Ann") });
  });

  it("[J7] outlives the panel's session, and not the credential behind it", () => {
    const { box, fleet } = begin(names(4));
    const { id, token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const { session } = box.ask("open_session", { token });
    const cookie = { sort: "cookie", secret: session.secret } as const;
    const made = box.call("start_job", jobOf({ rate: 1 }), cookie);
    if (!made.ok) throw new Error(made.fault.message);
    box.call("close_session", {}, cookie);
    fleet.live(5_000);
    expect(look(box, made.value)).toMatchObject({ status: "done", by: { id }, counts: { succeeded: 4 } });
  });

  it("[J7] whose role was lowered stops it too", () => {
    const store = openMemory();
    const box = signalbox({ isForgetful, store });
    const fleet = new Fleet(box, names(5));
    const { id, token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const job = start(box, { rate: 1 }, token);
    fleet.live(500);
    store.commit([{ put: "operator_token", row: { ...store.get("operator_token", id)!, role: "viewer" } }], "full");
    fleet.live(3_000);
    expect(fleet.reached).toEqual(["r0000"]);
    expect(look(box, job)).toMatchObject({ status: "stopped", counts: { succeeded: 1, skipped: 4 } });
  });

  it("[J9] stopped: who waits is skipped, what is not sent is cancelled, what was sent ends as its device says", () => {
    const { box, fleet } = begin(names(6), () => null);
    // Its lane is busy, so the job's command waits there.
    box.ask("send_command", { device: "r0001", name: "toggle", params: {} });
    const job = start(box, { name: "pulse", params: { seconds: 1 }, rate: 4 });
    fleet.live(700);
    const sent = fleet.got.filter(({ frame }) => frame.name === "pulse").map(({ device }) => device);
    expect(sent).not.toContain("r0001");
    const { status } = box.ask("stop_job", { job: job.id });
    expect(status).toBe("stopped");
    const stopped = look(box, job);
    expect(stopped).toMatchObject({ status: "stopped", reason: "Stopped by Administrator", counts: { cancelled: 1 } });
    expect(stopped.finishedAt).toBeUndefined();
    expect(box.call("stop_job", { job: job.id })).toMatchObject({ ok: false, fault: { code: "conflict" } });
    expect(box.ask("list_commands", { device: "r0001" }).items[0]).toMatchObject({
      name: "pulse",
      status: "cancelled",
    });
    for (const { device, frame } of fleet.got) {
      if (frame.name === "pulse") fleet.peers.get(device)!.send({ type: "result", id: frame.id, ok: true });
    }
    const ended = look(box, job);
    expect(ended).toMatchObject({ status: "stopped", finishedAt: box.now, counts: { waiting: 0, running: 0 } });
    expect(told(ended)).toEqual({ succeeded: sent.length, cancelled: 1, skipped: 5 - sent.length });
    fleet.live(5_000);
    expect(fleet.got.filter(({ frame }) => frame.name === "pulse")).toHaveLength(sent.length);
  });

  it("[J9] what waited behind a command that the stop cancelled goes at once", () => {
    const kind = defineKind({
      name: "pump",
      version: 1,
      title: "Pump",
      telemetry: {},
      state: {},
      commands: {
        purge: { title: "Purge", effect: "once", queue: true, params: z.object({}) },
        aim: { title: "Aim", effect: "set", params: z.object({}) },
      },
    });
    const box = signalbox({ isForgetful, kinds: [kind] });
    const pump = box.device("pump", "pump");
    box.now += kind.stale * 1_000;
    const job = start(box, { query: "id:pump", name: "purge", params: {}, ttl: 60 });
    box.advance(100);
    box.ask("send_command", { device: "pump", name: "aim", params: {} });
    expect(pump.all("command")).toEqual([]);
    box.ask("stop_job", { job: job.id });
    expect(pump.all("command").map(({ name }) => name)).toEqual(["aim"]);
  });

  it("[J10] a retry is a new job over the devices at which it did not succeed", () => {
    const { box, fleet } = begin(names(6), (device) => device === "r0003" ? "fail" : "ok");
    box.enroll("r0006", "relay");
    fleet.peers.get("r0001")!.drop();
    const job = start(box, { stopAt: 1, canary: 2, ttl: 9 });
    expect(box.call("retry_job", { job: job.id, params: {} })).toMatchObject({
      ok: false,
      fault: { code: "conflict" },
    });
    fleet.live(2_000);
    expect(told(look(box, job))).toEqual({ succeeded: 4, failed: 1, rejected: 2 });
    fleet.answers(() => "ok");
    fleet.got.length = 0;
    fleet.connect(["r0001"]);
    box.ask("delete_device", { device: "r0006" });
    const again = box.ask("retry_job", { job: job.id, params: {} });
    const { query, name, params, ttl, canary, stopAt, rate } = job;
    expect(again).toMatchObject({ query, name, params, ttl, canary, stopAt, rate, of: job.id, total: 2 });
    fleet.live(2_000);
    expect(fleet.reached).toEqual(["r0001", "r0003"]);
    expect(look(box, again)).toMatchObject({ status: "done", counts: { succeeded: 2 } });
    const nothing = box.call("retry_job", { job: again.id, params: {} });
    expect(nothing).toMatchObject({ ok: false, fault: { code: "conflict" } });
  });

  it("[J10] of one that was stopped, what still runs is left alone and who was skipped is tried", () => {
    const { box, fleet } = begin(names(4), () => null);
    const job = start(box, { rate: 1 });
    fleet.live(50);
    box.ask("stop_job", { job: job.id });
    expect(told(look(box, job))).toEqual({ running: 1, skipped: 3 });
    const again = box.ask("retry_job", { job: job.id, params: {} });
    expect(again.total).toBe(3);
    fleet.live(50);
    expect(fleet.reached).toEqual(["r0000", "r0001"]);
  });

  it("[J10] where a newer command took its place, that one has its way", () => {
    const { box, fleet } = begin(["a", "b"], (_, frame) => frame.name === "toggle" ? null : "ok");
    const busy = box.ask("send_command", { device: "a", name: "toggle", params: {} });
    const job = start(box);
    fleet.live(500);
    box.ask("send_command", { device: "a", name: "set", params: { on: false } });
    fleet.peers.get("a")!.send({ type: "result", id: busy.id, ok: true });
    fleet.live(500);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: 1, superseded: 1 } });
    expect(box.call("retry_job", { job: job.id, params: {} })).toMatchObject({
      ok: false,
      fault: { code: "conflict" },
    });
  });

  it("[J12, C19] secrets reach the devices and nobody else, and are forgotten as soon as all had their turn", () => {
    const store = openMemory();
    const box = signalbox({ isForgetful, store });
    const fleet = new Fleet(box, []);
    fleet.connect(["door-1", "door-2", "door-3"], "lock");
    fleet.connect(["lamp"]);
    const watcher = box.operator("admin");
    for (const device of ["door-1", "door-2"]) {
      watcher.ask({ type: "watch", id: device, device, include: ["commands", "frames"] });
    }
    const pin = "s3cr3t-4711";
    const given = { query: "id:*", name: "unlock", params: { pin, seconds: 5 }, rate: 1, stopAt: 1 };
    expect(start(box, given).params).toEqual({ seconds: 5 });
    const [job] = box.ask("list_jobs", {}).items;
    const kept = () => JSON.stringify([store.list("job"), store.list("pending")]);
    fleet.live(50);
    expect(kept()).toContain(pin);
    fleet.live(1_000);
    expect(fleet.got.map(({ frame }) => frame.params)).toEqual([{ pin, seconds: 5 }, { pin, seconds: 5 }]);
    fleet.live(4_000);
    expect(look(box, job)).toMatchObject({ status: "done", counts: { succeeded: 3, refused: 1 } });
    expect(kept()).not.toContain(pin);
    const seen = JSON.stringify([
      watcher.frames,
      store.list("audit"),
      store.list("command"),
      store.list("job_target"),
      box.logs,
      box.ask("list_jobs", {}),
    ]);
    expect(seen).not.toContain(pin);
  });

  it("[J10, J12] a stop forgets secrets too; a retry without them, or with more, is refused", () => {
    const store = openMemory();
    const box = signalbox({ isForgetful, store });
    const fleet = new Fleet(box, []);
    fleet.connect(["door-1", "door-2"], "lock");
    const job = start(box, { query: "kind:lock", name: "unlock", params: { pin: "4711" }, rate: 0.1 });
    box.ask("stop_job", { job: job.id });
    expect(JSON.stringify(store.list("job"))).not.toContain("4711");
    const refused = (params: Record<string, unknown>, pointer: string) =>
      expect(box.call("retry_job", { job: job.id, params })).toMatchObject({
        ok: false,
        fault: { code: "invalid_params", pointer },
      });
    refused({}, "#/params/pin");
    refused({ pin: "4711", seconds: 9 }, "#/params/seconds");
    box.ask("retry_job", { job: job.id, params: { pin: "0815" } });
    fleet.live(50);
    expect(fleet.got.map(({ frame }) => frame.params)).toEqual([{ pin: "0815" }]);
  });

  it("[J13] is stopped after a week", () => {
    const { box, fleet } = begin(names(3), () => null);
    const job = start(box, { canary: 1, name: "identify", params: {}, ttl: 60 });
    fleet.live(100);
    box.advance(60_000);
    expect(look(box, job).status).toBe("stopped");
    const slow = start(box, { rate: 0.1, stopAt: 1 });
    box.now += 7 * DAY;
    box.advance(1_000);
    expect(look(box, slow)).toMatchObject({ status: "stopped", reason: "It was not done within a week" });
  });

  it("[J14] a stop is told at once, though something of it still runs", () => {
    const { box, fleet } = begin(names(5), () => null);
    const { token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const ann = box.connect("operator", { sort: "token", token });
    const job = start(box, { rate: 1 }, token);
    fleet.live(50);
    expect(ann.all("job").at(-1)).toMatchObject({ job: { status: "running" } });
    box.ask("stop_job", { job: job.id });
    expect(ann.all("job")).toEqual([{ type: "job", job: look(box, job) }]);
    expect(look(box, job)).toMatchObject({ status: "stopped", counts: { running: 1, skipped: 4 } });
  });

  it("[J14] who made it hears how it goes, four times a second at most, and its end at once", () => {
    const { box, fleet } = begin(names(30));
    const { token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const ann = box.connect("operator", { sort: "token", token });
    const other = box.operator("operator");
    other.ask({ type: "watch", id: "w", device: "r0002", include: ["commands"] });
    const job = start(box, { rate: 15 }, token);
    const heard: { at: number; job: JobView }[] = [];
    for (let at = 0; at < 4_000; at += 50) {
      fleet.live(50);
      heard.push(...ann.all("job").map((frame) => ({ at: box.now, job: frame.job })));
    }
    expect(heard.length).toBeGreaterThan(4);
    expect(heard.at(-1)!.job).toEqual(look(box, job));
    expect(heard.at(-1)!.job).toMatchObject({ status: "done", counts: { succeeded: 30 } });
    expect(ann.all("command")).toEqual([]);
    expect(other.all("job")).toEqual([]);
    expect(other.all("command").map(({ command }) => [command.job, command.status])).toEqual([
      [job.id, "accepted"],
      [job.id, "sent"],
      [job.id, "succeeded"],
    ]);
    // What was left out for the rate is lost with the memory, and made up for by the next change.
    if (isForgetful) return;
    const seconds = Map.groupBy(heard.slice(0, -1), ({ at }) => Math.floor(at / 1000));
    for (const [, frames] of seconds) expect(frames.length).toBeLessThanOrEqual(5);
  });
});

describe("what a job refuses [J2]", () => {
  const box = signalbox();
  new Fleet(box, ["a", "b"]).connect(["lock"], "lock");
  box.enroll("meter", "energy-meter");
  const { token } = box.ask("create_token", { name: "Ann", role: "operator" });
  const viewer = box.ask("create_token", { name: "Vic", role: "viewer" }).token;

  it.each([
    ["a query without a term", { query: " " }, "bad_request", "#/query"],
    ["a query that is none", { query: "colour:red" }, "bad_request", "#/query"],
    ["a query that finds nothing", { query: "id:nobody" }, "not_found", "#/query"],
    ["a command that none of them has", { name: "unlock" }, "unknown_command", "#/name"],
    ["a name of no command", { query: "id:*", name: "constructor" }, "unknown_command", "#/name"],
    ["params that none of them takes", { params: { on: "yes" } }, "invalid_params", "#/params/on"],
    ["params that those do not take that have it", { query: "id:*", params: {} }, "invalid_params", "#/params/on"],
    ["a ttl over the kind's greatest", { name: "toggle", params: {}, ttl: 61 }, "invalid_params", "#/ttl"],
  ])("%s", (_, given, code, pointer) => {
    const refused = { ok: false, fault: { code, pointer } };
    expect(box.call("start_job", jobOf(given))).toMatchObject(refused);
    expect(box.call("try_job", jobOf(given))).toMatchObject(refused);
  });

  it("[I5] who may not: a viewer, and an operator where the command asks for more", () => {
    const forbidden = { ok: false, fault: { code: "forbidden" } };
    expect(box.call("start_job", jobOf(), viewer)).toMatchObject(forbidden);
    const meters = jobOf({ query: "kind:energy-meter", name: "reset_counter", params: { name: "energy_import" } });
    expect(box.call("start_job", meters, token)).toMatchObject(forbidden);
  });

  it("leaves nothing behind", () => {
    expect(box.store.count("job") + box.store.count("job_target") + box.store.count("command")).toBe(0);
    // Who had not the role is in the audit [A3].
    const jobs = box.store.list("audit").filter(({ what, outcome }) =>
      what.endsWith("_job") && outcome !== "forbidden"
    );
    expect(jobs).toEqual([]);
  });

  it("the twenty-first that runs; one that ended makes room", () => {
    const jobs = Array.from({ length: 20 }, () => start(box, { rate: 0.1 }));
    expect(box.call("start_job", jobOf())).toMatchObject({
      ok: false,
      fault: { code: "rate_limited", retryAfter: 10 },
    });
    expect(box.call("try_job", jobOf()).ok).toBe(true);
    box.ask("stop_job", { job: jobs[7].id });
    expect(box.call("start_job", jobOf()).ok).toBe(true);
  });

  const purging = (name: string, purge: Omit<CommandSpec, "title">) =>
    defineKind({
      name,
      version: 1,
      title: name,
      telemetry: {},
      state: {},
      commands: { purge: { title: "Purge", ...purge } },
    });
  const params = z.object({});

  it("[J3, I5] a command that asks for more at some of them is refused there only", () => {
    const kinds = [
      purging("pump", { effect: "once", params, role: "operator" }),
      purging("vault", { effect: "once", params, role: "admin" }),
    ];
    const mixed = signalbox({ kinds });
    const fleet = new Fleet(mixed, []);
    fleet.connect(["pump"], "pump");
    fleet.connect(["vault"], "vault");
    const ann = mixed.ask("create_token", { name: "Ann", role: "operator" }).token;
    const job = start(mixed, { query: "id:*", name: "purge", params: {} }, ann);
    fleet.live(500);
    expect(resultsOf(mixed, job)).toMatchObject([{ status: "succeeded" }, {
      status: "refused",
      error: { code: "forbidden" },
    }]);
    expect(fleet.reached).toEqual(["pump"]);
  });

  it("one that needs select-then-operate at any of them, and a lane", () => {
    const kinds = [
      purging("pump", { effect: "once", params }),
      purging("vault", { effect: "once", params, select: true }),
      purging("rig", { effect: "stream", params }),
    ];
    const careful = signalbox({ kinds });
    for (const kind of kinds) careful.device(kind.name, kind.name);
    const purge = (query: string) => careful.call("start_job", jobOf({ query, name: "purge", params: {} }));
    const conflict = {
      code: "conflict",
      message: "purge of vault is selected first, device by device",
      pointer: "#/name",
    };
    expect(purge("id:vault,pump")).toEqual({ ok: false, fault: conflict });
    expect(purge("id:rig")).toMatchObject({ ok: false, fault: { code: "unknown_command" } });
    expect(purge("id:pump").ok).toBe(true);
  });

  it("[J9] who may not stop it: an operator, where the command asks for more", () => {
    const admins = signalbox();
    admins.device("meter", "energy-meter");
    const ann = admins.ask("create_token", { name: "Ann", role: "operator" }).token;
    const job = start(admins, { query: "id:*", name: "reset_counter", params: { name: "energy_import" } });
    const refused = admins.call("stop_job", { job: job.id }, ann);
    expect(refused).toMatchObject({ ok: false, fault: { code: "forbidden" } });
  });

  it("an unknown job", () => {
    const unknown = { ok: false, fault: { code: "not_found" } };
    for (const name of ["get_job", "stop_job", "list_job_results"] as const) {
      expect(box.call(name, { job: "nobody" })).toMatchObject(unknown);
    }
    expect(box.call("retry_job", { job: "nobody", params: {} })).toMatchObject(unknown);
  });
});

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

describe("what control forbids", () => {
  it("[J3, E4] a device under an emergency stop is refused, the others are not; its latch cancels what waits", () => {
    const box = signalbox();
    const fleet = new Fleet(box, names(3));
    box.ask("estop", { device: "r0001", action: "set", reason: "smoke" });
    expect(box.ask("try_job", jobOf()).refusals).toEqual({ estop: 1 });
    const job = start(box);
    fleet.live(1_000);
    expect(standing(resultsOf(box, job))).toEqual({ r0000: "succeeded", r0001: "rejected", r0002: "succeeded" });
    expect(resultsOf(box, job)[1].error).toMatchObject({ code: "estop" });

    // A lane that is busy holds the job's command back until the latch.
    fleet.answers(() => null);
    box.ask("send_command", { device: "r0002", name: "toggle", params: {} });
    const held = start(box, { query: "id:r0002" });
    fleet.live(200);
    box.ask("estop", { device: "r0002", action: "set", reason: "smoke" });
    expect(look(box, held)).toMatchObject({ status: "done", counts: { cancelled: 1 } });
  });

  it("[J3, G4] a device that is driven under a lease takes no command of a job", () => {
    const box = signalbox();
    const fleet = new Fleet(box, []);
    fleet.connect(["rover"], "rover");
    box.ask("lease", { device: "rover", action: "take" });
    const given = { query: "id:rover", name: "dock", params: {} };
    expect(box.ask("try_job", jobOf(given)).refusals).toEqual({ lease_required: 1 });
    const job = start(box, given);
    fleet.live(500);
    expect(resultsOf(box, job)).toMatchObject([{ status: "rejected", error: { code: "lease_required" } }]);
  });

  it("[J3, C24] an interlock holds at the devices where it holds", () => {
    const box = signalbox();
    const fleet = new Fleet(box, []);
    fleet.connect(["box-1", "box-2"], "ev-charger");
    fleet.live(100);
    const given = { query: "kind:ev-charger", name: "start", params: {}, stopAt: 1 };
    const trial = box.ask("try_job", jobOf(given));
    const job = start(box, given);
    fleet.live(1_000);
    const codes = resultsOf(box, job).map(({ error }) => error?.code);
    expect(codes).toEqual(["interlock", "interlock"]);
    expect(trial.refusals).toEqual({ interlock: 2 });
  });
});

describe("a trial [J11]", () => {
  it("tells what then happens, and leaves nothing", () => {
    const box = signalbox();
    const fleet = new Fleet(box, names(4));
    fleet.connect(["lock"], "lock");
    for (const id of names(3, "far")) box.enroll(id, "relay");
    // Its queue is full.
    for (let sent = 0; sent < 51; sent++) {
      box.ask("send_command", { device: "r0000", name: "toggle", params: {}, ttl: 60 });
    }
    const given = jobOf({ query: "id:*", name: "toggle", params: {}, stopAt: 1, canary: 2, ttl: 20 });
    const before = JSON.stringify([box.store.list("audit"), box.store.list("command"), box.store.list("replay")]);
    const trial = box.ask("try_job", given);
    expect(JSON.stringify([box.store.list("audit"), box.store.list("command"), box.store.list("replay")])).toBe(before);
    expect(trial).toEqual({
      query: "id:*",
      name: "toggle",
      params: {},
      by: { id: "admin", name: "Administrator" },
      total: 8,
      counts: expect.objectContaining({ waiting: 3, refused: 1, rejected: 4 }),
      refusals: { offline: 3, queue_full: 1, unknown_command: 1 },
      rate: 10,
      canary: 2,
      stopAt: 1,
      ttl: 20,
    });
    const job = start(box, { ...given, rate: 100, canary: undefined });
    fleet.answers((device) => device === "r0000" ? null : "ok");
    fleet.live(1_000);
    expect(told(look(box, job))).toEqual({ succeeded: 3, refused: 1, rejected: 4 });
    const codes = resultsOf(box, job).flatMap(({ error }) => error?.code ?? []);
    expect(Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length])))
      .toEqual(trial.refusals);
  });

  it("[J12] shows no secret", () => {
    const box = signalbox();
    box.device("door", "lock");
    const trial = box.ask("try_job", jobOf({ query: "id:door", name: "unlock", params: { pin: "4711", seconds: 3 } }));
    expect(trial.params).toEqual({ seconds: 3 });
  });
});

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
    expect(fleet.reached).toEqual(names(1_000));
    console.log(`job: 1,000 devices, ${JSON.stringify(told(done))} in ${(done.finishedAt! - done.createdAt) / 1000} s`);
  });
});
