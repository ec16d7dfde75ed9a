import { describe, expect, it } from "vitest";
import type { CommandRecord, EventView } from "../../src/protocol/record.ts";
import { CLOSE } from "../../src/protocol/close.ts";
import type { DeviceFrame } from "../../src/panel/live/hub.ts";
import { WatchStore } from "../../src/panel/live/watch.ts";
import { AHEAD, ANN, counts, FakePanel, type FakeSocket, outcomeOf } from "./fake.ts";

const SET = { device: "lamp", name: "set", params: { on: true } };

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

describe("the connection", () => {
  it("[O1] is open from the welcome on, not from the socket's opening", () => {
    const panel = new FakePanel();
    panel.hub.connect();
    panel.socket.open();
    expect(panel.link).toEqual({ phase: "connecting", lostAt: null });
    panel.welcome();
    expect(panel.link).toEqual({ phase: "open", operator: ANN, build: "0.1.0" });
  });

  it("knows the hub's clock, so that ages do not depend on this computer's", () => {
    const panel = new FakePanel();
    panel.connected();
    expect(panel.hub.offset.get()).toBe(AHEAD);
  });

  it("[A2.2] says since when it is cut and when it tries again, on the hub's clock like every age on the screen", async () => {
    const panel = new FakePanel();
    panel.connected();
    await panel.clock.advance(60);
    const lostAt = panel.now + AHEAD;
    panel.socket.end(1006);
    expect(panel.link).toEqual({ phase: "waiting", lostAt, retryAt: lostAt + 1500, why: "connection_lost" });
    await panel.clock.advance(1.5);
    expect(panel.link).toEqual({ phase: "connecting", lostAt });
    panel.socket.end(1006);
    expect(panel.link).toMatchObject({ phase: "waiting", lostAt });
    await panel.clock.advance(panel.retryIn);
    panel.welcome();
    panel.socket.end(1006);
    expect(panel.link).toMatchObject({ lostAt: panel.now + AHEAD });
  });

  it("[F6] ignores what it does not know", () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    for (const text of ["{", "null", "7", "[]", '{"type":"lease"}', '{"type":"reply","id":"nobody","ok":true}']) {
      expect(() => socket.say(text), text).not.toThrow();
    }
    socket.say({ ...snapshot("nobody", 1) });
    socket.say({ type: "error", code: "rate_limited", message: "Too many." });
    expect(socket.take()).toEqual([]);
    expect(panel.link.phase).toBe("open");
  });

  it("[F1] pings at once and every 30 s", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    expect(socket.pings).toBe(1);
    await panel.clock.advance(29);
    expect(socket.pings).toBe(1);
    await panel.clock.advance(91);
    expect(socket.pings).toBe(5);
    expect(panel.link.phase).toBe("open");
  });

  it("[F1] a link that is half open shows by the missing pong: it is dropped after 10 s", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    await panel.clock.advance(1);
    socket.answersPings = false;
    await panel.clock.advance(38.9);
    expect(panel.link.phase).toBe("open");
    await panel.clock.advance(0.1);
    expect(panel.link).toMatchObject({ phase: "waiting", why: "connection_lost" });
    expect(socket.closedWith).not.toBeNull();
  });

  it("anything heard proves the link", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    await panel.clock.advance(1);
    socket.answersPings = false;
    await panel.clock.advance(35);
    socket.say({ type: "news" });
    await panel.clock.advance(20);
    expect(panel.link.phase).toBe("open");
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

  it("no welcome within 15 s is no connection", async () => {
    const panel = new FakePanel();
    panel.hub.connect();
    const { socket } = panel;
    socket.open();
    await panel.clock.advance(14.9);
    expect(panel.link.phase).toBe("connecting");
    await panel.clock.advance(0.1);
    expect(panel.link).toMatchObject({ phase: "waiting", lostAt: null });
    expect(socket.closedWith).not.toBeNull();
  });

  it("tells of every welcome, until it need not any more", async () => {
    const panel = new FakePanel();
    let opened = 0;
    const letGo = panel.hub.onOpen(() => opened++);
    panel.connected();
    await panel.reconnected();
    expect(opened).toBe(2);
    letGo();
    await panel.reconnected();
    expect(opened).toBe(2);
  });

  it("[O5, O7] commands, events and raw frames go to whoever listens", () => {
    const panel = new FakePanel();
    const told: unknown[] = [];
    const letGo = [
      panel.hub.onCommand((record: CommandRecord) => told.push(record)),
      panel.hub.onEvent((event: EventView) => told.push(event.name)),
      panel.hub.onDeviceFrame(({ direction, text }: DeviceFrame) => told.push([direction, text])),
    ];
    const socket = panel.connected();
    const say = () => {
      socket.say({ type: "command", command: { id: "c1", status: "sent" } });
      socket.say({ type: "event", id: "e1", device: "door", name: "opened", data: {}, at: 1 });
      socket.say({ type: "frame", watch: "w", device: "lamp", direction: "in", at: 1, text: "ping" });
    };
    say();
    expect(told).toEqual([{ id: "c1", status: "sent" }, "opened", ["in", "ping"]]);
    for (const go of letGo) go();
    say();
    expect(told).toHaveLength(3);
  });

  it("signing out ends it for good", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    const answer = panel.hub.request("command", SET);
    panel.hub.stop();
    expect(socket.closedWith).toBe(1000);
    expect(await outcomeOf(answer)).toEqual({ code: "no_answer" });
    socket.end(1000);
    await panel.clock.advance(3600);
    expect(panel.sockets).toHaveLength(1);
    expect(panel.clock.waiting).toBe(0);
    // Who signs in next begins like a first visitor, not with the age of what somebody else saw.
    expect(panel.link).toEqual({ phase: "connecting", lostAt: null });
  });
});

describe("coming back", () => {
  it("[Z] is by full jitter from 1 s, longer after each failure in a row, and for ever", async () => {
    for (const [random, waits] of [[0, Array(12).fill(1)], [1, [2, 4, 8, 16, 32, ...Array(7).fill(60)]]] as const) {
      const panel = new FakePanel();
      panel.random = random;
      panel.hub.connect();
      const waited: number[] = [];
      for (let attempt = 1; attempt <= 12; attempt++) {
        panel.socket.end(1006);
        waited.push(panel.retryIn);
        await panel.clock.advance(panel.retryIn - 0.001);
        expect(panel.sockets).toHaveLength(attempt);
        await panel.clock.advance(0.001);
        expect(panel.sockets).toHaveLength(attempt + 1);
      }
      expect(waited).toEqual(waits);
    }
  });

  it("[Z] a welcome makes its patience new", async () => {
    const panel = new FakePanel();
    panel.random = 1;
    panel.hub.connect();
    for (const _ of [1, 2, 3]) {
      panel.socket.end(1006);
      await panel.clock.advance(panel.retryIn);
    }
    panel.welcome().end(1006);
    expect(panel.retryIn).toBe(2);
  });

  const COME_BACK = Object.entries(CLOSE).filter(([, code]) => code < 4500);
  it.each(COME_BACK)("[Z] %s: it comes back", async (why, code) => {
    const panel = new FakePanel();
    panel.connected().end(code);
    expect(panel.link).toMatchObject({ phase: "waiting", why });
    await panel.clock.advance(panel.retryIn);
    expect(panel.sockets).toHaveLength(2);
    expect(panel.asked).toBe(0);
  });

  const STOP = Object.entries(CLOSE).filter(([, code]) => code >= 4500);
  it.each(STOP)("[Z] %s: it stops and says why", async (why, code) => {
    const panel = new FakePanel();
    panel.connected().end(code);
    expect(panel.link).toMatchObject({ phase: "stopped", why, code });
    await panel.clock.advance(3600);
    expect(panel.sockets).toHaveLength(1);
    expect(panel.clock.waiting).toBe(0);
    // A person decides.
    panel.connected();
    expect(panel.link.phase).toBe("open");
  });

  it("both sorts of close codes were seen", () => {
    expect(COME_BACK.length).toBeGreaterThan(10);
    expect(STOP.length).toBeGreaterThan(3);
  });

  it.each([1000, 1005, 1006, 4499])("[Z] %i, which the protocol has no word for: it comes back", async (code) => {
    const panel = new FakePanel();
    panel.connected();
    await panel.reconnected(code);
    expect([panel.link.phase, panel.sockets.length]).toEqual(["open", 2]);
  });

  it("[Z] a hub that restarts says when", () => {
    const panel = new FakePanel();
    panel.connected().end(1012, '{"retryAfter":20}');
    expect(panel.retryIn).toBe(20.5);
  });

  it("[H5] a socket that never opened asks REST whether the session is good, and only then tries again", async () => {
    const panel = new FakePanel();
    let answer = (_: boolean) => {};
    panel.mayRetry = () => new Promise((resolve) => answer = resolve);
    panel.hub.connect();
    panel.socket.end(1006);
    await panel.clock.advance(panel.retryIn);
    expect([panel.asked, panel.sockets.length]).toEqual([1, 1]);
    answer(true);
    await panel.clock.advance(0);
    expect([panel.asked, panel.sockets.length]).toEqual([1, 2]);
  });

  it("[H5] a session that is over ends the tries", async () => {
    const panel = new FakePanel();
    panel.mayRetry = () => false;
    panel.hub.connect();
    panel.socket.end(1006);
    await panel.clock.advance(3600);
    expect([panel.asked, panel.sockets.length]).toEqual([1, 1]);
  });

  it("an answer about the session that comes when somebody has tried already changes nothing", async () => {
    const panel = new FakePanel();
    let answer = (_: boolean) => {};
    panel.mayRetry = () => new Promise((resolve) => answer = resolve);
    panel.hub.connect();
    panel.socket.end(1006);
    await panel.clock.advance(panel.retryIn);
    panel.connected();
    answer(true);
    await panel.clock.advance(60);
    expect(panel.sockets).toHaveLength(2);
    expect(panel.link.phase).toBe("open");
  });

  it("an answer about the session that comes after signing out changes nothing", async () => {
    const panel = new FakePanel();
    let answer = (_: boolean) => {};
    panel.mayRetry = () => new Promise((resolve) => answer = resolve);
    panel.hub.connect();
    panel.socket.end(1006);
    await panel.clock.advance(panel.retryIn);
    panel.hub.stop();
    answer(true);
    await panel.clock.advance(60);
    expect(panel.sockets).toHaveLength(1);
  });

  it("trying at once, while connected, begins anew and leaves nothing behind", async () => {
    const panel = new FakePanel();
    const old = panel.connected();
    const answer = panel.hub.request("command", SET);
    panel.hub.connect();
    expect(old.closedWith).not.toBeNull();
    expect(panel.link).toEqual({ phase: "connecting", lostAt: panel.now + AHEAD });
    expect(await outcomeOf(answer)).toEqual({ code: "no_answer" });
    // The old heartbeat would ping a socket that is not open yet, and the old link would take a click for it.
    expect(await outcomeOf(panel.hub.request("command", SET))).toEqual({ code: "not_connected" });
    await panel.clock.advance(14);
    panel.welcome();
    await panel.clock.advance(30);
    expect([panel.sockets.length, panel.socket.pings]).toEqual([2, 2]);
  });
});

describe("requests", () => {
  it("[O1] each gets its own reply", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    const on = panel.hub.request("command", SET);
    const off = panel.hub.request("cancel", { command: "c1" });
    const [first, second] = socket.take();
    expect(first).toEqual({ type: "command", id: expect.any(String), ...SET });
    expect(second).toEqual({ type: "cancel", id: expect.any(String), command: "c1" });
    expect(first.id).not.toBe(second.id);
    const error = { code: "conflict", message: "It is final.", retryable: false, command: "c1" };
    socket.say({ type: "reply", id: second.id, ok: false, error });
    expect(await outcomeOf(on)).toBe("pending");
    socket.say({ type: "reply", id: first.id, ok: true, value: { id: "c2" } });
    expect(await outcomeOf(on)).toEqual({ value: { id: "c2" } });
    await expect(off).rejects.toMatchObject({ fault: error, message: "It is final." });
  });

  it("[A2.2] without a connection they are refused at once, and never kept for a better time", async () => {
    const panel = new FakePanel();
    expect(await outcomeOf(panel.hub.request("command", SET))).toEqual({ code: "not_connected" });
    panel.hub.connect();
    panel.socket.open();
    expect(await outcomeOf(panel.hub.request("command", SET))).toEqual({ code: "not_connected" });
    panel.welcome().end(1006);
    expect(await outcomeOf(panel.hub.request("desire", { device: "lamp", patch: { on: true } })))
      .toEqual({ code: "not_connected" });
    await panel.clock.advance(panel.retryIn);
    const socket = panel.welcome();
    await panel.clock.advance(60);
    expect(socket.take()).toEqual([]);
  });

  it("[A2.6] in flight when the connection ends, they say that nobody answered, and are not sent again", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    const answer = panel.hub.request("command", SET);
    socket.takeOne("command");
    socket.end(1006);
    await expect(answer).rejects.toMatchObject({ fault: { code: "no_answer", retryable: true } });
    await panel.clock.advance(panel.retryIn);
    expect(panel.welcome().take("command")).toEqual([]);
  });
});

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
});
