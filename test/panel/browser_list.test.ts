/** The list of devices as people use it: what is old in it, why it is short, what stays under the hand, and many at once. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { rest } from "../support/client.ts";
import { cuttable, faultsOf, play, signIn, stage } from "./visitor.ts";

const { hub, admin, come, enter } = stage();
const enroll = (id: string, kind = "relay", tags: string[] = []) =>
  admin().post("/api/v1/devices", { id, kind, name: `Named ${id}`, tags });
const rowsOf = (page: Page) => page.locator(".rows .row:not(.absent) .row-link").allTextContents();
const found = async (q: string) => (await admin().get(`/api/v1/devices?q=${encodeURIComponent(q)}`)).body;

describe("a row", () => {
  test("[A2.3] a value is stale by its own last report: not by what else is told, and not by its last change", async () => {
    const { peer } = await play(hub(), "old-1", "env-sensor", "Old attic");
    peer.send({ type: "telemetry", samples: [{ ago: 4000, data: { temperature: 20.5 } }] });
    peer.send({ type: "telemetry", data: { humidity: 40 } });
    const page = await enter("/?q=id:old-*");
    const row = page.getByRole("row", { name: /Old attic/ });
    await row.getByText("Online").waitFor();
    await row.locator(".value", { hasText: "20.5" }).getByRole("img", { name: "Stale: last told 1 h ago" }).waitFor();
    expect(await row.locator(".value", { hasText: "40" }).getByRole("img").count()).toBe(0);
    peer.send({ type: "telemetry", data: { temperature: 20.5 } });
    await row.getByRole("img", { name: /Stale/ }).waitFor({ state: "detached" });
    await row.getByText("20.5").waitFor();
  });
});

describe("what is looked for", () => {
  test("[A2.4] each term is a chip that can be taken away, beside how many of how many; Enter opens the only hit", async () => {
    await enroll("chip-1", "relay", ["hall"]);
    await enroll("chip-2", "lock", ["hall"]);
    await enroll("chip-3", "lock");
    const { total } = await found("");
    const page = await enter("/?q=id:chip-*%20tag:hall%20kind:lock");
    await page.getByText(`1 of ${total} shown`).waitFor();
    const chips = page.getByRole("list", { name: "Filters" });
    await chips.getByRole("button", { name: "Remove tag:hall" }).click();
    await page.getByText(`2 of ${total} shown`).waitFor();
    expect(await page.getByLabel("Search devices").inputValue()).toBe("id:chip-* kind:lock");
    await chips.getByRole("button", { name: "Clear" }).click();
    await page.getByText(`${total} devices`, { exact: true }).waitFor();
    expect(page.url()).not.toContain("q=");

    await page.getByLabel("Search devices").fill("id:chip-* colour:red");
    await page.getByText(/^A term begins with .* The list below is what was found before\.$/).waitFor();
    expect(await chips.locator("[data-bad=true]").textContent()).toBe("colour:red");
    expect(await page.locator(".search .mirror u").textContent()).toBe("colour:red");
    await page.getByLabel("Search devices").fill("Named chip-2");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Named chip-2" }).waitFor();
  });

  test("[O10, A2.4] the box offers terms, then values with how many, by keys alone; what is half typed hides nothing", async () => {
    await enroll("offer-1", "lock", ["attic"]);
    await enroll("offer-2", "relay", ["attic"]);
    await enroll("offer-3", "relay", ["attic", "annex"]);
    const page = await enter("/devices?q=id:offer-*");
    const box = page.getByRole("combobox", { name: "Search devices" });
    await page.getByText(/^3 of \d+ shown/).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("End");
    await page.keyboard.type(" tag");
    const option = (name: string) => page.getByRole("option", { name, exact: true });
    await option("tag: A tag that it has").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await box.inputValue()).toBe("id:offer-* tag:");
    await option("attic 3").waitFor();
    await option("annex 1").waitFor();
    // With nothing to look for yet, the other terms go on to hold.
    await page.getByText(/^3 of \d+ shown/).waitFor();
    await page.keyboard.type("an");
    await option("attic 3").waitFor({ state: "detached" });
    await page.keyboard.press("ArrowDown");
    expect(await box.getAttribute("aria-activedescendant")).toBe(await option("annex 1").getAttribute("id"));
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("Tab");
    expect(await box.inputValue()).toBe("id:offer-* tag:annex ");
    await page.getByText(/^1 of \d+ shown/).waitFor();
    await page.keyboard.press("Escape");
    expect([await box.getAttribute("aria-expanded"), await box.inputValue()]).toEqual([
      "false",
      "id:offer-* tag:annex ",
    ]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Named offer-3" }).waitFor();
  });

  test("[A2.8] columns stand in the address; the list is a file and a call, and they have what REST has", async () => {
    const { peer } = await play(hub(), "file-1", "env-sensor", "=1+1, north");
    peer.send({ type: "telemetry", data: { temperature: 4.5, rssi: -61 } });
    await enroll("file-2", "env-sensor", ["b", "a"]);
    const page = await enter("/?q=id:file-*%20kind:env-sensor&columns=values,tags");
    await page.getByRole("row", { name: /4\.5/ }).waitFor();
    expect(await page.getByRole("columnheader", { name: "Last seen" }).count()).toBe(0);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Signal" }).check();
    await page.getByRole("checkbox", { name: "Last seen" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: /-61/ }).or(page.getByRole("row", { name: /−61/ })).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("columns")).toBe("values,tags,rssi,seen");

    const save = async (form: string) => {
      await page.getByRole("button", { name: "Export" }).click();
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name: form }).click();
      const text = await readFile(await (await coming).path(), "utf8");
      await page.keyboard.press("Escape");
      return text;
    };
    const { items } = await found("id:file-* kind:env-sensor");
    expect(JSON.parse(await save("JSON file"))).toEqual(items);
    const [heading, ...lines] = (await save("CSV file")).replace("\uFEFF", "").trimEnd().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(heading.split(",").slice(0, 4)).toEqual(["id", "name", "kind", "tags"]);
    expect(lines[0]).toMatch(/^file-1,"'=1\+1, north",env-sensor,,online,/);
    expect(lines[1]).toMatch(/^file-2,Named file-2,env-sensor,b a,new,/);
    expect(heading.split(",")).toContain("temperature");

    await page.getByRole("button", { name: "Cards" }).click();
    await page.locator(".list[data-layout=grid]").waitFor();
    expect(new URL(page.url()).searchParams.get("layout")).toBe("cards");
    const [left, right] = await Promise.all(
      [/=1\+1, north/, /Named file-2/].map((name) => page.getByRole("row", { name }).boundingBox()),
    );
    expect([right!.y, right!.x > left!.x + left!.width]).toEqual([left!.y, true]);
    for (const key of ["j", "ArrowRight", "x"]) await page.keyboard.press(key);
    await page.locator(".row[data-chosen=true]", { hasText: "Named file-2" }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    // As it was liked last, where the address says nothing.
    await page.goto(`${hub().url}/devices?q=id:file-*`);
    await page.locator(".list[data-layout=grid]").waitFor();
    await page.getByRole("button", { name: "By name" }).click();
    await page.getByRole("button", { name: "The other way round" }).click();
    await expect.poll(() => rowsOf(page)).toEqual(["Named file-2", "=1+1, north"]);
  });
});

describe("a view", () => {
  test("[R18] is saved, shared, gone back to, deleted and brought back, all by keyboard; the palette leads to it", async () => {
    for (const n of [1, 2, 3]) await enroll(`kept-${n}`, "relay", n === 3 ? [] : ["cold"]);
    const { body: viewer } = await admin().post("/api/v1/tokens", { name: "Vic", role: "viewer" });
    const seenBy = async (token: string) =>
      (await rest(hub().url, token).get("/api/v1/views")).body.items.map((view: { name: string }) => view.name);
    const page = await enter("/?q=id:kept-*%20tag:cold&sort=-id");
    const views = page.locator(".views-button");
    const menu = async (name: string) => {
      await views.press("Enter");
      await page.locator(".views-menu").getByRole("button", { name, exact: true }).press("Enter");
    };
    await menu("Save this view…");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Cold rooms");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View Cold rooms", exact: true }).waitFor();
    expect([await seenBy(hub().adminToken), await seenBy(viewer.token)]).toEqual([["Cold rooms"], []]);

    await menu("Rename or share Cold rooms");
    await dialog.getByRole("checkbox", { name: /^Share it/ }).press("Space");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect(await seenBy(viewer.token)).toEqual(["Cold rooms"]);

    await page.getByRole("button", { name: "Remove tag:cold" }).press("Enter");
    await page.getByRole("button", { name: "View Cold rooms changed since saved" }).waitFor();
    await expect.poll(() => rowsOf(page)).toHaveLength(3);
    await views.press("Enter");
    await page.getByRole("list", { name: "Views" }).getByText("Shared").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await menu("Back to Cold rooms as saved");
    await expect.poll(() => rowsOf(page)).toEqual(["Named kept-2", "Named kept-1"]);

    await menu("Delete Cold rooms");
    await page.getByText("Cold rooms is deleted.", { exact: true }).waitFor();
    expect([await seenBy(viewer.token), new URL(page.url()).searchParams.has("view")]).toEqual([[], false]);
    await page.keyboard.press("u");
    await expect.poll(() => seenBy(viewer.token)).toEqual(["Cold rooms"]);

    await page.getByRole("link", { name: "Events" }).click();
    await page.getByRole("heading", { name: "Events" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Find anything" }).getByRole("combobox").fill("cold rooms");
    await page.getByRole("option", { name: /^Cold rooms/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View Cold rooms", exact: true }).waitFor();
    await expect.poll(() => rowsOf(page)).toEqual(["Named kept-2", "Named kept-1"]);
  });
});

describe("many", () => {
  test("[A2.5] only what is seen, and a margin, is watched; a scroll watches what is seen then; [A4] who commands all types how many", async () => {
    for (let n = 1; n < 200; n++) await enroll(`wide-${String(n).padStart(3, "0")}`);
    const first = await play(hub(), "wide-000", "relay", "First of all");
    const last = await play(hub(), "wide-200", "relay", "Last of all");
    const page = await come();
    const told = new Set<string>();
    let most = 0;
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const frame = JSON.parse(String(payload) === "pong" ? "{}" : String(payload));
        const ids = frame.type === "snapshot"
          ? frame.devices.map(({ id }: { id: string }) => id)
          : frame.type === "changes"
          ? Object.keys(frame.devices)
          : [];
        most = Math.max(most, ids.length);
        for (const id of ids) if (id.startsWith("wide-")) told.add(id);
      }));
    await signIn(page, hub().url, hub().adminToken, "/?q=id:wide-*&sort=id");
    const row = page.getByRole("row", { name: /First of all/ });
    await row.waitFor();
    last.peer.send({ type: "telemetry", data: { power: 77 } });
    first.peer.send({ type: "telemetry", data: { power: 11 } });
    await row.getByText("11").waitFor();
    expect([told.has("wide-000"), told.has("wide-200")]).toEqual([true, false]);
    expect(told.size).toBeLessThanOrEqual(60);
    await page.locator(".list").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    const end = page.getByRole("row", { name: /Last of all/ });
    await end.getByText("77").waitFor();
    told.clear();
    first.peer.send({ type: "telemetry", data: { power: 12 } });
    last.peer.send({ type: "telemetry", data: { power: 78 } });
    await end.getByText("78").waitFor();
    expect([...told]).toEqual(["wide-200"]);
    expect(most).toBeLessThanOrEqual(120);
    expect(await page.locator(".rows .row").count()).toBeLessThanOrEqual(60);

    // Back from a device's page all is as it was left: how far it was scrolled, the row, what was chosen.
    await page.getByLabel("Select Last of all").check();
    await end.getByRole("link").press("Enter");
    await page.getByRole("heading", { name: "Last of all" }).waitFor();
    const isBack = async () => {
      await end.getByText("78").waitFor();
      await page.getByRole("region", { name: "Selected devices" }).getByText("1 selected").waitFor();
      await expect.poll(() => end.getByRole("link").evaluate((link) => link === document.activeElement)).toBe(true);
    };
    await page.goBack();
    await isBack();
    await end.getByRole("link").press("Enter");
    await page.getByRole("navigation", { name: "Of this device" }).getByRole("link", { name: "Commands" }).click();
    await page.waitForURL(/\/commands$/);
    // A page that is loaded anew remembers it, too.
    await page.reload();
    await page.getByRole("link", { name: "All devices" }).click();
    await isBack();
    await page.reload();
    await isBack();
    expect(new URL(page.url()).searchParams.get("q")).toBe("id:wide-*");
    await page.getByRole("button", { name: "Clear the selection" }).click();

    await page.getByRole("button", { name: "With these 201" }).click();
    await page.getByRole("button", { name: "Command these 201…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Command").selectOption("identify");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    const start = dialog.getByRole("button", { name: "Start: 201 devices" });
    await start.waitFor();
    expect(await start.isDisabled()).toBe(true);
    await dialog.getByLabel("Type 201").fill("201");
    expect(await start.isDisabled()).toBe(false);
    // [J16] What was typed is what it is for.
    await enroll("wide-201");
    await start.click();
    await dialog.getByText(/^Nothing was started: by now the search finds another number/).waitFor();
    expect((await admin().get("/api/v1/jobs")).body.items).toEqual([]);
  });

  test("[A2.7] rows stay where they are under a pointer, the focus and a selection; values go on", async () => {
    const [one, two] = await Promise.all(["hand-1", "hand-2"].map((id) => play(hub(), id, "env-sensor", `Hand ${id}`)));
    const tell = ({ peer }: typeof one, temperature: number) => peer.send({ type: "telemetry", data: { temperature } });
    tell(one, 10);
    tell(two, 20);
    const page = await enter("/?q=id:hand-*&sort=temperature");
    await page.mouse.move(700, 5);
    const row = (name: string) => page.getByRole("row", { name: new RegExp(name) });
    await row("hand-2").getByText("20.0").waitFor();
    await row("hand-1").getByText("10.0").waitFor();
    const held = page.locator(".list[data-held=true]");
    const [before, after] = [["Hand hand-1", "Hand hand-2"], ["Hand hand-2", "Hand hand-1"]];
    await expect.poll(() => rowsOf(page)).toEqual(before);

    const box = (await row("hand-2").boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 8);
    await page.mouse.move(box.x + 310, box.y + 10);
    await held.waitFor();
    tell(one, 30);
    await row("hand-1").getByText("30.0").waitFor();
    await page.getByRole("button", { name: "1 moved – show" }).waitFor();
    expect(await rowsOf(page)).toEqual(before);
    await page.mouse.move(700, 5);
    await expect.poll(() => rowsOf(page)).toEqual(after);
    await held.waitFor({ state: "detached" });

    await page.keyboard.press("j");
    await held.waitFor();
    tell(one, 5);
    await row("hand-1").getByText("5.0").waitFor();
    await page.getByRole("button", { name: "1 moved – show" }).waitFor();
    expect(await rowsOf(page)).toEqual(after);
    await page.keyboard.press("x");
    await page.getByRole("region", { name: "Selected devices" }).getByText("1 selected").waitFor();
    await page.getByRole("button", { name: "1 moved – show" }).click();
    await expect.poll(() => rowsOf(page)).toEqual(before);
    expect(await held.count()).toBe(1);
    await one.peer.close();
    await admin().delete("/api/v1/devices/hand-1");
    await page.locator(".row[data-left=true]").getByText("Hand hand-1").waitFor();
    await page.getByRole("button", { name: "Clear the selection" }).click();
    await expect.poll(() => rowsOf(page)).toEqual(["Hand hand-2"]);
  });

  test("[A4] rows are selected by keyboard and pointer, and acted on together; another search drops them and says so", async () => {
    await play(hub(), "pick-1", "relay", "Pick 1");
    for (const n of [2, 3, 4]) await enroll(`pick-${n}`, "relay", ["yard"]);
    const page = await enter("/?q=id:pick-*&sort=id", { colorScheme: "dark" });
    await page.getByRole("row", { name: /pick-4/ }).waitFor();
    for (const key of ["j", "x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
    const bar = page.getByRole("region", { name: "Selected devices" });
    await bar.getByText("3 selected").waitFor();
    await bar.getByText("1 online").waitFor();
    await bar.getByText("2 new").waitFor();
    expect(await faultsOf(page)).toEqual([]);

    await bar.getByRole("button", { name: "Tag…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Add").fill("night, yard");
    await dialog.getByRole("button", { name: "Tag 3 devices" }).click();
    await dialog.getByText("3 devices have other tags now.").first().waitFor();
    const tags = async () => (await found("id:pick-*")).items.map((one: { tags: string[] }) => one.tags.join(" "));
    expect(await tags()).toEqual(["night yard", "yard night", "yard night", "yard"]);
    await dialog.getByRole("button", { name: "Undo" }).click();
    await dialog.getByText("3 devices have their tags from before again.").first().waitFor();
    expect(await tags()).toEqual(["", "yard", "yard", "yard"]);
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

    await bar.getByRole("button", { name: "Select all 4 that match" }).click();
    await bar.getByText("4 selected").waitFor();
    await page.getByLabel("Select Pick 1").click();
    await bar.getByText("3 selected").waitFor();
    await bar.getByRole("button", { name: "Delete…" }).click();
    await dialog.getByText("Named pick-2, Named pick-3, Named pick-4").waitFor();
    await dialog.getByRole("button", { name: "Delete 3 devices" }).click();
    await dialog.getByText("3 devices are deleted.").first().waitFor();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
    await expect.poll(() => rowsOf(page)).toEqual(["Pick 1"]);

    await page.getByLabel("Select Pick 1").check();
    await bar.getByText("1 selected").waitFor();
    await page.getByLabel("Search devices").fill("id:pick-1");
    await page.getByText("The selection of 1 device was dropped, because the search changed.").first().waitFor();
    expect(await bar.count()).toBe(0);
  });
});

test("[A2.2, A2.3] a wall shows what wants a look first, says in large that it is cut off, and is left by Escape", async () => {
  const { peer } = await play(hub(), "wall-1", "env-sensor", "Wall air");
  peer.send({ type: "telemetry", data: { temperature: 20.5 } });
  const gone = await play(hub(), "wall-2", "relay", "Wall lamp");
  await enroll("wall-3");
  await admin().post("/api/v1/devices/wall-3/estop", { reason: "smoke" });
  await gone.peer.close();
  const page = await come({ width: 1920, height: 1080, colorScheme: "dark" });
  const line = await cuttable(page);
  await signIn(page, hub().url, hub().adminToken, "/devices?q=id:wall-*");
  await page.getByRole("link", { name: "Show on a wall" }).click();
  const tiles = page.getByRole("list", { name: "Devices, those that want a look first" }).getByRole("listitem");
  await expect.poll(() => tiles.locator("h2").allTextContents()).toEqual(["Named wall-3", "Wall lamp", "Wall air"]);
  await tiles.nth(0).getByText(/^(Stop unconfirmed|Hub stop only)$/).waitFor();
  await tiles.nth(1).getByText("Offline").waitFor();
  await tiles.nth(2).getByText("20.5").waitFor();
  expect(await page.getByRole("list", { name: "Devices by presence" }).innerText()).toMatch(/3\s+devices\s+1\s+Online/);
  expect(await page.getByRole("navigation").count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);
  line.cut();
  const banner = page.getByRole("alert").filter({ hasText: "Not connected to the hub." });
  await banner.waitFor();
  const size = await banner.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  expect(size).toBeGreaterThan(20);
  await page.locator(".wall[data-cut=true]").waitFor();
  line.mend();
  await banner.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/devices\?q=id/);
  await page.getByRole("navigation", { name: "Main" }).waitFor();
});
