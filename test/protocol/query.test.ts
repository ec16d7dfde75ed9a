import { describe, expect, it } from "vitest";
import { matches, parseQuery } from "../../src/protocol/query.ts";
import type { Queried } from "../../src/protocol/queried.ts";

const NOW = Date.UTC(2026, 10, 25);
const MINUTE = 60_000;
const door: Queried = {
  id: "front-door",
  kind: "lock",
  name: "Front door",
  tags: ["floor:1", "entrance"],
  presence: "online",
  seen: NOW - 5 * MINUTE,
  createdAt: NOW - 60 * MINUTE,
  firmware: "1.4.2",
  telemetry: { temperature: { value: 25, at: 0 }, jammed: { value: false, at: 0 }, position: { value: [1], at: 0 } },
  reported: { mode: "Heat up", code: "7", on: true, target: -2.5, gone: null },
  isStopped: false,
  isDriven: false,
};

const holds = (text: string, device = door) => {
  const query = parseQuery(text);
  if (!query.ok) throw new Error(query.fault.message);
  return matches(query.value, device, NOW);
};

describe("queries [O10]", () => {
  it.each([
    "",
    "kind:lock",
    "KIND:LOCK",
    "kind:relay,lock",
    "tag:entrance",
    "tag:floor*",
    "status:online",
    "status:on*",
    "id:front*",
    'name:"front door"',
    "front",
    "DOOR",
    "-kind:relay",
    "-status:offline door",
    'tag:"floor:1"',
    "entr",
    "lock door",
  ])("%s finds the door", (text) => expect(holds(text)).toBe(true));
  it.each([
    "kind:relay",
    "-kind:lock",
    "tag:floor",
    "status:offline",
    "id:front",
    "back",
    "-door",
    "kind:lock back",
    '"door front"',
    '"on=true"',
  ])("%s does not", (text) => expect(holds(text)).toBe(false));

  it.each([
    [
      "colour:red",
      "kind:, tag:, status:, id:, name:, firmware:, is:, seen:, created:, compares a field (colour=red), or is free text",
    ],
    ["temperature:>25", "compares a field (temperature>25)"],
    ["status:gone", "status: is new, online"],
    ["status:x*", "status: is new, online"],
    ["kind:", "nothing to look for"],
    ["tag:,", "nothing to look for"],
    ["is:broken", "is: is stopped, driven"],
    ["seen:5m", "seen: is >5m, <1h or never"],
    ["seen:>5", "seen: is >5m, <1h or never"],
    ["seen:never,>5w", "seen: is >5m, <1h or never"],
    ["created:never", "created: is >5m or <1h"],
    ["created:1d", "created: is >5m or <1h"],
    ["created:", "there is nothing to look for"],
    ["temperature>warm", "a number comes after >, as in temperature>25"],
    ["temperature>=20,25", "a number comes after >="],
    ["temperature>", "a number comes after >"],
    ["temperature<1e999", "a number comes after <"],
    ["on==true", "comes after =, as in on=true"],
    ["mode!=", "comes after !="],
  ])("%s is refused with the term and with what would be right", (text, right) => {
    for (const where of ["q", "query"]) {
      const parsed = parseQuery(`lamp -${text}`, where);
      expect(parsed).toMatchObject({ ok: false, fault: { code: "bad_request", pointer: `#/${where}` } });
      if (parsed.ok) continue;
      expect(parsed.fault.message).toContain(`${where}: -${text}: `);
      expect(parsed.fault.message).toContain(right);
    }
  });

  it.each([['"', '"'], ['name:"main door', '"main door'], ['"main" "door', '"door'], ['on=true -"', '"']])(
    "%s has a quote that is not closed",
    (text, term) =>
      expect(parseQuery(text)).toEqual({
        ok: false,
        fault: { code: "bad_request", message: `q: ${term}: the quote is not closed`, pointer: "#/q" },
      }),
  );

  it("has at most twenty terms", () => {
    const terms = Array.from({ length: 20 }, () => "door").join(" ");
    expect(holds(terms)).toBe(true);
    expect(parseQuery(`${terms} on=true`)).toMatchObject({
      ok: false,
      fault: { code: "bad_request", message: "q: on=true: a query has at most 20 terms", pointer: "#/q" },
    });
  });
});

describe("comparisons [O12]", () => {
  it.each([
    "temperature>24.9",
    "temperature>=25",
    "temperature<=25",
    "Temperature<2.6e1",
    "temperature=25",
    "temperature=25.0",
    "temperature!=24",
    "temperature>20 temperature<30",
    "target<-2",
    "target=-2.5",
    "on=true",
    "on!=false",
    "ON=TRUE",
    "jammed=false",
    'mode="heat up"',
    "mode=heat*",
    "mode=cool,heat*",
    "mode!=cool,off",
    "code=7",
    'code="7"',
    "temperature=*",
    "position=*",
    "mode!=5",
    "-temperature>25",
    "-humidity>25",
    "-humidity!=25",
    "-humidity=*",
    "-gone=*",
    "door on=true kind:lock",
  ])("%s finds the door", (text) => expect(holds(text)).toBe(true));
  it.each([
    "temperature>25",
    "temperature<25",
    "temperature!=25",
    "temperature=2*",
    "-temperature>=25",
    "on=false",
    "on>0",
    "on=1",
    "mode=heat",
    "mode>5",
    "code>5",
    "mode!=cool,heat*",
    "position=1",
    "humidity>25",
    "humidity<=25",
    "humidity!=25",
    "humidity=*",
    "gone!=5",
    "__proto__=*",
    "constructor!=1",
  ])("%s does not", (text) => expect(holds(text)).toBe(false));
});

describe("how long ago and what holds for it [O13]", () => {
  it.each([
    "seen:>4m",
    "seen:>299s",
    "seen:>0.08h",
    "seen:<1h",
    "seen:<1D",
    "seen:<1s,>2m",
    "-seen:never",
    "-seen:>1d",
  ])(
    "%s finds who was heard of five minutes ago",
    (text) => expect(holds(text)).toBe(true),
  );
  it.each(["seen:>5m", "seen:<5m", "seen:>1h", "seen:never", "-seen:<1h"])(
    "%s does not",
    (text) => expect(holds(text)).toBe(false),
  );

  it.each(["created:<1d", "created:>59m", "created:<61M", "created:<5m,>0.5h", "-created:<1h", "-created:>1h"])(
    "[O15] %s finds who was made an hour ago",
    (text) => expect(holds(text)).toBe(true),
  );
  it.each(["created:<1h", "created:>1h", "created:<30m", "-created:<2h"])(
    "[O15] %s does not",
    (text) => expect(holds(text)).toBe(false),
  );

  it.each(["firmware:1.4.2", "firmware:1.4*", "firmware:1.3,1.4.2", "-firmware:1.4.1"])(
    "[O17] %s finds one with 1.4.2",
    (text) => expect(holds(text)).toBe(true),
  );
  it.each(["firmware:1.4", "firmware:2*", "-firmware:1*", "firmware=1.4.2"])(
    "[O17] %s does not",
    (text) => expect(holds(text)).toBe(false),
  );
  it("[O17] one that never said its firmware is found by none", () => {
    const found = ["firmware:*", "-firmware:1.4.2"].map((text) => holds(text, { ...door, firmware: null }));
    expect(found).toEqual([false, true]);
  });

  it.each([["seen:never", true], ["seen:>1s", false], ["seen:<9d", false], ["seen:>1s,never", true], [
    "-seen:<9d",
    true,
  ]])(
    "%s of who was never heard of: %s",
    (text, found) => expect(holds(text, { ...door, seen: null })).toBe(found),
  );

  it.each([
    ["is:stopped", true, false, true],
    ["is:stopped", false, true, false],
    ["is:driven", false, true, true],
    ["is:driven,stopped", true, false, true],
    ["is:driven is:stopped", true, false, false],
    ["-is:driven", true, true, false],
  ])("%s of one that is stopped %s and driven %s: %s", (text, isStopped, isDriven, found) => {
    expect(holds(text, { ...door, isStopped, isDriven })).toBe(found);
  });
});
