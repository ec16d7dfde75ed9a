/**
 * Pictures of every screen with the demo's fleet: `deno task shots [name…]`, into dist/shots. They are for looking at;
 * the few in the README are made of them.
 */
import { mkdir } from "node:fs/promises";
import process from "node:process";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { startDemo } from "./demo.ts";
import { SCREENS } from "./screens.ts";
import { visitDemo } from "./visit.ts";

const FOLDER = "dist/shots";
const SIZES = {
  desk: { width: 1440, height: 900 },
  wide: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};
const THEMES = {
  light: { colorScheme: "light", contrast: "no-preference" },
  dark: { colorScheme: "dark", contrast: "no-preference" },
  contrast: { colorScheme: "light", contrast: "more" },
} as const;
/** Until what comes and moves is where it will be, in ms; and until colours are. */
const SETTLES = 1_000;
const REPAINTS = 250;

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(SETTLES);
  for (const [theme, media] of Object.entries(THEMES)) {
    await page.emulateMedia(media);
    await page.waitForTimeout(REPAINTS);
    await page.screenshot({ path: `${name}.${theme}.png` });
    console.log(`${name}.${theme}.png`);
  }
  await page.emulateMedia(THEMES.light);
}

const wanted = process.argv.slice(2);
const screens = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
await mkdir(FOLDER, { recursive: true });
const browser = await launchBrowser();
for (const [size, viewport] of Object.entries(SIZES)) {
  // One of its own for each: some screens add devices.
  const demo = await startDemo();
  try {
    const visit = await visitDemo(browser, demo, { viewport });
    for (const screen of screens) await visit.see(screen, (page) => shoot(page, `${FOLDER}/${screen.name}.${size}`));
  } finally {
    await demo.end();
  }
}
await browser.close();
process.exit(0);
