/** What stands around every screen, as far as it is plain code: pause, keys, palette, calls, builds. */
import { describe, expect, it } from "vitest";
import { entryIn } from "../../src/panel/live/build.ts";
import { WatchStore } from "../../src/panel/live/watch.ts";
import { byPlaceOf, keysShown } from "../../src/panel/shell/keys.ts";
import { found } from "../../src/panel/shell/palette/item.ts";
import { ranked } from "../../src/panel/shell/palette/rank.ts";
import { callOf } from "../../src/panel/shell/rest_call.ts";
import { counts, FakePanel } from "./fake.ts";

describe("what the palette finds", () => {
  it("has first whose name it is, before those that a tag or a kind was found by", () => {
    const devices = [
      { id: "cellar", name: "Cellar air" },
      { id: "plug-la", name: "Coffee machine" },
      { id: "plug-1", name: "Charging point" },
      { id: "desk-lamps", name: "Desk lamps" },
      { id: "hall", name: "Lamp in the hall" },
    ];
    expect(ranked(devices, " LA ").map(({ name }) => name)).toEqual([
      "Lamp in the hall",
      "Desk lamps",
      "Cellar air",
      "Coffee machine",
      "Charging point",
    ]);
    expect(ranked(devices, "tag:hall")).toEqual(devices);
  });
});

describe("a pause", () => {
  function shown() {
    const panel = new FakePanel();
    const store = new WatchStore(panel.hub.soon);
    panel.connected();
    panel.hub.watch({}, store);
    const { id: watch } = panel.socket.takeOne("watch");
    panel.socket.say({ type: "reply", id: watch, ok: true, value: { watch } });
    const snapshot = (revision: number, power: number) =>
      panel.socket.say({
        type: "snapshot",
        watch,
        revision,
        total: 1,
        counts: counts(),
        devices: [{ id: "lamp", telemetry: { power: { value: power, at: 0 } } }],
      });
    const change = (revision: number, patch: Record<string, unknown>) =>
      panel.socket.say({ type: "changes", watch, revision, devices: { lamp: patch } });
    const power = (value: number) => ({ telemetry: { power: { value, at: value } } });
    snapshot(1, 0);
    panel.socket.take();
    return { panel, snapshot, change, power, at: () => store.device("lamp")?.telemetry?.power.value, watch };
  }

  it("holds what changes, counts it, and shows all of it at the end", () => {
    const { panel: { hub, socket }, change, power, at, watch } = shown();
    hub.pause.pause();
    change(2, power(5));
    change(3, power(6));
    expect([at(), hub.pause.waiting.get()]).toEqual([0, 2]);
    // The hub sends no more than eight that nobody saw [O6].
    expect(socket.take("seen")).toEqual([2, 3].map((revision) => ({ type: "seen", watch, revision })));
    hub.pause.resume();
    expect([at(), hub.pause.waiting.get()]).toEqual([6, 0]);
    change(4, power(7));
    expect(at()).toBe(7);
    expect(socket.take("watch")).toEqual([]);
  });

  it("a stop and a lease wait for nobody, and what came before them comes with them", () => {
    const { panel: { hub }, change, power, at } = shown();
    hub.pause.pause();
    change(2, power(5));
    change(3, { estop: { at: 1, by: { id: "ann", name: "Ann" } } });
    expect([at(), hub.pause.waiting.get(), hub.pause.isOn.get()]).toEqual([5, 0, true]);
    change(4, power(6));
    expect(at()).toBe(5);
    change(5, { lease: null });
    expect(at()).toBe(6);
  });

  it("a new snapshot is shown, and what waited of the one before is not", () => {
    const { panel: { hub, socket }, snapshot, change, power, at } = shown();
    hub.pause.pause();
    change(2, power(5));
    snapshot(3, 9);
    change(4, power(10));
    expect(at()).toBe(9);
    hub.pause.resume();
    expect(at()).toBe(10);
    expect(socket.take("watch")).toEqual([]);
  });

  it("with the connection goes what waits: it is told anew", () => {
    const { panel: { hub, socket }, change, power, at } = shown();
    hub.pause.pause();
    change(2, power(5));
    socket.end(1006);
    expect([hub.pause.waiting.get(), hub.pause.isOn.get(), at()]).toEqual([0, true, 0]);
  });

  it("too much to keep is asked for anew", () => {
    const { panel: { hub, socket }, change, power, watch } = shown();
    hub.pause.pause();
    for (let revision = 2; revision < 6_000; revision++) change(revision, power(revision));
    expect(hub.pause.waiting.get()).toBe(5_998);
    socket.take();
    hub.pause.resume();
    expect(socket.take("watch")).toEqual([{ type: "watch", id: watch }]);
  });
});

describe("keys", () => {
  it.each([
    ["g d", "KeyG KeyD"],
    ["u", "KeyU"],
    ["/", null],
    ["$mod+k", null],
    ["[Shift]+?", null],
  ])("%s is by its place %s", (keys, place) => expect(byPlaceOf(keys)).toBe(place));

  it.each([
    ["g d", ["g", "d"]],
    ["[Shift]+?", ["?"]],
    ["Shift+x", ["Shift", "x"]],
    [".", ["."]],
  ])("%s is shown as %j", (keys, shown) => expect(keysShown(keys)).toEqual(shown));
});

describe("the palette", () => {
  const items = [
    { id: "a", group: "Pages", title: "All devices", run() {} },
    { id: "b", group: "Pages", title: "Devices", run() {} },
    { id: "c", group: "Preferences", title: "Theme: dark", detail: "for dim rooms", run() {} },
  ];
  const ids = (text: string) => found(items, text).map(({ id }) => id);

  it("finds what has every word, and first what begins with it", () => {
    expect(ids("")).toEqual(["a", "b", "c"]);
    expect(ids("dev")).toEqual(["b", "a"]);
    expect(ids("  DIM theme ")).toEqual(["c"]);
    expect(ids("theme devices")).toEqual([]);
  });

  it("what cannot be done now stands behind what can", () => {
    const shown = found([{ ...items[1], why: "Not connected to the hub." }, items[0]], "dev");
    expect(shown.map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("[A2.8] the call of a screen", () => {
  it.each([
    ["/", {}, "/api/v1/hub"],
    ["/devices", {}, "/api/v1/devices"],
    ["/devices", { q: "kind:lock tag:a b", sort: "name" }, "/api/v1/devices?q=kind%3Alock+tag%3Aa+b"],
    ["/devices/a%20b", {}, "/api/v1/devices/a%20b"],
    ["/devices/lamp/commands", {}, "/api/v1/devices/lamp/commands"],
    ["/jobs/j-1", {}, "/api/v1/jobs/j-1"],
    ["/settings/tokens", {}, "/api/v1/tokens"],
    ["/simulator", {}, null],
  ])("%s %j is %s", (path, search, call) => expect(callOf(path, search)).toBe(call));
});

describe("a newer panel", () => {
  it("is known by the name of its script", () => {
    const page = (name: string) => `<script src="/theme.js"></script><script type="module" src="/assets/${name}.js">`;
    expect(entryIn(page("index-a1"))).toBe("/assets/index-a1.js");
    expect(entryIn('<script type="module" src="/main.tsx"></script>')).toBeNull();
    expect(entryIn("")).toBeNull();
  });
});
