/** Whatever somebody means and writes down, the hub understands as it was meant [O10, O12, O13, O15, O17]. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, MOST_TERMS, parseQuery } from "../../src/protocol/query.ts";
import type { Queried } from "../../src/protocol/queried.ts";

const NOW = Date.UTC(2026, 10, 25);
const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A term as it is written, and what it means. */
interface Meant {
  text: string;
  finds(device: Queried): boolean;
}

/** Few letters, so that some are equal by chance; no `*` at the end, which would be more than a letter. */
const word = fc.string({
  unit: fc.constantFrom("a", "b", " ", "<", ">", "=", ":", "-", ","),
  minLength: 1,
  maxLength: 3,
});
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const value = fc.oneof(number, fc.boolean(), word);
const field = fc.constantFrom("one", "two", "on_3");
const quoted = (text: string) => `"${text}"`;
const written = (value: unknown) => typeof value === "string" ? quoted(value) : String(value);
/** As `=` compares: what is written alike is alike. */
const alike = (one: unknown, other: unknown) => one === other || (one === 0 && other === 0);

const fieldOf = ({ telemetry, reported }: Queried, name: string) =>
  name in telemetry ? telemetry[name].value : reported[name];

const term: fc.Arbitrary<Meant> = fc.oneof(
  fc.tuple(fc.constantFrom("id", "kind", "name", "firmware", "tag"), fc.array(word, { minLength: 1, maxLength: 3 }))
    .map(
      ([name, words]): Meant => ({
        text: `${name}:${words.map(quoted).join(",")}`,
        finds: (device) =>
          (name === "tag" ? device.tags : [device[name as "id"] ?? []].flat()).some((word) => words.includes(word)),
      }),
    ),
  word.map((part): Meant => ({
    text: quoted(part),
    finds: ({ id, kind, name, tags }) => [id, kind, name, ...tags].some((word) => word.includes(part)),
  })),
  fc.tuple(field, fc.constantFrom("<", "<=", ">", ">="), number).map(([name, sign, limit]): Meant => ({
    text: `${name}${sign}${limit}`,
    finds: (device) => {
      const value = fieldOf(device, name);
      if (typeof value !== "number") return false;
      return sign === "<"
        ? value < limit
        : sign === "<="
        ? value <= limit
        : sign === ">"
        ? value > limit
        : value >= limit;
    },
  })),
  fc.tuple(field, fc.constantFrom("=", "!="), fc.array(value, { minLength: 1, maxLength: 3 })).map((
    [name, sign, values],
  ): Meant => ({
    text: `${name}${sign}${values.map(written).join(",")}`,
    finds: (device) => {
      const value = fieldOf(device, name);
      return value !== undefined && values.some((wanted) => alike(wanted, value)) === (sign === "=");
    },
  })),
  fc.tuple(fc.constantFrom("<", ">"), fc.integer({ min: 0, max: 99 }), fc.constantFrom("s", "m", "h", "d")).map((
    [sign, number, unit],
  ): Meant => ({
    text: `seen:${sign}${number}${unit}`,
    finds: ({ seen }) => {
      if (seen === null) return false;
      const over = NOW - seen - number * UNITS[unit as "s"] * 1_000;
      return sign === ">" ? over > 0 : over < 0;
    },
  })),
  fc.tuple(fc.constantFrom("<", ">"), fc.integer({ min: 0, max: 99 }), fc.constantFrom("s", "m", "h", "d")).map((
    [sign, number, unit],
  ): Meant => ({
    text: `created:${sign}${number}${unit}`,
    finds: ({ createdAt }) => {
      const over = NOW - createdAt - number * UNITS[unit as "s"] * 1_000;
      return sign === ">" ? over > 0 : over < 0;
    },
  })),
  fc.constantFrom<Meant>(
    { text: "seen:never", finds: ({ seen }) => seen === null },
    { text: "is:stopped", finds: ({ isStopped }) => isStopped },
    { text: "is:driven", finds: ({ isDriven }) => isDriven },
    { text: "status:online", finds: ({ presence }) => presence === "online" },
  ),
);

const negated = fc.tuple(fc.boolean(), term).map(([not, { text, finds }]): Meant =>
  not ? { text: `-${text}`, finds: (device) => !finds(device) } : { text, finds }
);

const device: fc.Arbitrary<Queried> = fc.record({
  id: word,
  kind: word,
  name: word,
  tags: fc.array(word, { maxLength: 2 }),
  presence: fc.constantFrom("online", "offline"),
  seen: fc.option(fc.nat({ max: 9_000_000 }).map((ago) => NOW - ago)),
  createdAt: fc.nat({ max: 9_000_000 }).map((ago) => NOW - ago),
  firmware: fc.option(word),
  telemetry: fc.record({ one: value.map((value) => ({ value, at: 0 })) }, { requiredKeys: [] }),
  reported: fc.record({ two: value, on_3: value }, { requiredKeys: [] }),
  isStopped: fc.boolean(),
  isDriven: fc.boolean(),
});

describe("any query", () => {
  it("[O10, O12, O13, O15, O17] is understood as it was meant", () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(negated, { maxLength: 4 }),
        fc.array(device, { minLength: 1, maxLength: 5 }),
        (terms, devices) => {
          const text = terms.map(({ text }) => text).join(" ");
          const query = parseQuery(text);
          if (!query.ok) throw new Error(query.fault.message);
          expect(query.value).toHaveLength(terms.length);
          for (const device of devices) {
            const isMeant = terms.every(({ finds }) => finds(device));
            expect(matches(query.value, device, NOW), text).toBe(isMeant);
            if (isMeant) found++;
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(0);
  });

  it("[O10] whatever is typed is understood or refused with the place, and never found to have more terms than allowed", () => {
    const typed = fc.string({ unit: fc.constantFrom(...'kindsetag:<>=!-*", 59mh'), maxLength: 60 });
    fc.assert(
      fc.property(typed, (text) => {
        const query = parseQuery(text);
        if (query.ok) expect(query.value.length).toBeLessThanOrEqual(MOST_TERMS);
        else expect(query.fault).toMatchObject({ code: "bad_request", pointer: "#/q" });
      }),
      { numRuns: 2_000 },
    );
  });
});
