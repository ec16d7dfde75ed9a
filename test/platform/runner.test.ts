/** What the shell around the core does when the world fails it: the socket, the store, or the core itself. */
import { describe, expect, it } from "vitest";
import type { ArgsOf, CallName } from "../../src/hub/call.ts";
import type { Connection } from "../../src/hub/connections/connection.ts";
import { randomBytes } from "../../src/platform/crypto.ts";
import { Runner } from "../../src/platform/runner.ts";
import type { Shell } from "../../src/platform/shell.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { ADMIN, OPTIONS } from "../support/options.ts";

interface Socket {
  attachment: Connection | null;
  texts: string[];
  code?: number;
}

/** A runner over a store and sockets that can be told to fail. */
function fragile(elapsed?: () => number) {
  const store = openMemory();
  const sockets = new Map<string, Socket>();
  const fails = { attach: false, reads: false, sends: false, commits: false };
  const commits: string[] = [];
  const logs: { event: string; fields?: Record<string, unknown> }[] = [];
  const failing = (does: boolean) => {
    if (does) throw new Error("it fails");
  };
  const shell: Shell = {
    now: Date.now,
    connections: () => [...sockets.values()].flatMap(({ attachment }) => attachment ?? []),
    attach(connection) {
      failing(fails.attach);
      const socket = sockets.get(connection.id);
      if (socket) socket.attachment = connection;
    },
    send(connection, text) {
      failing(fails.sends);
      sockets.get(connection)?.texts.push(text);
    },
    sendBytes: () => {},
    close(connection, code) {
      const socket = sockets.get(connection);
      sockets.delete(connection);
      if (socket) socket.code = code;
    },
    pingedAt: () => null,
    backlog: () => 0,
    random: randomBytes,
    schedule: () => {},
    vitals: () => ({ runtime: "test" }),
    log: (event, fields) => logs.push({ event, fields }),
    ...(elapsed && { elapsed }),
  };
  const reading = {
    ...store,
    list: (...given: Parameters<typeof store.list>) => {
      failing(fails.reads);
      return store.list(...given);
    },
    begin() {
      const group = store.begin!();
      return {
        write(writes) {
          commits.push("write");
          group.write(writes);
        },
        commit() {
          commits.push(`commit with ${sockets.size} sockets open`);
          if (fails.commits) group.write([{ drop: "nowhere" as "claim", id: "" }]);
          group.commit();
        },
      };
    },
  } as typeof store;
  const runner = new Runner(OPTIONS, reading, shell);
  const credential = (token: string) => ({ sort: "token", token }) as const;
  const connect = (path: "device" | "operator", token: string, id: string) => {
    const socket: Socket = { attachment: null, texts: [] };
    const entered = runner.handle(
      { type: "connect", path, credential: credential(token), connection: id },
      () => void sockets.set(id, socket),
    );
    expect(entered.ok).toBe(true);
    return socket;
  };
  /** As `connect`, with whatever else is asked in this turn of the event loop. */
  const submit = (token: string, id: string) =>
    runner.submit(
      { type: "connect", path: "device", credential: credential(token), connection: id },
      () => void sockets.set(id, { attachment: null, texts: [] }),
    );
  const call = <N extends CallName>(name: N, args: ArgsOf<N>) => runner.call(name, args, credential(ADMIN));
  const enroll = async (id: string) => {
    const made = await call("create_device", { id, kind: "relay" });
    if (!made.ok) throw new Error(made.fault.message);
    return made.value.token;
  };
  const presence = async (device: string) => {
    const view = await call("get_device", { device });
    return view.ok && view.value.presence;
  };
  return { runner, sockets, fails, commits, logs, connect, submit, call, enroll, presence, credential };
}

const text = (connection: string, frame: unknown) =>
  ({ type: "text", connection, text: JSON.stringify(frame) }) as const;

describe("the runner", () => {
  it("[X] a socket that takes no value is closed with 1011, told to the hub, and harms no other", async () => {
    const { runner, fails, logs, connect, enroll, presence } = fragile();
    const lamp = connect("device", await enroll("lamp"), "c1");
    const door = connect("device", await enroll("door"), "c2");
    fails.attach = true;
    expect(runner.handle(text("c1", { type: "telemetry", data: { power: 1 } })).ok).toBe(true);
    fails.attach = false;
    expect(lamp.code).toBe(1011);
    expect(await presence("lamp")).toBe("offline");
    expect([door.code, await presence("door")]).toEqual([undefined, "online"]);
    expect(logs).toContainEqual({
      event: "connection_failed",
      fields: { connection: "c1", error: "Error: it fails", stack: expect.any(String) },
    });
  });

  it("[X] a socket that takes no text is closed with 1011; the command in it is not forgotten", async () => {
    const { fails, connect, enroll, call, presence } = fragile();
    const lamp = connect("device", await enroll("lamp"), "c1");
    fails.sends = true;
    const sent = await call("send_command", { device: "lamp", name: "toggle", params: {} });
    fails.sends = false;
    expect(lamp.code).toBe(1011);
    expect(await presence("lamp")).toBe("offline");
    const record = sent.ok && await call("get_command", { command: sent.value.id });
    expect(record && record.ok && record.value.status).toBe("unknown");
  });

  it("[X] a socket that the runtime does not open was never there", async () => {
    const { runner, logs, enroll, presence, credential } = fragile();
    const token = await enroll("lamp");
    const entered = runner.handle(
      { type: "connect", path: "device", credential: credential(token), connection: "c1" },
      () => {
        throw new Error("no more sockets");
      },
    );
    expect(entered).toMatchObject({ ok: false, fault: { code: "internal" } });
    expect(await presence("lamp")).toBe("offline");
    expect(logs.map(({ event }) => event)).toContain("open_failed");
  });

  it("[X] while the store does not answer every event is refused; then all is taken up again", async () => {
    const { runner, fails, connect, enroll, call, presence } = fragile();
    const lamp = connect("device", await enroll("lamp"), "c1");
    const door = connect("device", await enroll("door"), "c2");
    fails.reads = true;
    // The first failure costs the memory, which cannot be made anew either.
    for (let times = 0; times < 3; times++) {
      expect(await call("list_events", { device: "lamp" })).toMatchObject({
        ok: false,
        fault: { code: "internal", retryAfter: 1 },
      });
      expect(runner.handle({ type: "wake" }).ok).toBe(false);
    }
    expect(runner.handle(text("c1", { type: "telemetry", data: { power: 1 } })).ok).toBe(false);
    expect([lamp.code, door.code]).toEqual([1011, undefined]);
    fails.reads = false;
    expect(await presence("door")).toBe("online");
    expect(await presence("lamp")).toBe("offline");
    runner.handle(text("c2", { type: "telemetry", data: { power: 2 }, seq: 1 }));
    const view = await call("get_device", { device: "door" });
    expect(view.ok && view.value.telemetry.power.value).toBe(2);
  });

  it("[X] a start from a store that does not answer fails aloud", () => {
    const { runner, fails } = fragile();
    fails.reads = true;
    expect(() => runner.start()).toThrow("it fails");
  });

  it("[P6, C2] what is asked in one turn of the event loop shares one commit, and nothing follows before it", async () => {
    const { sockets, commits, submit, call, enroll } = fragile();
    const [lamp, door] = [await enroll("lamp"), await enroll("door")];
    const changing = call("change_device", { device: "door", patch: { name: "Door" } });
    const entering = [submit(lamp, "c1"), submit(door, "c2")];
    const changed = await changing;
    expect((await Promise.all(entering)).map(({ ok }) => ok)).toEqual([true, true]);
    expect(commits).toEqual(["write", "write", "write", "commit with 0 sockets open"]);
    expect([...sockets].map(([id, { texts }]) => [id, JSON.parse(texts[0]).device])).toEqual([
      ["c1", "lamp"],
      ["c2", "door"],
    ]);
    expect(changed.ok && changed.value.name).toBe("Door");
  });

  it("[C2, X1] where that commit fails, nothing of it has happened and each hears so", async () => {
    const { sockets, fails, submit, call, enroll, presence } = fragile();
    const [lamp, door] = [await enroll("lamp"), await enroll("door"), await enroll("gate")];
    fails.commits = true;
    const refused = { ok: false, fault: { code: "storage_unavailable", retryAfter: 1 } };
    const asked = [call("delete_device", { device: "gate" }), submit(lamp, "c1"), submit(door, "c2")];
    expect(await Promise.all<unknown>(asked)).toMatchObject([refused, refused, refused]);
    expect([sockets.size, await presence("lamp"), await presence("door")]).toEqual([0, "new", "new"]);
    fails.commits = false;
    const again = await Promise.all([submit(lamp, "c3"), submit(door, "c4")]);
    expect([again.map(({ ok }) => ok), sockets.size]).toEqual([[true, true], 2]);
  });

  it("[P6] devices that come in together share a commit where they are many, though none has to wait for the disk", async () => {
    const { commits, submit, enroll } = fragile();
    const tokens = [];
    for (let at = 0; at < 6; at++) tokens.push(await enroll(`lamp${at}`));
    await Promise.all(tokens.map((token, at) => submit(token, `c${at}`)));
    expect(commits).toEqual([...Array(6).fill("write"), "commit with 0 sockets open"]);
  });

  it("[P6] who comes in after a pause waits for nobody; who comes straight after somebody may share a commit", async () => {
    let clock = 1_000;
    const { sockets, submit, enroll } = fragile(() => clock);
    const tokens = [];
    for (let at = 0; at < 3; at++) tokens.push(await enroll(`lamp${at}`));
    clock += 100;
    const first = submit(tokens[0], "c0");
    expect([...sockets.keys()]).toEqual(["c0"]);
    const others = [submit(tokens[1], "c1"), submit(tokens[2], "c2")];
    expect([...sockets.keys()]).toEqual(["c0"]);
    clock += 100;
    // What waits already is not overtaken.
    others.push(submit(tokens[2], "c3"));
    expect([...sockets.keys()]).toEqual(["c0"]);
    await Promise.all([first, ...others]);
    expect([...sockets.keys()]).toEqual(["c0", "c1", "c3"]);
  });

  it("[X] a fault in the middle costs only whoever asked: what was decided before it stands", async () => {
    const { sockets, submit, call, enroll, presence } = fragile();
    const [lamp, door] = [await enroll("lamp"), await enroll("door")];
    const answers = await Promise.all([
      submit(lamp, "c1"),
      submit(lamp, "c2"),
      call("change_device", null as never),
      submit(door, "c3"),
    ]);
    expect(answers.map((answer) => answer.ok || answer.fault.code)).toEqual([true, true, "internal", true]);
    // Taken over within one commit.
    expect([...sockets.keys()]).toEqual(["c2", "c3"]);
    expect([await presence("lamp"), await presence("door")]).toEqual(["online", "online"]);
  });

  it("[R4] at the end whoever waits for a command hears how it stands", async () => {
    const { runner, connect, enroll, call } = fragile();
    connect("device", await enroll("lamp"), "c1");
    const sent = await call("send_command", { device: "lamp", name: "set", params: { on: true } });
    if (!sent.ok) throw new Error(sent.fault.message);
    const waits = [runner.settled(sent.value.id, 60), runner.settled(sent.value.id, 60)];
    runner.release();
    for (const record of await Promise.all(waits)) expect(record?.status).toBe("sent");
  });

  it("[R4, C16] whose device is deleted in the same turn of the event loop, who waits hears how that command ended", async () => {
    const { runner, connect, enroll, call } = fragile();
    connect("device", await enroll("lamp"), "c1");
    const [sent, deleted] = await Promise.all([
      call("send_command", { device: "lamp", name: "set", params: { on: true } }),
      call("delete_device", { device: "lamp" }),
    ]);
    if (!sent.ok) throw new Error(sent.fault.message);
    expect(deleted.ok).toBe(true);
    expect((await runner.settled(sent.value.id, 60))?.status).toBe("unknown");
    // Its row goes a while later.
    expect(await runner.settled("gone", 60)).toBeNull();
  });

  it("[R4, C20] who is gone waits no longer; who is still there does", async () => {
    const { runner, connect, enroll, call } = fragile();
    connect("device", await enroll("lamp"), "c1");
    const sent = await call("send_command", { device: "lamp", name: "set", params: { on: true } });
    if (!sent.ok) throw new Error(sent.fault.message);
    const { id } = sent.value;
    const [one, other] = [new AbortController(), new AbortController()];
    const waits = [one, other].map(({ signal }) => runner.settled(id, 60, signal));
    one.abort();
    expect([(await waits[0])?.status, runner.isAwaited(id)]).toEqual(["sent", true]);
    runner.handle(text("c1", { type: "result", id, ok: true }));
    expect([(await waits[1])?.status, runner.isAwaited(id)]).toEqual(["succeeded", false]);
    expect((await runner.settled(id, 60, one.signal))?.status).toBe("succeeded");
  });
});
