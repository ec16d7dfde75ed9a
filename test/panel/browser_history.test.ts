/** The past in a chart: how far back, what is missing, and all of it as a file. */
import { readFile } from "node:fs/promises";
import process from "node:process";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { faultsOf, play, stage } from "./visitor.ts";

const { hub, enter } = stage();

/** Every ten seconds of an hour, but for a quarter of it. */
const AGOS = Array.from({ length: 360 }, (_, index) => 3_500 - index * 10).filter((ago) =>
  ago >= 0 && (ago < 1_000 || ago > 1_900)
);

async function playPast(id: string, kind: string, data: (ago: number) => Record<string, unknown>, name = id) {
  const played = await play(hub(), id, kind, name);
  for (let at = 0; at < AGOS.length; at += 100) {
    const samples = AGOS.slice(at, at + 100).map((ago) => ({ ago, data: data(ago) }));
    played.peer.send({ type: "telemetry", samples });
  }
  return played;
}

/** How many columns of the canvas have the line's colour in them, left, in the middle and right of the gap. */
async function drawnIn(page: Page, from: number, to: number): Promise<number> {
  return await page.locator(".plot canvas").evaluate((canvas: HTMLCanvasElement, [from, to]) => {
    // Between the axes, 56 px left and 24 px right, as the chart has them.
    const [left, right] = [56, canvas.width - 24];
    const x = left + Math.round((right - left) * from);
    const width = Math.max(1, Math.round((right - left) * (to - from)));
    const { data } = canvas.getContext("2d")!.getImageData(x, 0, width, canvas.height - 40);
    const columns = new Set<number>();
    // The accent is blue; lines of the grid are grey.
    for (let at = 0; at < data.length; at += 4) {
      const [red, , blue, alpha] = data.slice(at, at + 4);
      if (alpha > 200 && blue - red > 60) columns.add(at / 4 % width);
    }
    return columns.size / width;
  }, [from, to]);
}

describe("the past", () => {
  test("[Q1] from a quarter of an hour to a year at a click, as many points as there is room for", async () => {
    await playPast("past-1", "env-sensor", (ago) => ({ temperature: 20 + Math.sin(ago / 300) }));
    const page = await enter("/devices/past-1");
    const asked: URLSearchParams[] = [];
    page.on("request", (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.endsWith("/telemetry") && searchParams.get("points") !== "90") asked.push(searchParams);
    });
    await page.locator(".plot canvas").waitFor();
    const spans = page.getByRole("group", { name: "How far back" });
    const expected = [
      ["1 h", 3_600, /^Every sample\. Drag/],
      ["15 min", 900, /^Every sample\. Drag/],
      ["6 h", 21_600, /^One point every \d+ s\. /],
      ["7 d", 604_800, /^One point every \d+ min\. /],
      ["1 y", 31_536_000, /^One point every \d+ h/],
    ] as const;
    for (const [word, seconds, fineness] of expected) {
      asked.length = 0;
      await spans.getByRole("button", { name: word, exact: true }).click();
      await expect.poll(() => asked.length).toBeGreaterThan(0);
      const { from, to, points } = Object.fromEntries(asked[0]);
      expect(Number(to) - Number(from)).toBe(seconds * 1000);
      expect(Number(points)).toBeGreaterThan(200);
      await expect.poll(() => page.locator(".history .fineness").textContent()).toMatch(fineness);
      expect(await spans.getByRole("button", { name: word, exact: true }).getAttribute("aria-pressed")).toBe("true");
    }
  });

  test("[Q1] a silence is a hole in the line, and earlier and later are buttons", async () => {
    await playPast("past-2", "env-sensor", (ago) => ({ temperature: 20 + ago / 1_000 }));
    const page = await enter("/devices/past-2");
    await page.locator(".plot canvas").waitFor();
    await page.getByRole("button", { name: "1 h", exact: true }).click();
    await page.getByText(/Temperature between/).waitFor();
    await expect.poll(() => drawnIn(page, 0.1, 0.4)).toBeGreaterThan(0.9);
    expect(await drawnIn(page, 0.5, 0.7)).toBe(0);
    expect(await drawnIn(page, 0.75, 0.95)).toBeGreaterThan(0.9);
    const later = page.getByRole("button", { name: "Later" });
    expect(await later.isDisabled()).toBe(true);
    for (let clicks = 0; clicks < 3; clicks++) await page.getByRole("button", { name: "Earlier" }).click();
    await page.getByText("Nothing in this time.").waitFor();
    for (let clicks = 0; clicks < 3; clicks++) await later.click();
    await expect.poll(() => later.isDisabled()).toBe(true);
    await page.getByText(/Temperature between/).waitFor();
  });

  test("[Q8] what is shown is saved as a file, exactly", async () => {
    const { peer } = await playPast("past-3", "env-sensor", (ago) => ({ temperature: 20 + ago / 1_000, humidity: 40 }));
    const page = await enter("/devices/past-3");
    await page.locator(".plot canvas").waitFor();
    await page.getByRole("button", { name: "1 h", exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^past-3 \S+Z \S+Z\.csv$/);
    const text = await readFile(await download.path(), "utf8");
    const [head, ...rows] = text.trimEnd().split("\r\n").map((row) => row.split(","));
    expect(head).toEqual(["\uFEFFtime (UTC)", "time (ms)", "temperature (°C)", "humidity (%)"]);
    expect(rows.map((row) => Number(row[2]))).toEqual(AGOS.map((ago) => 20 + ago / 1_000));
    // The hub goes away from the file, and says so in words.
    await page.route("**/telemetry.csv*", (route) => route.abort());
    await page.getByRole("button", { name: "Save as CSV" }).click();
    await page.locator(".history").getByText("The hub did not answer").waitFor();
    await peer.close();
  });

  test.each(["light", "dark"] as const)(
    "[Q5] states and counters can be read in %s, wide and narrow",
    async (colorScheme) => {
      await playPast(`past-${colorScheme}`, "thermostat", (ago) => ({
        temperature: 20 + Math.sin(ago / 400) * 3,
        action: ["idle", "heating", "idle", "off"][Math.floor(ago / 350) % 4],
      }), "Hall");
      await playPast(
        `plug-${colorScheme}`,
        "relay",
        (ago) => ({ power: 40 + ago % 70, energy: 12 + (3_600 - ago) / 1_000 }),
        "Kettle",
      );
      for (const [width, height] of [[1440, 900], [390, 844]]) {
        const page = await enter(`/devices/past-${colorScheme}`, { colorScheme, width, height });
        await page.getByRole("button", { name: /^Action/ }).click();
        const strip = page.getByRole("region", { name: "History of Action" });
        await page.getByRole("button", { name: "1 h", exact: true }).click();
        await strip.getByText("Every change.").waitFor();
        const idle = strip.getByRole("row", { name: /Idle/ });
        expect(await idle.textContent()).toMatch(/Idle\d+ min\d+ %(twice|\d+ times)/);
        expect(await faultsOf(page)).toEqual([]);
        const shot = async (name: string) => {
          const folder = process.env.SHOTS;
          if (folder) {
            await page.screenshot({
              path: `${folder}/${name}-${colorScheme}-${width}.png`,
              fullPage: width < 500,
            });
          }
        };
        await shot("state");
        await page.getByRole("button", { name: /^Temperature/ }).click();
        await page.getByRole("button", { name: "1 h", exact: true }).click();
        await page.locator(".plot canvas").waitFor();
        await page.getByText("Temperature between").waitFor();
        await shot("gauge");
        await page.goto(`${hub().url}/devices/plug-${colorScheme}`);
        await page.getByRole("button", { name: /^Energy/ }).click();
        await page.getByRole("button", { name: "1 h", exact: true }).click();
        await page.getByText(/^One bar/).waitFor();
        await page.locator(".plot canvas").waitFor();
        expect(await faultsOf(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await shot("counter");
      }
    },
  );
});
