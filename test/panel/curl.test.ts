/** [A2.8] What a screen shows, as a call that a shell takes as it is. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobView } from "../../src/protocol/job.ts";
import type { CommandRecord } from "../../src/protocol/record.ts";
import { curlCommand, curlGet, curlJob } from "../../src/panel/live/curl.ts";
import { openPage } from "./page.ts";

beforeEach(() => void openPage("http://hub.test:8000/"));
afterEach(() => void vi.unstubAllGlobals());

/** As the shell splits it, in place of the real program. */
const argsOf = (line: string): string[] =>
  execFileSync("sh", ["-c", `curl() { for one in "$@"; do printf '%s\\n' "$one"; done; }; OPERATOR=op; ${line}`], {
    encoding: "utf8",
  }).trimEnd().split("\n");

it("a reading", () => {
  expect(argsOf(curlGet("/api/v1/devices/a%20b/commands?limit=100&x=it's"))).toEqual([
    "-H",
    "Authorization: Bearer op",
    "http://hub.test:8000/api/v1/devices/a%20b/commands?limit=100&x=it%27s",
  ]);
});

it("a command, whatever is in its params", () => {
  const params = { text: `it's "$HOME" \\ \`id\`` };
  const args = argsOf(curlCommand({ device: "door 1", name: "show", params } as unknown as CommandRecord));
  expect(args.slice(0, 4)).toEqual(["-H", "Authorization: Bearer op", "-H", "Prefer: wait=10"]);
  expect(JSON.parse(args[5])).toEqual({ name: "show", params });
  expect(args[6]).toBe("http://hub.test:8000/api/v1/devices/door%201/commands");
});

it("[J15] a job, for whom it was: by its query, or for the devices that were named", () => {
  const job = { name: "set", params: { on: true }, rate: 10, stopAt: 0.5 };
  const bodyOf = (query: string, devices: string[]) =>
    JSON.parse(argsOf(curlJob({ ...job, query } as unknown as JobView, devices))[3]);
  expect(bodyOf("tag:it's", [])).toEqual({ ...job, query: "tag:it's" });
  expect(bodyOf("", ["one", "two"])).toEqual({ ...job, devices: ["one", "two"] });
});

it("the token has the name that the guides give it", () => {
  for (const guide of ["README.md", "docs/operating.md"]) {
    expect(readFileSync(new URL(`../../${guide}`, import.meta.url), "utf8")).toContain(
      curlGet("").split("'")[0].trimEnd(),
    );
  }
});
