/** The faces as hands use them: the main path of each, by mouse, touch and keys. */
import { createHash } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Frame, operator } from "../support/client.ts";
import { cuttable, faultsOf, play, type Played, signIn, stage } from "./visitor.ts";

const { hub, admin, come, enter } = stage();

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

describe("what was asked", () => {
  test("[A2.6] pressed again it is not sent twice and says so, and once done its opposite is a command of its own", async () => {
    const fan = await play(hub(), "ask-fan", "relay", "Fan");
    fan.peer.send({ type: "state", reported: { on: false } });
    const page = await enter("/devices/ask-fan");
    const control = page.getByRole("region", { name: "Switch", exact: true });
    const status = page.getByRole("status");
    await control.getByRole("button", { name: "On", exact: true }).dblclick();
    await control.getByText("It is under way already, so it was not sent again.").waitFor();
    await expect.poll(() => status.first().textContent()).toContain("not sent again");
    const asked = await fan.obey({ on: true });
    expect(asked).toMatchObject({ name: "set", params: { on: true } });
    await control.getByText(/^Confirmed in/).waitFor();
    await fan.peer.none("command");
    expect(await control.getByText("not sent again").count()).toBe(0);
    await control.getByRole("button", { name: "Send the old value: Off" }).press("Enter");
    expect(await fan.obey({ on: false })).toMatchObject({ name: "set", params: { on: false } });
    // Its button is gone; the keyboard goes on from the road that it led to.
    await expect.poll(() => control.locator(".road").evaluate((road) => road.contains(document.activeElement)))
      .toBe(true);
    // A button of actions as well.
    const actions = page.getByRole("region", { name: "Actions" });
    await actions.getByRole("button", { name: "Diagnostics" }).dblclick();
    await actions.getByText("It is under way already").waitFor();
    expect(await fan.peer.next("command")).toMatchObject({ name: "get_diagnostics" });
    await fan.peer.none("command");

    const bolt = await play(hub(), "ask-bolt", "lock", "Gate");
    bolt.peer.send({ type: "state", reported: { state: "unlocked" } });
    await page.goto(`${hub().url}/devices/ask-bolt`);
    const face = page.getByRole("region", { name: "Bolt" });
    await face.getByRole("button", { name: "Lock", exact: true }).dblclick();
    await face.getByText("It is under way already").waitFor();
    expect(await bolt.obey({ state: "locked" })).toMatchObject({ name: "lock" });
    await bolt.peer.none("command");
    // What is dangerous is asked for once more.
    await face.getByRole("button", { name: "Send the opposite: Unlock…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("A new command. What was done is not taken back.").waitFor();
    await bolt.peer.none("command");
    expect(await faultsOf(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Unlock" }).click();
    expect(await bolt.peer.next("command")).toMatchObject({ name: "unlock" });
  });
});

describe("how what was asked stands", () => {
  test("[A2.6] asked, with the device, confirmed and diverged look apart in every theme, each with its word and its mark", async () => {
    const { peer } = await play(hub(), "look-1", "thermostat", "Hall");
    peer.send({ type: "state", reported: { target: 20, mode: "off" } });
    peer.send({ type: "telemetry", data: { temperature: 18 } });
    const page = await enter("/devices/look-1");
    const ask = (name: string, params: object) => admin().post("/api/v1/devices/look-1/commands", { name, params });
    for (
      const [title, name, field, values] of [
        ["Target", "set_target", "target", [24, 22, 16]],
        ["Mode", "set_mode", "mode", ["heat", "cool", "auto"]],
      ] as const
    ) {
      const face = page.getByRole("region", { name: title, exact: true });
      const seen: string[][] = [];
      const look = async (word: string) => {
        await face.locator(".look").getByText(word, { exact: true }).waitFor();
        const drawn: string[] = [];
        for (const theme of [{ colorScheme: "light" }, { colorScheme: "dark" }, { contrast: "more" }] as const) {
          await page.emulateMedia({ colorScheme: null, contrast: null, ...theme });
          drawn.push(await face.evaluate(drawing));
        }
        seen.push(drawn);
      };
      await face.waitFor();
      await ask(name, { [field]: values[0] });
      const { id } = await peer.next("command");
      await look("Asked");
      peer.send({ type: "received", id });
      await look("Device has it");
      peer.send({ type: "state", reported: { [field]: values[0] } });
      peer.send({ type: "result", id, ok: true });
      await look("Confirmed");
      const { version } = (await admin().patch("/api/v1/devices/look-1/desired", { [field]: values[1] })).body;
      await peer.next("desired");
      peer.send({ type: "state", reported: { [field]: values[2] }, applied: { version, ok: true } });
      await look("Diverged");
      for (const theme of [0, 1, 2]) {
        const drawn = seen.map((one) => one[theme]);
        expect(new Set(drawn).size, drawn.join("\n")).toBe(4);
      }
    }
    expect(await faultsOf(page)).toEqual([]);
  });
});

/** How the value that was asked for is drawn, without the word: the knob, or the button. Runs in the page. */
function drawing(face: HTMLElement | SVGElement): string {
  const style = (part: Element | null, pseudo?: string) => {
    if (!part) return "";
    const { fill, stroke, strokeDasharray, backgroundColor, borderStyle, borderColor, content } = getComputedStyle(
      part,
      pseudo,
    );
    return [fill, stroke, strokeDasharray, backgroundColor, borderStyle, borderColor, content].join(" ");
  };
  const button = face.querySelector('[data-pending="true"]') ?? face.querySelector(".segments [aria-pressed=true]");
  return [
    style(face.querySelector(".dial-knob")),
    face.querySelector(".dial-mark")?.getAttribute("d") ?? "",
    button ? style(button) + style(button, "::before") : "",
  ].join(" | ");
}

describe("what is seen of it", () => {
  test("[A2.6, B9] a camera turns where it was told last, a charger's limit is sent once, and a tracker knows its fence", async () => {
    const eye = await play(hub(), "face-eye", "camera", "Eye");
    eye.peer.send({ type: "state", reported: { privacy: false, pan: 0, tilt: 0 } });
    const page = await enter("/devices/face-eye");
    const camera = page.getByRole("region", { name: "Camera" });
    await camera.getByText("It has sent no picture yet.").waitFor();
    for (const way of ["Right", "Right", "Up"]) await camera.getByRole("button", { name: way }).click();
    expect(await eye.obey({ pan: 20, tilt: 10 })).toMatchObject({ name: "look", params: { pan: 20, tilt: 10 } });
    await eye.peer.none("command");
    await camera.getByRole("button", { name: "Snapshot" }).click();
    await camera.getByText("Waiting for the picture").waitFor();
    expect(await eye.peer.next("command")).toMatchObject({ name: "snapshot", params: {} });
    const bytes = new Uint8Array(await page.evaluate(drawn));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    eye.peer.send({ type: "blob", id: "p1", mime: "image/jpeg", size: bytes.length, sha256 });
    eye.peer.send(bytes);
    await expect.poll(() => camera.getByRole("img", { name: /^Picture of/ }).getAttribute("src")).toContain(
      "/blobs/p1",
    );
    expect(await faultsOf(page)).toEqual([]);

    const post = await play(hub(), "face-post", "ev-charger", "Post");
    post.peer.send({
      type: "state",
      reported: { status: "occupied", session: "charging", contactor: "closed", max_current: 16 },
    });
    post.peer.send({ type: "telemetry", data: { power: 11_040, energy_session: 4.2, soc: 46 } });
    await page.goto(`${hub().url}/devices/face-post`);
    const session = page.getByRole("region", { name: "Session" });
    await session.getByText("Charging", { exact: true }).waitFor();
    await session.getByText("46 %").waitFor();
    await session.getByRole("slider", { name: /^Most current/ }).focus();
    for (let press = 0; press < 6; press++) await page.keyboard.press("ArrowLeft");
    expect(await post.obey({ max_current: 10 })).toMatchObject({ name: "set_limit", params: { amps: 10 } });
    await session.getByRole("button", { name: "Stop", exact: true }).click();
    expect(await post.peer.next("command")).toMatchObject({ name: "stop" });
    expect(await faultsOf(page)).toEqual([]);

    const van = await play(hub(), "face-van", "tracker", "Van");
    const samples = Array.from({ length: 20 }, (_, index) => ({
      ago: (index < 10 ? 1_800 : 600) - index * 20,
      data: { lat: 53.07 + index * 0.001, lon: 8.8 + index * 0.0005, speed: 9, course: 20 },
    }));
    van.peer.send({ type: "telemetry", samples });
    van.peer.send({
      type: "state",
      reported: { geofence: "yard", geofence_lat: 53.07, geofence_lon: 8.8, geofence_radius: 300 },
    });
    await page.goto(`${hub().url}/devices/face-van`);
    const place = page.getByRole("region", { name: "Place", exact: true });
    await place.getByRole("img", { name: /^Track of/ }).waitFor();
    await place.getByText("Outside yard, 1.9 km from its edge").waitFor();
    await expect.poll(() => place.locator(".ground-gap").count()).toBe(1);
    van.peer.send({ type: "telemetry", data: { lat: 53.0701, lon: 8.8 } });
    await place.getByText("Inside yard").waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });
});

/** Any picture, as the browser itself writes one. Runs in the page. */
async function drawn(): Promise<number[]> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  canvas.getContext("2d")!.fillRect(8, 8, 32, 32);
  const blob = await new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob!), "image/jpeg"));
  return [...new Uint8Array(await blob.arrayBuffer())];
}

describe("a stick", () => {
  /** Somebody who drives: what the page sends of the lane as it leaves the page, and what the rover hears. */
  async function driving(id: string) {
    const rover = await play(hub(), id, "rover", "Courier");
    rover.peer.send({
      type: "state",
      reported: { mode: "idle", moving: false, charging: false, battery_low: false, max_linear: 1, max_angular: 1.5 },
    });
    rover.peer.send({ type: "telemetry", data: { x: 1, y: 2, heading: 45, linear: 0, obstacle: 3 } });
    const page = await come();
    await page.clock.install();
    const line = await cuttable(page);
    await signIn(page, hub().url, hub().adminToken, `/devices/${id}`);
    await page.evaluate(stubGamepad);
    const lane = laneOf(page, rover, line);
    const stick = page.getByRole("application", { name: "Stick" });
    await page.getByRole("img", { name: "Where it is: east 1.00 m, north 2.00 m" }).waitFor();
    const middle = await middleOf(stick);
    return { rover, page, line, lane, stick, middle, up: { x: middle.x, y: middle.y - 60 } };
  }

  /** The rover answers what it hears, as one would. */
  function laneOf(page: Page, { peer }: Played, { sent }: Awaited<ReturnType<typeof cuttable>>) {
    const of = (frames: readonly Frame[]) => frames.filter(({ type }) => type === "stream");
    const answer = setInterval(() => {
      const last = of(peer.frames).at(-1);
      if (last) peer.send({ type: "streamed", name: last.name, n: last.n });
    }, 100);
    onTestFinished(() => clearInterval(answer));
    const isZero = ({ data }: Frame) => data.linear === 0 && data.angular === 0;
    const lane = {
      sent: () => of(sent),
      heard: () => of(peer.frames),
      last: () => of(peer.frames).at(-1)?.data as Record<string, number> | undefined,
      drives: () => expect.poll(() => Math.abs(lane.last()?.linear ?? 0)).toBeGreaterThan(0.2),
      /** A second passes for the page: at 25 a second that is 25 frames, or none. */
      async isSilent() {
        await page.clock.runFor(200);
        const { length } = lane.sent();
        await page.clock.runFor(1_000);
        expect(lane.sent().length).toBe(length);
      },
      /** The last word is a zero, here and at the rover, and it stays the last one. */
      async falls() {
        await expect.poll(() => isZero(lane.sent().at(-1)!)).toBe(true);
        await expect.poll(() => isZero(lane.heard().at(-1)!)).toBe(true);
        await lane.isSilent();
      },
    };
    return lane;
  }

  const told = (page: Page, sentence: string) => page.getByText(sentence).first().waitFor();
  const pad = (page: Page, x: number, y: number, isHere = true) =>
    page.evaluate(([x, y, isHere]) => (globalThis as unknown as Stubbed).tilt(x, y, isHere), [x, y, isHere] as const);

  test("[L1] steers by mouse, keys, touch and gamepad while it is held, and ends with a zero when it is let go", async () => {
    const { page, lane, stick, middle, up } = await driving("cart-8");
    // Nobody drives: nothing goes out.
    await drag(page, middle, up);
    await lane.isSilent();
    await page.mouse.up();
    expect(lane.sent()).toEqual([]);
    await page.getByRole("button", { name: "Take control" }).click();
    await page.getByText("You drive", { exact: true }).waitFor();

    await drag(page, middle, up);
    await lane.drives();
    const { length } = lane.sent();
    await page.clock.runFor(1_000);
    expect(lane.sent().length - length).toBeGreaterThanOrEqual(20);
    expect(lane.sent()[0]).toMatchObject({ n: 1, fence: 1 });
    await page.mouse.up();
    await lane.falls();

    await stick.focus();
    await page.keyboard.down("KeyW");
    await page.keyboard.down("KeyA");
    await expect.poll(() => lane.last()!.angular).toBeGreaterThan(0.2);
    await page.keyboard.up("KeyA");
    await expect.poll(() => lane.last()).toEqual({ linear: 0.5, angular: 0 });
    await page.keyboard.up("KeyW");
    await lane.falls();

    const touch = await page.context().newCDPSession(page);
    const finger = (type: "touchStart" | "touchMove" | "touchEnd" | "touchCancel", points: object[]) =>
      touch.send("Input.dispatchTouchEvent", { type, touchPoints: points as never });
    await finger("touchStart", [middle]);
    await finger("touchMove", [{ x: middle.x, y: middle.y + 60 }]);
    await expect.poll(() => lane.last()!.linear).toBeLessThan(-0.3);
    await finger("touchCancel", []);
    await lane.falls();

    await pad(page, 0.6, -0.8);
    await page.getByText("A gamepad is here").waitFor();
    await expect.poll(() => lane.last()!.angular).toBeLessThan(-0.2);
    await pad(page, 0, 0);
    await lane.falls();
    expect(await faultsOf(page)).toEqual([]);
  });

  test("[L6, G5] a page that is left, a gamepad that goes, a line that is cut, a stop or a takeover end the drive under the hand", async () => {
    const { page, line, lane, stick, middle, up } = await driving("cart-9");
    await page.getByRole("button", { name: "Take control" }).click();
    await page.getByText("You drive", { exact: true }).waitFor();
    const press = async () => {
      await stick.focus();
      await page.keyboard.down("KeyW");
      await lane.drives();
    };
    /** The hand still holds; only a new hold counts. */
    const heldInVain = async () => {
      await lane.falls();
      await page.keyboard.up("KeyW");
      await lane.isSilent();
    };

    await press();
    // Another window is before this one: nobody sees where it goes.
    await page.evaluate(() => dispatchEvent(new Event("blur")));
    await told(page, "Stopped: this page was left.");
    await heldInVain();

    await press();
    await page.evaluate(hide, true);
    await heldInVain();
    await page.evaluate(hide, false);

    await pad(page, 0, -1);
    await lane.drives();
    await pad(page, 0, -1, false);
    await lane.falls();

    await press();
    line.jerk();
    await told(page, "Stopped: the connection was lost.");
    // It is back, under a new fence, and the key is still down.
    await expect.poll(async () => (await admin().get("/api/v1/devices/cart-9")).body.lease?.fence, { timeout: 20_000 })
      .toBe(2);
    await page.getByRole("button", { name: "Let go" }).waitFor();
    await lane.isSilent();
    await page.keyboard.up("KeyW");
    await press();
    // The page may hear of it a moment after us; what goes under the old one until then moves nothing.
    await expect.poll(() => lane.sent().at(-1)).toMatchObject({ fence: 2 });
    await page.keyboard.up("KeyW");
    await lane.falls();

    // Somebody takes over in mid-drive: whoever lost it has no last word, the rover stops by itself.
    await drag(page, middle, up);
    await lane.drives();
    const bob = await operator(
      hub().url,
      (await admin().post("/api/v1/tokens", { name: "Bob", role: "operator" })).body.token,
    );
    bob.send({ type: "lease", id: "1", device: "cart-9", action: "force", reason: "It stands in the way" });
    await told(page, "Stopped: you do not drive any more.");
    await page.mouse.move(middle.x + 40, middle.y);
    await lane.isSilent();
    await page.mouse.up();
    await page.getByText(/Bob took control/).first().waitFor();
    expect(await page.getByRole("button", { name: "Stop", exact: true }).isEnabled()).toBe(true);

    // It is taken back, and somebody else presses the emergency stop.
    await page.getByRole("button", { name: "Take over…" }).click();
    await page.keyboard.type("The way is free");
    await page.keyboard.press("Enter");
    await page.getByText("You drive", { exact: true }).waitFor();
    await drag(page, middle, up);
    await lane.drives();
    await admin().post("/api/v1/devices/cart-9/estop", { reason: "Smoke" });
    await page.getByRole("region", { name: "Emergency stop is latched" }).waitFor();
    await expect.poll(() => stick.getAttribute("data-live")).toBe("false");
    await lane.isSilent();
    await page.mouse.up();
    expect(await faultsOf(page)).toEqual([]);
  });
});

interface Stubbed {
  tilt(x: number, y: number, isHere: boolean): void;
}

/** The tab is in front or not. Runs in the page. */
function hide(isHidden: boolean): void {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}

/** A gamepad that the test tilts, and unplugs. Runs in the page. */
function stubGamepad(): void {
  const pad = { connected: true, axes: [0, 0], buttons: [], index: 0, id: "stub" };
  navigator.getGamepads = () => [pad] as never;
  (globalThis as unknown as Stubbed).tilt = (x, y, isHere) => {
    pad.axes = [x, y];
    pad.connected = isHere;
    dispatchEvent(new Event("gamepadconnected"));
  };
}
