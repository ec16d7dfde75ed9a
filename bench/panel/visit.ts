/** Somebody before the panel in a real browser, with a clock in the page and a trace beside it. */
import type { Browser, CDPSession, Page } from "playwright-core";
import { adminToken } from "../hub.ts";
import { rest } from "../harness.ts";
import { ROW } from "./looks.ts";
import { awaitPaint, paintedAfter, scriptBytes } from "./in_page.js";
import { type Frames, framesOf, type TraceEvent } from "./trace.ts";

export interface Visit {
  page: Page;
  /** From the press of "Sign in" until the first row with its values was painted, in ms. */
  signedInMs: number;
  /** Bytes of script that the browser had by then, as they were sent. */
  scriptBytes: number;
  /** Goes to an address of the panel and waits until it is drawn. */
  go(path: string, ready: string): Promise<void>;
  /** What its frames cost while that goes on. */
  traced(meanwhile: () => Promise<unknown>): Promise<Frames>;
  /** Bytes that are in use after all was collected that could be. */
  heap(): Promise<number>;
  /** From a press on this button until something that fits the selector was painted, in ms. */
  pressed(button: string, selector: string): Promise<number>;
  leave(): Promise<void>;
}

const VIEW = { width: 1440, height: 900 };
const CATEGORIES = [
  "devtools.timeline",
  "v8",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-devtools.timeline.frame",
];
/** Until a page has settled, in seconds. */
const SETTLE = 1;

export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: VIEW, locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const session = await context.newCDPSession(page);
  await page.goto(`${url}/devices`);
  await page.getByLabel("Operator token").fill(adminToken);
  // By a key, which presses the button: a pointer would then hold the list, and preload where it points.
  const signedInMs = await paintAfter(page, ROW, () => page.keyboard.press("Enter"));
  const bytes = await page.evaluate(scriptBytes);
  return {
    page,
    signedInMs,
    scriptBytes: bytes,
    async go(path, ready) {
      await page.goto(url + path);
      await page.locator(ready).first().waitFor();
      await rest(SETTLE);
    },
    async traced(meanwhile) {
      await browser.startTracing(page, { categories: CATEGORIES });
      await meanwhile();
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
      return framesOf(traceEvents);
    },
    heap: () => heapOf(session),
    pressed: (button, selector) =>
      paintAfter(page, selector, () => page.getByRole("button", { name: button, exact: true }).click()),
    leave: () => context.close(),
  };
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, ...outside } = await session.send("Runtime.getHeapUsage") as { usedSize: number } & Outside;
  return usedSize + (outside.embedderHeapUsedSize ?? 0) + (outside.backingStorageSize ?? 0);
}

/** What scripts hold beyond V8's own heap: nodes of the page, buffers. */
interface Outside {
  embedderHeapUsedSize?: number;
  backingStorageSize?: number;
}

/** From the press until something that fits the selector was painted after it, in ms. */
async function paintAfter(page: Page, selector: string, press: () => Promise<void>): Promise<number> {
  await page.evaluate(awaitPaint, selector);
  await press();
  return await page.evaluate(paintedAfter);
}
