/** Somebody who goes from screen to screen of the demo. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { cuttable } from "../line.ts";
import type { Demo } from "./demo.ts";
import type { ScreenShown } from "./screens.ts";

/** On a loaded machine a screen may take its time. */
const PATIENCE = 30_000;

export interface Visit {
  /** The screen as it is to be seen, for as long as it is looked at; everything is as before afterwards. */
  see<T>(screen: ScreenShown, look: (page: Page) => Promise<T>): Promise<T>;
}

export async function visitDemo(browser: Browser, demo: Demo, options: BrowserContextOptions): Promise<Visit> {
  const come = async () => {
    const context = await browser.newContext({ locale: "en-GB", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    return page;
  };
  const enter = async (page: Page, token: string) => {
    await page.goto(demo.url);
    await page.getByLabel("Operator token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
  };
  const [inside, outside] = await Promise.all([come(), come()]);
  const line = await cuttable(inside);
  await enter(inside, demo.token);

  return {
    async see({ path, ready, isOutside, act }, look) {
      const page = isOutside ? outside : inside;
      const address = demo.url + path.replace(/\$(\w+)/g, (_, name) => demo.made[name]);
      let other: Page | undefined;
      try {
        // Somewhere else first: an address that differs in its hash alone would not be loaded.
        await page.goto("about:blank");
        await page.goto(address);
        await page.locator(ready).first().waitFor();
        await act?.(page, {
          cut: line.cut,
          async other() {
            other = await come();
            await enter(other, demo.otherToken);
            await other.goto(address);
            await other.locator(ready).first().waitFor();
            return other;
          },
        });
        return await look(page);
      } finally {
        line.mend();
        await page.unrouteAll({ behavior: "ignoreErrors" });
        await other?.context().close();
      }
    },
  };
}
