/** Every screen of the panel, as the demo shows it: for pictures, and for what all of them have to keep. */
import type { Page } from "playwright-core";

export interface ScreenShown {
  /** Names its pictures. */
  name: string;
  /** Its address; `$job` is the one that the demo made. */
  path: string;
  /** There when it is drawn. */
  ready: string;
  /** Seen by somebody who has not signed in. */
  isOutside?: boolean;
  /** What somebody does before the picture. */
  act?(page: Page, stage: Stage): Promise<void>;
}

/** What else there is beside the page. */
export interface Stage {
  /** Somebody else's page, who looks at the same; it is closed after the picture. */
  other(): Promise<Page>;
  /** Cuts the page's line to the hub, which is mended after the picture. */
  cut(): void;
}

/** One of its own for each picture: an id is given once. */
let pictures = 0;

/** What somebody saved before. */
const VIEWS = [
  { id: "cold", name: "Below 20 °C", query: "kind:env-sensor temperature<20", sort: "temperature", shared: true },
  { id: "doors", name: "Doors and locks", query: "kind:lock", columns: ["values", "seen"], shared: false },
  { id: "away", name: "Away for an hour", query: "seen:>1h -tag:spare", shared: true },
];
const saveViews = (page: Page) =>
  page.evaluate((views) =>
    Promise.all(views.map(({ id, ...body }) =>
      fetch(`/api/v1/views/${id}`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    )).then(() => {}), VIEWS);

/** A broker that is away is put into the hub's mouth each time that the page asks, until the next picture. */
async function loseBroker(page: Page): Promise<void> {
  await page.route("**/api/v1/hub", async (route) => {
    const response = await route.fetch();
    const view = await response.json();
    const bridge = {
      state: "degraded",
      since: view.time - 25 * 60_000,
      reason: "The broker does not answer.",
      waiting: 214,
      dropped: 0,
      published: 18_400,
      received: 12,
      refused: 0,
    };
    await route.fulfill({ response, json: { ...view, bridge } });
  });
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await page.getByRole("alert").getByText("The MQTT bridge").waitFor();
}

export const SCREENS: readonly ScreenShown[] = [
  { name: "sign-in", path: "/", ready: "main form, form", isOutside: true },
  { name: "claim", path: "/#claim=somebodys-code", ready: "form", isOutside: true },
  { name: "home", path: "/", ready: "main .hub-facts" },
  { name: "devices", path: "/devices", ready: "[role=grid], [role=table], .list" },
  {
    name: "devices-filtered",
    path: "/devices?q=kind:env-sensor%20-tag:outside&columns=temperature,humidity,battery,firmware,tags,seen",
    ready: ".rows .row-link",
  },
  {
    name: "devices-chosen",
    path: "/devices?q=-kind:rover",
    ready: ".rows .row-link",
    async act(page) {
      const boxes = page.locator(".rows input[type=checkbox]");
      await boxes.nth(1).click();
      await boxes.nth(4).click({ modifiers: ["Shift"] });
      await page.locator(".selection-bar .split").waitFor();
    },
  },
  {
    name: "devices-views",
    path: "/devices?q=kind:env-sensor%20temperature%3C20&sort=-temperature&view=cold",
    ready: ".rows .row-link",
    async act(page) {
      await saveViews(page);
      await page.reload();
      await page.getByRole("button", { name: "View Below 20 °C changed since saved" }).click();
    },
  },
  {
    name: "devices-save-view",
    path: "/devices?q=kind:env-sensor%20-tag:outside&sort=-temperature&columns=temperature,humidity,seen",
    ready: ".rows .row-link",
    async act(page) {
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByRole("button", { name: "Save this view…" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Indoor climate");
    },
  },
  { name: "devices-wrong", path: "/devices?q=tag:hall%20colour:red", ready: ".term[data-bad=true]" },
  { name: "wall", path: "/wall", ready: ".wall-tiles > *" },
  { name: "add", path: "/add?kind=env-sensor", ready: "main .choices" },
  {
    name: "connect",
    path: "/add?kind=env-sensor",
    ready: "main .choices",
    async act(page) {
      await page.getByLabel("Name", { exact: true }).fill(`Roof ${++pictures}`);
      await page.getByRole("button", { name: "Add device" }).click();
      const token = await page.getByLabel(/^Token of/).innerText();
      await page.getByText("QR code", { exact: true }).click();
      await page.evaluate((token) => {
        const socket = new WebSocket("/device", ["signalbox.v1", `signalbox.token.${token}`]);
        socket.onopen = () => {
          socket.send('{"type":"telemetry","data":{"temperature":"21.5"}}');
          setTimeout(() => socket.send('{"type":"telemetry","data":{"temperature":21.5,"humidity":48}}'), 300);
        };
      }, token);
      await page.getByText("First values arrived", { exact: true }).waitFor();
    },
  },
  {
    name: "phone",
    path: "/add?kind=phone",
    ready: "main .choices",
    async act(page) {
      await page.getByLabel("Name", { exact: true }).fill(`Pocket ${++pictures}`);
      await page.getByRole("button", { name: "Add device" }).click();
      const address = await page.getByRole("link", { name: "Open it here" }).getAttribute("href");
      await page.evaluate((address) => location.assign(address!), address);
      await page.getByText(/^Online as/).waitFor();
    },
  },
  {
    name: "many",
    path: "/add/many",
    ready: "#many-table",
    async act(page) {
      const rows = ["Greenhouse north,,env-sensor,roof floor-2", "Main door,door-1,lock,", "Kettle,,kettle,kitchen"];
      await page.getByLabel("Table").fill(["name,id,kind,tags", ...rows].join("\n"));
    },
  },
  {
    name: "simulator",
    path: "/simulator",
    ready: "main .kind-check",
    async act(page) {
      await page.getByRole("button", { name: "Start 5 devices" }).click();
      await page.getByRole("button", { name: "Slow", exact: true }).click();
    },
  },
  { name: "device", path: "/devices/office-heating", ready: ".tile" },
  {
    name: "device-charts",
    path: "/devices/office-heating/charts?show=temperature,humidity,action",
    ready: ".panel canvas",
  },
  { name: "device-commands", path: "/devices/office-heating/commands", ready: ".ledger" },
  { name: "device-live", path: "/devices/office-heating/live", ready: ".frame-list" },
  { name: "device-settings", path: "/devices/office-heating/settings", ready: ".device-settings" },
  { name: "face-thermostat", path: "/devices/office-heating", ready: ".dial" },
  { name: "face-light", path: "/devices/reading-lamp", ready: ".light-top" },
  { name: "face-cover", path: "/devices/office-blind", ready: ".blind" },
  { name: "face-lock", path: "/devices/front-door", ready: ".lock-face" },
  { name: "events", path: "/events", ready: "main h1" },
  { name: "commands", path: "/commands", ready: "main h1" },
  { name: "kinds", path: "/kinds", ready: ".kind-cards" },
  { name: "kind", path: "/kinds/thermostat", ready: ".kind-page" },
  { name: "face-camera", path: "/devices/yard-camera", ready: ".shot" },
  { name: "face-charger", path: "/devices/charging-point", ready: ".charger-face" },
  { name: "face-tracker", path: "/devices/van", ready: ".plan" },
  {
    name: "face-map",
    path: "/devices/van",
    ready: ".map-offer",
    async act(page) {
      const show = page.getByRole("button", { name: /^Show a map from/ });
      if (await show.isVisible()) await show.click();
      await page.locator(".ground-tiles img[data-here=true]").first().waitFor();
    },
  },
  { name: "face-rover", path: "/devices/courier", ready: ".stick" },
  {
    name: "two-operators",
    path: "/devices/courier",
    ready: ".stick",
    async act(page, { other }) {
      const ben = await other();
      await ben.getByRole("button", { name: /^Take control/ }).first().click();
      await page.getByText("Ben").first().waitFor();
    },
  },
  {
    name: "cut-off",
    path: "/devices/office-heating",
    ready: ".plot canvas",
    async act(page, { cut }) {
      cut();
      await page.getByText("Not connected to the hub.").waitFor();
    },
  },
  { name: "jobs", path: "/jobs", ready: "main .sheet" },
  { name: "job", path: "/jobs/$job", ready: "main .sheet" },
  { name: "nowhere", path: "/nothing/here", ready: ".gate" },
  {
    name: "palette",
    path: "/devices",
    ready: ".rows .row-link",
    async act(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("combobox").fill("la");
      await page.getByRole("dialog").getByRole("option").nth(3).waitFor();
    },
  },
  {
    name: "shortcuts",
    path: "/devices",
    ready: ".rows .row-link",
    async act(page) {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "settings", path: "/settings", ready: "main h1" },
  { name: "settings-keys", path: "/settings/keys", ready: "main h1" },
  { name: "settings-about", path: "/settings/about", ready: "main h1" },
  { name: "bridge-degraded", path: "/settings/about", ready: "main .about-hub", act: loseBroker },
  { name: "tokens", path: "/settings/tokens", ready: "main h1" },
  {
    name: "audit",
    path: "/audit",
    ready: "main .sheet",
    async act(page) {
      await page.getByRole("button", { name: "Detail" }).nth(1).click();
    },
  },
  { name: "audit-filtered", path: "/audit?who=admin&outcome=refused&from=1700000000000", ready: "main .sheet" },
  {
    name: "audit-verify",
    path: "/audit",
    ready: "main .sheet",
    async act(page) {
      await page.getByRole("button", { name: "Verify" }).click();
    },
  },
];
