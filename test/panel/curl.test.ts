/** [A2.8] What a screen shows, as a call that a shell takes as it is. */
import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CommandRecord } from "../../src/protocol/record.ts";
import { curlCommand, curlGet } from "../../src/panel/screens/device/curl.ts";
import { openPage } from "./page.ts";

beforeEach(() => void openPage("http://hub.test:8000/"));
afterEach(() => void vi.unstubAllGlobals());

/** As the shell splits it, in place of the real program. */
const argsOf = (line: string): string[] =>
  execFileSync("sh", ["-c", `curl() { for one in "$@"; do printf '%s\\n' "$one"; done; }; TOKEN=op; ${line}`], {
    encoding: "utf8",
  }).trimEnd().split("\n");

it("a reading", () => {
  expect(argsOf(curlGet("/api/v1/devices/a%20b/commands?limit=100&x=1"))).toEqual([
    "-H",
    "Authorization: Bearer op",
    "http://hub.test:8000/api/v1/devices/a%20b/commands?limit=100&x=1",
  ]);
});

it("a command, whatever is in its params", () => {
  const params = { text: `it's "$HOME" \\ \`id\`` };
  const args = argsOf(curlCommand({ device: "door 1", name: "show", params } as unknown as CommandRecord));
  expect(args.slice(0, 4)).toEqual(["-H", "Authorization: Bearer op", "-H", "Prefer: wait=10"]);
  expect(JSON.parse(args[5])).toEqual({ name: "show", params });
  expect(args[6]).toBe("http://hub.test:8000/api/v1/devices/door%201/commands");
});
