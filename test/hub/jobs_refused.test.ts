/** What a job is refused, whole or at a device; and the trial, which says so before. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { secret, text } from "../../src/kind/field.ts";
import { type AnyKind, type CommandSpec, defineKind } from "../../src/kind/kind.ts";
import { Fleet, jobOf, look, names, resultsOf, standing, start, told } from "./fleet.ts";
import { signalbox } from "./signalbox.ts";

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
    ["a device that is not there", { query: undefined, devices: ["a", "x", "b"] }, "not_found", "#/devices/1"],
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

  it("[J12] what is secret at one of its kinds is shown nowhere, also where that one refuses the form", () => {
    const kind = (name: string, params: z.ZodObject): AnyKind =>
      defineKind({
        name,
        version: 1,
        title: name,
        telemetry: {},
        state: {},
        commands: { open: { title: "Open", effect: "once", params } },
      });
    const pin = text({ title: "PIN" });
    const box = signalbox({
      kinds: [kind("safe", z.object({ pin: secret(pin), owner: pin })), kind("box", z.object({ pin }))],
    });
    for (const name of ["safe", "box"]) box.device(name, name);
    const given = { query: "id:*", name: "open", params: { pin: "4711" } };
    expect(box.ask("try_job", jobOf(given))).toMatchObject({ params: {}, refusals: { invalid_params: 1 } });
    expect(start(box, given).params).toEqual({});
  });

  it("[J12] shows no secret", () => {
    const box = signalbox();
    box.device("door", "lock");
    const trial = box.ask("try_job", jobOf({ query: "id:door", name: "unlock", params: { pin: "4711", seconds: 3 } }));
    expect(trial.params).toEqual({ seconds: 3 });
  });
});
