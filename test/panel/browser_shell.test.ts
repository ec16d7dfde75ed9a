/** What stands around every screen: keys, the palette, the preferences, and where the focus goes. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { faultsOf, play, stage } from "./visitor.ts";

const { hub, admin, enter } = stage();

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
/** By its key, and ready to be typed into. */
const find = async (page: Page, text: string) => {
  await page.keyboard.press("Control+k");
  await palette(page).waitFor();
  await page.keyboard.type(text);
};
const palette = (page: Page) => page.getByRole("dialog", { name: "Find anything" });

describe("the palette", () => {
  test("[A2.8] by keyboard alone: a device is found, its command is sent, its call is copied", async () => {
    const lamp = await play(hub(), "lamp-1", "light", "Lamp over the stairs");
    lamp.peer.send({ type: "state", reported: { on: false } });
    const page = await enter("/devices");
    await find(page, "stairs");
    const option = palette(page).getByRole("option", { name: /Lamp over the stairs/ });
    await option.waitFor();
    expect(await option.getAttribute("aria-selected")).toBe("true");
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Lamp over the stairs" }).waitFor();
    // The list is gone, and the focus with it: it is at the heading of what came.
    await expect.poll(() => focused(page)).toBe("Lamp over the stairs");

    await find(page, "diagnostics");
    await palette(page).getByRole("option", { name: /^Diagnostics/, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await palette(page).waitFor({ state: "detached" });
    expect((await lamp.peer.next("command")).name).toBe("get_diagnostics");
    await page.getByRole("status").getByText("Diagnostics was sent to Lamp over the stairs.").waitFor();

    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await find(page, "curl");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Copied.").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `curl -H "Authorization: Bearer $OPERATOR" '${hub().url}/api/v1/devices/lamp-1'`,
    );
    await lamp.peer.close();
  });

  test("what is typed before its file has come is typed into it, and is no key of the page's", async () => {
    const lamp = await play(hub(), "lamp-2", "light", "Lamp by the gate");
    const page = await enter("/devices");
    const comes = Promise.withResolvers<void>();
    await page.route("**/assets/palette-*.js", (route) => comes.promise.then(() => route.continue()));
    await page.reload();
    await page.getByText("Lamp by the gate").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("g jobs");
    for (let at = 0; at < "g jobs".length; at++) await page.keyboard.press("Backspace");
    await page.keyboard.type("gate");
    comes.resolve();
    await palette(page).getByRole("option", { name: /Lamp by the gate/, selected: true }).waitFor();
    expect(await palette(page).getByRole("combobox").inputValue()).toBe("gate");
    expect(new URL(page.url()).pathname).toBe("/devices");
    await lamp.peer.close();
  });

  test("a command with params opens its form, Escape leaves, and what finds nothing says so", async () => {
    const heater = await play(hub(), "heater-1", "thermostat", "Heater");
    heater.peer.send({ type: "state", reported: { target: 20, mode: "heat" } });
    const page = await enter("/devices/heater-1");
    await page.getByRole("heading", { level: 1, name: "Heater" }).waitFor();
    await find(page, "reboot");
    await palette(page).getByRole("option", { name: /^Reboot…/, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: /^Reboot/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // Whoever is quicker than the hub opens nothing that was found by what was typed before.
    await find(page, "heater");
    await palette(page).getByRole("option", { name: /^Heater/ }).waitFor();
    await page.route(/\/api\/v1\/devices\?q=settings/, () => {});
    await palette(page).getByRole("combobox").fill("settings");
    await palette(page).getByRole("option", { name: /^Settings/, selected: true }).waitFor();
    await palette(page).getByRole("combobox").fill("zzz");
    await palette(page).getByText("Nothing is called so.").waitFor();
    await page.keyboard.press("Escape");
    await palette(page).waitFor({ state: "detached" });
    await heater.peer.close();
  });
});

describe("keys", () => {
  test("lead everywhere, tell of themselves, stay away from whoever types, and can be switched off", async () => {
    const page = await enter("/devices");
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.waitForURL("**/jobs");
    await expect.poll(() => focused(page)).toBe("Jobs");
    // The `g` is spent: a letter after it is one of its own.
    await page.keyboard.press("d");
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.getByText("Find anything: devices, pages, commands").waitFor();
    expect(new URL(page.url()).pathname).toBe("/jobs");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });

    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await page.waitForURL("**/devices");
    await page.keyboard.press("/");
    const search = page.getByRole("main").getByRole("combobox", { name: "Search devices" });
    await expect.poll(() => search.evaluate((node) => node === document.activeElement)).toBe(true);
    await page.keyboard.type("g j?");
    expect(await search.inputValue()).toBe("g j?");

    await page.goto(`${hub().url}/settings/keys`);
    await page.getByRole("radio", { name: "Off" }).check();
    await page.getByRole("heading", { name: "Settings" }).click();
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.keyboard.press("?");
    await page.keyboard.press("/");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("Control+k");
    await palette(page).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(1);
    expect(new URL(page.url()).pathname).toBe("/settings/keys");
  });
});

describe("preferences", () => {
  test("UTC, °F and imperial measures change what is on the screen at once, and are there after a reload", async () => {
    const sensor = await play(hub(), "sense-1", "env-sensor", "Sensor");
    sensor.peer.send({ type: "telemetry", data: { temperature: 21.5 } });
    const page = await enter("/devices/sense-1");
    await page.getByText("21.5").first().waitFor();
    await find(page, "times utc");
    await palette(page).getByRole("option", { name: "Times: UTC", selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator("main time[title$=UTC]").first().waitFor();
    await find(page, "°F");
    await page.keyboard.press("Enter");
    await page.getByText("70.7").first().waitFor();
    expect(await page.getByText("21.5").count()).toBe(0);
    // Undo is one key away, and true.
    await page.keyboard.press("u");
    await page.getByText("21.5").first().waitFor();
    await page.reload();
    await page.locator("main time[title$=UTC]").first().waitFor();
    await sensor.peer.close();
  });

  test("high contrast is chosen or the system's, without a flash, and clean of faults", async () => {
    const page = await enter("/settings");
    const isMore = () => page.evaluate(() => document.documentElement.dataset.contrast === "more");
    expect(await isMore()).toBe(false);
    await page.getByRole("radio", { name: "High contrast" }).check();
    expect(await isMore()).toBe(true);
    for (
      const path of ["/settings", "/settings/keys", "/settings/about", "/settings/tokens", "/devices", "/jobs", "/add"]
    ) {
      await page.goto(hub().url + path);
      await page.locator("main h1, main [role=table], main .list").first().waitFor();
      expect(await faultsOf(page), path).toEqual([]);
    }
    // Before anything of the panel ran.
    await page.route("**/assets/*.js", (route) => route.abort());
    await page.goto(`${hub().url}/settings`, { waitUntil: "commit" });
    await expect.poll(isMore).toBe(true);
    await page.unroute("**/assets/*.js");
    await page.goto(`${hub().url}/settings`);
    await page.getByRole("radio", { name: "System" }).check();
    expect(await isMore()).toBe(false);
    await page.emulateMedia({ contrast: "more" });
    await expect.poll(isMore).toBe(true);
  });

  test("the settings fit a phone, and every part is a way there", async () => {
    const page = await enter("/settings", { width: 390, height: 844, colorScheme: "dark" });
    for (const part of ["Keys", "Tokens", "About", "Appearance"]) {
      await page.getByRole("navigation", { name: "Parts of the settings" }).getByRole("link", { name: part }).click();
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await faultsOf(page), part).toEqual([]);
    }
  });

  test("where one is stands under its name in one line: the tabs of a device's page draw none of theirs here", async () => {
    const page = await enter("/settings/tokens");
    const here = page.getByRole("navigation", { name: "Parts of the settings" }).getByRole("link", { name: "Tokens" });
    const linesOf = (node: Element) => [
      getComputedStyle(node).borderBottomWidth,
      getComputedStyle(node, "::after").content,
    ];
    await expect.poll(() => here.evaluate(linesOf)).toEqual(["2px", "none"]);
  });
});

describe("a message with Undo", () => {
  test("lasts eight seconds, longer while somebody points at it, and Undo takes back what was done", async () => {
    await admin().post("/api/v1/devices", { id: "named-1", kind: "relay", name: "Pump", tags: ["cellar"] });
    const page = await enter("/devices/named-1/settings");
    await page.getByLabel("Name", { exact: true }).fill("Boiler");
    await page.clock.install();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const message = page.locator(".toast");
    await page.getByRole("status").getByText("Saved. It can be undone for 8 seconds.").waitFor();
    await page.getByRole("heading", { level: 1, name: "Boiler" }).waitFor();
    await message.hover();
    await page.clock.runFor(9_000);
    expect(await message.count()).toBe(1);
    await message.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("heading", { level: 1, name: "Pump" }).waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Pump");
    expect((await admin().get("/api/v1/devices/named-1")).body).toMatchObject({ name: "Pump", tags: ["cellar"] });

    await page.getByRole("button", { name: "Save", exact: true }).click();
    await message.waitFor();
    await page.mouse.move(2, 2);
    await page.clock.runFor(7_500);
    expect(await message.count()).toBe(1);
    await page.clock.runFor(1_000);
    await expect.poll(() => message.count()).toBe(0);
  });
});

describe("the shell", () => {
  test("updates are paused and go on, a newer panel is told of, and on a phone More has the other ways", async () => {
    const meter = await play(hub(), "paused-1", "env-sensor", "Meter");
    const tell = (temperature: number) => meter.peer.send({ type: "telemetry", data: { temperature } });
    tell(20.1);
    const page = await enter("/devices/paused-1", { width: 390, height: 844 });
    const value = (text: string) => page.getByRole("main").getByText(text).first();
    await value("20.1").waitFor();
    await page.keyboard.press(".");
    await page.getByText("Nothing waits.").waitFor();
    tell(20.2);
    await page.getByText("1 update waits.").waitFor();
    expect(await value("20.1").count()).toBe(1);
    await page.getByRole("complementary", { name: "Pause" }).getByRole("button", { name: "Resume updates" }).click();
    await value("20.2").waitFor();

    await page.route(`${hub().url}/`, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({
        response: answer,
        body: (await answer.text()).replace(/index-[\w-]+\.js/, "index-new.js"),
      });
    });
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.getByRole("status").getByText("A new version of the panel is here.").waitFor();
    expect(await faultsOf(page)).toEqual([]);

    const main = page.getByRole("navigation", { name: "Main" });
    expect(await main.getByRole("link", { name: "Settings" }).count()).toBe(0);
    await main.getByRole("button", { name: "More" }).click();
    await palette(page).getByRole("option", { name: "Settings", exact: true }).click();
    await page.waitForURL("**/settings");
    await meter.peer.close();
  });
});
