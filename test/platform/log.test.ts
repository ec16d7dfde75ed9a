import { expect, it } from "vitest";
import { logLine } from "../../src/platform/log.ts";

it("a line is JSON with the event's name first, its time, and what is told of it", () => {
  const line = logLine("event_failed", { code: "storage_unavailable", during: "call" });
  expect(line).toMatch(/^\{"event":"event_failed","at":"\d{4}-\d\d-\d\dT[\d:.]+Z","code":"storage_unavailable"/);
});

it("no field takes the place of the event's name or its time", () => {
  const line = logLine("event_failed", { event: "call", at: 7 });
  expect(JSON.parse(line)).toMatchObject({ event: "event_failed", at: expect.stringMatching(/Z$/) });
});
