/** What a fleet is, in numbers [R17]. */
import { describe, expect, it } from "vitest";
import { LIVES, signalbox } from "./signalbox.ts";

describe.each(LIVES)("facets, $life", ({ isForgetful }) => {
  function fleet() {
    const box = signalbox({ isForgetful });
    const add = (id: string, kind: string, tags: string[]) => {
      const { token } = box.ask("create_device", { id, kind, tags });
      box.tokens.set(id, token);
    };
    add("door", "lock", ["hall", "safety"]);
    add("lamp", "relay", ["hall"]);
    add("fan", "relay", []);
    add("pump", "relay", ["safety"]);
    box.device("lamp").send({ type: "hello", firmware: "1.2.0" });
    box.device("fan").send({ type: "hello", firmware: "1.1.0" });
    box.device("door").drop();
    return box;
  }

  it("[R17] count the kinds, tags, presences and firmwares of all, the most frequent first", () => {
    expect(fleet().ask("get_facets", {})).toEqual({
      total: 4,
      kind: [{ value: "relay", count: 3 }, { value: "lock", count: 1 }],
      tag: [{ value: "hall", count: 2 }, { value: "safety", count: 2 }],
      presence: [{ value: "online", count: 2 }, { value: "new", count: 1 }, { value: "offline", count: 1 }],
      firmware: [{ value: "1.1.0", count: 1 }, { value: "1.2.0", count: 1 }],
    });
  });

  it("[R17] count what the query finds, and nothing where it finds none", () => {
    const box = fleet();
    expect(box.ask("get_facets", { q: "tag:hall kind:relay" })).toEqual({
      total: 1,
      kind: [{ value: "relay", count: 1 }],
      tag: [{ value: "hall", count: 1 }],
      presence: [{ value: "online", count: 1 }],
      firmware: [{ value: "1.2.0", count: 1 }],
    });
    const none = { total: 0, kind: [], tag: [], presence: [], firmware: [] };
    expect(box.ask("get_facets", { q: "kind:rover" })).toEqual(none);
    expect(box.call("get_facets", { q: "kind:" })).toMatchObject({ ok: false, fault: { pointer: "#/q" } });
  });

  it("[R17] say what the lists of the same query say", () => {
    const box = fleet();
    const { kind, tag, presence } = box.ask("get_facets", {});
    const listed = [["kind", kind], ["tag", tag], ["status", presence]] as const;
    for (const [name, values] of listed) {
      for (const { value, count } of values) {
        expect(box.ask("list_devices", { q: `${name}:${value}` }).total, `${name}:${value}`).toBe(count);
      }
    }
  });
});

it("[R17] have 500 values at most, those that are the most frequent", () => {
  const box = signalbox();
  for (let at = 0; at < 20; at++) {
    const tags = Array.from({ length: 31 }, (_, tag) => `t${at}-${tag}`);
    box.ask("create_device", { id: `d${at}`, kind: "relay", tags: [...tags, "zzz"] });
  }
  const { tag, total } = box.ask("get_facets", {});
  expect([total, tag.length, tag[0]]).toEqual([20, 500, { value: "zzz", count: 20 }]);
});
