/** Channels inside a process [N20]: what the bridge hears of its hub, when, and how either side ends it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BridgeCredential, Channel } from "../../src/bridge/channels.ts";
import type { ArgsOf, CallName } from "../../src/hub/call.ts";
import { randomBytes } from "../../src/platform/crypto.ts";
import { Insiders } from "../../src/platform/insiders.ts";
import { Runner } from "../../src/platform/runner.ts";
import type { Shell } from "../../src/platform/shell.ts";
import { CLOSE } from "../../src/protocol/close.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { ADMIN, OPTIONS } from "../support/options.ts";

// deno-lint-ignore no-explicit-any
type Frame = any;
const SELF = { sort: "bridge" } as const;

/** A hub without any socket; whatever is sent to one is a fault. */
function hub() {
  const insiders = new Insiders();
  const logs: string[] = [];
  const nobody = (connection: string) => {
    throw new Error(`there is no socket ${connection}`);
  };
  const runner = insiders.run(
    {
      now: Date.now,
      connections: () => [],
      attach: ({ id }) => nobody(id),
      send: nobody,
      sendBytes: nobody,
      close: nobody,
      pingedAt: nobody,
      backlog: nobody,
      random: randomBytes,
      schedule: () => {},
      log: (event) => logs.push(event),
      vitals: () => ({ runtime: "test" }),
    } satisfies Shell,
    (shell) => new Runner({ ...OPTIONS, bridge: true }, openMemory(), shell),
  );
  runner.start();
  const call = async <N extends CallName>(name: N, args: ArgsOf<N>) => {
    const answer = await runner.call(name, args, { sort: "token", token: ADMIN });
    if (!answer.ok) throw new Error(answer.fault.message);
    return answer.value;
  };
  const open = async (path: "operator" | "device" = "operator", as: BridgeCredential = SELF) => {
    const heard: Frame[] = [];
    const opened = await insiders.open(path, as, {
      text: (text) => heard.push(text === "pong" ? text : JSON.parse(text)),
      closed: (code, reason) => heard.push({ closed: code, reason }),
    });
    if (!opened.ok) throw new Error(opened.fault.message);
    const types = () => heard.map((frame) => frame.type ?? frame.closed ?? frame);
    return { channel: opened.value, heard, types, say: (frame: Frame) => opened.value.send(JSON.stringify(frame)) };
  };
  return { insiders, runner, call, open, logs };
}

/** Everything that is under way inside arrives. */
const settle = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => void vi.useRealTimers());

describe("a channel inside the process", () => {
  it("hears the hub in order, and nothing before whoever opened it has it", async () => {
    const { open } = hub();
    const { types, say } = await open();
    expect(types()).toEqual([]);
    say({ type: "take", id: "1" });
    say({ type: "take", id: "2" });
    expect(types()).toEqual([]);
    await settle();
    expect(types()).toEqual(["welcome", "reply", "reply"]);
  });

  it("may answer what it hears at once, though the hub was in the middle of its work", async () => {
    const { insiders, call, runner } = hub();
    await call("create_device", { id: "lamp", kind: "relay" });
    let channel: Channel | null = null;
    const ear = {
      text: (text: string) => {
        const frame = JSON.parse(text);
        if (frame.type === "command") channel?.send(JSON.stringify({ type: "result", id: frame.id, ok: true }));
      },
      closed: () => {},
    };
    const opened = await insiders.open("device", { sort: "bridged", device: "lamp" }, ear);
    channel = opened.ok ? opened.value : null;
    const { id } = await call("send_command", { device: "lamp", name: "set", params: { on: true } });
    const settled = runner.settled(id, 10);
    await settle();
    expect(await settled).toMatchObject({ status: "succeeded" });
  });

  it("samples through it are kept, and a ping is answered", async () => {
    const { call, open } = hub();
    await call("create_device", { id: "lamp", kind: "relay" });
    const { channel, types, say } = await open("device", { sort: "bridged", device: "lamp" });
    say({ type: "telemetry", data: { power: 5 } });
    channel.send("ping");
    await settle();
    expect(types()).toEqual(["welcome", "pong"]);
    expect(await call("get_device", { device: "lamp" })).toMatchObject({ telemetry: { power: { value: 5 } } });
  });

  it("a refusal is the hub's own", async () => {
    const { insiders } = hub();
    const ear = { text: () => {}, closed: () => {} };
    expect(await insiders.open("device", { sort: "bridged", device: "none" }, ear)).toMatchObject({
      fault: { code: "unauthenticated" },
    });
  });

  it("what the hub ends is told after what it said before, once", async () => {
    const { call, open } = hub();
    await call("create_device", { id: "lamp", kind: "relay" });
    const { channel, heard, types, say } = await open("device", { sort: "bridged", device: "lamp" });
    await call("send_command", { device: "lamp", name: "set", params: { on: true } });
    await call("delete_device", { device: "lamp" });
    await settle();
    expect(types()).toEqual(["welcome", "command", CLOSE.revoked]);
    say({ type: "telemetry", data: { power: 5 } });
    channel.close();
    await settle();
    expect(heard.length).toBe(3);
  });

  it("what it closed itself hears nothing more, and its device is gone", async () => {
    const { call, open } = hub();
    await call("create_device", { id: "lamp", kind: "relay" });
    const { channel, heard, say } = await open("device", { sort: "bridged", device: "lamp" });
    await settle();
    say({ type: "no such type" });
    channel.close();
    channel.close();
    await settle();
    expect(heard.length).toBe(1);
    expect(await call("get_device", { device: "lamp" })).toMatchObject({ presence: "offline", reason: "closed" });
  });

  it("one whose ear breaks is closed, and harms no other", async () => {
    const { insiders, call, open, logs } = hub();
    await call("create_device", { id: "lamp", kind: "relay" });
    const breaks = () => {
      throw new Error("deaf");
    };
    await insiders.open("device", { sort: "bridged", device: "lamp" }, { text: breaks, closed: breaks });
    const { types } = await open();
    await settle();
    expect([logs, types()]).toEqual([["connection_failed"], ["welcome"]]);
    expect(await call("get_device", { device: "lamp" })).toMatchObject({ presence: "offline" });
  });

  it("outlives the hub's memory", async () => {
    const { runner, open } = hub();
    const { types, say } = await open();
    runner.evict();
    say({ type: "take", id: "1" });
    await settle();
    expect(types()).toEqual(["welcome", "reply"]);
  });

  it("all end with the process, and none is opened any more", async () => {
    const { insiders, open } = hub();
    const { types } = await open();
    insiders.endAll(CLOSE.restarting, "");
    await settle();
    expect(types()).toEqual(["welcome", CLOSE.restarting]);
    expect(await insiders.open("operator", SELF, { text: () => {}, closed: () => {} })).toMatchObject({
      fault: { status: 503 },
    });
  });
});
