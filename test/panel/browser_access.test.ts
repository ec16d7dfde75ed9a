/** Who may come in and what they did, as an administrator sees it: operators' tokens, the audit. */
import { describe, expect, test } from "vitest";
import { operator } from "../support/client.ts";
import { stage } from "./visitor.ts";

const { hub, admin, enter } = stage();
const isFocused = (node: Element) => node === document.activeElement;

describe("operators' tokens", () => {
  test("[I5] one is made, shown once, used, and deleted with all that hangs on it", async () => {
    const page = await enter("/settings/tokens");
    await page.getByRole("button", { name: "Make a token" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Night watch");
    await page.getByRole("radio", { name: "Operator" }).check();
    await page.getByRole("button", { name: "Make token" }).click();
    const token = await page.getByLabel("Token of Night watch", { exact: true }).innerText();
    await page.getByRole("button", { name: "I have kept it" }).click();
    const row = page.getByRole("row", { name: /Night watch/ });
    await row.getByText("Reads, sends commands, sets what is desired.").waitFor();
    await row.getByText("never").waitFor();

    const program = await operator(hub().url, token);
    const colleague = await enter("/devices", {}, token);
    await row.getByRole("button", { name: "Delete the token Night watch" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Its sockets close at once").waitFor();
    expect(await dialog.getByRole("button", { name: "Cancel" }).evaluate(isFocused)).toBe(true);
    await dialog.getByRole("button", { name: "Delete the token" }).click();
    expect((await program.closed).code).toBe(4501);
    await row.waitFor({ state: "detached" });
    await colleague.getByText("Your access was revoked.").waitFor();
  });

  test("one's own is marked; deleting it leads back to the sign-in", async () => {
    const { body } = await admin().post("/api/v1/tokens", { name: "Short stay", role: "admin" });
    const page = await enter("/settings/tokens", {}, body.token);
    await page.getByRole("row", { name: /Short stay you/ }).waitFor();
    await page.getByRole("button", { name: "Delete the token Short stay" }).click();
    await page.getByText("No other token here is an administrator’s.").waitFor();
    await page.getByRole("button", { name: "Delete the token", exact: true }).click();
    await page.getByText("You deleted the token that you were signed in with.").waitFor();
    await page.getByLabel("Operator token").waitFor();
  });

  test("[I5] a viewer is told that these pages are for administrators", async () => {
    const { body } = await admin().post("/api/v1/tokens", { name: "Viv", role: "viewer" });
    const page = await enter("/audit", {}, body.token);
    await page.getByText("Your role does not open this page.").waitFor();
    expect(await page.getByRole("link", { name: "Tokens" }).count()).toBe(0);
  });
});

describe("the audit", () => {
  test("says who did what and how it went, in words; the rest is folded", async () => {
    await admin().post("/api/v1/devices", { id: "audited", kind: "relay" });
    await admin().post("/api/v1/devices/audited/commands", { name: "set", params: { on: true } });
    const page = await enter("/audit");
    const refused = page.getByRole("row", { name: /Command: set audited/ });
    await refused.getByText("Refused").waitFor();
    await refused.getByText("The device is not connected, so nothing was sent.").waitFor();
    const added = page.getByRole("row", { name: /Added the device audited Done/ });
    await added.getByRole("button", { name: "Detail" }).click();
    await page.getByRole("definition").getByText("relay").waitFor();
    await added.getByRole("link", { name: "audited" }).click();
    await page.getByRole("heading", { name: "audited" }).waitFor();
  });

  test("[R3] older pages come when they are asked for; a failure keeps what was read", async () => {
    await admin().post("/api/v1/devices", { id: "taken", kind: "relay" });
    for (let at = 0; at < 55; at++) await admin().patch("/api/v1/devices/taken", { name: `Name ${at}` });
    const page = await enter("/audit");
    const rows = page.getByRole("row", { name: /Changed the device/ });
    await rows.first().waitFor();
    expect(await page.getByRole("row", { name: /Added the device taken/ }).count()).toBe(0);
    await page.route(/cursor/, (route) => route.abort());
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByText("The hub did not answer.").waitFor();
    const before = await rows.count();
    await page.unroute(/cursor/);
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByRole("row", { name: /Added the device taken/ }).waitFor();
    expect(await rows.count()).toBeGreaterThan(before);
    expect(await page.getByRole("button", { name: "Older" }).count()).toBe(0);
  });
});
