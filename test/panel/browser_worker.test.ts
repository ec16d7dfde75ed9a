/** The panel as a Worker serves it: the same files, policy and sockets before a Durable Object. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Hub, workerdHub } from "../runtime/launch.ts";
import { launchBrowser } from "../support/browser.ts";
import { signIn, visit } from "./visitor.ts";

let browser: Browser;
let hub: Hub;
beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), workerdHub()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await hub?.dispose();
});

test("on Workers too: devices simulated in the page's worker are online, listed, counted, and steered", async () => {
  const [simulating, watching] = [await visit(browser, hub.url), await visit(browser, hub.url)];
  await signIn(simulating.page, hub.url, hub.adminToken, "/simulator");
  await simulating.page.getByRole("button", { name: "Start 5 devices" }).click();
  const { page } = watching;
  await signIn(page, hub.url, hub.adminToken, "/");
  await page.getByRole("navigation", { name: "The fleet" }).getByRole("link", { name: "5 Online" }).waitFor();
  await page.goto(`${hub.url}/devices?q=kind:lock`);
  await page.getByRole("link", { name: /^Lock/ }).click();
  await page.getByRole("heading", { level: 1, name: /^Lock/ }).waitFor();
  // What has an address is there after a reload.
  await page.reload();
  await page.getByRole("button", { name: "Unlock…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Unlock/ }).click();
  // The bolt of one in thirty simulated locks jams, as real ones do; the panel says that too.
  await page.getByText(/^(Unlocked|Jammed)$/).first().waitFor();
  expect([...simulating.complaints, ...watching.complaints]).toEqual([]);
  await Promise.all([simulating.leave(), watching.leave()]);
});
