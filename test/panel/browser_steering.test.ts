/** Steering as people do it: the emergency stop, who drives, interlocks, what is selected before it is sent. */
import { describe, expect, test } from "vitest";
import { device as connect } from "../support/client.ts";
import { cuttable, faultsOf, play, signIn, stage } from "./visitor.ts";

const { hub, admin, come, enter } = stage();
const tokenOf = async (name: string, role = "operator") =>
  (await admin().post("/api/v1/tokens", { name, role })).body.token;

describe("the emergency stop", () => {
  test("[E1, E2] one press latches and stops; everything but a stop is forbidden until somebody clears it with a reason", async () => {
    const { peer } = await play(hub(), "cart-1", "rover", "Cart");
    peer.send({ type: "state", reported: { mode: "idle", moving: true } });
    const page = await enter("/devices/cart-1", {}, await tokenOf("Ann"));
    await page.getByRole("button", { name: "Emergency stop" }).focus();
    await page.keyboard.press("Enter");
    const stop = await peer.next("command");
    expect(stop.name).toBe("stop");
    const banner = page.getByRole("region", { name: "Emergency stop is latched" });
    await banner.getByText(/by Ann at/).waitFor();
    await banner.getByText("Sent. The device has not confirmed it yet.").waitFor();
    expect(await page.getByRole("button", { name: "Dock", exact: true }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Stop", exact: true }).isEnabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Emergency stop" }).isEnabled()).toBe(true);
    peer.send({ type: "result", id: stop.id, ok: true });
    await banner.getByText(/Confirmed by the device at/).waitFor();
    await banner.getByRole("button", { name: "Clear…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Clear the stop" }).click();
    await dialog.getByText("Say why in a few words.").waitFor();
    await page.keyboard.type("Nobody is near it.");
    await page.keyboard.press("Enter");
    await banner.waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("heading", { name: "Cart" }).evaluate((h1) => h1 === document.activeElement))
      .toBe(true);
    const { body } = await admin().get("/api/v1/audit?limit=5");
    expect(body.items.find(({ what }: { what: string }) => what === "estop")).toMatchObject({
      outcome: "cleared",
      detail: { reason: "Nobody is near it." },
    });
  });

  test("[E2] away, it is not confirmed and goes again; a kind without a stop is latched at the hub only", async () => {
    const { peer, token } = await play(hub(), "cart-2", "rover", "Second cart");
    await peer.close();
    const page = await enter("/devices/cart-2");
    await page.getByRole("button", { name: "Emergency stop" }).click();
    const banner = page.getByRole("region", { name: "Emergency stop is latched" });
    await banner.getByText("Not confirmed yet: it is sent again when the device comes back.").waitFor();
    const back = await connect(hub().url, token);
    const stop = await back.next("command");
    back.send({ type: "result", id: stop.id, ok: true });
    await banner.getByText(/Confirmed by the device at/).waitFor();
    await play(hub(), "fan-1", "relay", "Fan");
    await page.goto(`${hub().url}/devices/fan-1`);
    await page.getByRole("button", { name: "Emergency stop" }).click();
    await banner.getByText("This kind has no stop: it is latched at the hub only").waitFor();
    expect(await page.getByRole("button", { name: "On", exact: true }).isDisabled()).toBe(true);
  });

  test("[E1] goes by another way while the panel's own connection is gone, and stands until it is back", async () => {
    const { peer } = await play(hub(), "cart-4", "rover", "Fourth cart");
    const page = await come();
    const line = await cuttable(page);
    await signIn(page, hub().url, hub().adminToken, "/devices/cart-4");
    await page.getByRole("button", { name: "Emergency stop" }).waitFor();
    line.cut();
    await page.getByText("Not connected to the hub.").waitFor();
    await page.getByRole("button", { name: "Emergency stop" }).click();
    expect(await peer.next("command")).toMatchObject({ name: "stop" });
    const banner = page.getByRole("region", { name: "Emergency stop is latched" });
    await banner.getByText("by Administrator").waitFor();
    await page.waitForTimeout(2500);
    expect(await banner.isVisible()).toBe(true);
    expect(await banner.getByRole("button", { name: "Clear…" }).isDisabled()).toBe(true);
    line.mend();
    await page.getByRole("button", { name: "Try now" }).click();
    await expect.poll(() => banner.getByRole("button", { name: "Clear…" }).isEnabled()).toBe(true);
    await page.waitForTimeout(2500);
    expect(await banner.isVisible()).toBe(true);
  });

  test("[E1, E6] the list stops what its query finds, asked once with the number, and clears it again", async () => {
    const [first] = await Promise.all(["hall-1", "hall-2"].map((id) => play(hub(), id, "cover", `Blind ${id}`)));
    const page = await enter("/?q=id%3Ahall-*");
    await page.getByRole("button", { name: "With these 2" }).click();
    await page.getByRole("button", { name: "Stop these 2…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason, optional").fill("Glass on the floor");
    await dialog.getByRole("button", { name: "Stop 2 devices" }).click();
    await dialog.getByText("2 devices are latched.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect.poll(() => page.getByText("Stop unconfirmed", { exact: true }).count()).toBe(2);
    const { id } = await first.peer.next("command");
    first.peer.send({ type: "result", id, ok: true });
    await page.getByRole("row", { name: /hall-1/ }).getByText("Stopped", { exact: true }).waitFor();
    expect(await page.getByText("Stop unconfirmed", { exact: true }).count()).toBe(1);
    expect((await admin().get("/api/v1/devices/hall-2")).body.estop).toMatchObject({ reason: "Glass on the floor" });
    await page.getByRole("button", { name: "With these 2" }).click();
    await page.getByRole("button", { name: "Stop these 2…" }).click();
    await dialog.getByRole("button", { name: "Clear the stops" }).click();
    await dialog.getByLabel("Why it is safe again").fill("Swept");
    await dialog.getByRole("button", { name: "Clear the stops", exact: true }).click();
    await dialog.getByText("2 emergency stops are cleared.").waitFor();
    expect((await admin().get("/api/v1/devices/hall-2")).body.estop).toBeNull();
  });

  test("[I5] a viewer sees who stopped it, and why clearing is not for them", async () => {
    await play(hub(), "cart-3", "rover", "Third cart");
    await admin().post("/api/v1/devices/cart-3/estop", { reason: "Smoke" });
    const page = await enter("/devices/cart-3", {}, await tokenOf("Vic", "viewer"));
    await page.getByText("“Smoke”").waitFor();
    expect(await page.getByRole("button", { name: "Clear…" }).isDisabled()).toBe(true);
    await page.getByText("To clear it: This needs the role operator; yours is viewer.").waitFor();
    expect(await page.getByRole("button", { name: "Emergency stop" }).isDisabled()).toBe(true);
  });
});

describe("who drives", () => {
  test("[O16, G1, G3, G5] two see each other; one drives, with a fence in each command; another takes over, and the loser is told at once", async () => {
    const { peer } = await play(hub(), "cab-1", "rover", "Cab");
    peer.send({ type: "state", reported: { mode: "idle", moving: false } });
    const [ann, bob] = await Promise.all(
      ["Ann", "Bob"].map(async (name) => await enter("/devices/cab-1", {}, await tokenOf(name))),
    );
    await ann.getByText("Bob also has this open").waitFor();
    await bob.getByText("Ann also has this open").waitFor();
    const dock = ann.getByRole("button", { name: "Dock", exact: true });
    await ann.getByText("Only who drives can command it.").waitFor();
    expect(await dock.isDisabled()).toBe(true);
    expect(await ann.getByRole("button", { name: "Stop", exact: true }).isEnabled()).toBe(true);
    await ann.getByRole("button", { name: "Take control" }).click();
    await ann.getByText("You drive", { exact: true }).waitFor();
    await dock.click();
    const command = await peer.next("command");
    expect(command).toMatchObject({ name: "dock", fence: 1 });
    peer.send({ type: "result", id: command.id, ok: true });

    await bob.getByText("Ann drives", { exact: true }).waitFor();
    await bob.getByText("Ann (driving) also has this open").waitFor();
    expect(await faultsOf(bob)).toEqual([]);
    expect(await bob.getByRole("button", { name: "Dock", exact: true }).isDisabled()).toBe(true);
    // The loser is on another page, and is told there.
    await ann.getByRole("link", { name: "Devices", exact: true }).click();
    await ann.getByRole("complementary", { name: "What you drive" }).getByText("Cab").waitFor();
    await bob.getByText("also has this open").waitFor({ state: "detached" });
    await bob.getByRole("button", { name: "Take over…" }).click();
    await bob.keyboard.type("It stands in the way");
    await bob.keyboard.press("Enter");
    await bob.getByText("You drive", { exact: true }).waitFor();
    await ann.getByRole("alert").getByText(/Bob took control at .*“It stands in the way”/).waitFor();
    await ann.getByRole("alert").getByRole("link", { name: "Cab" }).click();
    await ann.getByText("Bob drives", { exact: true }).waitFor();
    expect(await dock.isDisabled()).toBe(true);
    await ann.getByRole("button", { name: "Dismiss" }).click();

    await bob.waitForTimeout(700);
    await bob.getByRole("button", { name: "Let go" }).click();
    await ann.getByText("Nobody drives", { exact: true }).waitFor();
    await bob.getByText("Nobody drives", { exact: true }).waitFor();
  });

  test("[G3] one who drives in another window is told so, and may take it back here", async () => {
    await play(hub(), "cab-3", "rover", "Third cab");
    const token = await tokenOf("Cleo");
    const [left, right] = [await enter("/devices/cab-3", {}, token), await enter("/devices/cab-3", {}, token)];
    await left.getByRole("button", { name: "Take control" }).click();
    await right.getByText("in another window", { exact: false }).first().waitFor();
    await left.getByText("Open in 1 other window with your sign-in").waitFor();
    await right.getByRole("button", { name: "Take it back here" }).click();
    await right.getByRole("button", { name: "Let go" }).waitFor();
    await left.getByRole("alert").getByText("You took control in another window.").waitFor();
    await left.getByRole("button", { name: "Take it back here" }).waitFor();
    // Whoever signs out drives no more.
    await right.getByRole("button", { name: /Sign out/ }).click();
    await left.getByText("Nobody drives", { exact: true }).waitFor();
  });

  test("[G2] a short cut is mended under a new fence; a long one loses the lease, and says so", async () => {
    const { peer } = await play(hub(), "cab-2", "rover", "Second cab");
    peer.send({ type: "state", reported: { mode: "idle", moving: false } });
    const page = await come();
    const line = await cuttable(page);
    await signIn(page, hub().url, hub().adminToken, "/devices/cab-2");
    await page.getByRole("button", { name: "Take control" }).click();
    await page.getByText("You drive", { exact: true }).waitFor();
    const fence = async () => (await admin().get("/api/v1/devices/cab-2")).body.lease?.fence;
    expect(await fence()).toBe(1);
    line.jerk();
    await expect.poll(fence).toBe(2);
    await page.getByRole("button", { name: "Dock", exact: true }).click();
    expect(await peer.next("command")).toMatchObject({ name: "dock", fence: 2 });

    line.cut();
    await page.getByText("Your lease lapses 15 s after it").waitFor();
    expect(await page.getByRole("button", { name: "Let go" }).isDisabled()).toBe(true);
    await page.getByText("your lease has lapsed with it").waitFor({ timeout: 40_000 });
    await expect.poll(fence).toBeUndefined();
    line.mend();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByRole("alert").getByText("nothing was heard of this window for 15 s").waitFor();
    await page.getByText("Nobody drives", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Dock", exact: true }).isDisabled()).toBe(true);
  });
});

describe("what is forbidden now", () => {
  test("[C24, K7] says so in the kind's words, beside what may be done, and goes away with its cause", async () => {
    const { peer } = await play(hub(), "pump-1", "valve", "Garden pump");
    peer.send({ type: "state", reported: { state: "closed", level: 0, leak: true } });
    const page = await enter("/devices/pump-1");
    await page.getByText("Water leaks behind it. Mend that first.").waitFor();
    const open = page.getByRole("button", { name: "Open…" });
    expect(await open.isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Close", exact: true }).isEnabled()).toBe(true);
    peer.send({ type: "state", reported: { leak: false } });
    await expect.poll(() => open.isEnabled()).toBe(true);
    expect(await page.getByText("Water leaks behind it.").count()).toBe(0);
  });
});

describe("select before operate", () => {
  test("[C22, C23] shows what would happen, holds for ten seconds, and is somebody's alone", async () => {
    const { peer } = await play(hub(), "pump-2", "valve", "Second pump");
    peer.send({ type: "state", reported: { state: "closed", level: 0, leak: false } });
    const [ann, bob] = await Promise.all(
      ["Ann", "Bob"].map(async (name) => await enter("/devices/pump-2", {}, await tokenOf(name))),
    );
    const dialogOf = async (page: typeof ann) => {
      await page.getByRole("button", { name: "Open…" }).click();
      return page.getByRole("dialog");
    };
    const dialog = await dialogOf(ann);
    await dialog.getByLabel("For").fill("300");
    await dialog.getByRole("button", { name: "Select…" }).click();
    await dialog.getByText("For 5 min").waitFor();
    await dialog.getByText("Closed", { exact: true }).waitFor();
    await dialog.getByText("Open", { exact: true }).last().waitFor();
    await dialog.getByText(/Yours to send for \d+ s/).waitFor();
    expect(await dialog.getByRole("button", { name: "Back" }).evaluate((node) => node === document.activeElement))
      .toBe(true);

    const other = await dialogOf(bob);
    await other.getByRole("button", { name: "Select…" }).click();
    await other.getByText("Somebody else has selected this.").waitFor();
    expect((await admin().get("/api/v1/devices/pump-2/commands")).body.total).toBe(0);

    await dialog.getByText("The ten seconds are over, and nothing was sent.").waitFor();
    await dialog.getByRole("button", { name: "Select again" }).click();
    await dialog.getByRole("button", { name: "Open", exact: true }).click();
    const command = await peer.next("command");
    expect(command).toMatchObject({ name: "open", params: { seconds: 300 } });
    peer.send({ type: "state", reported: { state: "open" } });
    peer.send({ type: "result", id: command.id, ok: true });
    await ann.getByText(/^Done in|^Confirmed in/).first().waitFor();
    await dialog.waitFor({ state: "detached" });
  });
});

describe("the craft", () => {
  test.each(["light", "dark"] as const)("[WCAG] axe has nothing to say, %s", async (colorScheme) => {
    const id = `looked-${colorScheme}`;
    await play(hub(), id, "rover", "Looked at");
    await admin().post(`/api/v1/devices/${id}/estop`, { reason: "To be looked at" });
    const page = await enter(`/devices/${id}`, { colorScheme });
    await page.getByRole("button", { name: "Clear…" }).waitFor();
    await page.waitForTimeout(300);
    expect(await faultsOf(page), "latched").toEqual([]);
    await page.getByRole("button", { name: "Clear…" }).click();
    expect(await faultsOf(page), "clearing").toEqual([]);
    await admin().delete(`/api/v1/devices/${id}/estop`);
    await page.goto(`${hub().url}/devices/${id}`);
    await page.getByRole("button", { name: "Take control" }).click();
    await page.getByText("You drive", { exact: true }).waitFor();
    expect(await faultsOf(page), "driving").toEqual([]);
    await page.getByRole("link", { name: "Devices", exact: true }).click();
    await page.getByRole("complementary", { name: "What you drive" }).waitFor();
    expect(await faultsOf(page), "driving, on the list").toEqual([]);
    const tap = await play(hub(), `tap-${colorScheme}`, "valve", "Tap");
    tap.peer.send({ type: "state", reported: { state: "closed", leak: false } });
    await page.goto(`${hub().url}/devices/tap-${colorScheme}`);
    await page.getByRole("button", { name: "Open…" }).click();
    await page.getByRole("button", { name: "Select…" }).click();
    await page.getByText(/Yours to send/).waitFor();
    expect(await faultsOf(page), "selected").toEqual([]);
    await page.goto(`${hub().url}/?q=id:${id}`);
    await page.getByRole("button", { name: "With these 1" }).click();
    await page.getByRole("button", { name: "Stop these 1…" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await faultsOf(page), "stopping many").toEqual([]);
  });

  test("nothing is wider than a phone", async () => {
    await play(hub(), "narrow-1", "rover", "A rover with quite a long name on a small screen");
    await admin().post("/api/v1/devices/narrow-1/estop", { reason: "x".repeat(200) });
    const page = await enter("/devices/narrow-1", { width: 390, height: 844 });
    for (const path of ["/devices/narrow-1", "/"]) {
      await page.goto(hub().url + path);
      await page.waitForTimeout(500);
      const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth
      );
      expect(wide, path).toBeLessThanOrEqual(0);
    }
  });
});
