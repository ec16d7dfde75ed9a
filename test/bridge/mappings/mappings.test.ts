/** What holds for every mapping: it fits its kind, nothing that a broker sends can throw, and what it lets out fits. */
import process from "node:process";
import { describe, expect, it } from "vitest";
import { misfits } from "../../../src/bridge/mappings/misfits.ts";
import { Mapped, mappingNamed, MAPPINGS, readDevices } from "../../../src/bridge/mappings/mod.ts";
import { mappingSchema } from "../../../src/bridge/mappings/mapping.ts";
import { kindNamed, refusal, welcome } from "./dialogue.ts";

const all = [...MAPPINGS.values()];

describe("every mapping", () => {
  it.each(all)("[N40] $name fits its kind", (mapping) => {
    expect(misfits(mapping, kindNamed(mapping.kind))).toEqual([]);
    expect(mapping.source).toMatch(/^https:/);
    expect(mapping.title).not.toBe("");
  });

  it.each(all)("[N45] $name tells a `once` with QoS 0, so that no broker does it twice", (mapping) => {
    const { commands } = kindNamed(mapping.kind);
    const ways = Object.entries(mapping.tells).filter(([name]) => commands[name].effect === "once");
    const publishes = ways.flatMap(([, ways]) => [ways].flat()).flatMap(({ publish }) => publish);
    expect(publishes.filter(({ qos }) => qos !== 0)).toEqual([]);
  });

  it.each(all)("[N46] $name desires by the command that the kind says confirms the field", (mapping) => {
    const { commands } = kindNamed(mapping.kind);
    for (const [field, desire] of Object.entries(mapping.desires)) {
      if ("publish" in desire) continue;
      const confirms = commands[desire.command].confirms!;
      expect(field).toMatch(new RegExp(`^${confirms.field}(_[2-8])?$`));
      expect(desire.param).toBe("param" in confirms ? confirms.param : undefined);
    }
  });

  it.each(all)(
    "[N42] $name takes whatever a broker sends, and lets out nothing that the kind's form refuses",
    (mapping) => {
      const seed = Number(process.env.SEED ?? 1);
      const next = random(seed);
      const kind = kindNamed(mapping.kind);
      const mapped = new Mapped(mapping, { device: "d", topic: "t" });
      const topics = [...mapped.topics(), "elsewhere"];
      mapped.told(welcome(), 0);
      let told = 0;
      for (let round = 0; round < 2000; round++) {
        const topic = topics[Math.floor(next() * topics.length)];
        const { frames } = mapped.heard(topic, payload(next, mapping), next() < 0.2, round * 500);
        told += frames.length;
        for (const frame of frames) {
          const why = refusal(kind, frame);
          // What is out of the kind's range is the hub's to refuse; any other fault is the mapping's.
          if (why !== undefined) {
            expect(`SEED=${seed} ${JSON.stringify(frame)}: ${why}`).toMatch(
              /at (least|most)|characters/,
            );
          }
        }
        if (next() < 0.02) mapped.told(welcome(round, { on: next() < 0.5, [`x${round}`]: null }), round * 500);
        if (next() < 0.02) mapped.closed();
      }
      expect(told).toBeGreaterThan(0);
    },
  );
});

describe("every command of every kind", () => {
  /** Where the kind's own examples have nothing that any firmware can do. */
  const MORE: Record<string, { params: Record<string, unknown> }[]> = { effect: [{ params: { name: "color_loop" } }] };
  const isOptional = ({ params }: { params: { shape: Record<string, unknown> } }, param: string) =>
    (params.shape[param] as { safeParse(value: unknown): { success: boolean } }).safeParse(undefined).success;
  const sane = /^[^+#$\0]+$/;

  it.each(all)("[N44] $name publishes it where its firmware reads it, or says why not", (mapping) => {
    const { examples, commands } = kindNamed(mapping.kind);
    const mapped = new Mapped(mapping, { device: "d", topic: "t" });
    mapped.told(welcome(), 0);
    const told = Object.entries(examples.commands).flatMap(([name, list]) =>
      [...list as { params: Record<string, unknown> }[], ...MORE[name] ?? []].flatMap(({ params }) => [
        params,
        Object.fromEntries(Object.entries(params).filter(([param]) => !isOptional(commands[name], param))),
      ]).map((params, index) => {
        const id = `${name}-${index}`;
        const { publishes, frames } = mapped.told({ type: "command", id, name, params, ttl: 10, expires: 0 }, 0);
        for (const { topic, payload } of publishes) {
          expect(topic).toMatch(sane);
          expect(payload).not.toMatch(/\{[a-z_.]+\}/);
        }
        if (publishes.length > 0) return { name, isTold: true };
        expect(frames, name).toMatchObject([{ type: "result", id, ok: false }]);
        expect(frames[0]).toHaveProperty("error.code", expect.stringMatching(/^(unsupported|out_of_range)$/));
        return { name, isTold: false };
      })
    );
    // A way that no example of its command takes would be one that nobody ever tried.
    const known = Object.keys(mapping.tells).filter((name) =>
      (examples.commands as object)[name as never] !== undefined
    );
    expect(known.filter((name) => !told.some((one) => one.name === name && one.isTold))).toEqual([]);
  });

  it.each(all)("[N46] $name takes any desired document: each field is published, refused, or so already", (mapping) => {
    const kind = kindNamed(mapping.kind);
    const mapped = new Mapped(mapping, { device: "d", topic: "t" });
    for (const [index, state] of (kind.examples.state as Record<string, unknown>[]).entries()) {
      const { publishes, frames } = mapped.told({ type: "desired", version: index + 1, state }, 0);
      for (const { topic } of publishes) expect(topic).toMatch(sane);
      // Not welcomed yet: what is answered waits.
      expect(frames).toEqual([]);
      mapped.told(welcome(), 0);
      const again = mapped.told({ type: "desired", version: index + 100, state }, 0);
      const answered = again.frames.flatMap((frame) => frame.type === "state" ? frame.applied?.errors ?? [] : []);
      const fields = Object.keys(state).filter((field) => !Object.hasOwn(mapping.desires, field));
      expect(answered.map(({ field }) => field).toSorted()).toEqual(expect.arrayContaining(fields.toSorted()));
      mapped.closed();
    }
  });
});

describe("the setting", () => {
  const entry = { device: "plug", mapping: "tasmota-relay", topic: "tasmota_1" };

  it("[N40] is a list, or an object with mappings of one's own", () => {
    expect(readDevices([entry], "signalbox")).toMatchObject({
      ok: true,
      value: [{ device: "plug", topic: "tasmota_1" }],
    });
    const own = {
      name: "mine",
      kind: "relay",
      hears: [{ topic: "{topic}/state", payload: "text", state: { on: {} } }],
    };
    const mine = readDevices({ devices: [{ ...entry, mapping: "mine" }], mappings: [own] }, "signalbox");
    expect(mine).toMatchObject({ ok: true, value: [{ mapping: { name: "mine" } }] });
  });

  it.each([
    ["a device that is there twice", [entry, entry], /plug is there twice/],
    ["an unknown mapping", [{ ...entry, mapping: "nobody" }], /no mapping "nobody"/],
    ["an unknown variable", [{ ...entry, vars: { sensor: "x" } }], /no variable sensor/],
    [
      "a topic of the bridge itself",
      [{ ...entry, mapping: "esphome-relay", topic: "signalbox/plug" }],
      /bridge itself/,
    ],
    ["a wildcard", [{ ...entry, topic: "+" }], /without wildcards/],
    ["a topic that begins with $", [{ ...entry, topic: "$SYS" }], /not beginning with \$/],
    ["an unknown key", [{ ...entry, prefix: "x" }], /prefix/],
    ["nothing of the sort", "tasmota", /./],
  ])("[N40] refuses %s with a sentence", (_, json, words) => {
    const read = readDevices(json, "signalbox");
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.fault.message).toMatch(words);
  });

  it.each([
    ["a placeholder that nothing fills in", { hears: [{ topic: "{topc}/state" }] }, /\{topc\}/],
    ["a desire without its command", { desires: { on: { command: "set", param: "on" } } }, /no set that takes on/],
    [
      "a proof of nothing",
      { tells: { set: { publish: [{ topic: "a", payload: "" }], proves: [{}] } } },
      /names a field/,
    ],
  ])("[N40] a mapping with %s is refused", (_, part, words) => {
    const parsed = mappingSchema.safeParse({ name: "mine", kind: "relay", hears: [{ topic: "{topic}" }], ...part });
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toMatch(words);
  });

  it("every mapping can be named", () => {
    for (const { name } of all) expect(mappingNamed(name)?.name).toBe(name);
    expect(mappingNamed("constructor")).toBeUndefined();
  });
});

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ODD = [
  "",
  "ON",
  "OFF",
  "NaN",
  "nan",
  "1e999",
  "-0",
  "{}",
  "[]",
  "null",
  "{",
  "\u0000",
  "é".repeat(50),
  "true",
  "online",
  "Online",
  "ready",
  "offline",
  "21.5",
  "\ud800",
  "__proto__",
  '{"__proto__":{"a":1}}',
  "9".repeat(400),
];

/** Something odd, bytes, or JSON with the places that this mapping looks at. */
function payload(next: () => number, mapping: object): string | Uint8Array {
  const any = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)];
  const chance = next();
  if (chance < 0.3) return any(ODD);
  if (chance < 0.4) return Uint8Array.from({ length: Math.floor(next() * 40) }, () => Math.floor(next() * 256));
  if (chance < 0.5) return `${(next() - 0.5) * 10 ** Math.floor(next() * 8)}`;
  const places = [...JSON.stringify(mapping).matchAll(/"(\/[^"]*)"/g)].map(([, place]) => place);
  const value = () =>
    any<unknown>([
      next() * 300,
      -1,
      "ON",
      "OFF",
      null,
      true,
      false,
      {},
      [1, 2],
      "1,2,3",
      "heat",
      "x",
      1e300,
      { r: 1, g: 2, b: 3 },
      { r: "1" },
      { hue: 10, saturation: 20 },
    ]);
  const doc: Record<string, unknown> = {};
  for (let count = Math.floor(next() * 6); count >= 0 && places.length > 0; count--) {
    let inside = doc;
    const steps = any(places).slice(1).split("/").map((step) => step.replace("*", "BME280").replace(/\{.*\}/, "a"));
    for (const [index, step] of steps.entries()) {
      if (index === steps.length - 1) inside[step] = value();
      else {inside =
          (typeof inside[step] === "object" && inside[step] !== null ? inside[step] : inside[step] = {}) as typeof doc;}
    }
  }
  return JSON.stringify(doc);
}
