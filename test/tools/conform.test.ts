/** The conformance kit: what keeps the rules is green, and each rule that is broken is red, alone. */
import { describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { KINDS } from "../../devices/mod.ts";
import cover from "../../devices/cover.ts";
import relay from "../../devices/relay.ts";
import rover from "../../devices/rover.ts";
import { sha256 } from "../../src/device/sha256.ts";
import { simulate } from "../../src/device/simulator.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { Announced } from "../../src/tools/conform/announced.ts";
import { AsHub } from "../../src/tools/conform/as_hub.ts";
import { tryAll } from "../../src/tools/conform/conform.ts";
import { type Finding, Findings, type Verdict } from "../../src/tools/conform/findings.ts";
import type { CheckName } from "../../src/tools/conform/checks.ts";
import { isHabit } from "../../src/tools/conform/link.ts";
import { readable } from "../../src/tools/conform/print.ts";
import { Sequence } from "../../src/tools/conform/sequence.ts";
import { paramsOf, valuesOf } from "../../src/tools/conform/values.ts";
import { Handmade, type Sins } from "./handmade.ts";

const TOKEN = "tried.0123456789abcdef";

// All of them at once: what they do is wait, for devices that come back and for what is not to happen.
vi.setConfig({ maxConcurrency: 100 });

interface Tried {
  timeout?: number;
  quiet?: number;
  patience?: number;
  isDaring?: boolean;
}

/** What the kit says of the device that `start` connects to it. */
async function listOf(
  kind: AnyKind,
  start: (port: number) => { close(): void },
  tried: Tried = {},
): Promise<Finding[]> {
  const { timeout = 60, quiet = 0.4, patience, isDaring = true } = tried;
  const findings = new Findings(kind);
  const side = new AsHub({ kind, findings, port: 0, token: TOKEN });
  const device = start(await side.listen());
  try {
    await side.back(5_000);
    if (side.isOpen) await tryAll({ kind, side, findings, times: { timeout, quiet, patience }, isDaring });
    return findings.list;
  } finally {
    device.close();
    await side.close();
  }
}

const withSins = (sins: Sins, tried: Tried = {}) =>
  listOf(relay, (port) => new Handmade(port, TOKEN, sins), { patience: 1, ...tried });

const those = (list: Finding[], verdict: Verdict) =>
  list.filter((one) => one.verdict === verdict).map((one) => one.check);
const whyOf = (list: Finding[], check: CheckName) => list.find((one) => one.check === check)!.why.join("; ");
const reds = (list: Finding[]) =>
  list.filter(({ verdict }) => verdict === "red").map(({ check, why }) => [check, ...why]);

describe.concurrent("a device that keeps the rules", () => {
  it.each(KINDS)(
    "[K1] the simulator of $name has nothing red",
    async (kind) => {
      const list = await listOf(
        kind,
        (port) => simulate(kind, { url: `http://127.0.0.1:${port}`, token: TOKEN, seed: 5, speed: 40 }),
        { timeout: 85 },
      );
      expect(reds(list)).toEqual([]);
      const green = those(list, "green");
      expect(green).toEqual(expect.arrayContaining([
        ...["handshake", "frames", "size", "takes", "rate", "telemetry", "state", "seq", "answers", "unknown_command"],
        ...["duplicate", "expired", "cancel", "kept", "ignores", "reconnect", "reboot", "stays_away"],
      ]));
      expect(green.filter((check) => /^(command|lane) /.test(check))).toHaveLength(Object.keys(kind.commands).length);
      if (kind.lease) expect(green).toContain("fence");
      if (Object.keys(kind.state).length > 0) expect(green).toContain("tells_again");
      if (Object.hasOwn(kind.commands, "stop")) expect(green).toContain("stop");
      if (kind.blobs.length > 0) expect(green).toContain("blobs");
    },
    150_000,
  );

  it("there are simulators of a dozen kinds", () => expect(KINDS.length).toBeGreaterThanOrEqual(12));

  it("one made by hand has nothing red, and shows by its state that it acted once", async () => {
    const list = await withSins({});
    expect(reds(list)).toEqual([]);
    expect(whyOf(list, "duplicate")).toBe("set, by what it reports");
    expect(those(list, "not seen")).toEqual(["events", "blobs", "clock", "seq", "heartbeat", "fence", "stop"]);
  }, 90_000);

  it("[T1] one that only sends samples owes nothing else", async () => {
    const list = await listOf(relay, (port) => new Level0(port), { patience: 0.5 });
    expect(reds(list)).toEqual([]);
    expect(those(list, "green")).toEqual([
      ...["handshake", "frames", "size", "rate", "telemetry", "ignores", "reconnect", "stays_away"],
    ]);
    expect(whyOf(list, "answers")).toContain("which is enough");
  }, 90_000);

  it("[K2] without --danger nothing is sent that is dangerous or acts once", async () => {
    const sent: string[] = [];
    const list = await listOf(relay, (port) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/device`, { headers: { Authorization: `Bearer ${TOKEN}` } });
      socket.on("message", (data) => {
        const text = String(data);
        if (!text.startsWith(`{"type":"command"`)) return;
        const { id, name } = JSON.parse(text);
        sent.push(name);
        socket.send(JSON.stringify({ type: "result", id, ok: true }));
      });
      return { close: () => socket.terminate() };
    }, { isDaring: false, timeout: 3 });
    expect(new Set(sent)).toEqual(new Set(["set", "identify", "get_diagnostics", "conform_no_such_command"]));
    expect(whyOf(list, "command toggle")).toBe("it is not harmless; --danger sends it");
    expect(whyOf(list, "reboot")).toBe("it is not harmless; --danger sends it");
  }, 30_000);
});

const every = (sins: Sins["sends"]): Sins => ({ sends: sins });

describe.concurrent("one that breaks a rule makes that rule red, and no other", () => {
  const SINS: [rule: string, what: string, check: CheckName, why: RegExp, sins: Sins][] = [
    ["H3", "shows a token of somebody else", "handshake", /not the one/, { token: "other.0123" }],
    ["F2", "sends what is no frame", "frames", /not JSON/, every((n) => n === 2 ? "on" : undefined)],
    ["F2", "has a word of its own", "frames", /#\/type/, every((n) => n === 2 ? { type: "hullo" } : undefined)],
    ["F4", "sends binary out of the blue", "frames", /binary/, every((n) => n === 2 ? new Uint8Array(3) : undefined)],
    ["F4", "sends more than a frame holds", "size", /of 66\d{3} bytes/, every((n) => n === 2 ? LARGE : undefined)],
    ["F7", "takes less than it says", "takes", /65,536 bytes/, { takesOnly: 65_535, says: 65_536 }],
    ["F9", "floods", "rate", /it was over/, every((n) => n === 2 ? Array(700).fill(sample({ power: 1 })) : undefined)],
    ["T2", "sends telemetry that does not fit", "telemetry", /#\/data\/power/, every(() => sample({ power: "much" }))],
    ["T2", "buffers a sample that does not fit", "telemetry", /#\/samples\/1\/data\/volts/, every(() => BUFFERED)],
    ["D1", "reports what the kind does not have", "state", /#\/reported\/glow/, every(() => state({ glow: 1 }))],
    ["T9", "has an event of its own", "events", /no event/, every(() => ({ type: "event", name: "boom" }))],
    ["B1", "sends a blob that nobody of its kind has", "blobs", /image\/gif/, every((n) => n === 2 ? BLOB : undefined)],
    [
      "T3",
      "lives in the future",
      "clock",
      /3600 s ahead/,
      every(() => sample({ power: 1 }, { at: Date.now() + 3.6e6 })),
    ],
    ["T5", "counts backwards", "seq", /after/, every((n) => sample({ power: 1 }, { seq: 1_000 - n }))],
    ["C10", "answers nothing", "answers", /silent to set/, { answersNothing: true }],
    ["C10", "is silent to what it does not know", "unknown_command", /no result/, {
      silentTo: "conform_no_such_command",
    }],
    ["C13", "acts on a command again", "duplicate", /on went from false to true/, { actsAgain: true }],
    ["C3", "acts on what is too late", "expired", /it acted: on went/, { actsLate: true }],
    ["C16", "is silent to what was cancelled", "cancel", /no result of/, { silentWhenCancelled: true }],
    ["C12", "forgets its results", "kept", /without the result/, { forgetsResults: true }],
    ["D3", "does not say what it applied", "applied", /version 1 came/, { appliesNothing: true }],
    ["K3", "goes down without a word", "reboot", /no result came/, { rebootsWithoutAWord: true }],
    ["K3", "comes up with the boot that it had", "reboot", /the same boot/, { keepsItsBoot: true }],
    ["F6", "leaves when it hears what it does not know", "ignores", /ended the connection/, { leavesAtUnknown: true }],
    ["Z", "comes back at once", "reconnect", /too soon/, { comesBackAfter: [100] }],
    ["Z", "comes back like clockwork", "reconnect", /not by chance/, { comesBackAfter: [1_200] }],
    ["Z", "comes back although it was revoked", "stays_away", /came back after/, { comesBackWhenRevoked: true }],
    ["C10", "gives a value that does not fit", "command set", /"done"/, { answers: { set: "done" } }],
    ["C10", "fails in words of its own", "command toggle", /oops/, { fails: { toggle: "oops" } }],
  ];
  it.each(SINS)("[%s] %s", async (_rule, _what, check, why, sins) => {
    const list = await withSins(sins);
    expect(reds(list).map(([red]) => red)).toEqual([check]);
    expect(whyOf(list, check)).toMatch(why);
  }, 90_000);

  it("and every check is among them, but for those that are tried below", () => {
    const tried = new Set(SINS.map(([, , check]) => check));
    const untried = new Findings({ commands: {} }).list.map(({ check }) => check).filter((check) => !tried.has(check));
    expect(untried).toEqual(["heartbeat", "fence", "stop", "tells_again"]);
  });

  it("[L4] leaves a lane unanswered", async () => {
    const driven = { ...relay, commands: { ...relay.commands, drive: rover.commands.drive } };
    const list = await listOf(driven, (port) => new Handmade(port, TOKEN, {}), { patience: 1 });
    expect(reds(list)).toEqual([["lane drive", "no streamed came"]]);
  }, 90_000);

  it("[G7] does what an older driver wants", async () => {
    const led = { ...relay, lease: true };
    const tried = (sins: Sins) => listOf(led, (port) => new Handmade(port, TOKEN, sins), { patience: 1 });
    const [faithful, open, secret] = await Promise.all([
      tried({}),
      tried({ obeysAnybody: "openly" }),
      tried({ obeysAnybody: "in secret" }),
    ]);
    expect(reds(faithful)).toEqual([]);
    expect(whyOf(faithful, "fence")).toBe("set, by what it reports");
    const acted = "it acted: on went from true to false";
    expect(reds(open)).toEqual([["fence", acted, "it says that it did set"]]);
    expect(reds(secret)).toEqual([["fence", acted]]);
  }, 90_000);

  it("[E9] goes on after a stop, or does not obey it", async () => {
    const { pulse } = relay.commands;
    const stoppable = {
      ...relay,
      commands: { ...relay.commands, pulse: { ...pulse, timeout: 30 }, stop: cover.commands.stop },
    };
    const tried = (sins: Sins) =>
      listOf(stoppable, (port) => new Handmade(port, TOKEN, { pulses: 1_500, ...sins }), { patience: 3 });
    const [faithful, stubborn, deaf] = await Promise.all([
      tried({}),
      tried({ goesOnAfterStop: true }),
      tried({ silentTo: "stop" }),
    ]);
    expect(reds(faithful)).toEqual([]);
    expect(whyOf(faithful, "stop")).toBe("pulse: cancelled");
    expect(reds(stubborn)).toEqual([["stop", expect.stringMatching(/^pulse went on for 1\.\d s, and was done$/)]]);
    expect(reds(deaf).map(([check]) => check)).toEqual(["command stop"]);
  }, 90_000);

  it("[D9] that it does not tell its state again is no sin, and said", async () => {
    const list = await withSins({ tellsItsStateOnce: true });
    expect(reds(list)).toEqual([]);
    expect(list.find(({ check }) => check === "tells_again")).toMatchObject({
      verdict: "not seen",
      why: ["not told again: on; what an interlock goes by there is not known"],
    });
  }, 90_000);

  it("[P3] promises signs of life, and then gives none", async () => {
    const brisk = { ...relay, heartbeat: 1 };
    // It is left alone only where there is time enough for all that comes after.
    const tried = (pings: number) =>
      listOf(brisk, (port) => new Handmade(port, TOKEN, { pings }), { patience: 2, timeout: 120 });
    const [faithful, silent] = await Promise.all([tried(500), tried(0)]);
    expect(reds(faithful)).toEqual([]);
    expect(those(faithful, "green")).toContain("heartbeat");
    expect(reds(silent)).toEqual([["heartbeat", expect.stringMatching(/^silent for/)]]);
  }, 150_000);
});

const sample = (data: object, more: object = {}) => ({ type: "telemetry", data, ...more });
const state = (reported: object) => ({ type: "state", reported });
const LARGE = { type: "telemetry", data: { power: 1 }, padding: "x".repeat(66_000) };
const BLOB = { type: "blob", id: "b1", mime: "image/gif", size: 3, sha256: "0".repeat(64) };
const BUFFERED = { type: "telemetry", samples: [{ ago: 1, data: { power: 1 } }, { data: { volts: 1 } }] };

/** The README's whole device, which also comes back. */
class Level0 {
  readonly #port: number;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(port: number) {
    this.#port = port;
    this.#connect();
  }

  #connect(): void {
    const protocols = ["signalbox.v1", `signalbox.token.${TOKEN}`];
    this.#socket = new WebSocket(`ws://127.0.0.1:${this.#port}/device`, protocols);
    this.#socket.on("error", () => {});
    this.#socket.on("open", () => this.#socket!.send(JSON.stringify(sample({ power: 21.5 }))));
    this.#socket.on("close", (code) => {
      if (code < 4_500) this.#timer = setTimeout(() => this.#connect(), 1_000 + Math.random() * 1_500);
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#socket!.removeAllListeners("close");
    this.#socket!.terminate();
  }
}

describe("what it judges by", () => {
  it("[Z] the same delay and a doubling one are habits", () => {
    expect(isHabit([1_200, 1_210, 1_195])).toBe(true);
    expect(isHabit([1_000, 2_004, 4_010])).toBe(true);
    expect(isHabit([1_200, 1_900, 1_500])).toBe(false);
    expect(isHabit([1_000, 2_004, 5_010])).toBe(false);
  });

  it("[T5] a number is a repeat only on a later connection, of the same thing, in the same boot", () => {
    const sequence = new Sequence();
    sequence.hello(1, "a");
    expect(sequence.next(1, 5, { ago: 1, data: 1 })).toBeUndefined();
    expect(sequence.next(1, 5, { ago: 1, data: 1 })).toBe("5 came after 5 on the same connection");
    sequence.hello(2, "a");
    expect(sequence.next(2, 5, { ago: 9, data: 1 })).toBeUndefined();
    sequence.hello(3, "a");
    expect(sequence.next(3, 5, { data: 2 })).toBe("5 stood for something else before, in the same boot");
    sequence.hello(4, "a");
    expect(sequence.next(4, 4, { data: 2 })).toBe("4 is new and came after 5, in the same boot");
    sequence.hello(5, "b");
    expect(sequence.next(5, 1, { data: 3 })).toBeUndefined();
    // Without a hello the connection is the scope.
    expect(sequence.next(6, 1, { data: 4 })).toBeUndefined();
  });

  it("[B3] a blob is its size and its checksum", () => {
    const bytes = new TextEncoder().encode("abc");
    const header = { type: "blob" as const, id: "b1", mime: "image/jpeg", size: 3, sha256: sha256(bytes) };
    const came = (size: number, ...chunks: Uint8Array[]) => {
      const blob = new Announced({ ...header, size });
      for (const chunk of chunks) blob.take(chunk);
      return blob.isWhole ? blob.flaw() ?? "well" : "on its way";
    };
    expect(came(3, bytes.slice(0, 1))).toBe("on its way");
    expect(came(3, bytes.slice(0, 1), bytes.slice(1))).toBe("well");
    expect(came(3, bytes, bytes)).toBe("b1: 6 bytes came where 3 were announced");
    expect(came(2, bytes.slice(0, 2))).toBe("b1: its checksum is another one");
    expect(new Announced(header).refusal(["image/png"])).toBe("one of image/jpeg; the kind has image/png");
  });

  it("there are params for every command of every kind, and they fit", () => {
    let commands = 0;
    for (const kind of KINDS) {
      for (const name of Object.keys(kind.commands)) {
        const params = paramsOf({ ...kind, examples: { telemetry: [], state: [], commands: {} } }, name);
        expect(params.map((one) => kind.check.params(name, one)), `${kind.name} ${name}`).toMatchObject([{ ok: true }]);
        commands += 1;
      }
    }
    expect(commands).toBeGreaterThan(50);
    expect(valuesOf(relay.state.on)).toEqual([true, false]);
  });

  it("a list is read with colour only where there is a terminal", () => {
    const findings = new Findings(relay);
    findings.green("size");
    findings.red("size", "one of 70000 bytes");
    findings.green("size", "later ones were fine");
    const heading = { kind: "relay", as: "hub" as const, device: "lamp", connections: 1, seconds: 2.4 };
    const text = readable(findings, heading, false);
    expect(text).toContain(
      "red       F4   No frame is over 65,536 bytes of UTF-8.\n               one of 70000 bytes\n",
    );
    expect(text).toContain("To do: Send fewer samples in one frame.");
    expect(text).not.toContain("\x1b");
    expect(readable(findings, heading, true)).toContain("\x1b[31mred      \x1b[0m F4 ");
  });
});
