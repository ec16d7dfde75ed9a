/** The README's way to a new kind, run as it is written: from nothing to a device that lives. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { CURL, need } from "../foreign/programs.ts";
import { ROOT } from "../runtime/launch.ts";
import { type Json, rest } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { type Child, DENO } from "../support/process.ts";
import { Project } from "./project.ts";

const README = readFileSync(join(ROOT, "README.md"), "utf8");
const SNIPPET = /^```sh\n([^`]*kinds:new[^`]*)^```$/m.exec(README)![1];

let project: Project | undefined;
let child: Child | undefined;
afterAll(async () => {
  await child?.kill();
  project?.dispose();
});

test("six lines make a kind, a hub that knows it, and a device of it that is there", async (context) => {
  need(context, CURL);
  expect(SNIPPET.trim().split("\n")).toHaveLength(6);
  project = new Project();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  // From a file: Deno rewrites a shell's line that names its own program.
  project.write(
    "try.sh",
    `${SNIPPET.replaceAll("http://localhost:8000", url).replaceAll("npx -y deno", DENO)}\nwait\n`,
  );
  child = project.start("sh", ["try.sh"], { PORT: String(port) });
  const [, token] = await child.printed(/Sign in with (\w+) at http:\S+\/devices\/south/, 120_000);
  const look = async (path: string, hoped: Json) => {
    const ask = async () => expect((await rest(url, token).get(path)).body).toMatchObject(hoped);
    await vi.waitFor(ask, { timeout: 30_000, interval: 200 });
  };
  const temperature = { value: expect.any(Number) };
  await look("/api/v1/devices/south", { kind: "greenhouse", presence: "online", telemetry: { temperature } });
  await look("/api/v1/kinds/greenhouse", { kind: "greenhouse", title: "Greenhouse", version: 1 });
  const asked = { name: "set_target", params: { target: 24 } };
  const { body } = await rest(url, token).post("/api/v1/devices/south/commands", asked, { Prefer: "wait=10" });
  expect(body).toMatchObject({ status: "succeeded" });
  await look("/api/v1/devices/south", { reported: { target: 24 } });
}, 180_000);
