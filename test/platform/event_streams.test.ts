/** What becomes of an event stream's body on any runtime: written, read or not, and ended. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ArgsOf, CallName } from "../../src/hub/call.ts";
import { type Body, EventStreams } from "../../src/platform/event_streams.ts";
import { randomBytes } from "../../src/platform/crypto.ts";
import { Runner } from "../../src/platform/runner.ts";
import type { Shell } from "../../src/platform/shell.ts";
import { CLOSE } from "../../src/protocol/close.ts";
import { type StreamQuery, streamQuery } from "../../src/protocol/event_stream.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { ADMIN, OPTIONS } from "../support/options.ts";

const CREDENTIAL = { sort: "token", token: ADMIN } as const;

/** A hub without any socket. */
function hub() {
  const streams = new EventStreams();
  const runner = streams.run(
    {
      now: Date.now,
      connections: () => [],
      attach: () => {},
      send: () => {},
      sendBytes: () => {},
      close: () => {},
      pingedAt: () => null,
      backlog: () => 0,
      random: randomBytes,
      schedule: () => {},
      log: () => {},
      vitals: () => ({ runtime: "test" }),
    } satisfies Shell,
    (shell) => new Runner(OPTIONS, openMemory(), shell),
  );
  runner.start();
  const call = async <N extends CallName>(name: N, args: ArgsOf<N>) => {
    const answer = await runner.call(name, args, CREDENTIAL);
    if (!answer.ok) throw new Error(answer.fault.message);
    return answer.value;
  };
  const open = (ask: Partial<StreamQuery> = {}, token = ADMIN) => {
    const opened = streams.connect({ sort: "token", token }, { ...streamQuery.parse({}), ...ask });
    if (!opened.ok) throw new Error(opened.fault.message);
    return opened.value;
  };
  const count = async () => {
    const metrics = await call("get_metrics", {});
    return metrics.find(({ name }) => name === "signalbox_connections")!.values
      .find(({ labels }) => labels.sort === "stream")!.value;
  };
  return { streams, runner, call, open, count };
}

/** All that waits in a body and all that still comes, as texts; null at the end of it. */
function reading(body: Body) {
  const reader = body.getReader();
  const next = async () => {
    const { value } = await reader.read();
    return value === undefined ? null : new TextDecoder().decode(value);
  };
  const all = async () => {
    let text = "";
    for (let part = await next(); part !== null; part = await next()) text += part;
    return text;
  };
  return { next, all, leave: () => reader.cancel() };
}

// Not `setImmediate`, by which the runner gathers what arrives together.
const FAKED = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] as const;

beforeEach(() => void vi.useFakeTimers({ toFake: [...FAKED] }));
afterEach(() => void vi.useRealTimers());

describe("an event stream", () => {
  it("[R7, R9] says when to come back, then writes each frame as an event with its type and revision", async () => {
    const { call, open } = hub();
    await call("create_device", { id: "lamp", kind: "relay" });
    const { next } = reading(open({ fields: ["name"], include: ["presence", "events"] }));
    const [, ms] = /^retry: (\d+)\n\n$/.exec((await next())!)!;
    expect(Number(ms)).toBeGreaterThanOrEqual(1_000);
    expect(Number(ms)).toBeLessThanOrEqual(5_000);
    expect(await next()).toBe(
      `event: snapshot\nid: 1\ndata: {"type":"snapshot","watch":"stream","revision":1,"total":1,` +
        `"counts":{"new":1,"online":0,"suspect":0,"sleeping":0,"offline":0},"devices":[{"id":"lamp","name":"lamp"}]}\n\n`,
    );
  });

  it("[R7] writes what is no frame of a watch without an id", async () => {
    const { call, open } = hub();
    await call("create_device", { id: "lamp", kind: "relay" });
    const { next } = reading(open({ include: ["commands"] }));
    await next();
    await call("send_command", { device: "lamp", name: "toggle", params: {} }).catch(() => {});
    const event = (await next())!;
    expect(event).toMatch(/^event: command\ndata: \{"type":"command",[^\n]*"status":"rejected"[^\n]*\}\n\n$/);
  });

  it("[R10] has a comment every 15 seconds, which does not wait where something else does already", async () => {
    const { open } = hub();
    const { next } = reading(open({ include: ["events"] }));
    await next();
    for (let times = 0; times < 3; times++) {
      const ping = next();
      await vi.advanceTimersByTimeAsync(15_000);
      expect(await ping).toBe(": ping\n\n");
    }
    const late = reading(open({ include: ["events"] }));
    await vi.advanceTimersByTimeAsync(30_000);
    await late.next();
    let hasMore = false;
    const more = late.next().then(() => void (hasMore = true));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hasMore).toBe(false);
    await late.leave();
    await more;
  });

  it("is forgotten when its reader leaves, and no timer stays", async () => {
    const { open, count } = hub();
    const streams = [reading(open()), reading(open())];
    expect([await count(), vi.getTimerCount()]).toEqual([2, 1]);
    for (const { leave } of streams) await leave();
    expect([await count(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("[R10] whose reader takes nothing for half a minute breaks off, and is forgotten with what waits in it", async () => {
    const { open, count } = hub();
    const [body, read] = [open(), reading(open())];
    const all = read.all();
    await vi.advanceTimersByTimeAsync(75_000);
    expect(await count()).toBe(1);
    await expect(body.getReader().read()).rejects.toThrow("nobody read it");
    await read.leave();
    await all.catch(() => {});
  });

  it("[R10, O8] that lets 4 MiB wait breaks off", async () => {
    const { runner, call, open, count } = hub();
    const name = "x".repeat(120);
    const tags = Array.from({ length: 32 }, (_, at) => `${at}`.padEnd(64, "x"));
    for (let at = 0; at < 100; at++) await call("create_device", { id: `d${at}`, kind: "relay", name, tags });
    const body = open({ rate: 20 });
    for (let times = 0; times < 40 && await count() === 1; times++) {
      // Each loss of the memory brings a snapshot of more than 300 kB, read or not.
      runner.evict();
      await call("change_device", { device: "d1", patch: { name: `again ${times}` } });
      await vi.advanceTimersByTimeAsync(1_000);
      runner.handle({ type: "flush" });
    }
    expect(await count()).toBe(0);
    await expect(body.getReader().read()).rejects.toThrow("nobody read it");
  });

  it("[R11, I5] ends with the code when its token is revoked, and nothing comes after it", async () => {
    const { call, open, count } = hub();
    const { id, token } = await call("create_token", { name: "Ann", role: "viewer" });
    const { next, all } = reading(open({ include: ["events"] }, token));
    await next();
    await call("delete_token", { token: id });
    expect(await all()).toBe(`event: end\ndata: {"type":"end","code":4501,"name":"revoked"}\n\n`);
    expect(await count()).toBe(0);
  });

  it("[R11] an end that nobody reads is dropped after five seconds", async () => {
    const { call, open } = hub();
    const { id, token } = await call("create_token", { name: "Ann", role: "viewer" });
    const body = open({}, token);
    await call("delete_token", { token: id });
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(body.getReader().read()).rejects.toThrow("nobody read it");
  });

  it("[R11] a hub that restarts says so to each, says when to come back, and lets no further one in", async () => {
    const { streams, open, count } = hub();
    const readers = [reading(open({ include: ["events"] })), reading(open({ include: ["events"] }))];
    streams.endAll(CLOSE.restarting, JSON.stringify({ retryAfter: 1 }));
    for (const { all } of readers) {
      expect(await all()).toContain(
        `event: end\ndata: {"type":"end","code":1012,"name":"restarting","retryAfter":1}\n\n`,
      );
    }
    expect(await count()).toBe(0);
    expect(streams.connect(CREDENTIAL, streamQuery.parse({}))).toMatchObject({ ok: false, fault: { status: 503 } });
  });

  it("[R9] outlives a memory that was lost, with a new snapshot", async () => {
    const { runner, open, count } = hub();
    const { next } = reading(open());
    await next();
    await next();
    runner.evict();
    expect(await next()).toMatch(/^event: snapshot\nid: 1\n/);
    expect(await count()).toBe(1);
  });
});
