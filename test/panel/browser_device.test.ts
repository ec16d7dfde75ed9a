/** A device's page as people use it: its tabs by their addresses, its frames as they happen, its commands. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cuttable, faultsOf, play, signIn, stage } from "./visitor.ts";

const { hub, admin, come, enter } = stage();

const pathOf = (page: Page) => page.url().slice(hub().url.length);

describe("what it measures", () => {
  test("[K6] of a device that told nothing yet, no channel is shown that it may not have", async () => {
    await admin().post("/api/v1/devices", { id: "boxed", kind: "relay", name: "Boxed" });
    const page = await enter("/devices/boxed");
    const tiles = page.getByRole("button").filter({ hasText: "no value yet" });
    await expect.poll(() => tiles.locator(".title").allTextContents()).toEqual(["Power", "Energy", "Battery"]);
  });
});

describe("raw frames", () => {
  test("[O5, A2.7, A2.8] both ways as they happen, held still under the hand, filtered by what the address says", async () => {
    const { peer } = await play(hub(), "wire-1", "env-sensor", "Wired");
    const page = await enter("/devices/wire-1/live");
    // Where the sign-in had it, the pointer would hold the list.
    await page.mouse.move(0, 0);
    const rows = page.getByRole("option");
    await page.getByText("Listening. Nothing was said yet.").waitFor();
    peer.send({ type: "telemetry", seq: 1, data: { temperature: 21.5 } });
    await rows.filter({ hasText: '"temperature":21.5' }).waitFor();
    await rows.filter({ hasText: '{"type":"stored","seq":1}' }).waitFor();
    await page.getByText("2 frames. From the device").waitFor();
    // Refused in words, with what it means.
    peer.send({ type: "telemetry", data: { temperatur: 22 } });
    const refused = rows.filter({ hasText: "temperatur: " });
    await refused.waitFor();
    expect(await refused.textContent()).toContain("The data does not fit the kind.");

    await page.getByRole("button", { name: "Pause", exact: true }).click();
    peer.send({ type: "telemetry", data: { temperature: 23.25 } });
    await page.getByText("1 frame waits").waitFor();
    expect(await rows.filter({ hasText: "23.25" }).count()).toBe(0);
    await page.getByRole("button", { name: "Go on" }).click();
    await rows.filter({ hasText: "23.25" }).waitFor();
    // What is pointed at does not move either.
    await page.getByRole("listbox").hover();
    peer.send({ type: "telemetry", data: { temperature: 24.75 } });
    await page.getByText("Held still while you are at it.").waitFor();
    expect(await rows.first().textContent()).toContain("23.25");
    await page.getByRole("heading", { name: "Wired" }).hover();
    await rows.filter({ hasText: "24.75" }).waitFor();

    await page.getByRole("button", { name: "To the device" }).click();
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByLabel("Filter by text").fill("STORED");
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByText("1 of 6 frames").waitFor();
    await expect.poll(() => pathOf(page)).toBe("/devices/wire-1/live?way=out&text=STORED");
    await page.getByRole("listbox").focus();
    await page.keyboard.press("ArrowDown");
    const detail = page.getByRole("region", { name: "To the device" });
    await detail.getByText('"seq": 1').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => rows.count()).toBe(6);

    // Nobody looks: nothing is watched, and coming back says so.
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("button", { name: /^Temperature/ }).getByText("24.8").waitFor();
    peer.send({ type: "telemetry", data: { temperature: 30.5 } });
    await page.getByRole("button", { name: /^Temperature/ }).getByText("30.5").waitFor();
    await page.getByRole("link", { name: "Live" }).click();
    await page.getByText(/^Not watched for/).waitFor();
    peer.send({ type: "telemetry", data: { temperature: 31.5 } });
    await rows.filter({ hasText: "31.5" }).waitFor();
    expect(await rows.filter({ hasText: "30.5" }).count()).toBe(0);
  });
});

describe("the commands of a device", () => {
  test("[C9, A2.6, A2.8] what is under way is on top; a failed one is sent again from its row; the filter is an address", async () => {
    const { peer } = await play(hub(), "asked-1", "thermostat", "Asked");
    peer.send({ type: "state", reported: { target: 20, mode: "heat" } });
    const page = await enter("/devices/asked-1/commands");
    await page.getByText("Nothing has been asked of it yet.").waitFor();
    await admin().post("/api/v1/devices/asked-1/commands", { name: "identify", params: {} });
    const { id } = await peer.next("command");
    peer.send({ type: "received", id });
    peer.send({ type: "progress", id, percent: 40 });
    const underWay = page.getByRole("region", { name: "Identify", exact: true });
    await underWay.getByText("The device is at it: 40 %.").waitFor();
    expect(await underWay.getByRole("progressbar", { name: "How far it is" }).getAttribute("value")).toBe("40");
    peer.send({ type: "result", id, ok: false, error: { code: "busy", message: "" } });
    await underWay.waitFor({ state: "detached" });
    const ledger = page.getByRole("region", { name: "Commands" });
    await ledger.getByText("The device is doing something else.").click();
    await ledger.getByRole("button", { name: "Retry" }).click();
    const again = await peer.next("command");
    expect(again).toMatchObject({ name: "identify" });
    expect(again.id).not.toBe(id);
    await underWay.getByText("Sent. The device has not answered yet.").waitFor();
    peer.send({ type: "result", id: again.id, ok: true });
    await underWay.getByText(/^Done in/).waitFor();
    await expect.poll(() => ledger.getByRole("listitem").count()).toBe(2);

    await page.getByRole("group", { name: "By outcome" }).getByRole("button", { name: /^Failed/ }).click();
    await expect.poll(() => ledger.getByRole("listitem").count()).toBe(1);
    await ledger.getByText("1 of 2 read; 2 in all").waitFor();
    await expect.poll(() => pathOf(page)).toBe("/devices/asked-1/commands?standing=failed");
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe("the truth", () => {
  test("[A2.1] a line that was cut: what changed meanwhile is right once it is back, and the chart has no hole", async () => {
    const { peer } = await play(hub(), "line-1", "thermostat", "Cut line");
    peer.send({ type: "state", reported: { target: 20, mode: "heat" } });
    peer.send({ type: "telemetry", seq: 1, data: { temperature: 20, humidity: 40 } });
    await peer.next("stored");
    const page = await come();
    const line = await cuttable(page);
    await signIn(page, hub().url, hub().adminToken, "/devices/line-1");
    await page.getByRole("button", { name: /^Humidity/ }).getByText("40").waitFor();
    await page.getByText(/^Temperature at 20/).waitFor();
    // A stretch that stands still, over the same time.
    const still = await page.context().newPage();
    const other = await cuttable(still);
    const now = Date.now();
    await still.goto(
      `${hub().url}/devices/line-1/charts?show=temperature&from=${now - 600_000}&to=${now + 600_000}`,
    );
    await still.getByText(/^Temperature at 20/).waitFor();
    for (const one of [line, other]) one.cut();
    await page.getByText("Not connected to the hub.").first().waitFor();
    peer.send({ type: "telemetry", data: { temperature: 24.5, humidity: 55 } });
    peer.send({ type: "telemetry", seq: 2, data: { temperature: 23 } });
    peer.send({ type: "state", reported: { mode: "auto" } });
    await peer.next((frame) => frame.type === "stored" && frame.seq === 2);
    expect(await page.getByRole("button", { name: /^Temperature/ }).textContent()).toContain("20.0");
    for (const one of [line, other]) one.mend();
    await page.getByRole("button", { name: "Try now" }).click();
    const begun = Date.now();
    await page.getByRole("button", { name: /^Temperature/ }).getByText("23.0").waitFor();
    await page.getByRole("button", { name: /^Humidity/ }).getByText("55").waitFor();
    const auto = page.getByRole("button", { name: "Auto", exact: true });
    await expect.poll(() => auto.getAttribute("aria-pressed")).toBe("true");
    expect(await auto.isEnabled()).toBe(true);
    // The law says two seconds; a machine that does ten things at once gets some more.
    expect(Date.now() - begun).toBeLessThan(8_000);
    // What came and went during the cut is in the chart.
    const whole = "Temperature between 20.0 °C and 24.5 °C, 3 samples";
    await page.getByText(whole).waitFor();
    await still.getByText(whole).waitFor({ timeout: 30_000 });
  });
});

describe("the charts of a device", () => {
  test("[A2.8] fields, span and stretch are an address that opens the same view in a new page; keys move in time", async () => {
    const { peer } = await play(hub(), "chart-1", "thermostat", "Charted");
    const samples = Array.from({ length: 100 }, (_, index) => ({
      ago: 990 - index * 10,
      data: {
        temperature: 20 + Math.sin(index / 9),
        humidity: 40 + index / 5,
        action: index < 50 ? "idle" : "heating",
      },
    }));
    peer.send({ type: "telemetry", seq: 1, samples });
    await peer.next((frame) => frame.type === "stored" && frame.seq === 1);
    await admin().post("/api/v1/devices/chart-1/commands", { name: "identify", params: {} });
    peer.send({ type: "result", id: (await peer.next("command")).id, ok: true });
    const page = await enter("/devices/chart-1");
    await page.getByRole("link", { name: "Charts" }).click();
    const fields = page.getByRole("group", { name: /^What to show/ });
    await fields.getByRole("button", { name: "Humidity" }).click();
    await fields.getByRole("button", { name: "Action" }).click();
    await page.getByRole("button", { name: "1 h", exact: true }).click();
    await expect.poll(() => page.locator(".plot canvas").count()).toBe(2);
    await page.locator(".chart-legend").getByText("command", { exact: true }).waitFor();
    await expect.poll(() => pathOf(page)).toBe("/devices/chart-1/charts?show=temperature%2Chumidity%2Caction&span=1h");

    // One crosshair for all of them.
    await page.locator(".plot .u-over").first().hover({ position: { x: 700, y: 40 } });
    await expect.poll(() => page.locator(".readout").allTextContents()).toEqual([
      expect.stringMatching(/°C/),
      expect.stringMatching(/%/),
    ]);
    await page.mouse.move(0, 0);

    const charts = page.getByRole("group", { name: /^Charts\. / });
    await charts.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => pathOf(page)).toMatch(/&from=\d+&to=\d+$/);
    const widthOf = () => {
      const { from, to } = Object.fromEntries(new URL(page.url()).searchParams);
      return Number(to) - Number(from);
    };
    expect(widthOf()).toBe(3_600_000);
    await page.keyboard.press("+");
    await expect.poll(widthOf).toBe(1_800_000);
    await page.getByText("Nothing in this time.").first().waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByText(/^Humidity between/).waitFor();
    await expect.poll(() => page.locator(".plot canvas").count()).toBe(2);
    expect(await charts.evaluate((node) => node === document.activeElement)).toBe(true);
    expect(await faultsOf(page)).toEqual([]);

    const address = pathOf(page);
    const facts = (of: Page) => of.locator(".as-table summary, .fineness").allTextContents();
    const seen = await facts(page);
    expect(seen.join()).toContain("Humidity between");
    const other = await page.context().newPage();
    await other.goto(hub().url + address);
    await expect.poll(() => other.locator(".plot canvas").count()).toBe(2);
    await expect.poll(() => facts(other)).toEqual(seen);
    await other.close();

    await charts.focus();
    await page.keyboard.press("End");
    await expect.poll(() => pathOf(page)).toMatch(/&span=1h$/);
    // Back from another tab it is as it was, at once and without asking.
    await page.getByRole("navigation", { name: "Of this device" }).getByRole("link", { name: "Commands" }).click();
    await page.getByRole("region", { name: "Commands" }).waitFor();
    await page.route("**/telemetry?*", () => {});
    await page.getByRole("link", { name: "Charts" }).click();
    await expect.poll(() => page.locator(".plot canvas").count()).toBe(2);
    await expect.poll(() => pathOf(page)).toMatch(/action&span=1h$/);
    await page.unroute("**/telemetry?*");
  });

  test("[A2.8] each tab's address opens that tab", async () => {
    await play(hub(), "tabs-1", "relay", "Tabbed");
    const page = await enter("/devices/tabs-1");
    const tabs = page.getByRole("navigation", { name: "Of this device" });
    const all = [
      ["Overview", "No value has come yet."],
      ["Charts", "Keys on the chart: arrows move"],
      ["Commands", "Nothing has been asked of it yet."],
      ["Live", "Listening. Nothing was said yet."],
      ["Settings", "Danger zone"],
    ] as const;
    for (const [name, text] of all) {
      const seen = async () => {
        await tabs.locator("[aria-current=page]", { hasText: name }).waitFor();
        await page.locator(".device").getByText(text).waitFor();
        await expect.poll(() => page.title()).toContain(name === "Overview" ? "Tabbed" : `Tabbed · ${name}`);
      };
      await tabs.getByRole("link", { name }).click();
      await seen();
      await page.reload();
      await seen();
    }
    // On a phone, too, none of them is off the edge.
    await page.setViewportSize({ width: 390, height: 844 });
    for (const link of await tabs.getByRole("link").all()) {
      const { x, width } = (await link.boundingBox())!;
      expect(x + width).toBeLessThanOrEqual(390);
    }
  });
});
