/** A map for trackers by two people's choice, on both runtimes: until both want it nobody but the hub is asked [S7]. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { denoHub, type Hub, workerdHub } from "../runtime/launch.ts";
import { launchBrowser } from "../support/browser.ts";
import { serveTiles, type TileServer } from "./tile_server.ts";
import { faultsOf, play, signIn, type Visit, visit, type Visitor } from "./visitor.ts";

let browser: Browser;
let tiles: TileServer;
beforeAll(async () => void ([browser, tiles] = await Promise.all([launchBrowser(), serveTiles()])), 120_000);
afterAll(() => Promise.all([browser?.close(), tiles?.stop()]));
beforeEach(() => void Object.assign(tiles, { asked: [], isOpen: true }));

const visitors: Visitor[] = [];
afterEach(() => Promise.all(visitors.splice(0).map((visitor) => visitor.leave())));
async function come(hub: Hub, path: string, options?: Visit): Promise<Visitor> {
  const visitor = await visit(browser, hub.url, options);
  visitors.push(visitor);
  await signIn(visitor.page, hub.url, hub.adminToken, path);
  return visitor;
}

const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
const ATTRIBUTION = "© [OpenStreetMap](https://www.openstreetmap.org/copyright) contributors";

async function drive(hub: Hub): Promise<void> {
  const van = await play(hub, "van", "tracker", "Van");
  const samples = Array.from({ length: 12 }, (_, index) => ({
    ago: (12 - index) * 20,
    data: { lat: 53.07 + index * 0.001, lon: 8.8 + index * 0.0005, speed: 9, course: 20 },
  }));
  van.peer.send({ type: "telemetry", samples });
}

const placeOf = (page: Page) => page.getByRole("region", { name: "Place", exact: true });
const show = (page: Page) => placeOf(page).getByRole("button", { name: `Show a map from ${tiles.host}` });
const hide = (page: Page) => placeOf(page).getByRole("button", { name: "Without the map" });
const pictures = (page: Page) => placeOf(page).locator(".ground-tiles img[data-here=true]");
const grid = (page: Page) => placeOf(page).locator(".plan-grid");
const depths = () => new Set(tiles.asked.map(({ path }) => Number(path.split("/")[1])));
const policyOf = async (url: string) => {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.headers.get("content-security-policy");
};
/** Where a track begins, in pixels. */
const startOf = (path: string | null) => path!.slice(1).split(/[L ]/).slice(0, 2).map(Number);
/** What is complained of beside what was asked of the tiles' host. */
const others = ({ complaints }: Visitor) => complaints.filter((one) => !one.startsWith(`asked ${tiles.origin}/`));

describe.each([["a process", denoHub], ["a Worker", workerdHub]] as const)("%s whose hub names a map", (_, launch) => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await launch({
      SIGNALBOX_MAP_TILES: tiles.tiles,
      SIGNALBOX_MAP_ATTRIBUTION: ATTRIBUTION,
      SIGNALBOX_MAP_ZOOM: "18",
    });
    await drive(hub);
  }, 120_000);
  afterAll(() => hub?.dispose());

  test("[S7] allows pictures from that host on its pages, and nothing else of anybody", async () => {
    const allowed = POLICY.replace("data:", `data: ${tiles.origin}`);
    for (const path of ["/", "/devices/van", "/devices/van.png/charts", "/settings"]) {
      expect(await policyOf(hub.url + path), path).toBe(allowed);
    }
    expect(await policyOf(`${hub.url}/theme.js`)).toBe(POLICY);
    expect(await policyOf(`${hub.url}/docs`)).not.toContain(tiles.host);
  });

  test("[S7] asks nothing of it until somebody chose it, then for what is looked at, and nothing more once it is taken back", async () => {
    const visitor = await come(hub, "/devices/van");
    const { page } = visitor;
    await show(page).waitFor();
    await placeOf(page).getByText(`${tiles.host} then sees which places are looked at`).waitFor();
    expect(await grid(page).count()).toBeGreaterThan(4);
    expect(await faultsOf(page)).toEqual([]);
    expect([tiles.asked, visitor.complaints]).toEqual([[], []]);

    await show(page).click();
    await expect.poll(() => pictures(page).count()).toBeGreaterThan(2);
    await expect.poll(() => grid(page).count()).toBe(0);
    await placeOf(page).getByText("which sees the places that are looked at").waitFor();
    const link = placeOf(page).getByRole("link", { name: "OpenStreetMap" });
    expect(await link.getAttribute("href")).toBe("https://www.openstreetmap.org/copyright");
    for (const { path, referer, cookie } of tiles.asked) {
      expect(path).toMatch(/^\/\d+\/\d+\/\d+\.svg$/);
      // Which hub it is, and not which page of it; its cookie would go to every port of this machine by itself.
      expect([referer, cookie]).toEqual([`${hub.url}/`, undefined]);
    }
    expect(await faultsOf(page)).toEqual([]);

    await page.reload();
    await expect.poll(() => pictures(page).count()).toBeGreaterThan(2);
    await hide(page).click();
    await expect.poll(() => placeOf(page).locator(".ground-tiles").count()).toBe(0);
    expect(await grid(page).count()).toBeGreaterThan(4);
    await page.reload();
    await show(page).waitFor();
    tiles.asked.length = 0;
    await placeOf(page).getByRole("button", { name: "Zoom in" }).click();
    await placeOf(page).getByRole("button", { name: "24 h" }).click();
    expect([tiles.asked, others(visitor)]).toEqual([[], []]);
  });
});

describe("a map", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await denoHub({ SIGNALBOX_MAP_TILES: tiles.tiles, SIGNALBOX_MAP_ZOOM: "17" });
    await drive(hub);
  }, 120_000);
  afterAll(() => hub?.dispose());

  const chosen = async (options?: Visit): Promise<Visitor> => {
    const visitor = await come(hub, "/devices/van", options);
    await show(visitor.page).click();
    await expect.poll(() => pictures(visitor.page).count()).toBeGreaterThan(2);
    return visitor;
  };

  test("[S7] is chosen in the settings too, with the same words, for every tracker of this browser", async () => {
    const visitor = await come(hub, "/settings");
    const { page } = visitor;
    const group = page.getByRole("group", { name: "Map of trackers" });
    await group.getByText("It then sees which places are looked at").waitFor();
    expect(await group.getByRole("radio", { name: "No map" }).isChecked()).toBe(true);
    await group.getByRole("radio", { name: `From ${tiles.host}` }).check();
    expect(tiles.asked).toEqual([]);
    await page.goto(`${hub.url}/devices/van`);
    await expect.poll(() => pictures(page).count()).toBeGreaterThan(2);
    await placeOf(page).getByText(`Map: ${tiles.host}`).waitFor();
    expect(others(visitor)).toEqual([]);
  });

  test("is zoomed and moved by buttons, keys, the wheel and a drag, and goes back to all of the track", async () => {
    const visitor = await chosen();
    const { page } = visitor;
    const ground = placeOf(page).getByRole("group", { name: /^What is looked at/ });
    const whole = placeOf(page).getByRole("button", { name: "Whole track" });
    const track = () => ground.locator(".plan-track").first().getAttribute("d");
    const [first, begun] = [await track(), Math.max(...depths())];
    expect(await whole.getAttribute("aria-pressed")).toBe("true");

    await placeOf(page).getByRole("button", { name: "Zoom in" }).click();
    await expect.poll(() => depths().has(begun + 1)).toBe(true);
    expect(await whole.getAttribute("aria-pressed")).toBe("false");
    await ground.focus();
    const zoomed = await track();
    await page.keyboard.press("-");
    await expect.poll(track).toBe(first);
    await page.keyboard.press("+");
    await expect.poll(track).toBe(zoomed);
    await page.keyboard.press("ArrowRight");
    await expect.poll(track).not.toBe(zoomed);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(track).toBe(zoomed);
    await page.keyboard.press("0");
    await expect.poll(track).toBe(first);

    const box = (await ground.boundingBox())!;
    const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
    await page.mouse.move(...middle);
    await page.mouse.down();
    await page.mouse.move(middle[0] + 60, middle[1] - 30, { steps: 4 });
    await page.mouse.up();
    const [before, after] = [startOf(first), startOf(await track())];
    expect([after[0] - before[0], after[1] - before[1]]).toEqual([expect.closeTo(60, 0), expect.closeTo(-30, 0)]);
    await page.mouse.wheel(0, -400);
    await expect.poll(() => placeOf(page).locator(".ground-tiles img").first().evaluate((one) => one.clientWidth))
      .not.toBe(256);
    await whole.click();
    await expect.poll(track).toBe(first);
    await page.mouse.dblclick(middle[0] + 80, middle[1]);
    await expect.poll(track).not.toBe(first);

    // Below the deepest depth there are no tiles, and none are asked for.
    for (let press = 0; press < 8; press++) await placeOf(page).getByRole("button", { name: "Zoom in" }).click();
    await expect.poll(() => Math.max(...depths())).toBe(17);
    await expect.poll(() => pictures(page).count()).toBeGreaterThan(0);
    expect(others(visitor)).toEqual([]);
  });

  test("leaves the wheel to the page until somebody is in it", async () => {
    const { page } = await chosen({ width: 1000, height: 500 });
    const ground = placeOf(page).getByRole("group", { name: /^What is looked at/ });
    await ground.scrollIntoViewIfNeeded();
    const track = () => ground.locator(".plan-track").first().getAttribute("d");
    const first = await track();
    await ground.hover({ position: { x: 40, y: 40 } });
    await page.mouse.wheel(0, -120);
    await page.waitForTimeout(300);
    expect(await track()).toBe(first);
  });

  test("is moved and zoomed by two fingers, while one scrolls the page", async () => {
    const visitor = await chosen({ width: 390, height: 844, hasTouch: true });
    const { page } = visitor;
    const ground = placeOf(page).getByRole("group", { name: /^What is looked at/ });
    await placeOf(page).getByText("Two fingers move and zoom it.").waitFor();
    const track = () => ground.locator(".plan-track").first().getAttribute("d");
    const first = await track();
    const { x, y, width, height } = (await ground.boundingBox())!;
    const [right, below] = [x + width / 3, y + height / 2];
    const line = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...points: [number, number][]) =>
      line.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    const scrolled = () => page.evaluate(() => scrollY);

    await touch("touchStart", [right, below], [right + 60, below]);
    for (const by of [10, 20, 30]) await touch("touchMove", [right - by, below], [right + 60 + by, below]);
    await touch("touchEnd");
    // Twice as far apart: one level nearer, and what was between the fingers stays there.
    const [before, after] = [startOf(first), startOf(await track())];
    expect(after[0] - (right + 30 - x)).toBeCloseTo(2 * (before[0] - (right + 30 - x)), -1);
    expect(await scrolled()).toBe(0);

    const zoomed = await track();
    await touch("touchStart", [right, below]);
    for (const by of [20, 40, 60, 80]) await touch("touchMove", [right, below - by]);
    await touch("touchEnd");
    await expect.poll(scrolled).toBeGreaterThan(20);
    expect(await track()).toBe(zoomed);
    expect(others(visitor)).toEqual([]);
  });

  test("[S7] that does not come is said, is no broken picture, and is asked for again by hand", async () => {
    tiles.isOpen = false;
    const visitor = await come(hub, "/devices/van", { width: 390, height: 844, colorScheme: "dark" });
    const { page } = visitor;
    await show(page).click();
    await placeOf(page).getByText(`No map here: ${tiles.host} does not answer, or refuses.`).waitFor();
    expect(await grid(page).count()).toBeGreaterThan(4);
    await expect.poll(() => placeOf(page).locator(".ground-tiles img").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    tiles.isOpen = true;
    await placeOf(page).getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => pictures(page).count()).toBeGreaterThan(1);
    await expect.poll(() => placeOf(page).getByText(/^No map here/).count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    expect(others(visitor)).toEqual([]);
  });
});

describe("a hub that names no map", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await denoHub();
    await drive(hub);
  }, 120_000);
  afterAll(() => hub?.dispose());

  test("[S7] offers none, and its pages ask nobody", async () => {
    const visitor = await come(hub, "/devices/van");
    const { page } = visitor;
    await placeOf(page).getByText("the panel asks nobody but its hub").waitFor();
    // Also to whoever chose one when there was one, or made it up.
    await page.evaluate((map) => localStorage.setItem("signalbox.preferences", JSON.stringify({ map })), tiles.origin);
    await page.reload();
    await placeOf(page).getByText("the panel asks nobody but its hub").waitFor();
    expect(await placeOf(page).getByRole("button", { name: /map/i }).count()).toBe(0);
    await page.goto(`${hub.url}/settings`);
    await page.getByRole("group", { name: "Other measures" }).waitFor();
    expect(await page.getByText("Map of trackers").count()).toBe(0);
    expect(await policyOf(hub.url)).toBe(POLICY);
    expect([tiles.asked, visitor.complaints]).toEqual([[], []]);
  });

  test("[S7] allows none either, whatever its page is told: then that is said", async () => {
    const visitor = await visit(browser, hub.url);
    visitors.push(visitor);
    const { page } = visitor;
    await page.route("**/api/v1/hub", async (route) => {
      const response = await route.fetch();
      const map = { tiles: tiles.tiles, attribution: null, zoom: 19 };
      await route.fulfill({ response, json: { ...await response.json(), map } });
    });
    await signIn(page, hub.url, hub.adminToken, "/devices/van");
    await show(page).click();
    await placeOf(page).getByText(`No map here: this page may not ask ${tiles.host}.`).waitFor();
    expect(await grid(page).count()).toBeGreaterThan(4);
    expect(tiles.asked).toEqual([]);
  });
});
