import { describe, expect, it } from "vitest";
import { CLOSE } from "../../src/protocol/close.ts";
import { AHEAD, FakePanel, outcomeOf, SET } from "./fake.ts";

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
