/** Axe on every screen, in every theme, on a desk and on a phone: `deno task axe [name…]`, and a table into dist/axe.md. */
import { mkdir, writeFile } from "node:fs/promises";
import process from "node:process";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { faultsOf } from "../faults.ts";
import { type Demo, startDemo } from "./demo.ts";
import { SCREENS, type ScreenShown } from "./screens.ts";
import { visitDemo } from "./visit.ts";

const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = {
  light: { colorScheme: "light", contrast: "no-preference" },
  dark: { colorScheme: "dark", contrast: "no-preference" },
  contrast: { colorScheme: "light", contrast: "more" },
  "dark contrast": { colorScheme: "dark", contrast: "more" },
} as const;

type Size = keyof typeof SIZES;
type Theme = keyof typeof THEMES;
interface Found {
  size: Size;
  theme: Theme;
  faults: string[];
}

async function look(page: Page, size: Size): Promise<Found[]> {
  // What has been scrolled under a bar that stays is not seen, and is not too near to it.
  await page.evaluate(() => scrollTo(0, 0));
  const found: Found[] = [];
  for (const [theme, media] of Object.entries(THEMES)) {
    await page.emulateMedia(media);
    // The panel hears of it a little later.
    const isMore = media.contrast === "more";
    await page.waitForFunction((isMore) => document.documentElement.dataset.contrast === "more" === isMore, isMore);
    found.push({ size, theme: theme as Theme, faults: await faultsOf(page, { isSeen: found.length > 0 }) });
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) found[0].faults.push(`wider than the screen by ${wide} px`);
  return found;
}

const failed = (error: unknown): string => `not seen: ${String(error instanceof Error ? error.message : error)}`;

async function lookAtAll(browser: Browser, demo: Demo, screens: readonly ScreenShown[], size: Size) {
  const visit = await visitDemo(browser, demo, { viewport: SIZES[size], reducedMotion: "reduce" });
  const all = new Map<ScreenShown, Found[]>();
  for (const screen of screens) {
    const see = () => visit.see(screen, (page) => look(page, size));
    const found = await see()
      // Once more: the fleet lives, and what was pressed may have gone away under the hand.
      .catch(see)
      .catch((error): Found[] => [{ size, theme: "light", faults: [failed(error)] }]);
    all.set(screen, found);
  }
  return all;
}

const wanted = process.argv.slice(2);
const screens = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const demo = await startDemo();
let faults = 0;
try {
  const browser = await launchBrowser();
  const bySize = await Promise.all(
    (Object.keys(SIZES) as Size[]).map((size) => lookAtAll(browser, demo, screens, size)),
  );
  await browser.close();
  const columns = Object.keys(SIZES).flatMap((size) => Object.keys(THEMES).map((theme) => ({ size, theme })));
  const rows = [
    `| screen | ${columns.map(({ size, theme }) => `${size}, ${theme}`).join(" | ")} |`,
    `|---|${columns.map(() => "--:|").join("")}`,
  ];
  for (const screen of screens) {
    const found = bySize.flatMap((all) => all.get(screen)!);
    const cells = columns.map(({ size, theme }) =>
      found.find((one) => one.size === size && one.theme === theme)?.faults.length ?? "–"
    );
    rows.push(`| ${screen.name} | ${cells.join(" | ")} |`);
    console.log(`axe ${screen.name.padEnd(18)} ${cells.join(" ")}`);
    for (const { size, theme, faults: lines } of found) {
      faults += lines.length;
      for (const line of lines) console.log(`  ${size}, ${theme}: ${line}`);
    }
  }
  await mkdir("dist", { recursive: true });
  await writeFile("dist/axe.md", rows.join("\n") + "\n");
  console.log(`${screens.length} screens, ${columns.length} looks at each, ${faults} faults; dist/axe.md`);
} finally {
  await demo.end();
}
process.exit(faults === 0 ? 0 : 1);
