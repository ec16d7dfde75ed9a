/** How the hub is, seen in a real browser before a real hub. */
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { faultsOf, play, stage } from "./visitor.ts";

const { hub, enter, come } = stage();
const strip = (page: Page) => page.getByRole("list", { name: "How the hub is" });
const isSeen = (page: Page, sign: string) => strip(page).locator(`[data-sign=${sign}]`).isVisible();

test("[R14] a quiet strip on every screen, in both themes; on a phone there are the ways in its place", async () => {
  const { peer } = await play(hub(), "well-1", "env-sensor", "Attic");
  peer.send({ type: "telemetry", data: { temperature: 21.5 } });
  await peer.none();
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await enter("/devices", { colorScheme });
    await strip(page).getByText("connected").waitFor();
    await expect.poll(() => strip(page).textContent()).toMatch(
      /^[1-9]\d* connected[\d.]+ samples\/slag (\d+ ms|[\d.]+ s|–)\d+ refusedstore [\d.]+ [kM]B$/,
    );
    expect(await strip(page).locator("[data-sign=connected]").getAttribute("title")).toMatch(/^1 device is connected/);
    expect(await page.getByRole("alert").getByText(/refused|store/).count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
  }

  const tablet = await enter("/devices", { width: 768, height: 1024 });
  await tablet.getByRole("link", { name: "Attic" }).click();
  await tablet.getByRole("heading", { name: "Attic" }).waitFor();
  const strips = (await strip(tablet).boundingBox())!;
  expect([strips.y + strips.height, await tablet.evaluate("document.documentElement.scrollWidth")]).toEqual([
    1024,
    768,
  ]);

  const phone = await enter("/devices", { width: 390, height: 844 });
  await phone.getByRole("link", { name: "Attic" }).waitFor();
  expect(await isSeen(phone, "connected")).toBe(false);
  const { y, height } = (await phone.getByRole("navigation", { name: "Main" }).boundingBox())!;
  expect([y + height, await phone.evaluate("document.documentElement.scrollWidth")]).toEqual([844, 390]);
  expect(await faultsOf(phone)).toEqual([]);
});

test("[R14] devices that say what their kind does not have are loud in words, a full store louder; then it is quiet again", async () => {
  const { peer } = await play(hub(), "odd-1", "env-sensor", "Odd one");
  const page = await enter();
  await strip(page).getByText("connected").waitFor();
  for (let sent = 0; sent < 70; sent++) peer.send({ type: "telemetry", data: { temperature: "warm" } });
  await peer.next("error");
  peer.send({ type: "event", name: "nothing", seq: 1 });
  // It answers in the order of what came.
  await peer.next((frame) => frame.seq === 1);
  await page.reload();
  await page.getByRole("alert").getByText(/^Many frames were refused in the last minute\./).waitFor();
  expect(await strip(page).locator("[data-sign=refused]").getAttribute("data-level")).toBe("careful");
  expect(await faultsOf(page)).toEqual([]);

  // What only a full disk could bring about is put into the hub's mouth.
  const full = await come({ width: 390, height: 844, colorScheme: "dark" });
  const state = { isFull: true };
  await full.route("**/api/v1/hub", async (route) => {
    const response = await route.fetch();
    const view = await response.json();
    const store = {
      ...view.store,
      state: state.isFull ? "refusing" : "ok",
      since: state.isFull ? view.time : undefined,
    };
    await route.fulfill({ response, json: { ...view, lately: { ...view.lately, refused: 0 }, store } });
  });
  await full.goto(hub().url);
  await full.getByLabel("Operator token").fill(hub().adminToken);
  await full.getByRole("button", { name: "Sign in" }).click();
  await full.getByRole("alert").getByText(/^The store takes no writes since \d\d:\d\d:\d\d\./).waitFor();
  expect(await faultsOf(full)).toEqual([]);
  state.isFull = false;
  // As of a window that was behind another one meanwhile.
  await full.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await expect.poll(() => full.getByRole("alert").getByText(/The store takes/).count()).toBe(0);
});

test("[N50] a bridge without its broker is said in words, in the strip and in the settings, at any width", async () => {
  const bridge = { state: "degraded", reason: "The broker does not answer.", waiting: 214, dropped: 0 };
  for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
    const page = await come({ width, height });
    await page.route("**/api/v1/hub", async (route) => {
      const response = await route.fetch();
      const view = await response.json();
      const rest = { since: view.startedAt, published: 18_400, received: 12, refused: 0 };
      const lately = { ...view.lately, refused: 0 };
      await route.fulfill({ response, json: { ...view, lately, bridge: { ...bridge, ...rest } } });
    });
    await page.goto(`${hub().url}/settings/about`);
    await page.getByLabel("Operator token").fill(hub().adminToken);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText(
      /^The MQTT bridge has been degraded since \d\d:\d\d:\d\d: The broker does not answer\. What it has to tell waits\.$/,
    ).waitFor();
    await page.getByRole("definition").getByText(/does not answer\. 214 messages wait for the broker\.$/).waitFor();
    if (width > 639) expect(await strip(page).locator("[data-sign=bridge]").textContent()).toBe("MQTT degraded");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect(await faultsOf(page)).toEqual([]);
  }
});
