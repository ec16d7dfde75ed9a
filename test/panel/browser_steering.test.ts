/** Steering as people do it: the emergency stop, who drives, interlocks, what is selected before it is sent. */
import { describe, expect, test } from "vitest";
import { device as connect } from "../support/client.ts";
import { faultsOf, play, stage } from "./visitor.ts";

const { hub, admin, enter } = stage();
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

  test("[E1, E6] the list stops what its query finds, asked once with the number, and clears it again", async () => {
    for (const id of ["hall-1", "hall-2"]) await play(hub(), id, "cover", `Blind ${id}`);
    const page = await enter("/?q=id%3Ahall-*");
    await page.getByRole("button", { name: "Stop these 2…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason, optional").fill("Glass on the floor");
    await dialog.getByRole("button", { name: "Stop 2 devices" }).click();
    await dialog.getByText("2 devices are latched.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect.poll(() => page.getByText("Stopped", { exact: true }).count()).toBe(2);
    expect((await admin().get("/api/v1/devices/hall-2")).body.estop).toMatchObject({ reason: "Glass on the floor" });
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
    await page.goto(`${hub().url}/?q=id:${id}`);
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
