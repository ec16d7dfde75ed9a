/**
 * Pictures of every screen with the demo's fleet: `deno task shots [name…]`, into dist/shots. They are for looking at;
 * the few in the README are made of them.
 */
import { mkdir } from "node:fs/promises";
import process from "node:process";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { freePort } from "../../support/port.ts";
import { DENO, start } from "../../support/process.ts";
import { ROOT, secret, temporary } from "../../runtime/launch.ts";
import { SCREENS } from "./screens.ts";

const FOLDER = "dist/shots";
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = ["light", "dark"] as const;
/** Until the demo's devices have told something worth looking at, in ms. */
const SETTLES = 4_000;

async function signedIn(
  browser: Browser,
  url: string,
  token: string,
  view: keyof typeof SIZES,
  theme: typeof THEMES[number],
) {
  const context = await browser.newContext({ viewport: SIZES[view], colorScheme: theme, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByLabel("Operator token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  return page;
}

/** What somebody did before: some of it went well, and some did not. */
const DONE: [device: string, name: string, params: Record<string, unknown>][] = [
  ["hall-light", "set", { on: true }],
  ["sign", "set", { on: false }],
  ["front-door", "unlock", {}],
  ["office-blind", "open", {}],
  ["spare", "set", { on: true }],
  ["cellar", "identify", {}],
];

async function doSome(url: string, token: string): Promise<void> {
  for (const [device, name, params] of DONE) {
    await fetch(`${url}/api/v1/devices/${device}/commands`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", prefer: "wait=2" },
      body: JSON.stringify({ name, params }),
    });
  }
}

const wanted = process.argv.slice(2);
const screens = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const token = secret();
const hub = start(DENO, ["run", "-A", "src/platform/demo.ts"], {
  cwd: ROOT,
  env: { PORT: String(port), SIGNALBOX_ADMIN_TOKEN: token, SIGNALBOX_DATA: await temporary() },
});
try {
  await mkdir(FOLDER, { recursive: true });
  await hub.answers(`${url}/healthz`);
  const browser = await launchBrowser();
  await new Promise((resolve) => setTimeout(resolve, SETTLES));
  await doSome(url, token);
  for (const view of ["desk", "phone"] as const) {
    for (const theme of THEMES) {
      const page = await signedIn(browser, url, token, view, theme);
      for (const { name, path, ready, act } of screens) {
        await page.goto(url + path);
        await page.locator(ready).first().waitFor();
        await act?.(page);
        await page.waitForTimeout(1_200);
        await page.screenshot({ path: `${FOLDER}/${name}.${view}.${theme}.png` });
        console.log(`${FOLDER}/${name}.${view}.${theme}.png`);
      }
      await page.context().close();
    }
  }
  await browser.close();
} finally {
  hub.signal("SIGTERM");
  await hub.ended;
}
process.exit(0);
