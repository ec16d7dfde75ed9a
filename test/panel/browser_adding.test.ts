/** Devices that come up: added by an administrator, followed from the token to the first value. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { bearer, device as connect, type Dial, dial, rest, wsUrl } from "../support/client.ts";
import { faultsOf, stage } from "./visitor.ts";

const { hub, admin, come, enter } = stage();
const isFocused = (node: Element) => node === document.activeElement;

async function add(page: Page, id: string, kind: string) {
  await page.getByRole("link", { name: /^Add (a )?device$/ }).click();
  await page.getByRole("radio", { name: kind }).check();
  await page.getByLabel("Name", { exact: true }).fill(id);
  await page.getByRole("button", { name: "Add device" }).click();
  await page.getByText("This is its token, shown this once.").waitFor();
}

describe("adding a device", () => {
  test("[F8] what the hub would refuse is said while typing; what is missing, at the end", async () => {
    await admin().post("/api/v1/devices", { id: "taken", kind: "relay" });
    const page = await enter("/add?kind=lock");
    await page.getByRole("heading", { name: "Add a device" }).waitFor();
    const [name, id] = ["Name", "Id"].map((label) => page.getByLabel(label, { exact: true }));
    await name.fill("Main door, 2nd floor");
    expect(await id.inputValue()).toBe("main-door-2nd-floor");
    await id.fill("main door");
    await page.getByText("An id has no spaces.").waitFor();
    await name.fill("Another name");
    expect(await id.inputValue()).toBe("main door");
    await id.fill("");
    await page.getByRole("button", { name: "Add device" }).click();
    await page.getByText("The device needs an id.").waitFor();
    await expect.poll(() => id.evaluate(isFocused)).toBe(true);
    await id.fill("taken");
    expect(await page.getByRole("radio", { name: "Lock" }).isChecked()).toBe(true);
    await page.getByRole("button", { name: "Add device" }).click();
    await page.getByText("There is a device taken already.").waitFor();
    await expect.poll(() => id.evaluate(isFocused)).toBe(true);
  });

  test("[I1, H6, A6] its token is shown once, with a code; the hub says who it refused, and moves on as it connects and answers", async () => {
    const page = await enter("/devices");
    await add(page, "paste-1", "Environment sensor");
    const token = await page.getByLabel("Token of paste-1", { exact: true }).innerText();
    const code = page.getByRole("img", { name: "QR code with the token of paste-1" });
    expect(await code.isVisible()).toBe(false);
    await page.getByText("QR code", { exact: true }).click();
    await code.waitFor();
    await page.getByText("Waiting for its connection…").waitFor();
    await page.getByRole("tab", { name: "JavaScript" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tab", { name: "Node ws", selected: true }).waitFor();
    expect(await page.getByLabel("The program").innerText()).toContain(`Bearer ${token}`);
    expect(await faultsOf(page)).toEqual([]);

    const checklist = page.getByRole("region", { name: "What the hub sees" });
    await checklist.getByText("A connection that is refused shows here").waitFor();
    const refused = checklist.getByRole("list", { name: "Refused connections" });
    const turnedAway = (path: string, options: Dial) => dial(wsUrl(hub().url, path), options);
    await turnedAway("/device", { headers: bearer(`${token.slice(0, -1)}${token.endsWith("a") ? "b" : "a"}`) });
    await refused.getByText("A connection was refused").waitFor();
    await refused.getByText("Its secret is not one of this device's: it is wrong, or its token was deleted.").waitFor();
    await refused.getByText("It begins with “paste-1.” and has no quotes").waitFor();
    await expect.poll(() => page.getByRole("status").first().textContent()).toMatch(/^Its secret is not one of/);
    expect(await faultsOf(page)).toEqual([]);
    // Once a second at most: again and again until it is told.
    await expect.poll(async () => {
      await turnedAway("/operator", { headers: bearer(token) });
      return await refused.getByText("Let it connect to /device.").count();
    }).toBe(1);
    await expect.poll(async () => {
      await rest(hub().url, `"${token}"`).post("/api/v1/devices/paste-1/telemetry", { data: {} });
      return await refused.getByText("A call was refused").count();
    }).toBe(1);

    await checklist.getByText(/^\d+ were refused since/).waitFor();

    const peer = await connect(hub().url, token);
    await page.getByText("It connected").waitFor();
    await refused.waitFor({ state: "detached" });
    await page.getByText("Waiting for its first values…").waitFor();
    peer.send({ type: "telemetry", data: { temperatur: 21.5 } });
    await page.getByText("temperatur: there is no such key here.").waitFor();
    peer.send({ type: "telemetry", data: { temperature: 21.5 } });
    await page.getByText("First values arrived", { exact: true }).waitFor();
    await expect.poll(() => page.getByRole("status").first().textContent()).toBe("Its first values arrived.");
    await page.getByRole("definition").getByText("21.5").waitFor();

    await page.getByRole("button", { name: "Identify" }).click();
    const command = await peer.next("command");
    expect(command.name).toBe("identify");
    peer.send({ type: "result", id: command.id, ok: true });
    await page.getByText("It answers commands", { exact: true }).waitFor();
    await peer.close();
    await page.getByText("it closed the connection").waitFor();

    await page.getByRole("link", { name: "I have kept it" }).click();
    await page.getByRole("row", { name: /paste-1/ }).waitFor();
    expect(await page.content()).not.toContain(token);
  });

  test("the browser's program works as it is pasted, under the page's own policy [H3]", async () => {
    const page = await enter("/devices");
    await add(page, "paste-2", "Thermostat");
    const program = await page.getByLabel("The program").innerText();
    const console = await page.context().newCDPSession(page);
    await console.send("Runtime.evaluate", { expression: program });
    await page.getByText("First values arrived", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Open its page" }).click();
    await page.getByRole("heading", { name: "paste-2" }).waitFor();
  });
});

describe("adding many", () => {
  test("[A6] a table is looked at first; what was added has its token in a file, what was not says why", async () => {
    await admin().post("/api/v1/devices", { id: "many-2", kind: "relay" });
    const page = await enter("/add/many");
    await page.getByLabel("Table").fill(
      "name,id,kind,tags\nRow one,many-1,relay,roof\nRow two,many-2,lock,\nRow three,,toaster,",
    );
    await page.getByText("One line has a problem and would be left out.").waitFor();
    await page.getByText("This hub has no kind toaster.").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Add 2 devices" }).click();
    await page.getByText("1 device added.").first().waitFor();
    await page.getByRole("row", { name: /many-2/ }).getByText("There is a device many-2 already.").waitFor();
    // Another page takes nothing away that is told once, and the browser asks whoever would close this one.
    await page.getByRole("link", { name: "Devices", exact: true }).click();
    await page.getByRole("row", { name: /Row one/ }).waitFor();
    await page.goBack();
    const asked = new Promise<string>((resolve) =>
      page.once("dialog", (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss();
      })
    );
    await page.evaluate(() => void setTimeout(() => location.reload()));
    expect(await asked).toBe("beforeunload");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the tokens" }).click(),
    ]);
    const [head, row, end] = (await readFile(await file.path(), "utf8")).split("\r\n");
    expect([head, end]).toEqual(["id,name,kind,token", ""]);
    const peer = await connect(hub().url, row.split(",")[3]);
    expect(peer.welcome.device).toBe("many-1");
    await page.getByRole("button", { name: "Add others" }).click();
    await page.reload();
    await page.getByLabel("Table").waitFor();
    await peer.close();
  });
});

describe("the simulator", () => {
  test("[A6] five devices come up on their own, one is broken in the hub's eyes, and all go again", async () => {
    const page = await enter("/simulator");
    await page.getByRole("button", { name: "Start 5 devices" }).click();
    const rows = page.getByRole("table").getByRole("row");
    await expect.poll(() => rows.filter({ hasText: /Online.*Online/ }).count(), { timeout: 40_000 }).toBe(5);
    const store = await admin().get("/api/v1/devices?q=tag:simulated");
    expect(store.body.total).toBe(5);
    const id: string = await page.getByLabel("Which device").inputValue();

    await page.getByRole("button", { name: "Refuses", exact: true }).click();
    await page.getByRole("button", { name: "Bad frame", exact: true }).click();
    const about = await admin().get(`/api/v1/devices/${id}`);
    // The fault and the first of these may pass each other on the way.
    const commands = `/api/v1/devices/${id}/commands`;
    await expect.poll(async () => {
      await admin().post(commands, { name: "identify", params: {} });
      return JSON.stringify((await admin().get(commands)).body.items);
    }, { timeout: 40_000, interval: 250 }).toContain('"code":"refused"');
    expect(about.body.kind).toBe("cover");
    await page.getByRole("button", { name: "Cut the line", exact: true }).click();
    await rows.filter({ hasText: "Broken: Refuses, Cut the line" }).getByText("Offline").waitFor();
    expect(await faultsOf(page)).toEqual([]);

    await page.getByRole("button", { name: "Remove all…" }).click();
    await page.getByText("The 5 devices that a simulator started").waitFor();
    await page.getByRole("button", { name: "Remove them" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await admin().get("/api/v1/devices?q=tag:simulated")).body.total).toBe(0);
  });
});

describe("a phone", () => {
  test("[A6] its page is the device: it tells values, does what it is asked, and says what it lacks", async () => {
    const page = await enter("/add?kind=phone");
    await page.getByLabel("Name", { exact: true }).fill("Pocket");
    await page.getByRole("button", { name: "Add device" }).click();
    await page.getByRole("img", { name: "QR code with the address that makes a phone Pocket" }).waitFor();
    const address = await page.getByRole("link", { name: "Open it here" }).getAttribute("href");
    const phone = await come({ width: 390, height: 844 });
    await phone.goto(hub().url + address);
    await phone.getByRole("heading", { name: "Online as pocket" }).waitFor();
    await page.getByText("First values arrived", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Identify" }).click();
    await page.getByText("It answers commands", { exact: true }).waitFor();

    const { body } = await admin().post("/api/v1/devices/pocket/commands", {
      name: "show",
      params: { message: "Dinner is ready" },
    });
    await phone.getByText("Dinner is ready").waitFor();
    await admin().patch("/api/v1/devices/pocket/desired", { screen: "amber" });
    await expect.poll(() => phone.getByLabel("Screen").getAttribute("data-screen")).toBe("amber");
    expect((await admin().get(`/api/v1/commands/${body.id}`)).body.status).toBe("succeeded");
    await phone.getByRole("button", { name: "Press" }).click();
    await expect.poll(async () => (await admin().get("/api/v1/devices/pocket/events")).body.items[0]?.name)
      .toBe("pressed");
    // A browser without a body: it has the words for it, and no sensor says anything.
    await phone.getByText("Nothing comes: this machine seems to have none.").first().waitFor();
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await faultsOf(phone)).toEqual([]);
    await phone.goto(`${hub().url}/phone`);
    await phone.reload();
    await phone.getByText("This address has no token").waitFor();
  });
});
