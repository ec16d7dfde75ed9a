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

test("[R15, R16, O14] events and commands of the fleet come as they happen, and can be filtered by what stands in the address", async () => {
  const [door, lamp] = await Promise.all([
    play(hub(), "side-door", "lock", "Side door"),
    play(hub(), "lamp", "relay", "Lamp"),
  ]);
  const page = await enter("/events");
  await page.getByRole("heading", { name: "Events" }).waitFor();
  door.peer.send({ type: "event", name: "tamper", data: { sort: "forced" } });
  const events = page.getByRole("table", { name: "Events" });
  await events.getByRole("row", { name: /side-door/ }).waitFor();
  await page.getByLabel("Search devices").fill("kind:relay");
  await page.getByText("Nothing has happened at these devices").waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe("kind:relay");
  expect(await faultsOf(page)).toEqual([]);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Commands" }).click();
  await page.getByRole("heading", { name: "Commands" }).waitFor();
  await admin().post("/api/v1/devices/lamp/commands", { name: "set", params: { on: true } });
  const row = page.getByRole("table", { name: "Commands" }).getByRole("row", { name: /lamp/ });
  await row.getByText("Sent", { exact: true }).waitFor();
  expect(await row.locator(".params").innerText()).toBe("On: On");
  await lamp.obey({ on: true });
  await row.getByText("Succeeded", { exact: true }).waitFor();
  await admin().post("/api/v1/devices/side-door/commands", { name: "unlock" });
  const { id } = await door.peer.next("command");
  door.peer.send({ type: "result", id, ok: false, error: { code: "jammed", message: "The bolt does not move" } });
  await page.getByRole("button", { name: "Not done" }).click();
  await page.getByRole("row", { name: /side-door.*Failed/ }).waitFor();
  expect(await row.count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  const failing = page.getByRole("region", { name: "Commands that failed" });
  await failing.getByRole("row", { name: /side-door/ }).waitFor();
  await page.getByRole("region", { name: "Events" }).getByRole("row", { name: /side-door/ }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test("[K4, R17] kinds are told from their documents: how many there are, fields with units, commands with what they ask", async () => {
  await play(hub(), "warm-room", "thermostat", "Warm room");
  const page = await enter("/kinds");
  const card = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Thermostat" }) });
  await card.getByText("1 device").waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await card.getByRole("link").click();
  await page.getByRole("heading", { name: "Thermostat", level: 1 }).waitFor();
  await page.getByRole("row", { name: /Target.*number, 5 to 30 °C.*desired state/ }).waitFor();
  await page.getByText('{"type":"state","reported":{"target":21.5,"mode":"heat"}}').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole("link", { name: "1 device" }).click();
  await page.getByRole("row", { name: /Warm room/ }).waitFor();
});
