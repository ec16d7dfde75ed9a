/** Who may come in and what they did, as an administrator sees it: operators' tokens, the audit. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { operator, rest } from "../support/client.ts";
import { faultsOf, stage } from "./visitor.ts";

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
    // With a socket of their own: who has none yet is told less.
    await colleague.getByText("No devices yet").waitFor();
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

  test("[A9, A2.8] what is asked for stands in the address, as chips, and in the file", async () => {
    const { body: ann } = await admin().post("/api/v1/tokens", { name: "Ann Filter", role: "operator" });
    await admin().post("/api/v1/devices", { id: "sieved", kind: "relay" });
    const hers = rest(hub().url, ann.token);
    for (const on of [true, false]) await hers.post("/api/v1/devices/sieved/commands", { name: "set", params: { on } });
    await hers.delete("/api/v1/devices/sieved");
    const page = await enter("/audit");
    const rows = page.getByRole("table", { name: "Audit" }).locator(".line:not(.head)");
    const chips = page.getByRole("list", { name: "Filters" });
    const count = page.locator(".sheet-foot");
    await page.getByRole("combobox", { name: "Who" }).fill("ann filter");
    await page.keyboard.press("Enter");
    await count.getByText("3 entries in all").waitFor();
    await chips.getByText("Who: ann filter").waitFor();
    await page.getByLabel("What").selectOption({ label: "Command: set" });
    await count.getByText("2 entries in all").waitFor();
    expect(new URL(page.url()).search).toBe("?who=ann+filter&what=set");

    await rows.first().getByRole("button", { name: "Detail" }).press("Enter");
    await page.getByText(/^[0-9a-f]{64}$/).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "On sieved" }).click();
    await count.getByText("4 entries in all").waitFor();
    await page.getByLabel("Outcome").selectOption("refused");
    await count.getByText("3 entries in all").waitFor();
    await page.getByLabel("When").selectOption({ label: "The last hour" });
    await chips.getByText(/^Since /).waitFor();
    await count.getByText("3 entries in all").waitFor();

    await page.reload();
    await count.getByText("3 entries in all").waitFor();
    await page.getByRole("button", { name: "Export" }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "JSON file" }).click();
    const file = JSON.parse(await readFile(await (await coming).path(), "utf8"));
    expect(file).toEqual((await admin().get("/api/v1/audit?target=sieved&outcome=refused")).body.items);
    await page.keyboard.press("Escape");
    await chips.getByRole("button", { name: /^Remove Since/ }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("?target=sieved&outcome=refused");
    await page.getByRole("combobox", { name: "Who" }).fill("nobody");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing like that was decided").waitFor();
    await chips.getByRole("button", { name: "Clear" }).click();
    await count.getByText(/^\d+ of \d+$/).waitFor();
    await page.getByRole("button", { name: "Verify" }).click();
    const head = (await admin().get("/api/v1/audit?limit=1")).body.items[0];
    await page.getByText(`hub:${head.n}:${head.hash}`).waitFor();
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
