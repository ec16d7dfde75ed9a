/** One command to many devices, as people give it: tried, started, followed, stopped, tried again [J]. */
import { describe, expect, test } from "vitest";
import { rest } from "../support/client.ts";
import { faultsOf, play, type Played, stage } from "./visitor.ts";

const { hub, admin, enter } = stage();

/** Relays that answer every command at once. */
async function fleet(name: string, ids: number[]): Promise<Played[]> {
  return await Promise.all(ids.map((id) => play(hub(), `${name}-${id}`, "relay", `Relay ${name} ${id}`)));
}
const succeed = async ({ peer }: Played) => {
  const { id } = await peer.next("command");
  peer.send({ type: "result", id, ok: true });
};

describe("a job", () => {
  test("[J1, J11] is tried first with its numbers, then followed to an outcome for each device, and retried", async () => {
    const [one, two] = await fleet("north", [1, 2]);
    await admin().post("/api/v1/devices", { id: "north-3", kind: "relay" });
    await play(hub(), "north-4", "lock", "Door");
    const page = await enter("/?q=id%3Anorth-*");
    await page.getByRole("button", { name: "With these 4" }).click();
    await page.getByRole("button", { name: "Command these 4…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Command").selectOption("set");
    await dialog.getByLabel("On", { exact: true }).selectOption("true");
    await dialog.getByLabel("Per second").fill("0");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText("From 0.1 to 100.").waitFor();
    await dialog.getByLabel("Per second").fill("50");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText("2 devices will get it.").waitFor();
    await dialog.getByText("1 is not connected.").waitFor();
    await dialog.getByText("id:north-* kind:relay").waitFor();
    expect((await admin().get("/api/v1/jobs")).body.total).toBe(0);
    await dialog.getByRole("button", { name: "Start: 3 devices" }).click();

    await page.getByRole("heading", { name: "Switch · On: On" }).waitFor();
    const results = page.getByRole("table", { name: "Results" });
    await results.getByRole("row", { name: /north-1 Under way/ }).waitFor();
    await succeed(one);
    await results.getByRole("row", { name: /north-1 Succeeded/ }).waitFor();
    const { id } = await two.peer.next("command");
    two.peer.send({
      type: "result",
      id,
      ok: false,
      error: { code: "hardware_fault", message: "The contact is burnt." },
    });
    await results.getByRole("row", { name: /north-2 Failed .*The contact is burnt\./ }).waitFor();
    await results.getByRole("row", { name: /north-3 Rejected The device is not connected/ }).waitFor();
    await page.getByText(/2 of 3 devices failed, more than 50 %/).first().waitFor();
    await page.getByRole("button", { name: "Failed 1" }).click();
    await expect.poll(() => results.getByRole("row").count()).toBe(2);

    await page.getByRole("button", { name: "Retry those that did not succeed" }).click();
    await page.getByRole("link", { name: "another job" }).waitFor();
    await succeed(two);
    await page.getByRole("row", { name: /north-2 Succeeded/ }).waitFor();
    expect(await page.getByRole("row", { name: /north-1/ }).count()).toBe(0);
    await page.getByRole("link", { name: "All jobs" }).click();
    const jobs = page.getByRole("table", { name: "Jobs" });
    await jobs.getByText("1 of 3 devices succeeded").waitFor();
    await jobs.getByText("1 of 2 devices succeeded").waitFor();
  });

  test("[J5, J9] the first ones go first; it is stopped by a person, and what waited never had its turn", async () => {
    const [first] = await fleet("south", [1, 2, 3]);
    const page = await enter("/?q=id%3Asouth-*");
    await page.getByRole("button", { name: "With these 3" }).click();
    await page.getByRole("button", { name: "Command these 3…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Command").selectOption("identify");
    await dialog.getByLabel("Try first on").fill("1");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText("1 device goes first.").waitFor();
    await dialog.getByRole("button", { name: "Start: 3 devices" }).click();
    await page.getByText("1 device goes first. The others wait until each of them is done.").waitFor();
    await page.getByRole("row", { name: /south-2 Waiting/ }).waitFor();
    await page.getByRole("button", { name: "Stop the job" }).click();
    await page.getByText("What was sent already still ends as its device says.").waitFor();
    await page.getByRole("row", { name: /south-2 Skipped/ }).waitFor();
    await succeed(first);
    await page.getByText("1 of 3 devices succeeded.").first().waitFor();
    expect(await page.getByRole("button", { name: "Stop the job" }).count()).toBe(0);
    await page.goto(`${hub().url}/devices/south-1`);
    await page.getByRole("region", { name: "Commands" }).getByText("Succeeded").click();
    await page.getByRole("link", { name: "a job" }).click();
    await page.getByRole("row", { name: /south-1 Succeeded/ }).waitFor();
  });

  test("[J14] the list shows what begins while it is looked at, whoever begins it, without a reload", async () => {
    await play(hub(), "east-1", "relay", "Relay east");
    const page = await enter("/jobs");
    await page.getByText("They are started from the list of devices.").waitFor();
    const { token } = (await admin().post("/api/v1/tokens", { name: "Night shift", role: "operator" })).body;
    const start = { query: "id:east-1", name: "toggle" };
    await admin().post("/api/v1/commands", start);
    await page.getByRole("row", { name: /id:east-1 .*Administrator/ }).waitFor();
    await rest(hub().url, token).post("/api/v1/commands", start);
    await page.getByRole("row", { name: /id:east-1 .*Night shift/ }).waitFor();
  });

  test("[J12] a retry asks for the secrets again", async () => {
    const { peer } = await play(hub(), "safe-1", "lock", "Safe");
    const { body } = await admin().post("/api/v1/commands", {
      query: "id:safe-1",
      name: "unlock",
      params: { pin: "4711" },
    });
    const { id } = await peer.next("command");
    peer.send({ type: "result", id, ok: false, error: { code: "jammed", message: "" } });
    const page = await enter(`/jobs/${body.id}`);
    await page.getByRole("button", { name: "Retry those that did not succeed" }).click();
    await page.getByRole("dialog").getByLabel("PIN").fill("4712");
    await page.getByRole("dialog").getByRole("button", { name: "Retry" }).click();
    expect(await peer.next("command")).toMatchObject({ name: "unlock", params: { pin: "4712" } });
  });

  test("[I5] a viewer follows it, and is told why they cannot stop it", async () => {
    await fleet("west", [1, 2]);
    const { body } = await admin().post("/api/v1/commands", { query: "id:west-*", name: "identify", canary: 1 });
    const token = (await admin().post("/api/v1/tokens", { name: "Vic", role: "viewer" })).body.token;
    const page = await enter(`/jobs/${body.id}`, {}, token);
    const stop = page.getByRole("button", { name: "Stop the job" });
    await stop.waitFor();
    expect(await stop.isDisabled()).toBe(true);
    expect(await stop.getAttribute("title")).toBe("This needs the role operator; yours is viewer.");
    await page.goto(`${hub().url}/devices`);
    await page.getByRole("row", { name: /Relay west 1/ }).waitFor();
    expect(await page.getByRole("button", { name: /^(Command|Stop) all/ }).count()).toBe(0);
    await admin().delete(`/api/v1/jobs/${body.id}`);
  });
});

describe("the craft", () => {
  test.each(["light", "dark"] as const)("[WCAG] axe has nothing to say, %s", async (colorScheme) => {
    const [one] = await fleet(`east-${colorScheme}`, [1, 2]);
    const page = await enter(`/?q=id%3Aeast-${colorScheme}*`, { colorScheme });
    await page.getByRole("button", { name: "With these 2" }).click();
    await page.getByRole("button", { name: "Command these 2…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Command").selectOption("identify");
    expect(await faultsOf(page), "choosing").toEqual([]);
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText("2 devices will get it.").waitFor();
    expect(await faultsOf(page), "trying").toEqual([]);
    await dialog.getByRole("button", { name: "Start: 2 devices" }).click();
    await succeed(one);
    await page.getByRole("row", { name: /1 Succeeded/ }).waitFor();
    expect(await faultsOf(page), "one").toEqual([]);
    await page.getByRole("link", { name: "All jobs" }).click();
    await page.getByRole("table", { name: "Jobs" }).waitFor();
    expect(await faultsOf(page), "all").toEqual([]);
  });

  test.each([390, 320])("nothing is wider than a screen of %i px", async (width) => {
    const [one] = await fleet(`thin-${width}`, [1]);
    const { body } = await admin().post("/api/v1/commands", {
      query: `id:${one.id}`,
      name: "set",
      params: { on: true },
    });
    const page = await enter("/jobs", { width, height: 844 });
    for (const path of ["/jobs", `/jobs/${body.id}`]) {
      await page.goto(hub().url + path);
      await page.getByRole("table").waitFor();
      const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth
      );
      expect(wide, path).toBeLessThanOrEqual(0);
    }
  });
});
