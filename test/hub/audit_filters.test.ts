/** Some of the audit: by who decided what of what, how it went, and when [A9]. */
import { describe, expect, it } from "vitest";
import type { ArgsOf } from "../../src/hub/call.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";

type Filters = ArgsOf<"list_audit">;

/** Every row, page by page, as `who what target outcome`. */
function found(box: Signalbox, asked: Filters, limit = 2): string[] {
  const rows = [];
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages++) {
    const page = box.ask("list_audit", { ...asked, limit, cursor });
    expect(page).not.toHaveProperty("total");
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  }
  expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toSorted().reverse());
  return rows.map(({ who, what, target, outcome }) => `${who.name || "?"} ${what} ${target} ${outcome}`);
}

describe.each(LIVES)("the audit in part, $life", ({ isForgetful }) => {
  function decided() {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    box.enroll("door", "lock");
    box.advance(1_000);
    const noon = box.now;
    const ann = box.ask("create_token", { name: "Ann", role: "operator" });
    box.advance(1);
    box.call("send_command", { device: "lamp", name: "toggle", params: {} }, ann.token);
    box.advance(1);
    box.call("send_command", { device: "door", name: "unlock", params: {} }, ann.token);
    box.advance(1);
    box.call("delete_device", { device: "lamp" }, ann.token);
    box.call("open_session", { token: "nonsense" }, "nonsense");
    box.advance(1_000);
    return { box, noon, ann };
  }
  const TOGGLED = "Ann toggle lamp accepted";
  const OFFLINE = "Ann unlock door offline";
  const FORBIDDEN = "Ann refused_call lamp forbidden";
  const STRANGE = "? sign_in  unauthenticated";

  it("[A9] is of these people, decisions, targets and outcomes, newest first, without a count", () => {
    const { box, ann } = decided();
    for (const who of [ann.id, ann.id.toUpperCase(), "Ann", "ann"]) {
      expect(found(box, { who: [who] }), who).toEqual([FORBIDDEN, OFFLINE, TOGGLED]);
    }
    expect(found(box, { who: ["nobody"] })).toEqual([STRANGE]);
    expect(found(box, { who: ["nobody", "ann"] })).toEqual([STRANGE, FORBIDDEN, OFFLINE, TOGGLED]);
    expect(found(box, { what: ["toggle", "unlock"] })).toEqual([OFFLINE, TOGGLED]);
    expect(found(box, { target: "lamp", who: ["Ann"] })).toEqual([FORBIDDEN, TOGGLED]);
    expect(found(box, { target: "lam" })).toEqual([]);
    expect(found(box, { outcome: ["offline", "forbidden"] })).toEqual([FORBIDDEN, OFFLINE]);
    expect(found(box, { outcome: ["refused"] })).toEqual([STRANGE, FORBIDDEN, OFFLINE]);
    expect(found(box, { outcome: ["accepted", "refused"], who: ["ann"], target: "lamp" })).toEqual([
      FORBIDDEN,
      TOGGLED,
    ]);
    expect(found(box, { who: [], what: [], outcome: [], target: "" })).toEqual([STRANGE]);
  });

  it("[A9] is of a stretch of time, its end not included, in pages", () => {
    const { box, noon } = decided();
    const MADE = "create_token";
    const what = (asked: Filters, limit: number) => found(box, asked, limit).map((row) => row.split(" ")[1]);
    for (const limit of [1, 2, 3, 9]) {
      expect(what({ from: noon, to: noon + 3 }, limit)).toEqual(["unlock", "toggle", MADE]);
      expect(what({ from: noon + 1, to: noon + 3 }, limit)).toEqual(["unlock", "toggle"]);
      expect(what({ from: noon, to: noon + 2 }, limit)).toEqual(["toggle", MADE]);
      expect(what({ from: noon, to: noon + 3, what: [MADE, "toggle"] }, limit)).toEqual(["toggle", MADE]);
      expect(what({ from: noon + 5_000 }, limit)).toEqual([]);
      expect(what({ to: 0 }, limit)).toEqual([]);
    }
    expect(found(box, { from: 0, to: Number.MAX_SAFE_INTEGER })).toHaveLength(box.ask("list_audit", {}).total!);
  });

  it("[A9] a row of a clock that was set back counts by the time before that", () => {
    const { box, noon } = decided();
    box.now = noon - 3_600_000;
    box.ask("create_token", { name: "Bert", role: "viewer" });
    expect(found(box, { from: noon, what: ["create_token"] })).toHaveLength(2);
    expect(found(box, { to: noon, what: ["create_token"] })).toEqual([]);
  });

  it("[A9, A7] the whole is as it was, with its count", () => {
    const { box } = decided();
    const { items, total } = box.ask("list_audit", { limit: 3 });
    expect([items.length, total]).toEqual([3, box.store.count("audit")]);
  });
});

it("[A9] an answer looks at 2,000 rows at most, and a time needs no looking through", () => {
  const store = openMemory();
  const box = signalbox({ store });
  const first = box.ask("create_token", { name: "Ann", role: "viewer" });
  const noon = box.now;
  for (let at = 0; at < 45; at++) {
    box.advance(60_000);
    for (let more = 0; more < 100; more++) box.ask("create_token", { name: "Bert", role: "viewer" });
  }
  let reads = 0;
  const { list } = store;
  store.list = (table, page) => {
    const read = list(table, page);
    reads += read.length;
    return read;
  };
  const pages: number[] = [];
  for (let cursor: string | undefined, next = true; next;) {
    reads = 0;
    const page = box.ask("list_audit", { target: first.id, cursor });
    expect(reads).toBeLessThanOrEqual(2_000);
    pages.push(page.items.length);
    cursor = page.next ?? undefined;
    next = page.next !== null;
  }
  expect(pages).toEqual([0, 0, 1]);
  reads = 0;
  expect(box.ask("list_audit", { target: first.id, to: noon + 1 }).items).toHaveLength(1);
  expect(reads).toBeLessThan(10);
});
