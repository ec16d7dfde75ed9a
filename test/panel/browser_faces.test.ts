/** The faces as hands use them: the main path of each, by mouse, touch and keys. */
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { faultsOf, play, stage } from "./visitor.ts";

const { hub, enter } = stage();

/** The middle of what is there. */
async function middleOf(what: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const { x, y, width, height } = (await what.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2, width, height };
}

async function drag(page: Page, from: { x: number; y: number }, ...to: { x: number; y: number }[]): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (const { x, y } of to) await page.mouse.move(x, y, { steps: 3 });
}

describe("what is drawn as what it is", () => {
  test("[A2.6, A2.7] a dial: dragged it sends where it was let go, pressed it sends the last step, and says what became of it", async () => {
    const { peer, obey } = await play(hub(), "dial-1", "thermostat", "Study");
    peer.send({ type: "state", reported: { target: 20, mode: "heat" } });
    peer.send({ type: "telemetry", data: { temperature: 18.4, action: "heating" } });
    const page = await enter("/devices/dial-1");
    const face = page.getByRole("region", { name: "Target" });
    const dial = face.getByRole("slider", { name: "Target in °C" });
    await face.getByText("18.4 °C").waitFor();
    await face.getByText("Heating").waitFor();
    const middle = await middleOf(dial);
    const radius = middle.width * 0.415;
    await drag(page, { x: middle.x, y: middle.y - radius }, { x: middle.x + radius, y: middle.y });
    // Held, nothing is sent, and a report does not take it out of the hand.
    await expect.poll(() => dial.getAttribute("aria-valuetext")).toBe("26.0 °C");
    peer.send({ type: "state", reported: { target: 19 } });
    await peer.none("command");
    expect(await dial.getAttribute("aria-valuenow")).toBe("26");
    await page.mouse.up();
    const { id, params } = await peer.next("command");
    expect(params).toEqual({ target: 26 });
    const look = (word: string) => face.locator(".look").getByText(word, { exact: true }).waitFor();
    await look("Asked");
    peer.send({ type: "received", id });
    await look("Device has it");
    peer.send({ type: "state", reported: { target: 26 } });
    peer.send({ type: "result", id, ok: true });
    await look("Confirmed");
    await dial.focus();
    for (const key of ["ArrowDown", "ArrowDown", "PageDown"]) await page.keyboard.press(key);
    const stepped = await obey({ target: 23 });
    expect(stepped.params).toEqual({ target: 23 });
    await look("Confirmed");
    await expect.poll(() => dial.getAttribute("aria-valuenow")).toBe("23");
    await face.getByRole("button", { name: "More Target" }).click();
    await face.getByRole("button", { name: "More Target" }).click();
    const refused = await peer.next("command");
    expect(refused.params).toEqual({ target: 24 });
    peer.send({
      type: "result",
      id: refused.id,
      ok: false,
      error: { code: "refused", message: "The window is open." },
    });
    await face.getByText("The window is open.").waitFor();
    await look("Not done");
    expect(await dial.getAttribute("aria-valuenow")).toBe("23");
    // The generic control is one press away.
    await page.getByRole("button", { name: "All controls" }).click();
    await page.getByRole("textbox", { name: "Target in °C" }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test("[A2.6] a lamp's colour by its wheel and by keys, a blind by its slider, and a lock that is not sure", async () => {
    const lamp = await play(hub(), "face-lamp", "light", "Lamp");
    lamp.peer.send({
      type: "state",
      reported: { on: true, brightness: 40, color_temp: 2700, color: { h: 0, s: 0 }, color_mode: "color" },
    });
    const page = await enter("/devices/face-lamp");
    const wheel = await middleOf(page.locator(".wheel"));
    await page.mouse.click(wheel.x + wheel.width / 2 - 4, wheel.y);
    const color = await lamp.obey({ color: { h: 90, s: 100 } });
    expect(color).toMatchObject({ name: "set_color", params: { color: { h: 90, s: 100 } } });
    await page.getByText(/^Confirmed in/).first().waitFor();
    await page.getByRole("slider", { name: /^Brightness/ }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await lamp.obey({ brightness: 42 })).toMatchObject({ name: "set_brightness", params: { brightness: 42 } });

    const blind = await play(hub(), "face-blind", "cover", "Blind");
    blind.peer.send({ type: "state", reported: { position: 100, moving: "stopped", obstruction: false } });
    await page.goto(`${hub().url}/devices/face-blind`);
    await page.getByRole("img", { name: "Position, 100 %" }).waitFor();
    const slider = page.getByRole("slider", { name: /^Position/ });
    const track = await middleOf(slider);
    await drag(page, { x: track.x + track.width / 2 - 10, y: track.y }, track, { x: track.x - 40, y: track.y }, track);
    await blind.peer.none("command");
    await page.mouse.up();
    const { params } = await blind.obey({ position: 50, moving: "stopped" });
    expect(Math.abs((params as { position: number }).position - 50)).toBeLessThanOrEqual(2);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    expect(await blind.peer.next("command")).toMatchObject({ name: "close" });
    blind.peer.send({ type: "state", reported: { position: 38, moving: "stopped", obstruction: true } });
    await page.getByText("Something is in the way.").waitFor();

    const door = await play(hub(), "face-door", "lock", "Door");
    door.peer.send({ type: "state", reported: { state: "locked" } });
    door.peer.send({ type: "telemetry", data: { door: "closed" } });
    await page.goto(`${hub().url}/devices/face-door`);
    const bolt = page.getByRole("region", { name: "Bolt" });
    await bolt.getByText("Door closed").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await bolt.getByRole("button", { name: "Unlock…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await door.peer.next("command");
    door.peer.terminate();
    await bolt.getByText("It may have moved: check it.").or(bolt.getByText("this is what it said last")).first()
      .waitFor();
  });
});
