/** What is uploaded to Workers. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DENO, start } from "../support/process.ts";
import { ROOT, sandbox, WRANGLER, WRANGLER_ENV } from "./launch.ts";

const { folder, keep } = sandbox();

test("[N51] the Worker fits, and its packages use the streams of its runtime", async () => {
  const out = await folder();
  const args = ["run", "-A", WRANGLER, "deploy", "--dry-run", "--outdir", out];
  const child = keep(start(DENO, args, { cwd: ROOT, env: WRANGLER_ENV }));
  expect(await child.ended, child.err()).toMatchObject({ code: 0 });
  const scripts = (await readdir(out)).filter((name) => name.endsWith(".js"));
  expect(scripts).toEqual(["cloudflare.js"]);
  const text = await readFile(join(out, scripts[0]), "utf8");
  const packages = new Set(
    [...text.matchAll(/^\/\/ .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)].map(([, name]) => name),
  );
  for (const name of ["hono", "mqtt", "mqtt-packet"]) expect(packages).toContain(name);
  // Of those for browsers each module has a queue of its own, whose timer dies with the object that set it; what is not used is not there.
  for (const name of ["readable-stream", "process", "worker-timers", "socks", "ws"]) {
    expect(packages).not.toContain(name);
  }
  const size = gzipSync(text).length;
  console.log(`the Worker has ${Math.round(size / 1024)} KiB (gzip)`);
  // What a free account may upload.
  expect(size).toBeLessThan(3 * 1024 * 1024);
});
