/** Saved views: whose they are, who sees and changes them, and how many there may be [R18]. */
import { describe, expect, it } from "vitest";
import type { ArgsOf } from "../../src/hub/call.ts";
import type { Role } from "../../src/protocol/words.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { ADMIN, LIVES, type Signalbox, signalbox } from "./signalbox.ts";

type Body = Omit<ArgsOf<"put_view">, "view">;

const COLD: Body = { name: "Cold rooms", query: "tag:cold temperature>5", shared: false };
const SHARED = { ...COLD, shared: true };

const people = (box: Signalbox) =>
  (["viewer", "operator", "admin"] as const).map((role: Role) => box.ask("create_token", { name: role, role }));

const put = (box: Signalbox, token: string | undefined, view: string, body: Body) =>
  box.call("put_view", { view, ...body }, token ?? ADMIN);

const seen = (box: Signalbox, token?: string) =>
  box.ask("list_views", {}, token).items.map(({ id, shared, by }) => `${id} ${shared ? "shared" : "own"} ${by.name}`);

describe.each(LIVES)("views, $life", ({ isForgetful }) => {
  it("[R18] one is kept whole, seen by whose it is, changed whole and deleted", () => {
    const box = signalbox({ isForgetful });
    const [{ id, token }] = people(box);
    const body = { ...COLD, sort: "-temperature", columns: ["values", "seen"], layout: "cards" };
    const made = box.ask("put_view", { view: "cold", ...body }, token);
    const by = { id, name: "viewer" };
    expect(made).toEqual({ id: "cold", ...body, by, createdAt: box.now, changedAt: box.now });
    box.crash();
    expect(box.ask("get_view", { view: "cold" }, token)).toEqual(made);
    expect(box.ask("list_views", {}, token)).toEqual({ items: [made], next: null, total: 1 });
    box.advance(1_000);
    const changed = box.ask("put_view", { view: "cold", ...COLD, name: "Cold" }, token);
    expect(changed).toEqual({ ...COLD, id: "cold", name: "Cold", by, createdAt: made.createdAt, changedAt: box.now });
    expect(box.ask("delete_view", { view: "cold" }, token)).toBeNull();
    expect(box.ask("list_views", {}, token)).toEqual({ items: [], next: null, total: 0 });
    for (const name of ["get_view", "delete_view"] as const) {
      expect(box.call(name, { view: "cold" }, token)).toMatchObject({ fault: { code: "not_found" } });
    }
  });

  it("[R18] nobody but whose it is sees one that is not shared, nor hears more than that its id is taken", () => {
    const box = signalbox({ isForgetful });
    const [viewer, operator, admin] = people(box);
    put(box, operator.token, "mine", COLD);
    for (const { token } of [viewer, admin]) {
      expect(seen(box, token)).toEqual([]);
      expect(box.call("get_view", { view: "mine" }, token)).toMatchObject({ fault: { code: "not_found" } });
      expect(box.call("delete_view", { view: "mine" }, token)).toMatchObject({ fault: { code: "not_found" } });
      const refused = put(box, token, "mine", SHARED);
      expect(refused).toMatchObject({ fault: { code: "conflict" } });
      expect(JSON.stringify(refused)).not.toMatch(/Cold|operator|temperature/);
    }
    expect(seen(box, operator.token)).toEqual(["mine own operator"]);
  });

  it("[R18] whoever may send commands shares, and changes what is shared; its owner and administrators end that", () => {
    const box = signalbox({ isForgetful });
    const [viewer, operator, admin] = people(box);
    const ann = box.ask("create_token", { name: "Ann", role: "operator" });
    expect(put(box, viewer.token, "cold", SHARED)).toMatchObject({ fault: { code: "forbidden" } });
    expect(put(box, ann.token, "cold", SHARED)).toMatchObject({ ok: true });
    for (const { token } of [viewer, operator, admin, ann]) expect(seen(box, token)).toEqual(["cold shared Ann"]);
    // The one who shares it keeps it.
    expect(put(box, operator.token, "cold", { ...SHARED, name: "Colder" })).toMatchObject({
      value: { name: "Colder", by: { name: "Ann" } },
    });
    expect(put(box, viewer.token, "cold", SHARED)).toMatchObject({ fault: { code: "forbidden" } });
    for (const { token } of [viewer, operator]) {
      expect(put(box, token, "cold", COLD)).toMatchObject({ fault: { code: "forbidden" } });
      expect(box.call("delete_view", { view: "cold" }, token)).toMatchObject({ fault: { code: "forbidden" } });
    }
    expect(put(box, ann.token, "cold", COLD)).toMatchObject({ ok: true });
    expect(seen(box, operator.token)).toEqual([]);
    put(box, ann.token, "cold", SHARED);
    expect(put(box, admin.token, "cold", COLD)).toMatchObject({ ok: true });
    expect([seen(box, admin.token), seen(box, ann.token)]).toEqual([[], ["cold own Ann"]]);
    put(box, ann.token, "cold", SHARED);
    expect(box.call("delete_view", { view: "cold" }, admin.token)).toMatchObject({ ok: true });
    expect(seen(box, ann.token)).toEqual([]);
  });

  it("[R18, A2, A4] what is shared is in the audit, what nobody else sees is not", () => {
    const box = signalbox({ isForgetful });
    const [viewer, operator] = people(box);
    const before = box.store.count("audit");
    put(box, operator.token, "mine", COLD);
    put(box, operator.token, "mine", { ...COLD, name: "Mine" });
    box.ask("delete_view", { view: "mine" }, operator.token);
    expect(box.store.count("audit")).toBe(before);
    put(box, operator.token, "ours", SHARED);
    put(box, operator.token, "ours", COLD);
    put(box, operator.token, "ours", SHARED);
    put(box, viewer.token, "ours", SHARED);
    box.ask("delete_view", { view: "ours" }, operator.token);
    const rows = box.ask("list_audit", { limit: box.store.count("audit") - before }).items.toReversed();
    expect(rows.map(({ who, what, target, outcome }) => [who.name, what, target, outcome])).toEqual([
      ["operator", "save_view", "ours", "done"],
      ["operator", "save_view", "ours", "unshared"],
      ["operator", "save_view", "ours", "done"],
      ["viewer", "refused_call", "", "forbidden"],
      ["operator", "delete_view", "ours", "done"],
    ]);
    expect(rows[0].detail).toEqual({ name: COLD.name, query: COLD.query });
  });

  it("[R18] a token takes its views with it, but those that are shared", () => {
    const box = signalbox({ isForgetful });
    const [, operator] = people(box);
    put(box, operator.token, "mine", COLD);
    put(box, operator.token, "ours", SHARED);
    put(box, undefined, "theirs", COLD);
    box.ask("delete_token", { token: operator.id });
    expect(box.store.list("view").map(({ id }) => id)).toEqual(["ours", "theirs"]);
    expect(seen(box)).toEqual(["ours shared operator", "theirs own Administrator"]);
  });

  it("[R18, O10] a query that nobody can read, and an id that is none, are refused", () => {
    const box = signalbox({ isForgetful });
    expect(put(box, undefined, "cold", { ...COLD, query: "colour:red" })).toMatchObject({
      fault: { code: "bad_request", pointer: "#/query" },
    });
    for (const id of ["", "a b", ".", "../x", "x".repeat(65)]) {
      expect(put(box, undefined, id, COLD), id).toMatchObject({ fault: { code: "bad_request", pointer: "#/id" } });
    }
    expect(box.store.count("view")).toBe(0);
  });

  it("[R18, R3] come in pages, those of others left out", () => {
    const box = signalbox({ isForgetful });
    const [viewer, operator] = people(box);
    for (let at = 0; at < 9; at++) put(box, at % 2 === 0 ? viewer.token : operator.token, `v${at}`, COLD);
    const { next, total, items } = box.ask("list_views", { limit: 3 }, viewer.token);
    expect([items.map(({ id }) => id), next, total]).toEqual([["v0", "v2", "v4"], "v4", 5]);
    const rest = box.ask("list_views", { limit: 3, cursor: next! }, viewer.token);
    expect([rest.items.map(({ id }) => id), rest.next]).toEqual([["v6", "v8"], null]);
  });
});

it("[R18] an operator has 50, which can be changed but not be more, and a hub 1,000", () => {
  const store = openMemory();
  const box = signalbox({ store });
  const [viewer, operator] = people(box);
  for (let at = 0; at < 50; at++) put(box, viewer.token, `v${at}`, COLD);
  expect(put(box, viewer.token, "more", COLD)).toMatchObject({ fault: { code: "conflict" } });
  expect(put(box, viewer.token, "v7", { ...COLD, name: "Other" })).toMatchObject({ ok: true });
  expect(put(box, operator.token, "more", COLD)).toMatchObject({ ok: true });
  box.ask("delete_view", { view: "v7" }, viewer.token);
  expect(put(box, viewer.token, "v50", COLD)).toMatchObject({ ok: true });
  const row = store.get("view", "more")!;
  const others = Array.from({ length: 949 }, (_, at) => ({ ...row, id: `o${at}`, by: { id: `o${at}`, name: "" } }));
  store.commit(others.map((row) => ({ put: "view", row })), "normal");
  expect(put(box, operator.token, "last", COLD)).toMatchObject({ fault: { code: "conflict" } });
  box.ask("delete_view", { view: "v1" }, viewer.token);
  expect(put(box, operator.token, "last", COLD)).toMatchObject({ ok: true });
});
