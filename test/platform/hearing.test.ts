/** Texts that may wait a moment for others: none is lost, none overtakes another, and each has the time of its arrival. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connection } from "../../src/hub/connection.ts";
import type { ArgsOf, CallName } from "../../src/hub/call.ts";
import { Hub } from "../../src/hub/hub.ts";
import { randomBytes, Runner } from "../../src/platform/runner.ts";
import type { Shell } from "../../src/platform/shell.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { ADMIN, OPTIONS } from "../support/options.ts";

const credential = (token: string) => ({ sort: "token" as const, token });

function hearing() {
  let attached = 0;
  const sockets = new Map<string, Connection>();
  // deno-lint-ignore no-explicit-any
  const sent: [connection: string, frame: any][] = [];
  const store = openMemory();
  const shell: Shell = {
    now: Date.now,
    connections: () => [...sockets.values()],
    attach: (connection) => {
      attached += 1;
      sockets.set(connection.id, connection);
    },
    send: (connection, text) => void sent.push([connection, JSON.parse(text)]),
    close: (connection) => void sockets.delete(connection),
    pingedAt: () => null,
    backlog: () => 0,
    random: randomBytes,
    schedule: () => {},
    vitals: () => ({ runtime: "test" }),
    log: () => {},
  };
  const runner = new Runner(OPTIONS, store, shell);
  runner.start();
  const ask = <N extends CallName>(name: N, args: ArgsOf<N>) => {
    const outcome = runner.handle({ type: "call", name, args, credential: credential(ADMIN) });
    if (!outcome.ok) throw new Error(outcome.fault.message);
    // deno-lint-ignore no-explicit-any
    return outcome.value as any;
  };
  for (const device of ["roof", "cellar"]) {
    const { token } = ask("create_device", { id: device, kind: "env-sensor" });
    runner.handle({ type: "connect", path: "device", credential: credential(token), connection: device }, () => {});
  }
  const tell = (device: string, temperature: number) =>
    runner.hear(device, JSON.stringify({ type: "telemetry", data: { temperature } }));
  const connected = attached;
  /** Without a question, which would have everything decided first: who told something carries it. */
  const carrying = () => attached - connected;
  const shown = (device: string) => ask("get_device", { device }).telemetry.temperature;
  return { shell, store, runner, sockets, sent, ask, tell, shown, carrying };
}

const BUGGED = '{"type":"telemetry","data":{"temperature":666}}';
const NOON = Date.UTC(2026, 10, 26, 12);

describe("hearing", () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOON }));
  afterEach(() => void vi.useRealTimers());

  it("[T8] a text waits a few ms for others, and then all are decided, each at the time of its arrival", () => {
    const { tell, carrying, shown } = hearing();
    tell("roof", 1);
    vi.advanceTimersByTime(1);
    tell("cellar", 2);
    vi.advanceTimersByTime(1);
    tell("roof", 3);
    expect(carrying()).toBe(0);
    vi.advanceTimersByTime(10);
    expect(carrying()).toBe(2);
    expect(shown("roof")).toEqual({ value: 3, at: NOON + 2 });
    expect(shown("cellar")).toEqual({ value: 2, at: NOON + 1 });
  });

  it("[T8] whatever else happens comes after what was heard before it", () => {
    const { runner, tell, shown, carrying, ask } = hearing();
    tell("roof", 1);
    expect(shown("roof")).toEqual({ value: 1, at: NOON });
    tell("roof", 2);
    runner.handle({ type: "closed", connection: "roof", code: 1000 });
    expect(shown("roof").value).toBe(2);
    expect(ask("get_device", { device: "roof" }).presence).toBe("offline");
    tell("cellar", 3);
    ask("list_devices", {});
    const decided = carrying();
    expect(shown("cellar").value).toBe(3);
    vi.advanceTimersByTime(20);
    expect(carrying()).toBe(decided);
  });

  it("[F1] whoever is answered may have what was heard decided before", () => {
    const { runner, tell, carrying } = hearing();
    tell("roof", 1);
    runner.catchUp();
    expect(carrying()).toBe(1);
    vi.advanceTimersByTime(20);
    expect(carrying()).toBe(1);
  });

  it("[T8] what is heard after the end of its connection is nobody's, and harms nothing", () => {
    const { runner, tell, carrying } = hearing();
    runner.handle({ type: "closed", connection: "roof", code: 1000 });
    tell("roof", 1);
    tell("cellar", 2);
    vi.advanceTimersByTime(10);
    expect(carrying()).toBe(1);
  });

  it("[T8] what a bug makes of one text harms no other that was heard with it", () => {
    const { runner, sockets, tell, ask } = hearing();
    tell("roof", 1);
    vi.advanceTimersByTime(1);
    runner.hear("cellar", BUGGED);
    tell("roof", 2);
    const { decide } = Hub.prototype;
    const spy = vi.spyOn(Hub.prototype, "decide").mockImplementation(function (this: Hub, event, env) {
      const texts = event.type === "texts" ? event.texts : event.type === "text" ? [event] : [];
      if (texts.some(({ text }) => text === BUGGED)) throw new Error("a bug");
      return decide.call(this, event, env);
    });
    vi.advanceTimersByTime(10);
    spy.mockRestore();
    const kept = ask("get_history", { device: "roof", field: "temperature", from: NOON, points: 10 });
    const [, least, mean, greatest, count] = kept.points[0];
    expect({ least, mean, greatest, count }).toEqual({ least: 1, mean: 1.5, greatest: 2, count: 2 });
    expect([...sockets.keys()]).toEqual(["roof"]);
  });

  it("[X1] what a full store takes nothing of is refused by name, and whoever was heard with it is not", () => {
    const { runner, store, sockets, sent, tell, shown } = hearing();
    const commit = vi.spyOn(store, "commit").mockImplementation(() => {
      throw new Error("database or disk is full");
    });
    // More than a socket keeps: it would have to be written at once.
    const samples = Array.from({ length: 1_500 }, (_, ago) => ({ data: { temperature: ago / 7 }, ago }));
    runner.hear("cellar", JSON.stringify({ type: "telemetry", samples, seq: 1 }));
    tell("roof", 1);
    sent.length = 0;
    vi.advanceTimersByTime(10);
    commit.mockRestore();
    expect(sent).toEqual([
      ["cellar", expect.objectContaining({ type: "error", code: "storage_unavailable", of: "telemetry", seq: 1 })],
    ]);
    expect([...sockets.keys()]).toEqual(["roof", "cellar"]);
    expect(shown("roof").value).toBe(1);
  });

  it("[J8] a memory that an event makes is told of no time before it was made", () => {
    const { shell } = hearing();
    // To make it takes a while.
    const slow = { ...shell, connections: () => (vi.setSystemTime(Date.now() + 50), []) };
    const decide = vi.spyOn(Hub.prototype, "decide");
    new Runner(OPTIONS, openMemory(), slow).handle({ type: "wake" });
    const times = decide.mock.calls.map(([, { now }]) => now);
    decide.mockRestore();
    expect(times).toEqual([NOON + 50, NOON + 50]);
  });
});
