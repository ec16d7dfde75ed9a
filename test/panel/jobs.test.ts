import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { isFinal } from "../../src/protocol/record.ts";
import { type JobCounts, type JobTrial, type JobView, TARGET_STATUSES } from "../../src/protocol/job.ts";
import { FAULTS } from "../../src/protocol/fault.ts";
import { sharedCommands } from "../../src/panel/form/bulk.ts";
import { readParams } from "../../src/panel/form/params.ts";
import { commandModel } from "../../src/panel/form/controls.ts";
import { withKind } from "../../src/panel/live/kind_counts.ts";
import { newer, renewed } from "../../src/panel/live/jobs.ts";
import {
  jobInWords,
  resultInWords,
  shortly,
  STATUS_ORDER,
  targetInWords,
  trialInWords,
  wouldStop,
} from "../../src/panel/words/job.ts";

const document = (name: string) => kindDocument(KINDS.find((kind) => kind.name === name)!);
const counts = (some: Partial<JobCounts>): JobCounts => ({
  ...Object.fromEntries(TARGET_STATUSES.map((status) => [status, 0])) as JobCounts,
  ...some,
});
const job = (some: Partial<JobCounts>, more: Partial<JobView> = {}): JobView => ({
  id: "j1",
  query: "tag:hall",
  name: "set",
  params: { on: false },
  by: { id: "ann", name: "Ann" },
  total: 12,
  counts: counts(some),
  rate: 10,
  stopAt: 0.5,
  status: "running",
  createdAt: 1000,
  ...more,
});

describe("[J2] what many devices can be given", () => {
  it("what all have comes first, what every kind has last; lanes and what is selected first are left out", () => {
    const found = [{ kind: document("relay"), devices: 8 }, { kind: document("valve"), devices: 2 }];
    const shared = sharedCommands(found);
    expect(shared.map(({ command, devices }) => [command.name, devices])).toEqual([
      ["set", 8],
      ["toggle", 8],
      ["pulse", 8],
      ["close", 2],
      ["identify", 10],
      ["get_diagnostics", 10],
      ["reboot", 10],
    ]);
    expect(sharedCommands([{ kind: document("rover"), devices: 1 }]).map(({ command }) => command.name))
      .not.toContain("drive");
  });

  it("kinds that want different params for one name are told apart", () => {
    const found = ["relay", "light"].map((name, at) => ({ kind: document(name), devices: 5 - at }));
    const set = sharedCommands(found).find(({ command }) => command.name === "set")!;
    expect(set).toMatchObject({ kinds: ["relay", "light"], devices: 9, isMixed: true });
    expect(sharedCommands([found[0]]).every(({ isMixed }) => !isMixed)).toBe(true);
  });

  it("[O10] only those that have it are asked for, by their kinds", () => {
    expect(withKind("tag:hall", "relay", "light")).toBe("tag:hall kind:relay,light");
    expect(withKind("", "relay")).toBe("kind:relay");
  });

  it("params are read from a form, or each problem is told", () => {
    const { params } = commandModel("unlock", document("lock").commands.unlock);
    const form = new FormData();
    form.set("pin", "4711");
    expect(readParams(params, form)).toEqual({ ok: true, value: { params: { pin: "4711" }, secrets: ["pin"] } });
    const goTo = commandModel("goto", document("rover").commands.goto);
    expect(readParams(goTo.params, new FormData())).toEqual({
      ok: false,
      problems: { x: "East is needed.", y: "North is needed." },
    });
  });
});

describe("[J11] what it would do", () => {
  const trial = (some: Partial<JobCounts>, refusals: JobTrial["refusals"], stopAt = 0.5): JobTrial => {
    const { query, name, params, by, total, rate } = job({});
    return { query, name, params, by, total, rate, stopAt, counts: counts(some), refusals };
  };

  it("is said in numbers: who gets it, and who does not and why", () => {
    const some = trial({ waiting: 8, rejected: 3, refused: 1 }, { unknown_command: 1, offline: 3 });
    expect(trialInWords(some)).toEqual([
      "8 devices will get it.",
      "3 are not connected.",
      "1 has no such command.",
    ]);
    expect(trialInWords(trial({ rejected: 12 }, { odd: 12 }))).toEqual([
      "No device would get it now.",
      "12 are refused (odd).",
    ]);
  });

  it("[J6] and whether it would stop on the way", () => {
    expect(wouldStop(trial({ waiting: 6, rejected: 6 }, { offline: 6 }))).toBe(false);
    expect(wouldStop(trial({ waiting: 5, rejected: 7 }, { offline: 7 }))).toBe(true);
    expect(wouldStop(trial({ waiting: 11, rejected: 1 }, { offline: 1 }, 0))).toBe(true);
    expect(wouldStop(trial({ rejected: 12 }, { offline: 12 }, 1))).toBe(false);
  });
});

describe("[J3] how it goes", () => {
  it("every status has its words, and no two the same", () => {
    expect([...STATUS_ORDER].sort()).toEqual([...TARGET_STATUSES].sort());
    expect(new Set(STATUS_ORDER.map((status) => targetInWords(status).word)).size).toBe(TARGET_STATUSES.length);
  });

  it("running, tried on some first, stopping, stopped and done are told apart", () => {
    expect(jobInWords(job({ waiting: 7, running: 1, succeeded: 4 })).sentence).toBe("4 of 12 devices done.");
    const first = job({ waiting: 10, running: 2 }, { canary: 2 });
    expect(jobInWords(first).sentence).toBe("2 devices go first. The others wait until each of them is done.");
    expect(jobInWords(job({ waiting: 9, running: 1, succeeded: 2 }, { canary: 2 })).sentence)
      .toBe("2 of 12 devices done.");
    const stopping = job({ running: 1, skipped: 11 }, { status: "stopped", reason: "stopped by Bob" });
    expect(jobInWords(stopping)).toEqual({
      word: "Stopping",
      tone: "moving",
      sentence: "Stopped by Bob. What was sent already still ends as its device says.",
    });
    const stopped = job({ succeeded: 1, skipped: 11 }, { status: "stopped", reason: "stopped by Bob", finishedAt: 9 });
    expect(jobInWords(stopped)).toMatchObject({
      word: "Stopped",
      sentence: "Stopped by Bob. 1 of 12 devices succeeded.",
    });
    expect(jobInWords(job({ succeeded: 12 }, { status: "done", finishedAt: 9 })).tone).toBe("good");
    const done = job({ succeeded: 10, unknown: 2 }, { status: "done", finishedAt: 9 });
    expect(jobInWords(done)).toEqual({ word: "Done", tone: "unknown", sentence: "10 of 12 devices succeeded." });
    expect(shortly(done)).toBe("10 of 12 devices succeeded");
  });

  it("what did not succeed says why", () => {
    const said = TARGET_STATUSES.filter((status) => resultInWords({ device: "a", status }) !== "");
    expect(said).toEqual(TARGET_STATUSES.filter((status) =>
      status === "refused" || status === "skipped" ||
      (status !== "succeeded" && isFinal(status as never))
    ));
    const error = { code: "offline", message: "Lamp is offline" };
    expect(resultInWords({ device: "a", status: "rejected", error })).toContain("not connected");
    const jammed = { code: "jammed", message: "The bolt did not move." };
    expect(resultInWords({ device: "a", status: "failed", error: jammed })).toContain("The bolt did not move.");
    const stop = { code: "estop", message: "Ann pressed the emergency stop" };
    expect(FAULTS).toHaveProperty(stop.code);
    expect(resultInWords({ device: "a", status: "cancelled", error: stop })).toBe("By the emergency stop.");
  });

  it("[J14] what comes late by one way does not undo what came by the other", () => {
    const [early, later] = [job({ waiting: 11, running: 1 }), job({ waiting: 11, succeeded: 1 })];
    expect(newer(null, early)).toBe(early);
    expect(newer(early, later)).toBe(later);
    expect(newer(later, early)).toBe(later);
    const stopped = job({ running: 1, skipped: 11 }, { status: "stopped" });
    expect(newer(job({ waiting: 11, running: 1 }), stopped)).toBe(stopped);
    expect(newer(stopped, job({ waiting: 10, running: 2 }))).toBe(stopped);
    const over = { ...stopped, counts: counts({ succeeded: 1, skipped: 11 }), finishedAt: 9 };
    expect(newer(stopped, over)).toBe(over);
    expect(newer(over, stopped)).toBe(over);
  });

  it("a fresh first page goes before older ones, and a job that went on stays so", () => {
    const page = (ids: string[]) => ({
      items: ids.map((id) => job({ waiting: 12 }, { id })),
      next: null,
      total: ids.length,
    });
    const known = page(["c", "b", "a"]);
    known.items[0] = job({ succeeded: 12 }, { id: "c", status: "done", finishedAt: 9 });
    const { items } = renewed(known, page(["d", "c"]));
    expect(items.map(({ id, status }) => [id, status])).toEqual([
      ["d", "running"],
      ["c", "done"],
      ["b", "running"],
      ["a", "running"],
    ]);
  });
});
