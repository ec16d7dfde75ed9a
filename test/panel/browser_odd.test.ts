/** What is long, small, magnified or wrong: nothing is cut, pushed aside or left unsaid, in a real browser. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { play, type Played, stage } from "./visitor.ts";

const { hub, enter, admin } = stage();
const PHONE = { width: 390, height: 844 };
const LONG = "Nordwestlichesgewächshausbeidemaltenwasserturmhinterderscheune64";

const tooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

let long: Played;
beforeAll(async () => {
  long = await play(hub(), "x".repeat(64), "relay", LONG);
  await admin().patch(`/api/v1/devices/${long.id}`, { tags: ["y".repeat(64)] });
  long.peer.send({ type: "telemetry", data: { power: 1_234_567.8 } });
  long.peer.send({ type: "state", reported: { on: true } });
  await admin().post(`/api/v1/devices/${long.id}/commands`, { name: "identify", params: {} });
});

describe("on a phone", () => {
  test("[WCAG 1.4.10] a name of 64 letters without a space makes no page wider than the screen", async () => {
    expect(LONG).toHaveLength(64);
    const page = await enter("/devices", PHONE);
    await page.getByText("1,234,567.8").waitFor();
    const wide: Record<string, number> = { devices: await tooWide(page) };
    for (const path of ["", "/charts", "/commands", "/live", "/settings"]) {
      await page.goto(`${hub().url}/devices/${long.id}${path}`);
      await page.getByRole("heading", { level: 1, name: LONG }).waitFor();
      wide[path] = await tooWide(page);
    }
    for (const path of ["/commands", "/wall", "/"]) {
      await page.goto(hub().url + path);
      await page.getByText(LONG).first().waitFor();
      wide[path] = await tooWide(page);
    }
    expect(Object.entries(wide).filter(([, by]) => by > 0)).toEqual([]);
  });

  test("a number is smaller where it is long, and never cut", async () => {
    const page = await enter(`/devices/${long.id}`, { width: 320, height: 640 });
    long.peer.send({ type: "telemetry", data: { power: 12_345_678.9, energy: 1 } });
    const figure = page.locator(".tile .figure", { hasText: "12,345,678.9" });
    await figure.waitFor();
    expect(await figure.evaluate((one) => [one.scrollWidth <= one.clientWidth, one.textContent]))
      .toEqual([true, "12,345,678.9W"]);
  });

  test("[A2.3] why a device is away is told from its first letter on", async () => {
    const gone = await play(hub(), "gone", "thermostat", "Gone");
    gone.peer.send({ type: "telemetry", data: { temperature: 18 } });
    const page = await enter("/devices/gone", PHONE);
    await page.getByText("18.0").first().waitFor();
    gone.peer.terminate();
    const why = page.getByText("(the connection was lost)");
    await why.waitFor();
    const [{ x }, begins] = await Promise.all([
      why.boundingBox().then((box) => box!),
      // Left of it the facts are cut away, with the line that the first of a row begins with.
      page.locator(".facts").evaluate((facts) =>
        facts.getBoundingClientRect().left + parseFloat(getComputedStyle(facts).clipPath.split(" ").at(-1)!)
      ),
    ]);
    expect(x).toBeGreaterThanOrEqual(begins);
  });

  test("chosen columns have their names on cards, where no heading stands over them", async () => {
    const { peer } = await play(hub(), "named-values", "env-sensor", "Attic");
    peer.send({ type: "telemetry", data: { humidity: 48, battery: 93 } });
    const page = await enter("/devices?q=id:named-values&columns=humidity,battery", PHONE);
    await page.getByRole("row", { name: /Attic.*Humidity\s*48.*Battery\s*93/s }).waitFor();
    // And of two temperatures, which is which.
    const heating = await play(hub(), "named-heat", "thermostat", "Study");
    heating.peer.send({ type: "state", reported: { target: 21, mode: "heat" } });
    heating.peer.send({ type: "telemetry", data: { temperature: 20.5 } });
    await page.goto(`${hub().url}/devices?q=id:named-heat`);
    const titles = page.getByRole("row", { name: /Study/ }).locator(".field-title");
    await expect.poll(() => titles.evaluateAll((all) => all.map((one) => getComputedStyle(one).display)))
      .toEqual(["block", "block"]);
  });

  test("[WCAG 1.4.10] magnified four times a device's page is more than its emergency stop", async () => {
    const page = await enter(`/devices/${long.id}`, { width: 360, height: 225 });
    const stop = page.getByRole("button", { name: "Emergency stop" });
    await stop.waitFor();
    const before = (await stop.boundingBox())!.y;
    await page.evaluate(() => scrollBy(0, 150));
    await expect.poll(async () => before - (await stop.boundingBox())!.y).toBeGreaterThan(100);
  });
});

describe("a list that has just come", () => {
  test("[A4] the box over it selects all rows that are seen", async () => {
    for (const n of [1, 2, 3]) await play(hub(), `seen-${n}`, "relay");
    const page = await enter("/devices?q=id:seen-*");
    await page.getByRole("row", { name: "seen-3" }).waitFor();
    await page.getByLabel("Select the rows that are seen").check();
    await page.getByRole("region", { name: "Selected devices" }).getByText("3 selected").waitFor();
  });
});

describe("words", () => {
  test("an operator types a comparison letter by letter, and the box keeps it", async () => {
    const { peer } = await play(hub(), "warm", "env-sensor", "Warm");
    peer.send({ type: "telemetry", data: { temperature: 24 } });
    const page = await enter("/devices");
    const box = page.getByLabel("Search devices");
    await box.focus();
    for (const [typed, found] of [["temperature", "No device matches"], [">", "Warm"], ["20 ", "Warm"]] as const) {
      await page.keyboard.type(typed);
      await page.getByText(found).first().waitFor();
    }
    expect(await box.inputValue()).toBe("temperature>20 ");
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("temperature>20");
  });

  test("a device whose every sample is refused is not silent: its page says where that is seen", async () => {
    const { peer } = await play(hub(), "nonsense", "env-sensor", "Nonsense");
    peer.send({ type: "telemetry", data: { temperature: "21.5" } });
    const page = await enter("/devices/nonsense");
    await page.getByText("It is connected, and has told no value yet.").waitFor();
    await page.getByRole("link", { name: "Live", exact: true }).last().click();
    await page.waitForURL(/\/live$/);
  });

  test("[K4] what happened and what was asked is told by a device's name, and in the words of its kind", async () => {
    const door = await play(hub(), "esp-4c11ae", "lock", "Cellar door");
    const lamp = await play(hub(), "esp-4c11af", "relay", "Cellar lamp");
    door.peer.send({ type: "event", name: "tamper", seq: 1, data: { sort: "cover_opened" } });
    await admin().post("/api/v1/devices/esp-4c11af/commands", { name: "set", params: { on: true } });
    await lamp.obey({ on: true });
    const page = await enter("/events");
    await page.getByRole("row", { name: /Cellar door/ }).getByRole("link").click();
    await page.getByRole("heading", { name: "Cellar door" }).waitFor();
    await page.goto(`${hub().url}/commands`);
    // Lamps of another kind have a `set` that means something else.
    await page.getByRole("row", { name: /Cellar lamp esp-4c11af Switch\s+On: On/ }).waitFor();
  });

  test("a name that is written from right to left is cut at its end, as any other", async () => {
    await play(hub(), "right", "relay", "دلت".repeat(30));
    const page = await enter("/devices?q=id:right");
    const link = page.locator(".rows .row-link");
    await link.waitFor();
    expect(await link.evaluate((one) => [getComputedStyle(one).direction, one.scrollWidth > one.clientWidth]))
      .toEqual(["rtl", true]);
  });
});
