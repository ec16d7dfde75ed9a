/** The audit's chain: what stays whole, and what is found when somebody was there. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AuditRow } from "../../src/hub/access/rows.ts";
import { canonical } from "../../src/protocol/canonical.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { Audit, type Noted, type Row } from "../../src/tools/audit_chain.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";

const DAY = 86_400_000;

const rowsOf = (box: Signalbox): AuditRow[] => box.store.list("audit", { newest: true });

function verdicts(rows: readonly object[], now: number, noted: Noted[] = []) {
  const audit = new Audit(noted);
  rows.forEach((row) => audit.add(row as Row));
  return { all: audit.end(now), unchained: audit.unchained };
}

/** Of the one chain that there is. */
const verdict = (rows: readonly object[], now: number, noted?: Noted[]) => {
  const { all } = verdicts(rows, now, noted);
  expect(all).toHaveLength(1);
  return all[0];
};

/** A hub with a few decisions of every sort of text. */
function busy(isForgetful = false, store = openMemory()): Signalbox {
  const box = signalbox({ isForgetful, store });
  box.device("lamp");
  box.ask("change_device", { device: "lamp", patch: { name: 'Ä "lamp"\n\u2028\ud83d\ude80 \ud800', tags: ["hall"] } });
  for (let at = 0; at < 4; at++) {
    box.ask("send_command", { device: "lamp", name: "set", params: { on: at % 2 === 0 } });
    box.advance(7);
  }
  box.ask("desire", { device: "lamp", patch: { on: true } });
  return box;
}

/** As whoever owns the store could write it: with a hash that fits. */
function rehashed({ hash: _, ...row }: AuditRow): AuditRow {
  return { ...row, hash: createHash("sha256").update(canonical(row)).digest("hex") };
}

describe.each(LIVES)("the audit's chain, $life", ({ isForgetful }) => {
  it("[A5] each row names the one before, over turns, crashes and a sleep", () => {
    const box = busy(isForgetful);
    box.crash();
    box.ask("create_token", { name: "Ann", role: "viewer" });
    const rows = rowsOf(box);
    expect(rows.map(({ n }) => n)).toEqual(rows.map((_, at) => rows.length - at));
    expect(rows.at(-1)).toMatchObject({ chain: "hub", n: 1, prev: "" });
    expect(rows.at(-1)).not.toHaveProperty("prevAt");
    expect(rows[0]).toMatchObject({ prev: rows[1].hash, prevAt: rows[1].at });
    expect(verdict(rows, box.now)).toEqual({
      chain: "hub",
      rows: rows.length,
      span: { from: rows.at(-1)!.at, to: rows[0].at, head: { chain: "hub", n: rows.length, hash: rows[0].hash } },
      breaks: 0,
      oldest: null,
    });
    expect(box.ask("list_audit", {}).items).toEqual(rows);
  });

  it("[A5] a clock that was set back breaks nothing", () => {
    const box = busy(isForgetful);
    const noon = box.now;
    box.now -= 3_600_000;
    box.ask("create_token", { name: "Ann", role: "viewer" });
    box.ask("create_token", { name: "Bert", role: "viewer" });
    expect(rowsOf(box).slice(0, 2).map(({ at, prevAt }) => [at, prevAt])).toEqual([[box.now, noon], [box.now, noon]]);
    expect(verdict(rowsOf(box), noon).breaks).toBe(0);
    // The older clock's rows are a year old sooner, and go no sooner.
    box.now = noon + 365 * DAY - 1_000;
    box.handle({ type: "wake" });
    expect(verdict(rowsOf(box), box.now)).toMatchObject({ breaks: 0, span: { from: expect.any(Number) } });
    expect(rowsOf(box).filter(({ what }) => what === "create_token")).toHaveLength(2);
  });

  it("[A1] a commit that fails leaves no row and no gap", () => {
    const store = openMemory();
    let isFull = false;
    const commit: typeof store.commit = (writes, durability) => {
      if (isFull) throw new Error("database or disk is full");
      store.commit(writes, durability);
    };
    const box = busy(isForgetful, { ...store, commit });
    const before = rowsOf(box);
    isFull = true;
    const refused = box.call("change_device", { device: "lamp", patch: { name: "x" } });
    expect(refused).toMatchObject({ ok: false, fault: { code: "storage_unavailable" } });
    isFull = false;
    expect(rowsOf(box)).toEqual(before);
    box.ask("change_device", { device: "lamp", patch: { name: "y" } });
    expect(rowsOf(box)[0]).toMatchObject({ n: before.length + 1, prev: before[0].hash });
    expect(verdict(rowsOf(box), box.now).breaks).toBe(0);
  });

  it("[A5] what goes for its age is the beginning, however much of it goes at once", () => {
    const box = busy(isForgetful);
    for (let at = 0; at < 1_500; at++) box.ask("change_device", { device: "lamp", patch: { name: `${at}` } });
    box.now += 366 * DAY;
    box.ask("change_device", { device: "lamp", patch: { name: "a year later" } });
    const all = rowsOf(box).length;
    box.handle({ type: "wake" });
    const left = rowsOf(box);
    expect([all - left.length, left.at(-1)!.n]).toEqual([1_000, 1_001]);
    expect(verdict(left, box.now)).toMatchObject({ rows: left.length, breaks: 0 });
    box.now += 3_600_001;
    box.handle({ type: "wake" });
    expect(verdict(rowsOf(box), box.now)).toMatchObject({ rows: 1, breaks: 0 });
  });

  it("[A5] a chain begins above what was written before there were any", () => {
    const store = openMemory();
    const old = {
      id: "00000000000000000000000a",
      at: 1,
      who: { id: "admin", name: "A" },
      what: "claim",
      target: "admin",
    };
    store.commit([{ put: "audit", row: { ...old, outcome: "done" } }], "full");
    const box = busy(isForgetful, store);
    const rows = rowsOf(box);
    expect(rows.slice(-2).map(({ n, prev }) => [n, prev])).toEqual([[1, ""], [undefined, undefined]]);
    expect(verdicts(rows, box.now)).toMatchObject({ unchained: 1, all: [{ breaks: 0, rows: rows.length - 1 }] });
    const shuffled = [rows[0], rows.at(-1)!, ...rows.slice(1, -1)];
    expect(verdict(shuffled, box.now).oldest).toMatchObject({
      id: old.id,
      why: expect.stringContaining("in no chain"),
    });
  });
});

describe("[A6] the hash", () => {
  it("is made of one text, as PROTOCOL.md has it", () => {
    const text = readFileSync(new URL("../../src/protocol/PROTOCOL.md", import.meta.url), "utf8");
    const [one, two, plain] = text.split("## A Audit")[1].split("\n").filter((line) => line.startsWith("      {"));
    const rows = [JSON.parse(two), JSON.parse(one)];
    expect(verdict(rows, rows[0].at)).toMatchObject({ breaks: 0, rows: 2 });
    const { hash, ...rest } = rows[0];
    expect(canonical(rest)).toBe(plain.trim());
    expect(createHash("sha256").update(plain.trim()).digest("hex")).toBe(hash);
  });

  it("sorts keys as texts at every level, and writes as ECMAScript does", () => {
    const value = { b: [{ 10: 1, 9: 2, é: 1e21, e: -0, "\ud800": "\u2028\n\ud800" }], a: null, gone: undefined };
    expect(canonical(value)).toBe('{"a":null,"b":[{"10":1,"9":2,"e":0,"é":1e+21,"\\ud800":"\u2028\\n\\ud800"}]}');
    expect(canonical(JSON.parse('{"__proto__":{"b":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"b":1}}');
  });
});

describe("[A7] a verifier", () => {
  const box = busy();
  const rows = rowsOf(box);
  const [at, row] = [3, rows[3]];
  const given = (changed: object | null) =>
    verdict([...rows.slice(0, at), ...(changed ? [changed] : []), ...rows.slice(at + 1)], box.now);

  it.each<[string, Partial<AuditRow>]>([
    ["id", { id: `${row.id}x` }],
    ["at", { at: row.at + 1 }],
    ["who", { who: { id: "admin", name: "Somebody" } }],
    ["what", { what: "toggle" }],
    ["target", { target: "other" }],
    ["outcome", { outcome: "offline" }],
    ["detail", { detail: {} }],
    ["n", { n: 1_000 }],
    ["prev", { prev: "0".repeat(64) }],
    ["prevAt", { prevAt: row.prevAt! - 1 }],
    ["hash", { hash: "0".repeat(64) }],
    ["something more", { more: 1 } as Partial<AuditRow>],
  ])("finds that %s was changed", (_, change) => {
    const changed = { ...row, ...change };
    expect(given(changed).oldest).toMatchObject({ id: changed.id, why: expect.stringContaining("it was changed") });
    // By somebody who knows how a hash is made, too, unless the rows above are all written anew.
    if (!change.hash) expect(given(rehashed(changed)).breaks).toBeGreaterThan(0);
  });

  it("finds that a row is in another chain, in none, or has half a link", () => {
    const { chain: _c, n: _n, prev: _p, prevAt: _a, hash: _h, ...bare } = row;
    for (const changed of [{ ...row, chain: "other" }, bare, { ...row, hash: undefined }]) {
      const { all } = verdicts([...rows.slice(0, at), changed, ...rows.slice(at + 1)], box.now);
      expect(all.some(({ breaks }) => breaks > 0)).toBe(true);
    }
  });

  it("finds what was removed, doubled or exchanged", () => {
    expect(given(null).oldest).toMatchObject({ n: row.n! - 1, why: expect.stringContaining(`row ${row.n},`) });
    expect(verdict([...rows.slice(0, 2), ...rows.slice(5)], box.now).oldest?.why).toMatch(/^rows \d to \d/);
    expect(verdict([...rows.slice(0, at), row, ...rows.slice(at)], box.now).oldest?.why).toMatch(/out of its order/);
    expect(verdict([rows[1], rows[0], ...rows.slice(2)], box.now).breaks).toBeGreaterThan(0);
    expect(verdict(rows.slice(0, -1), box.now).oldest?.why).toMatch(/not a year old/);
    // A whole row between two, numbered anew up to the head, is still no row after that one.
    const anew = [
      ...rows.slice(0, at).map(({ n, ...rest }) => rehashed({ ...rest, n: n! - 1 })),
      ...rows.slice(at + 1),
    ];
    expect(verdict(anew, box.now).breaks).toBeGreaterThan(0);
  });

  it("takes a beginning that went for its age, and no younger one", () => {
    const tail = rows.slice(0, 4);
    const gone = rows[4].at + 365 * DAY;
    expect(verdict(tail, gone).breaks).toBe(0);
    expect(verdict(tail, gone - 2 * 3_600_000).breaks).toBe(1);
  });

  it("[A8] sees a cut end, and a chain written anew, only by a head that was noted", () => {
    const head = { chain: "hub", n: rows[0].n!, hash: rows[0].hash! };
    const older = { chain: "hub", n: row.n!, hash: row.hash! };
    expect(verdict(rows, box.now, [head, older]).breaks).toBe(0);
    expect(verdict(rows.slice(2), box.now).breaks).toBe(0);
    expect(verdict(rows.slice(2), box.now, [head]).oldest?.why).toMatch(/end was cut off/);
    expect(verdict(rows, box.now, [{ ...older, hash: head.hash }]).oldest?.why).toMatch(/another row than the one/);
    expect(verdict([], box.now, [head]).oldest?.why).toMatch(/nothing is left/);
    const late = rows[at].at + 365 * DAY;
    expect(verdict(rows.slice(0, at), late, [older]).breaks).toBe(0);
    expect(verdict(rows.slice(0, at), late, [{ ...older, hash: head.hash }]).oldest?.why).toMatch(/after another row/);
    expect(verdict(rows.slice(0, at - 1), late, [older]).oldest?.why).toMatch(/went for its age/);
  });
});
