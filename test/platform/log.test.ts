/** The log's lines: their form, their bounds, and what is never in them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOG_EVENTS, told } from "../../src/hub/log.ts";
import { logLine, makeLog } from "../../src/platform/log.ts";

const SECRET = "0123456789abcdefghjkmnpqrstvwxyz";

describe("a line", () => {
  it("is JSON with the event's name first, its time, how bad it is, and what is told of it", () => {
    const line = logLine("store_refused", { during: "call", error: "full" });
    expect(line).toMatch(/^\{"event":"store_refused","at":"\d{4}-\d\d-\d\dT[\d:.]+Z","level":"error","during":"call"/);
  });

  it("has no field in place of the event's name, its time or its level", () => {
    const line = logLine("event_failed", { event: "call", at: 7, level: "none" });
    expect(JSON.parse(line)).toEqual({ event: "event_failed", at: expect.stringMatching(/Z$/), level: "error" });
  });

  it("is bounded, whatever is told", () => {
    const endless: Record<string, unknown> = { big: 1n };
    endless.self = endless;
    const long = "x\n".repeat(10_000);
    const one = JSON.parse(logLine("fault", { error: long, endless }));
    expect([one.error.length, one.endless]).toEqual([1_501, "[object Object]"]);
    const three = JSON.parse(logLine("fault", { error: long, list: [long], stack: long }));
    expect([three.error.length, three.list.length, three.stack.length]).toEqual([201, 201, 201]);
    const fields = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`field${at}`, long]));
    const line = logLine("fault", fields);
    expect(JSON.parse(line)).toEqual({ event: "fault", at: expect.any(String), level: "error" });
  });

  it("[I1] has no secret of the hub's, but the claim code that it is there to show [I9]", () => {
    const error = `no such token: hall.${SECRET}, op~ann~${SECRET}`;
    const line = logLine("event_failed", { error, nested: { token: SECRET }, digest: "0".repeat(64) });
    expect(line).not.toContain(SECRET);
    expect(JSON.parse(line)).toMatchObject({ error: "no such token: hall.(secret), op~ann~(secret)" });
    expect(line).toContain("0".repeat(64));
    expect(JSON.parse(logLine("claim_code", { code: SECRET })).code).toBe(SECRET);
  });
});

it("[C19] an error about a text does not quote it", () => {
  let error: unknown;
  try {
    JSON.parse("pin 4711");
  } catch (thrown) {
    error = thrown;
  }
  expect(String(error)).toContain("pin");
  expect(JSON.stringify(told(error))).not.toMatch(/pin|4711/);
  expect(told(error)).toEqual({ error: "SyntaxError", stack: expect.stringContaining("at ") });
  expect(told(new RangeError("too far")).error).toBe("RangeError: too far");
  expect(told("plainly")).toEqual({ error: "plainly" });
});

describe("a flood", () => {
  it("of one event is bounded to twenty lines a minute; the next line says how many were left out", () => {
    const clock = { now: 0 };
    const lines: { event: string; level: string; more?: number }[] = [];
    const log = makeLog((line, level) => {
      lines.push(JSON.parse(line));
      expect(lines.at(-1)!.level).toBe(level);
    }, () => clock.now);
    for (let times = 0; times < 1_000; times++) log("store_refused", { error: "full" });
    expect(lines).toHaveLength(20);
    // No other event has to wait.
    log("store_recovered", { seconds: 1 });
    expect(lines.at(-1)).toMatchObject({ event: "store_recovered" });
    clock.now = 59_999;
    log("store_refused");
    expect(lines).toHaveLength(21);
    clock.now = 60_000;
    log("store_refused");
    log("store_refused");
    expect(lines.slice(21).map(({ more }) => more)).toEqual([981, undefined]);
    // A clock that was set back silences nobody.
    clock.now = -1;
    log("store_refused");
    expect(lines).toHaveLength(24);
  });
});

it("the map lists every event and how bad it is", () => {
  const map = readFileSync(join(import.meta.dirname!, "../../src/README.md"), "utf8");
  const listed = map.split("## What the log tells")[1].split("\n## ")[0].matchAll(/^\| `(\w+)` \| (\w+) \|/gm);
  expect(Object.fromEntries([...listed].map(([, event, level]) => [event, level]))).toEqual(LOG_EVENTS);
});
