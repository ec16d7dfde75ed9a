/** [J] Whatever happens to jobs and their devices in whatever order: the counts are the results, and the results the ledger. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { isFinal } from "../../src/protocol/record.ts";
import { type JobView, TARGET_STATUSES } from "../../src/protocol/job.ts";
import { type Answer, Fleet, jobOf, look, names, resultsOf } from "./fleet.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";

const IDS = names(7);
const device = fc.constantFrom(...IDS);

type Step =
  | { do: "start"; name: "set" | "toggle"; rate: number; stopAt: number; canary: number | undefined }
  | { do: "live"; ms: number; answers: Answer[]; cut: { commits: number; isWritten: boolean } | null }
  | { do: "drop" | "connect" | "delete" | "busy"; device: string }
  | { do: "stop" | "retry" | "cancel"; which: number }
  | { do: "crash" | "evict" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("start" as const),
      name: fc.constantFrom("set" as const, "toggle"),
      rate: fc.constantFrom(2, 5, 40),
      stopAt: fc.constantFrom(0, 0.3, 0.5, 1),
      canary: fc.constantFrom(undefined, 1, 3, 9),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("live" as const),
      ms: fc.constantFrom(50, 300, 1_000, 12_000),
      cut: fc.option(fc.record({ commits: fc.integer({ min: 1, max: 9 }), isWritten: fc.boolean() }), { freq: 2 }),
      answers: fc.array(fc.constantFrom<Answer>("ok", "ok", "ok", "fail", null), { minLength: 7, maxLength: 7 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("drop" as const, "connect", "connect", "delete", "busy"), device }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("stop" as const, "retry", "cancel"), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("crash" as const, "evict") }) },
);

/** A store of which one commit fails when it is told to, before or after it was made. */
class Flaky {
  readonly store: Store;
  #left = Infinity;
  #isWritten = false;

  constructor() {
    const inner = openMemory();
    const commit: Store["commit"] = (...given) => {
      const fails = --this.#left === 0;
      if (!fails || this.#isWritten) inner.commit(...given);
      if (fails) throw new Error("the power failed");
    };
    this.store = { ...inner, commit };
  }

  failAfter(commits: number, isWritten: boolean): void {
    [this.#left, this.#isWritten] = [commits, isWritten];
  }
}

class Run {
  readonly jobs: string[] = [];
  readonly #flaky = new Flaky();
  readonly #box: Signalbox;
  readonly #fleet: Fleet;
  readonly #isForgetful: boolean;

  constructor(isForgetful: boolean) {
    this.#isForgetful = isForgetful;
    this.#box = signalbox({ isForgetful, store: this.#flaky.store });
    this.#fleet = new Fleet(this.#box, IDS);
  }

  take(step: Step): void {
    const box = this.#box;
    switch (step.do) {
      case "start": {
        const { name, rate, stopAt, canary } = step;
        const params = name === "set" ? { on: true } : {};
        return this.#begun(box.call("start_job", jobOf({ name, params, rate, stopAt, canary, ttl: 5 })));
      }
      case "live":
        this.#fleet.answers((id) => step.answers[IDS.indexOf(id)]);
        // A hub that loses its memory at each event is made anew outside of any event, where nobody catches a failure.
        if (step.cut && !this.#isForgetful) this.#flaky.failAfter(step.cut.commits, step.cut.isWritten);
        this.#fleet.live(step.ms, step.ms > 1_000 ? 500 : 50);
        return this.#flaky.failAfter(Infinity, false);
      case "drop":
        this.#fleet.peers.get(step.device)?.drop();
        return void this.#fleet.peers.delete(step.device);
      case "connect":
        return this.#connect(step.device);
      case "delete":
        box.call("delete_device", { device: step.device });
        box.tokens.delete(step.device);
        return void this.#fleet.peers.delete(step.device);
      case "busy":
        return void box.call("send_command", { device: step.device, name: "toggle", params: {} });
      case "stop":
        return void box.call("stop_job", { job: this.#job(step.which) });
      case "retry":
        return this.#begun(box.call("retry_job", { job: this.#job(step.which), params: {} }));
      case "cancel": {
        const result = this.jobs.length > 0 && resultsOf(box, { id: this.#job(step.which) })[step.which % 3];
        if (result && result.command) box.call("cancel_command", { command: result.command });
        return;
      }
      case "crash":
        this.#fleet.peers.clear();
        return box.crash();
      case "evict":
        return box.evict();
    }
  }

  #connect(device: string): void {
    const peer = this.#fleet.peers.get(device);
    if (!peer || peer.closed) this.#fleet.connect([device]);
  }

  #job = (which: number): string => this.jobs[which % this.jobs.length] ?? "none";

  #begun(outcome: { ok: true; value: JobView } | { ok: false }): void {
    if (outcome.ok) this.jobs.push(outcome.value.id);
  }

  check(): void {
    for (const id of this.jobs) this.#checkJob(look(this.#box, { id }));
  }

  #checkJob(job: JobView): void {
    const results = resultsOf(this.#box, job);
    expect(results).toHaveLength(job.total);
    const tally = Object.fromEntries(TARGET_STATUSES.map((status) => [status, 0]));
    for (const { status } of results) tally[status]++;
    expect(job.counts).toEqual(tally);
    const { waiting, running, failed, rejected, expired, unknown, refused } = job.counts;
    expect(job.finishedAt !== undefined).toBe(waiting + running === 0);
    expect(job.status === "running").toBe(job.reason === undefined && waiting + running > 0);
    const failures = failed + rejected + expired + unknown + refused;
    if (job.status !== "stopped") expect(failures / job.total).toBeLessThanOrEqual(job.stopAt);
    for (const result of results) {
      const record = result.command === undefined
        ? undefined
        : this.#box.call("get_command", { command: result.command });
      // With its device a command goes out of the ledger, not out of the job.
      if (!record?.ok) continue;
      const { device, status, error } = record.value;
      expect(record.value.job).toBe(job.id);
      expect(device).toBe(result.device);
      expect(result.status).toBe(isFinal(status) ? status : "running");
      if (isFinal(status)) expect(result.error).toEqual(error);
    }
    for (const device of IDS) {
      const ledger = this.#box.call("list_commands", { device, limit: 500 });
      const given = ledger.ok ? ledger.value.items.filter((record) => record.job === job.id) : [];
      expect(given.length).toBeLessThanOrEqual(1);
    }
  }

  /** Everybody is back and answers: every job ends. */
  end(): JobView[] {
    for (const id of IDS) this.#connect(id);
    this.#fleet.answers(() => "ok");
    this.#fleet.live(200_000, 2_000);
    for (const id of this.jobs) expect(look(this.#box, { id }).finishedAt, id).toBeDefined();
    this.check();
    const sent = this.#fleet.got.map(({ frame }) => frame).filter(({ name }) => name === "toggle").map(({ id }) => id);
    expect(new Set(sent).size).toBe(sent.length);
    return this.jobs.map((id) => look(this.#box, { id }));
  }
}

describe.each(LIVES)("any jobs, $life", ({ isForgetful }) => {
  it("[J3, J8] the counts are the results, the results are the ledger, and every job ends", () => {
    const ends: Record<string, number> = {};
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 30 }), (steps) => {
        const run = new Run(isForgetful);
        for (const step of steps) {
          run.take(step);
          run.check();
        }
        for (const { status, counts } of run.end()) {
          ends[status] = (ends[status] ?? 0) + 1;
          for (const [one, count] of Object.entries(counts)) ends[one] = (ends[one] ?? 0) + count;
        }
      }),
      { numRuns: isForgetful ? 30 : 90 },
    );
    console.log(`jobs, any: ${JSON.stringify(ends)}`);
    for (const often of ["done", "stopped", "succeeded", "failed", "rejected", "unknown", "skipped"]) {
      expect(ends[often], often).toBeGreaterThan(5);
    }
  }, 120_000);
});
