/**
 * Pictures of every screen with the demo's fleet: `deno task shots [name…]`, into dist/shots. They are for looking at;
 * the few in the README are made of them.
 */
import { mkdir } from "node:fs/promises";
import process from "node:process";
import { launchBrowser } from "../../support/browser.ts";
import { addressOf, anybody, signedIn, startDemo } from "./demo.ts";
import { SCREENS } from "./screens.ts";

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

const wanted = process.argv.slice(2);
const screens = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const demo = await startDemo();
try {
  await mkdir(FOLDER, { recursive: true });
  const browser = await launchBrowser();
  for (const [size, viewport] of Object.entries(SIZES)) {
    const [inside, outside] = [await signedIn(browser, demo, { viewport }), await anybody(browser, { viewport })];
    for (const { name, path, ready, isOutside, act } of screens) {
      const page = isOutside ? outside : inside;
      await page.goto(addressOf(demo, path));
      await page.locator(ready).first().waitFor();
      await act?.(page);
      await page.waitForTimeout(SETTLES);
      for (const [theme, media] of Object.entries(THEMES)) {
        await page.emulateMedia(media);
        await page.waitForTimeout(REPAINTS);
        const file = `${FOLDER}/${name}.${size}.${theme}.png`;
        await page.screenshot({ path: file });
        console.log(file);
      }
      await page.emulateMedia(THEMES.light);
    }
  }
  await browser.close();
} finally {
  await demo.end();
}
process.exit(0);
