/** A short film of the demo for the README, in its own time: `deno task record`, into docs/demo.webp. */
import { mkdir, writeFile } from "node:fs/promises";
import process from "node:process";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { startDemo } from "./demo.ts";
import { partsOf, watchPage } from "./frames.ts";
import { Hand } from "./hand.ts";
import { visitDemo } from "./visit.ts";
import { animated } from "./webp.ts";

const FILE = process.argv[2] ?? "docs/demo.webp";
const SIZE = { width: 1200, height: 750 };
/** Larger than this nobody waits for it. */
const MOST = 1_500_000;

/** Somebody comes, looks for a lamp among all devices, switches it on, and sees what it did in its chart. */
async function play(page: Page): Promise<void> {
  const hand = new Hand(page);
  const rest = (ms: number) => page.waitForTimeout(ms);
  await hand.show();
  await rest(900);
  await hand.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Devices" }));
  await page.locator(".rows .row-link").first().waitFor();
  await rest(2_200);
  await hand.press(page.getByLabel("Search devices"));
  await page.keyboard.type("tag:light", { delay: 110 });
  await page.locator(".found").getByText("4 of 20").waitFor();
  await rest(500);
  await page.keyboard.press("Escape");
  await rest(900);
  await hand.press(page.getByRole("link", { name: "Reading lamp" }));
  await page.locator(".plot canvas").first().waitFor();
  await rest(1_600);
  await hand.press(page.getByRole("button", { name: "On", exact: true }).first());
  await page.getByText(/^Confirmed in/).first().waitFor();
  await rest(1_800);
  await hand.drag(page.getByRole("slider", { name: "Brightness" }), { x: 0.35 }, { x: 0.92 });
  await rest(2_600);
  await hand.press(page.getByRole("button", { name: "1 d", exact: true }));
  await rest(2_200);
}

const demo = await startDemo({ isUsed: false });
const browser = await launchBrowser();
try {
  const visit = await visitDemo(browser, demo, { viewport: SIZE, colorScheme: "light" });
  const seen = await visit.see({ name: "film", path: "/", ready: "main .hub-facts" }, async (page) => {
    await page.waitForTimeout(1_500);
    const end = await watchPage(page);
    await play(page);
    return await end();
  });
  const parts = await partsOf(browser, seen);
  const film = animated(SIZE, parts);
  await mkdir("docs", { recursive: true });
  await writeFile(FILE, film);
  const seconds = parts.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  console.log(`${FILE}: ${parts.length} frames, ${seconds.toFixed(1)} s, ${Math.round(film.length / 1000)} kB`);
  if (film.length > MOST) throw new Error(`more than ${MOST / 1000} kB`);
} finally {
  await browser.close();
  await demo.end();
}
process.exit(0);
