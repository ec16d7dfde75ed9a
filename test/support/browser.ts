/** A real browser from npm: nothing has to be installed for it, the libraries that it links against included. */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Browser, chromium } from "playwright-core";
import about from "../../package.json" with { type: "json" };

/** Unpacked once per version; it takes seconds. */
const FOLDER = join(tmpdir(), `signalbox-chromium-${about.devDependencies["@sparticuz/chromium"]}`);

export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: await unpack(),
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
    env: { ...process.env, LD_LIBRARY_PATH: join(FOLDER, "al2023/lib"), FONTCONFIG_PATH: join(FOLDER, "fonts") },
  });
}

async function unpack(): Promise<string> {
  const { TMPDIR } = process.env;
  mkdirSync(FOLDER, { recursive: true });
  // The package unpacks into the folder for temporary files, and its libraries only where it believes to be on a
  // machine that has none.
  Object.assign(process.env, { TMPDIR: FOLDER, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" });
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    return await packed.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    delete process.env.AWS_LAMBDA_JS_RUNTIME;
  }
}
