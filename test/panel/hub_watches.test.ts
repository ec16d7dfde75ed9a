/** Watches over a connection that comes and goes; what one of them shows is in watch.test.ts. */
import { describe, expect, it } from "vitest";
import { WatchStore } from "../../src/panel/live/watch.ts";
import { counts, FakePanel, type FakeSocket } from "./fake.ts";

function watched(panel: FakePanel, definition = {}) {
  const store = new WatchStore(panel.hub.soon);
  return { store, ...panel.hub.watch(definition, store) };
}

const snapshot = (watch: string, revision: number, ...ids: string[]) => ({
  type: "snapshot",
  watch,
  revision,
  total: ids.length,
  counts: counts(),
  devices: ids.map((id) => ({ id, telemetry: { power: { value: 0, at: 0 } } })),
});

const changes = (watch: string, revision: number, power: number, id = "lamp") => ({
  type: "changes",
  watch,
  revision,
  devices: { [id]: { telemetry: { power: { value: power, at: revision } } } },
});

const powerOf = (store: WatchStore, id = "lamp") => store.device(id)?.telemetry?.power.value;

describe("watches", () => {
  /** A watch that shows its first snapshot. */
  function shown(panel: FakePanel, definition = {}) {
    const watch = watched(panel, definition);
    const { id } = panel.socket.takeOne("watch");
    panel.socket.say({ type: "reply", id, ok: true, value: { watch: id } });
    panel.socket.say(snapshot(id, 1, "lamp"));
    panel.socket.take();
    return { id, ...watch };
  }

  const took = (socket: FakeSocket, id: string) => socket.say({ type: "reply", id, ok: true, value: { watch: id } });

  it("[O2] opened before there is a connection, they are asked when there is one", () => {
    const panel = new FakePanel();
    watched(panel, { query: "kind:relay", window: [0, 60] });
    watched(panel, { device: "lamp", include: ["telemetry", "commands"] });
    const asked = panel.connected().take();
    expect(asked).toEqual([
      { type: "watch", id: expect.any(String), query: "kind:relay", window: [0, 60] },
      { type: "watch", id: expect.any(String), device: "lamp", include: ["telemetry", "commands"] },
    ]);
    expect(asked[0].id).not.toBe(asked[1].id);
  });

  it("[O6] says which frames were seen", () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    watched(panel);
    const { id } = socket.takeOne("watch");
    took(socket, id);
    socket.say(snapshot(id, 1, "lamp"));
    socket.say(changes(id, 2, 40));
    expect(socket.take()).toEqual([1, 2].map((revision) => ({ type: "seen", watch: id, revision })));
  });

  it("[O4] a gap in the revisions asks again, once, and nothing of it is shown or said to be seen", () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    const { id, store } = shown(panel, { query: "tag:hall" });
    socket.say(changes(id, 3, 60));
    expect(socket.take()).toEqual([{ type: "watch", id, query: "tag:hall" }]);
    // Still on the way when the hub took the new definition.
    socket.say(changes(id, 4, 70));
    socket.say(changes(id, 5, 80));
    expect(socket.take()).toEqual([]);
    expect(powerOf(store)).toBe(0);
    took(socket, id);
    socket.say(snapshot(id, 1, "lamp"));
    socket.say(changes(id, 2, 90));
    expect(powerOf(store)).toBe(90);
    socket.take();
    socket.say(changes(id, 4, 100));
    expect(socket.take("watch")).toHaveLength(1);
  });

  it("[A2.1] after a reconnect every watch begins with a new snapshot, on its newest definition", async () => {
    const panel = new FakePanel();
    panel.connected();
    const list = shown(panel, { query: "kind:relay" });
    const device = shown(panel, { device: "lamp" });
    const closed = shown(panel, { device: "fan" });
    closed.close();
    list.redefine({ query: "kind:lock" });
    const socket = await panel.reconnected();
    expect(socket.take()).toEqual([
      { type: "watch", id: list.id, query: "kind:lock" },
      { type: "watch", id: device.id, device: "lamp" },
    ]);
    // What was shown stays on the screen until then.
    expect(powerOf(list.store)).toBe(0);
    // The hub counts anew for the new connection.
    took(socket, list.id);
    socket.say({
      ...snapshot(list.id, 1, "lamp"),
      devices: [{ id: "lamp", telemetry: { power: { value: 7, at: 9 } } }],
    });
    socket.say(changes(list.id, 2, 8));
    expect(powerOf(list.store)).toBe(8);
  });

  it("[A2.1] a cut hides no change: three values that changed meanwhile are right with the first frame", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    const { store } = watched(panel);
    const { id } = socket.takeOne("watch");
    took(socket, id);
    socket.say(snapshot(id, 1, "lamp", "fan", "pump"));
    socket.say(changes(id, 2, 40, "fan"));
    const next = await panel.reconnected();
    took(next, id);
    next.say({
      ...snapshot(id, 1),
      devices: ["lamp", "fan", "pump"].map((id, index) => ({ id, telemetry: { power: { value: index + 1, at: 5 } } })),
    });
    expect(["lamp", "fan", "pump"].map((id) => powerOf(store, id))).toEqual([1, 2, 3]);
  });

  it("[O2] a definition is replaced in place, under the same id", () => {
    const panel = new FakePanel();
    panel.connected();
    const { id, redefine } = shown(panel, { window: [0, 60] });
    redefine({ window: [40, 60] });
    expect(panel.socket.take()).toEqual([{ type: "watch", id, window: [40, 60] }]);
  });

  it("[O2] each snapshot stands where the definition that it answers began, however quick the next one was", () => {
    const panel = new FakePanel();
    panel.connected();
    const { id, store, redefine } = shown(panel, { window: [0, 60] });
    redefine({ window: [40, 60] });
    redefine({ window: [400, 60] });
    took(panel.socket, id);
    panel.socket.say(snapshot(id, 1, "d040"));
    expect(store.outline()).toMatchObject({ from: 40, order: ["d040"] });
    took(panel.socket, id);
    panel.socket.say(snapshot(id, 1, "d400"));
    expect(store.outline()).toMatchObject({ from: 400, order: ["d400"] });
  });

  it("[O2] replies that a cut swallowed do not shift the ones that follow", async () => {
    const panel = new FakePanel();
    panel.connected();
    const { id, store, redefine } = shown(panel, { window: [0, 60] });
    redefine({ window: [40, 60] });
    redefine({ window: [400, 60] });
    const socket = await panel.reconnected();
    took(socket, id);
    socket.say(snapshot(id, 1, "d400"));
    expect(store.outline()).toMatchObject({ from: 400 });
  });

  it("[O10] a refused definition says why and leaves what was shown", () => {
    const panel = new FakePanel();
    panel.connected();
    const { id, store, redefine } = shown(panel);
    redefine({ query: "colour:red" });
    const error = { code: "bad_request", message: "q: colour:red", retryable: false };
    panel.socket.say({ type: "reply", id, ok: false, error });
    expect(store.outline()).toMatchObject({ error, isLoading: false, order: ["lamp"] });
    // The hub keeps the watch that it had.
    panel.socket.say(changes(id, 2, 30));
    expect(powerOf(store)).toBe(30);
    redefine({ query: "" });
    took(panel.socket, id);
    panel.socket.say(snapshot(id, 1, "lamp"));
    expect(store.outline().error).toBeNull();
  });

  it("[O2] closing ends it at the hub, and later frames of it are dropped", () => {
    const panel = new FakePanel();
    panel.connected();
    const { id, store, close } = shown(panel);
    close();
    expect(panel.socket.take()).toEqual([{ type: "unwatch", id }]);
    panel.socket.say(changes(id, 2, 30));
    panel.socket.say({ type: "reply", id, ok: true, value: { watch: id } });
    expect(powerOf(store)).toBe(0);
    expect(panel.socket.take()).toEqual([]);
  });

  it("what a dropped socket still says counts for nothing", async () => {
    const panel = new FakePanel();
    const old = panel.connected();
    const { store } = watched(panel);
    const { id } = old.takeOne("watch");
    await panel.clock.advance(1);
    old.answersPings = false;
    await panel.clock.advance(39);
    await panel.clock.advance(panel.retryIn);
    panel.welcome();
    old.say({ type: "reply", id, ok: true, value: {} });
    old.say(snapshot(id, 1, "lamp"));
    old.end(4501);
    expect(store.outline().isLoading).toBe(true);
    expect(panel.link.phase).toBe("open");
  });
});
