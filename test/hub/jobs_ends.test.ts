/** How a job ends, whose it is, what it keeps to itself, and who hears of it. In both lives. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineKind } from "../../src/kind/kind.ts";
import type { JobView } from "../../src/protocol/job.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { type Devices, Fleet, fleetOf, jobOf, look, names, start, told } from "./fleet.ts";
import { LIVES, signalbox } from "./signalbox.ts";

const DAY = 86_400_000;

describe.each(LIVES)("a job's ways to end, $life", ({ isForgetful }) => {
  const begin = (...given: Devices) => fleetOf({ isForgetful }, ...given);

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
