/** Texts that may wait a moment for others: none is lost, none overtakes another, and each has the time of its arrival. */
import { generate, type Packet } from "mqtt-packet";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connection } from "../../src/hub/connections/connection.ts";
import type { ArgsOf, CallName } from "../../src/hub/call.ts";
import { Hub } from "../../src/hub/hub.ts";
import { type Line, unchained } from "../../src/platform/hearing.ts";
import { randomBytes } from "../../src/platform/crypto.ts";
import { Runner } from "../../src/platform/runner.ts";
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
    sendBytes: (_, bytes) => void acknowledged.push(...bytes.filter((_, at) => at % 4 === 3)),
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
  const acknowledged: number[] = [];
  /** A device over MQTT, with what it publishes. */
  const overMqtt = () => {
    const { token } = ask("create_device", { id: "attic", kind: "env-sensor" });
    const own = line("attic");
    const tell = (packet: object) => new Uint8Array(generate(packet as Packet, { protocolVersion: 4 }));
    const who = { protocolVersion: 4, clientId: "c", clean: true, keepalive: 60, username: "attic", password: token };
    runner.handle({ type: "connect", path: "mqtt", credential: { sort: "none" }, connection: "attic" }, () => {});
    runner.handle({
      type: "binary",
      connection: "attic",
      bytes: tell({ cmd: "connect", protocolId: "MQTT", ...who }),
    });
    acknowledged.length = 0;
    connected = attached;
    return (temperature: number, messageId: number) => {
      const payload = JSON.stringify({ data: { temperature } });
      const publish = { cmd: "publish", topic: "devices/attic/telemetry", payload, qos: 1, messageId };
      runner.hearBytes(own, tell(publish));
    };
  };
  for (const device of ["roof", "cellar"]) {
    const { token } = ask("create_device", { id: device, kind: "env-sensor" });
    runner.handle({ type: "connect", path: "device", credential: credential(token), connection: device }, () => {});
  }
  const lines = { roof: line("roof"), cellar: line("cellar") };
  const hear = (device: keyof typeof lines, text: string) => runner.hear(lines[device], text);
  const tell = (device: keyof typeof lines, temperature: number) =>
    hear(device, JSON.stringify({ type: "telemetry", data: { temperature } }));
  /** Somebody watches all of them, and gets so many frames a second. */
  const watch = (rate: number, more = {}) => {
    const connection = "operator";
    runner.handle({ type: "connect", path: "operator", credential: credential(ADMIN), connection }, () => {});
    const frame = { type: "watch", id: "1", window: [0, 10], rate, ...more };
    runner.handle({ type: "text", connection, text: JSON.stringify(frame) });
    attached = 0;
    connected = 0;
  };
  let connected = attached;
  /** Without a question, which would have everything decided first: who told something carries it. */
  const carrying = () => attached - connected;
  const shown = (device: string) => ask("get_device", { device }).telemetry.temperature;
  return { shell, store, runner, sockets, sent, ask, hear, tell, shown, carrying, watch, overMqtt, acknowledged };
}

const line = (connection: string): Line => ({ connection, last: null });
const BUGGED = '{"type":"telemetry","data":{"temperature":666}}';
const NOON = Date.UTC(2026, 10, 26, 12);

describe("hearing", () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOON }));
  afterEach(() => void vi.useRealTimers());

  it("[T8] a text waits for others while nobody would be told, and then all are decided as of their arrival", () => {
    const { tell, carrying, shown } = hearing();
    tell("roof", 1);
    vi.advanceTimersByTime(1);
    tell("cellar", 2);
    vi.advanceTimersByTime(1);
    tell("roof", 3);
    vi.advanceTimersByTime(247);
    expect(carrying()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(carrying()).toBe(2);
    expect(shown("roof")).toEqual({ value: 3, at: NOON + 2 });
    expect(shown("cellar")).toEqual({ value: 2, at: NOON + 1 });
  });

  it("[M7, T8] so do publishes over MQTT; one after another where the turn of all fails", () => {
    const { tell, carrying, shown, overMqtt, acknowledged, runner } = hearing();
    const publish = overMqtt();
    publish(1, 1);
    vi.advanceTimersByTime(1);
    tell("roof", 2);
    publish(3, 2);
    vi.advanceTimersByTime(248);
    expect(carrying()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(carrying()).toBe(2);
    expect([shown("attic"), shown("roof").value]).toEqual([{ value: 3, at: NOON + 1 }, 2]);
    publish(4, 3);
    vi.setSystemTime(NOON + 2_000);
    runner.handle({ type: "wake" });
    expect([acknowledged, shown("attic").value]).toEqual([[1, 2, 3], 4]);
    // There is no memory: each is heard by itself.
    publish(5, 4);
    runner.evict();
    expect(shown("attic").value).toBe(5);
  });

  it("[O3] it waits no longer than until somebody may be told, and where that is at once a few ms", () => {
    const { tell, carrying, watch } = hearing();
    watch(10);
    vi.advanceTimersByTime(30);
    tell("roof", 1);
    vi.advanceTimersByTime(69);
    expect(carrying()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(carrying()).toBe(1);
    tell("cellar", 2);
    vi.advanceTimersByTime(9);
    expect(carrying()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(carrying()).toBe(2);
  });

  it("[O5] who watches raw frames sees them as they come", () => {
    const { tell, sent, watch } = hearing();
    watch(1, { device: "roof", include: ["frames"] });
    tell("roof", 1);
    vi.advanceTimersByTime(10);
    expect(sent.at(-1)).toEqual(["operator", expect.objectContaining({ type: "frame", at: NOON })]);
  });

  it("[T8] many do not wait, nor do long ones", () => {
    const { hear, tell, carrying } = hearing();
    for (let n = 1; n < 1_000; n++) tell("roof", n);
    expect(carrying()).toBe(0);
    tell("cellar", 1_000);
    expect(carrying()).toBe(2);
    for (let n = 0; n < 18; n++) hear("roof", `{"type":"telemetry","data":{}}${" ".repeat(60_000)}`);
    expect(carrying()).toBe(3);
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
    vi.advanceTimersByTime(300);
    expect(carrying()).toBe(decided);
  });

  it("[F1] whoever is answered may have what was heard decided before", () => {
    const { runner, tell, carrying } = hearing();
    tell("roof", 1);
    runner.catchUp();
    expect(carrying()).toBe(1);
    vi.advanceTimersByTime(300);
    expect(carrying()).toBe(1);
  });

  it("[T8] what is heard after the end of its connection is nobody's, and harms nothing", () => {
    const { runner, tell, carrying } = hearing();
    runner.handle({ type: "closed", connection: "roof", code: 1000 });
    tell("roof", 1);
    tell("cellar", 2);
    vi.advanceTimersByTime(250);
    expect(carrying()).toBe(1);
  });

  it("[T8] what a bug makes of one text harms no other that was heard with it", () => {
    const { sockets, hear, tell, ask } = hearing();
    tell("roof", 1);
    vi.advanceTimersByTime(1);
    hear("cellar", BUGGED);
    tell("roof", 2);
    const { decide } = Hub.prototype;
    const spy = vi.spyOn(Hub.prototype, "decide").mockImplementation(function (this: Hub, event, env) {
      const texts = event.type === "texts" ? [...unchained(event.chains)] : event.type === "text" ? [event] : [];
      if (texts.some(({ text }) => text === BUGGED)) throw new Error("a bug");
      return decide.call(this, event, env);
    });
    vi.advanceTimersByTime(250);
    spy.mockRestore();
    const kept = ask("get_history", { device: "roof", field: "temperature", from: NOON, points: 10 });
    const [, least, mean, greatest, count] = kept.points[0];
    expect({ least, mean, greatest, count }).toEqual({ least: 1, mean: 1.5, greatest: 2, count: 2 });
    expect([...sockets.keys()]).toEqual(["roof"]);
  });

  it("[X1] what a full store takes nothing of is refused by name, and whoever was heard with it is not", () => {
    const { store, sockets, sent, hear, tell, shown } = hearing();
    const commit = vi.spyOn(store, "commit").mockImplementation(() => {
      throw new Error("database or disk is full");
    });
    // More than a socket keeps: it would have to be written at once.
    const samples = Array.from({ length: 1_500 }, (_, ago) => ({ data: { temperature: ago / 7 }, ago }));
    hear("cellar", JSON.stringify({ type: "telemetry", samples, seq: 1 }));
    tell("roof", 1);
    sent.length = 0;
    vi.advanceTimersByTime(250);
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
