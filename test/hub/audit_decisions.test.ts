/** What is in the audit: each decision once, refusals within bounds, and nothing else. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { auditRefusal } from "../../src/hub/access/audit.ts";
import type { Memory } from "../../src/hub/memory.ts";
import type { AuditRow } from "../../src/hub/access/rows.ts";
import type { Turn } from "../../src/hub/turn.ts";
import { desirable } from "../../src/kind/field.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { ADMIN, LIVES, type Signalbox, signalbox } from "./signalbox.ts";

const SAFE = defineKind({
  name: "safe",
  version: 1,
  title: "Safe",
  telemetry: {},
  state: { is_open: desirable(z.boolean()) },
  commands: {
    open: { effect: "set", role: "admin", params: z.object({}), confirms: { field: "is_open", value: true } },
  },
});

/** The rows that an act adds, oldest first. */
function during(box: Signalbox, act: () => unknown): AuditRow[] {
  const before = box.store.list("audit", { newest: true, limit: 1 })[0]?.n ?? 0;
  act();
  return box.store.list("audit").filter(({ n }) => n! > before);
}

const short = ({ who, what, target, outcome }: AuditRow) => [`${who.sort ?? ""}${who.id}`, what, target, outcome];
const decided = (box: Signalbox, act: () => unknown) => during(box, act).map(short);

describe.each(LIVES)("decisions, $life", ({ isForgetful }) => {
  it("[A2] who may come in: each once", () => {
    const box = signalbox({ isForgetful });
    const ann = box.ask("create_token", { name: "Ann", role: "operator" });
    const secret = () => box.ask("open_session", { token: ann.token }).session.secret;
    let cookie = "";
    expect(decided(box, () => cookie = secret())).toEqual([[ann.id, "sign_in", ann.id, "done"]]);
    const out = () => box.call("close_session", {}, { sort: "cookie", secret: cookie });
    expect(decided(box, out)).toEqual([[ann.id, "sign_out", ann.id, "done"]]);
    expect(decided(box, out)).toEqual([]);
    expect(decided(box, () => box.ask("create_ticket", {}, ann.token))).toEqual([]);
    expect(decided(box, () => box.ask("delete_token", { token: ann.id }))).toEqual([
      ["admin", "delete_token", ann.id, "done"],
    ]);
  });

  it("[A2] a repeat with the same key decides nothing", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const send = () => box.call("send_command", { device: "lamp", name: "set", params: { on: true } }, ADMIN, "k");
    expect(decided(box, send)).toEqual([["admin", "set", "lamp", "accepted"]]);
    expect(decided(box, send)).toEqual([]);
    const other = () => box.call("send_command", { device: "lamp", name: "set", params: { on: false } }, ADMIN, "k");
    expect(decided(box, other)).toEqual([]);
  });

  it("[A2, A4] a command is decided once, however it goes; a refusal for its form is no decision", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const send = (name: string, params = {}) => box.call("send_command", { device: "lamp", name, params });
    const rows = decided(box, () => {
      const sent = send("toggle");
      const id = sent.ok ? sent.value.id : "";
      relay.send({ type: "received", id });
      relay.send({ type: "result", id, ok: true });
      relay.send({ type: "result", id, ok: true });
      send("toggle", { colour: 1 });
      send("fly");
      box.call("send_command", { device: "nobody", name: "toggle", params: {} });
    });
    expect(rows).toEqual([["admin", "toggle", "lamp", "accepted"]]);
    relay.drop();
    expect(decided(box, () => send("toggle"))).toEqual([["admin", "toggle", "lamp", "offline"]]);
  });

  it("[A2, D7] the hub decides what is wanted after a command, and says after which", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    box.ask("desire", { device: "lamp", patch: { on: false } });
    const { id } = box.ask("send_command", { device: "lamp", name: "set", params: { on: true } });
    const [row, ...rest] = during(box, () => relay.send({ type: "result", id, ok: true }));
    expect(short(row)).toEqual(["hub", "desire", "lamp", "done"]);
    expect(row.detail).toEqual({ version: 2, patch: { on: true }, command: id });
    expect(rest).toEqual([]);
    // What is so already is no change.
    const again = box.ask("send_command", { device: "lamp", name: "set", params: { on: true } });
    expect(decided(box, () => relay.send({ type: "result", id: again.id, ok: true }))).toEqual([]);
  });

  it("[A2, G, E] a lease and an emergency stop: each step once, and one that lapsed unseen", () => {
    const box = signalbox({ isForgetful });
    const rover = box.device("rover", "rover");
    const [ann, bert] = ["Ann", "Bert"].map((name) => box.ask("create_token", { name, role: "operator" }));
    const lead = (token: string, action: "take" | "release" | "force", reason?: string) => () =>
      box.call("lease", { device: "rover", action, reason }, token);
    expect(decided(box, lead(ann.token, "take"))).toEqual([[ann.id, "lease", "rover", "taken"]]);
    expect(decided(box, lead(ann.token, "take"))).toEqual([]);
    expect(decided(box, lead(bert.token, "take"))).toEqual([]);
    expect(decided(box, lead(bert.token, "force", "lunch"))).toEqual([[bert.id, "lease", "rover", "forced"]]);
    // Nobody woke the hub when it lapsed.
    box.now += 16_000;
    expect(decided(box, lead(ann.token, "take"))).toEqual([
      ["hub", "lease", "rover", "lapsed"],
      [ann.id, "lease", "rover", "taken"],
    ]);
    expect(decided(box, lead(ann.token, "release"))).toEqual([[ann.id, "lease", "rover", "released"]]);
    lead(ann.token, "take")();
    const press = (action: "set" | "clear") => () => box.ask("estop", { device: "rover", action, reason: "smoke" });
    expect(decided(box, press("set"))).toEqual([["admin", "estop", "rover", "latched"]]);
    const { id } = rover.take("command");
    const stopped = () => rover.send({ type: "result", id, ok: true });
    expect(decided(box, stopped)).toEqual([["devicerover", "estop", "rover", "confirmed"]]);
    expect(decided(box, press("clear"))).toEqual([["admin", "estop", "rover", "cleared"]]);
  });

  it("[A2, E1] a result from the wrong device, or for what nobody sent, is refused and audited", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const { id } = box.ask("send_command", { device: "lamp", name: "set", params: { on: true } });
    const other = box.device("other");
    const [row, ...rest] = during(box, () => other.send({ type: "result", id, ok: true }));
    expect([short(row), row.detail]).toEqual([["deviceother", "result_refused", id, "not_found"], { device: "lamp" }]);
    expect(rest).toEqual([]);
    expect(box.record(id).status).toBe("sent");
    box.advance(60_000);
    const made = decided(box, () => other.send({ type: "result", id: "made-up", ok: true }));
    expect(made).toEqual([["deviceother", "result_refused", "made-up", "not_found"]]);
  });

  it("[A3] who may not is in the audit: by call, by command, by field, by frame, by being a device", () => {
    const box = signalbox({ isForgetful });
    const device = { sort: "token", token: box.enroll("bolt", "lock") } as const;
    box.device("bolt", "lock");
    box.device("rover", "rover");
    const { id, token } = box.ask("create_token", { name: "Vic", role: "viewer" });
    const viewer = box.connect("operator", { sort: "token", token });
    const { id: command } = box.ask("send_command", { device: "bolt", name: "lock", params: {} });
    const tries: [() => unknown, string[]][] = [
      [() => box.call("delete_device", { device: "bolt" }, token), [id, "refused_call", "bolt", "forbidden"]],
      [() => box.call("list_audit", {}, token), [id, "refused_call", "", "forbidden"]],
      [() => box.call("admit", { who: "admin", call: "POST /x" }, token), [id, "refused_call", "", "forbidden"]],
      [() => viewer.ask({ type: "command", device: "bolt", name: "lock", params: {} }), [
        id,
        "refused_call",
        "bolt",
        "forbidden",
      ]],
      [() => viewer.ask({ type: "cancel", command }), [id, "refused_call", "", "forbidden"]],
      [() => viewer.send({ type: "stream", device: "rover", name: "drive", data: { linear: 0, angular: 0 }, n: 1 }), [
        id,
        "drive",
        "rover",
        "forbidden",
      ]],
      [() => box.call("create_ticket", {}, device), ["devicebolt", "refused_call", "", "forbidden"]],
      [() => box.call("post_telemetry", { device: "rover", body: { data: {} } }, device), [
        "devicebolt",
        "refused_call",
        "rover",
        "forbidden",
      ]],
    ];
    for (const [act, row] of tries) {
      box.advance(60_000);
      expect(decided(box, act)).toEqual([row]);
    }
    expect(decided(box, () => box.call("admit", { who: "viewer", call: "GET /x" }, token))).toEqual([]);
  });

  it("[A3] a command, its cancel and a wish may ask for a higher role than the call", () => {
    const box = signalbox({ isForgetful, kinds: [SAFE] });
    box.device("safe", "safe");
    const { id, token } = box.ask("create_token", { name: "Ann", role: "operator" });
    const { id: command } = box.ask("send_command", { device: "safe", name: "open", params: {} });
    const tries: [() => unknown, string, Record<string, unknown> | undefined][] = [
      [() => box.call("send_command", { device: "safe", name: "open", params: {} }, token), "open", undefined],
      [() => box.call("cancel_command", { command }, token), "cancel", { command }],
      [() => box.call("select", { device: "safe", name: "open", params: {} }, token), "select", { name: "open" }],
      [() => box.call("desire", { device: "safe", patch: { is_open: true } }, token), "desire", { field: "is_open" }],
    ];
    for (const [act, what, detail] of tries) {
      const [row, ...rest] = during(box, act);
      expect([short(row), row.detail, rest]).toEqual([[id, what, "safe", "forbidden"], detail, []]);
    }
    const job = { query: "kind:safe", name: "open", params: {}, rate: 10, stopAt: 0.5 };
    const begun = box.ask("start_job", job);
    expect(decided(box, () => box.call("start_job", job, token))).toEqual([[id, "start_job", "", "forbidden"]]);
    expect(decided(box, () => box.call("stop_job", { job: begun.id }, token))).toEqual([
      [id, "stop_job", begun.id, "forbidden"],
    ]);
  });

  it("[A3, I9] a code and a token that open nothing, by nobody", () => {
    const box = signalbox({ isForgetful, adminDigest: null });
    const none = { sort: "none" } as const;
    expect(decided(box, () => box.call("claim", { code: "wrong" }, none))).toEqual([
      ["nobody", "claim", "", "unauthenticated"],
    ]);
    expect(decided(box, () => box.call("open_session", { token: "op~x~y" }, none))).toEqual([
      ["nobody", "sign_in", "", "unauthenticated"],
    ]);
    expect(JSON.stringify(box.store.list("audit"))).not.toMatch(/wrong|op~x/);
  });

  it("[A4] reading, telling, coming and going decide nothing", () => {
    const box = signalbox({ isForgetful });
    const relay = box.device("lamp");
    const ann = box.operator("viewer");
    const rows = decided(box, () => {
      box.ask("list_devices", {});
      box.ask("list_audit", {});
      ann.ask({ type: "watch", id: "w", device: "lamp" });
      relay.send({ type: "telemetry", data: { power: 1 } });
      relay.send({ type: "state", reported: { on: true } });
      relay.send({ type: "progress", id: "made-up" });
      relay.text("no json");
      box.device("lamp");
      box.device("lamp").drop();
      ann.drop();
      box.call("me", {}, "wrong");
      box.tryConnect("device", { sort: "token", token: "lamp.wrong" });
      box.crash();
      box.advance(120_000);
    });
    expect(rows).toEqual([]);
  });
});

describe("refusals", () => {
  it("[A3] one a minute of each device and deed; what is over is counted by the next row", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    const other = box.device("other");
    const tell = (peer: typeof relay) => peer.send({ type: "result", id: "made-up", ok: true });
    const flood = during(box, () => {
      for (let at = 0; at < 500; at++) tell(relay);
      tell(other);
    });
    expect(flood.map(({ who }) => who.id)).toEqual(["lamp", "other"]);
    box.advance(60_000);
    const [row] = during(box, () => tell(relay));
    expect(row.detail).toEqual({ more: 499 });
    const sample = { device: "other", body: { data: {} } };
    const refused = () => box.call("post_telemetry", sample, box.tokens.get("lamp")!);
    expect(decided(box, () => [tell(relay), refused()])).toEqual([[
      "devicelamp",
      "refused_call",
      "other",
      "forbidden",
    ]]);
  });

  it("[A3] contradictions are bounded too, and each is answered", () => {
    const box = signalbox();
    const relay = box.device("lamp");
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    relay.send({ type: "result", id, ok: true });
    relay.all("stored");
    const contradict = () => relay.send({ type: "result", id, ok: false, error: { code: "jammed" } });
    expect(during(box, () => Array.from({ length: 30 }, contradict))).toHaveLength(1);
    expect(relay.all("stored")).toHaveLength(30);
    box.advance(60_000);
    relay.send({ type: "result", id, ok: true, value: "x".repeat(60_000) });
    expect(box.ask("list_audit", { limit: 1 }).items[0].detail).toEqual({ ok: true, more: 29 });
  });

  it("[A3] ten a minute of an operator, whatever is tried", () => {
    const box = signalbox();
    box.device("lamp");
    const { id, token } = box.ask("create_token", { name: "Vic", role: "viewer" });
    const tries = ["delete_device", "get_device", "create_device_token"] as const;
    const rows = during(box, () => {
      for (let at = 0; at < 90; at++) box.call(tries[at % 3], { device: "lamp" }, token);
    });
    expect(rows.map(({ who }) => who.id)).toEqual(Array(10).fill(id));
    box.now -= 3_600_000;
    expect(during(box, () => box.call("delete_device", { device: "lamp" }, token))[0].detail).toMatchObject({
      more: 50,
    });
  });

  it("[A3] who tried more than a minute ago is forgotten", () => {
    const refusals: Memory["refusals"] = new Map();
    let rows = 0;
    for (let at = 0; at < 5_000; at++) {
      const turn = { now: at * 1_000, memory: { refusals }, audit: () => rows++ } as unknown as Turn;
      auditRefusal(turn, { id: `d${at}`, name: "", sort: "device" }, "result_refused", "x", "not_found");
    }
    expect([rows, refusals.size <= 1_000]).toEqual([5_000, true]);
  });
});
