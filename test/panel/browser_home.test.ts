/** The home screen in a real browser: counts that are ways, who needs a look, and how the hub is. */
import { expect, test } from "vitest";
import { faultsOf, play, stage } from "./visitor.ts";

const { hub, admin, enter } = stage();

test("[A3] counts lead to the devices that they count; stopped and silent devices are named, the hub says how it is", async () => {
  const [attic, cellar, gate] = await Promise.all([
    play(hub(), "attic", "env-sensor", "Attic"),
    play(hub(), "cellar", "env-sensor", "Cellar"),
    play(hub(), "gate", "lock", "Garden gate"),
  ]);
  const page = await enter("/");
  const fleet = page.getByRole("navigation", { name: "The fleet" });
  await fleet.getByRole("link", { name: "3 Online" }).waitFor();
  await page.getByText("Every device that should be here is here.").waitFor();
  await page.getByText("Connected devices").waitFor();

  cellar.peer.close();
  const look = page.getByRole("region", { name: "Needs a look" });
  await look.getByRole("link", { name: "Cellar" }).waitFor();
  await admin().post(`/api/v1/devices/${gate.id}/estop`, { reason: "A test" });
  await look.getByRole("listitem").filter({ hasText: "Stopped" }).getByRole("link", { name: "Garden gate" }).waitFor();
  expect(await look.getByRole("listitem").count()).toBe(2);
  expect(await faultsOf(page)).toEqual([]);

  await fleet.getByRole("link", { name: "1 Offline" }).click();
  await page.waitForURL(/\/devices\?q=status%3Aoffline$/);
  await page.getByRole("row", { name: /Cellar/ }).waitFor();
  expect(await page.getByRole("row", { name: /Attic/ }).count()).toBe(0);
  await page.goBack();
  await fleet.getByRole("link", { name: "3 All devices" }).waitFor();
  attic.peer.close();
});

test("[A2.8] an address of the time when the list stood here still leads to it", async () => {
  const page = await enter("/?q=kind%3Alock");
  await page.waitForURL(/\/devices\?q=kind%3Alock$/);
});
