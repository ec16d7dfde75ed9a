import { describe, expect, it } from "vitest";
import { readKey, readMatch, readWait } from "../../src/http/conditions.ts";

describe("what a request presumes and prefers", () => {
  it.each<[string | undefined, number | "any" | undefined]>([
    [undefined, undefined],
    ["*", "any"],
    ['"7"', 7],
    [' "7" ', 7],
    ['W/"7"', 7],
    ["7", 7],
    ['"0"', 0],
  ])("[D4] If-Match %s is the version %s", (header, version) => {
    const headers = new Headers(header === undefined ? {} : { "If-Match": header });
    expect(readMatch(headers)).toEqual({ ok: true, value: version });
  });

  it.each(["nonsense", '"a"', '"-1"', '"1.5"', '"7", "8"', '"12345678901234567890"', 'w/"7"', ""])(
    "[D4] If-Match %s belongs to no version",
    (header) => {
      expect(readMatch(new Headers({ "If-Match": header }))).toMatchObject({
        ok: false,
        fault: { code: "conflict", status: 412 },
      });
    },
  );

  it.each<[string, number | undefined]>([
    ["wait=10", 10],
    ["respond-async, wait=10", 10],
    ["wait=10, respond-async", 10],
    ["Wait = 5", 5],
    ['wait="7"', 7],
    ["wait=3; strict", 3],
    ["wait=0", 0],
    ["wait=3600", 60],
    ["wait", undefined],
    ["wait=soon", undefined],
    ["wait=10s", undefined],
    ["wait=-1", undefined],
    ["await=10", undefined],
    ["return=minimal", undefined],
  ])("[R4] Prefer: %s waits %s s", (header, seconds) => {
    expect(readWait(new Headers({ Prefer: header }))).toBe(seconds);
  });

  it("[C20] a key is for a POST, and visible", () => {
    const asked = (method: string, key: string) =>
      readKey(new Request("http://hub.test/", { method, headers: { "Idempotency-Key": key } }));
    expect(asked("POST", "a-key/1~")).toEqual({ ok: true, value: "a-key/1~" });
    expect(asked("PUT", "a-key")).toEqual({ ok: true, value: undefined });
    for (const odd of ["two words", "x".repeat(129), "é", ""]) {
      expect(asked("POST", odd), odd).toMatchObject({ ok: false, fault: { code: "bad_request" } });
    }
  });
});
