import { describe, expect, it } from "vitest";
import type { CommandRecord, EventView } from "../../src/protocol/record.ts";
import type { DeviceFrame } from "../../src/panel/live/hub.ts";
import { AHEAD, ANN, counts, FakePanel, outcomeOf, SET } from "./fake.ts";

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
    socket.say({ type: "snapshot", watch: "nobody", revision: 1, total: 0, counts: counts(), devices: [] });
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

  it("[A2.2] a socket that is closing takes nothing more, before it says that it has closed", async () => {
    const panel = new FakePanel();
    const socket = panel.connected();
    socket.fade();
    expect(panel.link.phase).toBe("open");
    expect(await outcomeOf(panel.hub.request("command", SET))).toEqual({ code: "not_connected" });
    expect(panel.hub.stream({ device: "rover", name: "drive", data: { x: 0, y: 0 }, n: 1 }, true)).toBe(false);
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

describe("a lane", () => {
  it("[L1, L2] a frame goes at once or not at all, and a refusal is heard", () => {
    const panel = new FakePanel();
    const frame = { device: "cart", name: "drive", data: { linear: 0.5 }, n: 1, fence: 3 };
    expect(panel.hub.stream(frame)).toBe(false);
    const socket = panel.connected();
    expect(panel.hub.stream(frame)).toBe(true);
    expect(socket.takeOne("stream")).toEqual({ type: "stream", ...frame });
    Object.assign(socket, { bufferedAmount: 50_000 });
    expect(panel.hub.stream({ ...frame, n: 2 })).toBe(false);
    expect(panel.hub.stream({ ...frame, n: 2 }, true)).toBe(true);
    expect(socket.take("stream").map(({ n }) => n)).toEqual([2]);
    const told: string[] = [];
    panel.hub.onLaneRefused(({ code }) => told.push(code));
    socket.say({ type: "error", code: "lease_lost", message: "Bob drives", of: "stream" });
    socket.say({ type: "error", code: "bad_request", message: "?" });
    expect(told).toEqual(["lease_lost"]);
  });
});
