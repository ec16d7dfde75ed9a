/** The panel as people use it, in a real browser before a real hub. The build is dist/panel's. */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { denoHub, denoProcess, temporary } from "../runtime/launch.ts";
import { device as connect, rest } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { faultsOf, play, signIn, stage } from "./visitor.ts";

const { hub, admin, come, enter } = stage();
const operatorToken = async (role: string) =>
  (await admin().post("/api/v1/tokens", { name: `Vera ${role}`, role })).body.token;

/** In the page: a JPEG with a word on it, so that no two are the same. */
async function drawn(word: string): Promise<number[]> {
  const canvas = new OffscreenCanvas(64, 48);
  canvas.getContext("2d")!.fillText(word, 4, 24);
  const blob = await canvas.convertToBlob({ type: "image/jpeg" });
  return [...new Uint8Array(await blob.arrayBuffer())];
}

describe("coming in", () => {
  test("[I9] the printed link makes the first administrator, once; its code leaves the address bar", async () => {
    const data = await temporary();
    const port = await freePort();
    const child = denoProcess({ PORT: String(port), SIGNALBOX_DATA: data });
    try {
      const [link] = await child.printed(/http:\S+#claim=\S+/);
      const page = await come({}, `http://localhost:${port}`);
      await page.goto(link);
      await page.getByLabel("Your name").fill("Ann");
      expect(page.url()).not.toContain("claim");
      await page.getByRole("button", { name: "Become administrator" }).click();
      await page.getByLabel("Your operator token").waitFor();
      await page.getByRole("button", { name: "I have kept it, enter" }).click();
      await page.getByText("No devices yet").waitFor();
      await page.goto("about:blank");
      await page.goto(link);
      await page.getByLabel("Your name").fill("Eve");
      await page.getByRole("button", { name: "Become administrator" }).click();
      await page.getByRole("alert").getByText("not valid any more").waitFor();
    } finally {
      await child.kill();
      await rm(data, { recursive: true, force: true });
    }
  });

  test("[I7] a pasted token signs in until signing out; a wrong one is told so", async () => {
    const page = await come();
    await page.goto(hub().url);
    await page.getByLabel("Operator token").fill("op~nobody~knows-this-token-here-at-all");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("does not know this token").waitFor();
    await signIn(page, hub().url, hub().adminToken);
    await page.getByText("This connection is not encrypted").waitFor();
    await page.reload();
    await page.getByRole("button", { name: /Sign out/ }).click();
    await page.getByLabel("Operator token").waitFor();
  });
});

describe("the list", () => {
  test("[O3] is live: a device comes, sends and goes without a reload", async () => {
    const page = await enter("/?q=id:live*");
    await page.getByText("No device matches").waitFor();
    const { peer } = await play(hub(), "live-1", "env-sensor", "Attic");
    const row = page.getByRole("row", { name: /Attic/ });
    await row.getByText("Online").waitFor();
    peer.send({ type: "telemetry", data: { temperature: 21.5, humidity: 48 } });
    await row.getByText("21.5").waitFor();
    await row.getByText("48").waitFor();
    await peer.close();
    await row.getByText("Offline").waitFor();
    expect(await row.getByText("21.5").isVisible()).toBe(true);
  });

  test("[O10, A2.4] what is looked for stands in the address; a counter is a filter; nothing hides silently", async () => {
    await play(hub(), "find-1", "relay", "Fan one");
    await play(hub(), "find-2", "lock", "Door two");
    const page = await enter();
    await page.keyboard.press("/");
    await page.keyboard.type("id:find*");
    await page.getByRole("row", { name: /Fan one/ }).waitFor();
    await expect.poll(() => page.url()).toContain("id");
    await page.getByLabel("Kind").selectOption("lock");
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    await page.getByRole("button", { name: /^Offline/ }).click();
    await page.getByText("No device matches").waitFor();
    await page.reload();
    await page.getByText("No device matches").waitFor();
    await page.getByRole("button", { name: "Clear the search" }).last().click();
    await page.getByRole("row", { name: /Fan one/ }).waitFor();
    await page.getByLabel("Search devices").fill("colour:red");
    await page.getByRole("alert").getByText(/^colour:red: /).waitFor();
  });

  test("[O12, O13] a field's value decides who is listed, and goes on deciding", async () => {
    const { peer } = await play(hub(), "warm-1", "env-sensor", "Boiler room");
    const page = await enter();
    await page.getByLabel("Search devices").fill("id:warm* temperature>25 -seen:never");
    await page.getByText("No device matches").waitFor();
    peer.send({ type: "telemetry", data: { temperature: 25.5 } });
    await page.getByRole("row", { name: /Boiler room/ }).waitFor();
    await page.reload();
    await page.getByRole("row", { name: /Boiler room/ }).waitFor();
    peer.send({ type: "telemetry", data: { temperature: 25 } });
    await page.getByText("No device matches").waitFor();
    await page.getByLabel("Search devices").fill("temperature>warm");
    await page.getByRole("alert").getByText("a number comes after >").waitFor();
  });

  test("[A4] the keyboard alone finds a device, opens it and switches it", async () => {
    const { obey } = await play(hub(), "keys-1", "relay", "Keyed fan");
    const page = await enter();
    await page.keyboard.press("/");
    await page.keyboard.type("Keyed");
    await page.getByRole("row", { name: /Keyed fan/ }).waitFor();
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    await page.getByRole("link", { name: "Keyed fan" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Keyed fan" }).waitFor();
    await page.getByRole("button", { name: "On", exact: true }).focus();
    await page.keyboard.press("Space");
    await obey({ on: true });
    await page.getByText(/^Confirmed in/).waitFor();
  });
});

describe("a device", () => {
  test("[A2.6, C9] a switch shows what is reported, what was asked, and the road between", async () => {
    const { peer } = await play(hub(), "switch-1", "relay", "Pump");
    peer.send({ type: "state", reported: { on: false } });
    peer.send({ type: "telemetry", data: { power: 0 } });
    const page = await enter("/devices/switch-1");
    const [on, off] = ["On", "Off"].map((name) => page.getByRole("button", { name, exact: true }));
    await expect.poll(() => off.getAttribute("aria-pressed")).toBe("true");
    await on.click();
    const { id } = await peer.next("command");
    const road = page.getByRole("region", { name: "Switch" });
    await road.getByText("Sent. The device has not answered yet.").waitFor();
    expect(await on.getAttribute("data-pending")).toBe("true");
    expect(await off.getAttribute("aria-pressed")).toBe("true");
    peer.send({ type: "received", id });
    await road.getByText("The device has it.").waitFor();
    peer.send({ type: "result", id, ok: true });
    await road.getByText("The device says it is done. It does not report it yet.").waitFor();
    expect(await off.getAttribute("aria-pressed")).toBe("true");
    peer.send({ type: "state", reported: { on: true } });
    await road.getByText(/^Confirmed in/).waitFor();
    expect(await on.getAttribute("aria-pressed")).toBe("true");
    expect(await page.getByRole("status").textContent()).toMatch(/Confirmed/);
  });

  test("[A2.6] a failure keeps the old value and says why; an end without an answer is told as unknown", async () => {
    const { peer } = await play(hub(), "door-1", "lock", "Cellar door");
    peer.send({ type: "state", reported: { state: "unlocked" } });
    const page = await enter("/devices/door-1");
    const ledger = page.getByRole("region", { name: "Commands" });
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    const { id } = await peer.next("command");
    peer.send({ type: "result", id, ok: false, error: { code: "jammed", message: "The bolt did not move." } });
    await page.getByText("The mechanism is stuck. The device says: The bolt did not move.").first().waitFor();
    expect(await page.getByRole("region", { name: "Bolt" }).getByText("Unlocked").isVisible()).toBe(true);
    await ledger.getByText("Failed").waitFor();
    await page.getByRole("button", { name: "Unlock…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await peer.next("command");
    peer.terminate();
    await ledger.getByText("Unknown").waitFor();
    await page.getByText("The connection ended before an answer. It may have acted: check it.").first().waitFor();
  });

  test("[C19] what is dangerous asks first, from Cancel; a secret is seen by the device alone", async () => {
    const { peer } = await play(hub(), "door-2", "lock", "Safe");
    const page = await enter("/devices/door-2");
    await page.getByRole("button", { name: "Unlock…" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Cancel" }).evaluate((node) => node === document.activeElement))
      .toBe(true);
    await dialog.getByLabel("PIN").fill("471108");
    await dialog.getByRole("button", { name: "Unlock" }).click();
    const command = await peer.next("command");
    expect(command.params).toEqual({ pin: "471108" });
    peer.send({ type: "result", id: command.id, ok: true });
    await page.getByRole("region", { name: "Commands" }).getByText("Succeeded").click();
    expect(await page.content()).not.toContain("471108");
    expect((await admin().get("/api/v1/devices/door-2/commands")).text).not.toContain("471108");
  });

  test("[D6] while a device is away, a desired value is kept for it and said to be pending", async () => {
    const { peer, token } = await play(hub(), "heat-1", "thermostat", "Nursery");
    peer.send({ type: "state", reported: { target: 19, mode: "heat" } });
    await peer.drain();
    await peer.close();
    const page = await enter("/devices/heat-1");
    await page.getByText("kept as desired").first().waitFor();
    await page.getByRole("button", { name: "More Target" }).click();
    await page.getByText("19.5 °C is desired. The device has not answered to it yet.").waitFor();
    const back = await connect(hub().url, token);
    expect(back.welcome.desired).toEqual({ version: 1, state: { target: 19.5 } });
    back.send({ type: "state", reported: { target: 19.5 }, applied: { version: 1, ok: true } });
    await page.getByText("is desired").waitFor({ state: "detached" });
    await page.getByRole("region", { name: "Target" }).getByText("19.5").waitFor();
  });

  test("[T8] values have units and ages, and a chart that can be read as a table", async () => {
    const { peer } = await play(hub(), "air-1", "env-sensor", "Office air");
    peer.send({
      type: "telemetry",
      samples: [{ ago: 300, data: { temperature: 20 } }, { ago: 60, data: { temperature: 22 } }],
    });
    const page = await enter("/devices/air-1");
    const tile = page.getByRole("button", { name: /^Temperature/ });
    await tile.getByText("22.0").waitFor();
    await tile.getByText("1 min ago").waitFor();
    await page.locator(".plot canvas").waitFor();
    peer.send({ type: "telemetry", data: { temperature: 23.4 } });
    await tile.getByText("23.4").waitFor();
    await page.getByText("Temperature between 20.0 °C and 23.4 °C, 3 samples").click();
    await page.getByRole("table").getByRole("cell", { name: "23.4" }).first().waitFor();
  });

  test("[T9, O5] what happens is listed with what it says, without a reload; a stop is an action", async () => {
    const { peer } = await play(hub(), "gate-1", "cover", "Yard gate");
    peer.send({ type: "event", name: "obstructed", data: { position: 62 }, ago: 90 });
    peer.send({ type: "state", reported: { position: 62, moving: "stopped" } });
    const page = await enter("/devices/gate-1");
    const events = page.getByRole("region", { name: "Events" });
    await events.getByText("Obstructed").waitFor();
    await events.getByText("1 min ago").waitFor();
    peer.send({ type: "event", name: "obstructed", data: { position: 38 } });
    await events.getByText("Position 38 %").waitFor();
    expect(await events.getByRole("listitem").count()).toBe(2);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    expect(await peer.next("command")).toMatchObject({ name: "stop", params: {} });
  });

  test("[K4] an object is asked for by its parts, and what nobody can ask for is shown", async () => {
    const { peer, obey } = await play(hub(), "lamp-7", "light", "Lamp");
    peer.send({ type: "state", reported: { color: { h: 30, s: 60 }, color_mode: "color_temp" } });
    const page = await enter("/devices/lamp-7");
    await page.getByRole("button", { name: "All controls" }).click();
    const color = page.getByRole("region", { name: "Color" });
    await color.getByText("Hue 30 °, Saturation 60 %").waitFor();
    await color.getByLabel("Hue, °").fill("361");
    await color.getByLabel("Hue, °").press("Enter");
    await color.getByRole("alert").getByText("Hue is at most 360 °.").waitFor();
    await color.getByLabel("Hue, °").fill("210");
    await color.getByRole("button", { name: "Set" }).click();
    const { name, params } = await obey({ color: { h: 210, s: 60 }, color_mode: "color" });
    expect([name, params]).toEqual(["set_color", { color: { h: 210, s: 60 } }]);
    await color.getByText("Hue 210 °, Saturation 60 %").waitFor();
    const state = page.getByRole("region", { name: "State", exact: true });
    await state.getByText("Shows").waitFor();
    await state.getByText("Color", { exact: true }).waitFor();
  });

  test("[K6] a channel is asked for only where there are several", async () => {
    const { peer } = await play(hub(), "strip-1", "relay", "Strip");
    peer.send({ type: "state", reported: { on: true } });
    const page = await enter("/devices/strip-1");
    await page.getByRole("button", { name: "Toggle", exact: true }).click();
    expect(await peer.next("command")).toMatchObject({ name: "toggle", params: {} });
    peer.send({ type: "state", reported: { on_2: false } });
    await page.getByRole("region", { name: "Switch 2" }).waitFor();
    await page.getByRole("button", { name: "Toggle…" }).click();
    await page.getByRole("dialog").getByText("From 1 to 2.").waitFor();
  });

  test("[B8, B9] a picture is shown when it has come whole, and the next one without a reload", async () => {
    const { peer } = await play(hub(), "eye-1", "camera", "Gate camera");
    const page = await enter("/devices/eye-1");
    const files = page.getByRole("region", { name: "Pictures and files" });
    await files.getByText("It has sent none yet.").waitFor();
    for (const id of ["first", "second"]) {
      const bytes = await page.evaluate(drawn, id);
      const sha256 = createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
      peer.send({ type: "blob", id, mime: "image/jpeg", size: bytes.length, sha256 });
      peer.send(new Uint8Array(bytes));
      await peer.next((frame) => frame.type === "stored" && frame.blob === id);
      await expect.poll(() => files.getByRole("img").getAttribute("src")).toContain(`/blobs/${id}`);
      await expect.poll(() => files.getByRole("img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64);
    }
    await files.getByRole("listitem").last().getByRole("button").click();
    await expect.poll(() => files.getByRole("img").getAttribute("src")).toContain("/blobs/first");
  });

  test("[I5] a viewer sees everything and is told why nothing can be pressed", async () => {
    await play(hub(), "seen-1", "relay", "Watched");
    const page = await enter("/devices/seen-1", {}, await operatorToken("viewer"));
    await page.getByText("This needs the role operator; yours is viewer.").first().waitFor();
    for (const button of await page.getByRole("region", { name: "Actions" }).getByRole("button").all()) {
      expect(await button.isDisabled()).toBe(true);
    }
    expect(await page.getByRole("main").getByRole("link", { name: "Settings" }).count()).toBe(0);
  });
});

describe("the truth", () => {
  test("[A2.1, A2.2] cut off is visibly cut off; coming back is a resync", async () => {
    const own = await denoHub();
    try {
      const { peer, token } = await play(own, "cut-1", "thermostat", "Cut off");
      peer.send({ type: "state", reported: { target: 20, mode: "heat" } });
      peer.send({ type: "telemetry", seq: 1, data: { temperature: 20, humidity: 40 } });
      await peer.next("stored");
      const page = await come({}, own.url);
      await signIn(page, own.url, own.adminToken, "/devices/cut-1");
      await page.getByRole("button", { name: /^Humidity/ }).getByText("40").waitFor();
      // Its face comes a moment later, and from a hub that is there.
      await page.getByRole("button", { name: "Auto", exact: true }).waitFor();
      await own.child.kill();
      const banner = page.getByRole("alert");
      await banner.getByText("Not connected to the hub.").waitFor();
      expect(await banner.count()).toBe(1);
      const auto = page.getByRole("button", { name: "Auto", exact: true });
      expect(await auto.isDisabled()).toBe(true);
      // Whoever presses it all the same: nothing is kept for later.
      await auto.click({ force: true });
      const humidity = page.getByRole("button", { name: /^Humidity/ });
      const [shown, told] = await Promise.all([banner.textContent(), humidity.textContent()]);
      // Ages of over a minute count minutes.
      await expect.poll(() => banner.textContent(), { timeout: 61_000 }).not.toBe(shown);
      await expect.poll(() => humidity.textContent(), { timeout: 61_000 }).not.toBe(told);
      await own.restart();
      const back = await connect(own.url, token);
      back.send({ type: "telemetry", data: { temperature: 24.5, humidity: 55 } });
      back.send({ type: "state", reported: { mode: "auto" } });
      await page.getByText("Not connected to the hub.").waitFor({ state: "detached", timeout: 30_000 });
      await page.getByRole("button", { name: /^Temperature/ }).getByText("24.5").waitFor();
      await page.getByRole("button", { name: /^Humidity/ }).getByText("55").waitFor();
      await expect.poll(() => page.getByRole("button", { name: "Auto", exact: true }).getAttribute("aria-pressed"))
        .toBe("true");
      expect(await auto.isDisabled()).toBe(false);
      await page.getByRole("button", { name: "Heat", exact: true }).click();
      expect((await back.next("command")).params).toEqual({ mode: "heat" });
      const { body } = await rest(own.url, own.adminToken).get("/api/v1/devices/cut-1/commands");
      expect(body.items.length).toBe(1);
      back.terminate();
    } finally {
      await own.dispose();
    }
  });

  test("[I5] a revoked token ends the visit with a word", async () => {
    await play(hub(), "revoked-1", "relay", "Seen until then");
    const { body } = await admin().post("/api/v1/tokens", { name: "Temp", role: "operator" });
    const page = await enter("/devices", {}, body.token);
    await page.getByRole("row", { name: /Seen until then/ }).waitFor();
    await admin().delete(`/api/v1/tokens/${body.id}`);
    await page.getByText("Your access was revoked.").waitFor();
  });
});

describe("the craft", () => {
  test.each([[390, 844], [320, 640], [768, 1024]])("nothing is wider than a screen of %i px", async (width, height) => {
    const { peer } = await play(
      hub(),
      `narrow-${width}`,
      "env-sensor",
      "A sensor with quite a long name on a small screen",
    );
    peer.send({
      type: "telemetry",
      data: { temperature: 21.5, humidity: 55, pressure: 1013.2, illuminance: 12000, co2: 800 },
    });
    const page = await enter("/devices", { width, height });
    for (const path of ["/", `/devices/narrow-${width}`, "/jobs", "/settings/tokens", "/audit"]) {
      await page.goto(hub().url + path);
      await page.getByRole("main").waitFor();
      await page.waitForTimeout(500);
      const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth
      );
      expect(wide, path).toBeLessThanOrEqual(0);
    }
  });

  test.each(["light", "dark"] as const)("[WCAG] axe has nothing to say of any screen, %s", async (colorScheme) => {
    const { peer } = await play(hub(), `axe-${colorScheme}`, "lock", "Looked at closely");
    peer.send({ type: "state", reported: { state: "locked" } });
    peer.send({ type: "telemetry", data: { door: "closed", battery: 81 } });
    const page = await come({ colorScheme });
    await page.goto(hub().url);
    await page.getByLabel("Operator token").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await signIn(page, hub().url, hub().adminToken);
    for (
      const path of [
        "/",
        "/devices",
        "/events",
        "/commands",
        `/devices/axe-${colorScheme}`,
        "/jobs",
        "/settings/tokens",
        "/audit",
      ]
    ) {
      await page.goto(hub().url + path);
      await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
      await page.waitForTimeout(500);
      expect(await faultsOf(page), path).toEqual([]);
    }
    await page.goto(`${hub().url}/devices/axe-${colorScheme}`);
    await page.getByRole("button", { name: "Unlock…" }).click();
    expect(await faultsOf(page), "dialog").toEqual([]);
  });

  test("the policy of every page forbids what is inline, evaluated or foreign", async () => {
    for (const path of ["/", "/devices/any", "/docs"]) {
      const policy = (await rest(hub().url).get(path)).headers.get("content-security-policy") ?? "";
      expect(policy, path).toMatch(/^default-src '(self|none)'/);
      expect(policy, path).not.toMatch(/unsafe-eval|script-src[^;]*(unsafe-inline|https?:|\*)/);
    }
  });
});
