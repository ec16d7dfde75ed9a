import { describe, expect, it } from "vitest";
import { addressOf, protocolsOf } from "../../src/device/address.ts";
import { askedDelay, lastingDelay, retryDelay } from "../../src/device/backoff.ts";
import { FakeHub, TOKEN } from "./fake.ts";
import relay from "../../devices/relay.ts";
import { connect } from "../../src/device/client.ts";

describe("the address and the credential", () => {
  it.each([
    ["http://hub.local:8000", "ws://hub.local:8000/device", "http://hub.local:8000/api/v1/me"],
    ["https://hub.example/", "wss://hub.example/device", "https://hub.example/api/v1/me"],
    ["wss://hub.example/device", "wss://hub.example/device", "https://hub.example/api/v1/me"],
    ["http://[::1]:80/home", "ws://[::1]/home/device", "http://[::1]/home/api/v1/me"],
  ])("[H1] %s", (url, socket, me) => expect(addressOf(url)).toEqual({ socket, me }));

  it("[I1] no credential goes into a URL, and no other scheme is taken", () => {
    for (const url of ["http://u:p@hub", "http://hub?token=x", "ftp://hub", "hub.local", ""]) {
      expect(() => addressOf(url), url).toThrow(TypeError);
    }
  });

  it("[H3] the token is offered as a subprotocol", () => {
    const hub = new FakeHub();
    hub.relay();
    expect(hub.socket.url).toBe("ws://hub.test:8000/device");
    expect(hub.socket.protocols).toEqual(["signalbox.v1", `signalbox.token.${TOKEN}`]);
    expect(() => protocolsOf("a token")).toThrow(TypeError);
    expect(() => connect(relay, { ...hub.options, token: "ä" })).toThrow("not a device token");
  });
});

describe("when to come back", () => {
  it("[Z] is full jitter from 1 s to 60 s", () => {
    const ranges = [1, 2, 3, 5, 6, 50].map((failures) => [
      retryDelay(failures, () => 0),
      retryDelay(failures, () => 1),
    ]);
    expect(ranges).toEqual([[1, 2], [1, 4], [1, 8], [1, 32], [1, 60], [1, 60]]);
  });

  it("[Z] is 15 minutes and more after what only a person can change, and what the hub asked for otherwise", () => {
    expect([lastingDelay(() => 0), lastingDelay(() => 1)]).toEqual([900, 1200]);
    expect([askedDelay(30, 1, () => 0), askedDelay(30, 1, () => 1)]).toEqual([30, 31]);
    expect(askedDelay(1e9, 1, () => 0)).toBe(3600);
  });

  it("[Z] tries for ever, with more patience each time", async () => {
    const hub = new FakeHub();
    hub.random = () => 1;
    hub.relay();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt++) {
      hub.socket.end(1006);
      await hub.clock.advance(0);
      const status = hub.statuses[hub.statuses.length - 1];
      if (status.state !== "waiting") throw new Error(status.state);
      expect(status.reason).toMatchObject({ name: "unreachable", isLasting: false });
      waits.push(status.seconds);
      await hub.clock.advance(status.seconds);
      expect(hub.sockets).toHaveLength(attempt + 1);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  it("[Z] begins anew after a connection that stood, and not after one that did not", async () => {
    const hub = new FakeHub();
    hub.random = () => 1;
    hub.relay();
    const waitAfter = async (seconds: number) => {
      hub.welcome();
      await hub.clock.advance(seconds);
      hub.socket.end(1006);
      const status = hub.statuses[hub.statuses.length - 1];
      if (status.state !== "waiting") throw new Error(status.state);
      await hub.clock.advance(status.seconds);
      return status.seconds;
    };
    expect([await waitAfter(1), await waitAfter(1), await waitAfter(1), await waitAfter(31), await waitAfter(2)])
      .toEqual([2, 4, 8, 2, 4]);
  });

  it.each([[1000, "closed"], [1005, "connection_lost"], [1001, "going_away"], [4003, "heartbeat_lost"]])(
    "[Z] comes back within a minute after %i %s",
    (code, name) => {
      const hub = new FakeHub();
      const device = hub.relay({ attended: true });
      hub.welcome();
      hub.socket.end(code);
      expect(device.status).toMatchObject({ state: "waiting", reason: { code, name } });
    },
  );

  it.each([[1012, "restarting"], [1013, "overloaded"]])("[Z] %i %s names the time", async (code, name) => {
    const hub = new FakeHub();
    const device = hub.relay();
    hub.welcome();
    hub.socket.end(code, '{"retryAfter":20}');
    expect(device.status).toMatchObject({ state: "waiting", seconds: 20.5, reason: { name, retryAfter: 20 } });
    await hub.clock.advance(20);
    expect(hub.sockets).toHaveLength(1);
    await hub.clock.advance(1);
    expect(hub.sockets).toHaveLength(2);
  });

  it.each([[4500, "signed_out"], [4501, "revoked"], [4502, "taken_over"], [4505, "too_many_bad_frames"]])(
    "[Z] %i %s stops where a person looks, and waits 15 minutes and more where none does",
    async (code, name) => {
      for (const attended of [true, false]) {
        const hub = new FakeHub();
        const device = hub.relay({ attended });
        hub.welcome();
        hub.socket.end(code);
        expect(device.status).toMatchObject({ state: attended ? "stopped" : "waiting", reason: { code, name } });
        await hub.clock.advance(900);
        expect(hub.sockets).toHaveLength(1);
        await hub.clock.advance(150);
        expect(hub.sockets).toHaveLength(attended ? 1 : 2);
      }
    },
  );

  it.each([[401, "unauthenticated"], [403, "forbidden"], [400, "bad_request"]])(
    "[Z, H5] a refusal with %i is read from /api/v1/me",
    async (status, code) => {
      for (const attended of [true, false]) {
        const hub = new FakeHub();
        const device = hub.relay({ attended });
        hub.me = { status, code };
        hub.socket.end(1006);
        await hub.clock.advance(0);
        expect(hub.asked).toEqual([`http://hub.test:8000/api/v1/me Bearer ${TOKEN}`]);
        expect(device.status).toMatchObject({
          state: attended ? "stopped" : "waiting",
          reason: { code: status, name: code, isLasting: true },
        });
        await hub.clock.advance(900);
        expect(hub.sockets).toHaveLength(1);
      }
    },
  );

  it("[Z, H5] a refusal that the runtime tells by an error alone, as Node 22 does, is one all the same", async () => {
    const hub = new FakeHub();
    const device = hub.relay({ attended: true });
    hub.me = { status: 401, code: "unauthenticated" };
    hub.socket.onerror?.({} as never);
    await hub.clock.advance(0);
    expect(device.status).toMatchObject({ state: "stopped", reason: { name: "unauthenticated" } });
    expect(hub.asked).toHaveLength(1);
  });

  it("[P7, Z] a refusal with 429 or 503 passes, after Retry-After", async () => {
    for (const status of [429, 503]) {
      const hub = new FakeHub();
      const device = hub.relay({ attended: true });
      hub.me = { status, code: "rate_limited", headers: { "Retry-After": "40" } };
      hub.socket.end(1006);
      await hub.clock.advance(0);
      expect(device.status).toMatchObject({ state: "waiting", seconds: 40.5 });
    }
  });

  it("[Z] a hub that says nothing, or 200 at /api/v1/me, is an ordinary mishap", async () => {
    const hub = new FakeHub();
    const device = hub.relay({ attended: true });
    hub.me = { status: 200 };
    hub.socket.end(1006);
    await hub.clock.advance(0);
    expect(device.status).toMatchObject({ state: "waiting", reason: { name: "connection_lost" } });
    await hub.clock.advance(2);
    hub.socket.open();
    await hub.clock.advance(20);
    expect(device.status).toMatchObject({ state: "waiting", reason: { name: "no_welcome" } });
  });

  it("closes for good, leaving nothing behind", async () => {
    const hub = new FakeHub();
    const device = hub.relay();
    hub.welcome();
    device.close();
    device.close();
    expect(hub.socket.closedWith).toBe(1000);
    expect(device.status).toEqual({ state: "closed" });
    await hub.clock.advance(3600);
    expect([hub.sockets.length, hub.clock.waiting]).toEqual([1, 0]);
  });

  it("closed by whoever hears that it connects, it does not connect", async () => {
    const hub = new FakeHub();
    const device = hub.relay({
      onStatus: (status) => status.state === "connecting" && status.attempt === 2 && device.close(),
    });
    hub.socket.end(1006);
    await hub.clock.advance(10);
    expect([hub.sockets.length, device.status.state, hub.clock.waiting]).toEqual([1, "closed", 0]);
  });

  it("closes while it waits or is being refused, too", async () => {
    const hub = new FakeHub();
    const device = hub.relay();
    hub.socket.end(1006);
    device.close();
    await hub.clock.advance(3600);
    expect([hub.sockets.length, device.status.state]).toEqual([1, "closed"]);
  });
});

describe("the heartbeat", () => {
  it("[F1, P3] a ping at once, then every heartbeat of the welcome", async () => {
    const hub = new FakeHub();
    hub.relay();
    const socket = hub.welcome({ heartbeat: 20 });
    expect(socket.pings).toBe(1);
    for (let beat = 2; beat <= 5; beat++) {
      await hub.clock.advance(20);
      expect(socket.pings).toBe(beat);
    }
  });

  it("[P3] no answer within 10 s ends the connection, and it comes back", async () => {
    const hub = new FakeHub();
    const device = hub.relay();
    const socket = hub.welcome();
    await hub.clock.advance(29);
    socket.answersPings = false;
    await hub.clock.advance(10.9);
    expect(device.status.state).toBe("online");
    await hub.clock.advance(0.2);
    expect(device.status).toMatchObject({ state: "waiting", reason: { name: "no_pong" } });
    expect(socket.closedWith).not.toBeNull();
    await hub.clock.advance(2);
    expect(hub.sockets).toHaveLength(2);
    // What the old socket still says is nobody's.
    socket.say({ type: "command", id: "x", name: "toggle", params: {}, ttl: 10 });
    expect(socket.onmessage).toBeNull();
  });

  it("[F6] what it does not know is ignored", async () => {
    const hub = new FakeHub();
    const device = hub.relay();
    const socket = hub.welcome({ surprise: { a: 1 } });
    const odd = [
      "",
      "PONG",
      "[]",
      "{}",
      "null",
      '{"type":7}',
      '{"type":"stream","n":1}',
      '{"type":"command"}',
      "{".repeat(99),
    ];
    for (const text of odd) socket.say(text);
    socket.say({ type: "stored", seq: "x" });
    await hub.clock.advance(0);
    expect(device.status.state).toBe("online");
    expect(socket.take().map(({ type }) => type)).toEqual(["hello"]);
  });
});
