/** [B] Whatever a device sends in whatever order: what is stored is what was sent whole, and nothing else is kept. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

type Step =
  | { do: "header"; name: string; size: number; seed: number; isHonest: boolean }
  | { do: "bytes"; share: number; isTrue: boolean }
  | { do: "text" | "reconnect" | "wait" | "evict" };

const mostly = fc.integer({ min: 0, max: 19 }).map((n) => n > 0);
const name = fc.constantFrom("a", "b", "c");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("header" as const),
      ...{ name, size: fc.integer({ min: 1, max: 40 }), seed: fc.integer({ min: 0, max: 3 }) },
      isHonest: mostly,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("bytes" as const),
      share: fc.constantFrom(0, 0.3, 0.6, 1, 1, 1, 1.5),
      isTrue: mostly,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("text" as const, "reconnect", "wait", "evict") }) },
);

const picture = (size: number, seed: number) => Uint8Array.from({ length: size }, (_, at) => (at * 7 + seed) & 255);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** What the text says of a device's blobs, as plainly as can be. */
class Model {
  readonly stored = new Map<string, Uint8Array>();
  /** What the present header announced; `isKept` until it was refused or dropped. */
  now: { name: string; whole: Uint8Array; came: number[]; left: number; isKept: boolean } | null = null;

  header(name: string, whole: Uint8Array, isHonest: boolean): void {
    this.now = { name, whole, came: [], left: whole.length, isKept: isHonest && !this.stored.has(name) };
  }

  /** False when nothing announced them. */
  bytes(bytes: Uint8Array): boolean {
    const { now } = this;
    if (!now) return false;
    now.left -= bytes.length;
    now.came.push(...bytes);
    now.isKept &&= now.left >= 0;
    if (now.left > 0) return true;
    if (now.isKept && hash(Uint8Array.from(now.came)) === hash(now.whole)) this.stored.set(now.name, now.whole);
    this.now = null;
    return true;
  }
}

class Run {
  readonly model = new Model();
  #device: Peer;
  readonly #box: Signalbox;
  constructor(box: Signalbox) {
    this.#box = box;
    this.#device = box.device("porch", "camera");
  }

  take(step: Step): void {
    switch (step.do) {
      case "header": {
        const whole = picture(step.size, step.seed);
        const mime = step.isHonest ? "image/jpeg" : "text/html";
        this.#device.send({ type: "blob", id: step.name, mime, size: step.size, sha256: hash(whole) });
        return this.model.header(step.name, whole, step.isHonest);
      }
      case "bytes":
        return this.#bytes(step.share, step.isTrue);
      case "text":
        return this.#device.send({ type: "telemetry", data: { battery: 50 } });
      case "reconnect":
        return this.#again();
      case "wait":
        this.#box.advance(31_000);
        if (this.model.now) this.model.now.isKept = false;
        return;
      case "evict":
        return this.#box.evict();
    }
  }

  /** So much of what is still to come, as it is or with a bit turned. */
  #bytes(share: number, isTrue: boolean): void {
    const { whole = picture(4, 0), came = [], left = 4 } = this.model.now ?? {};
    const length = Math.ceil(Math.max(left, 1) * share);
    const bytes = Uint8Array.from({ length }, (_, at) => (whole[came.length + at] ?? 0) ^ (isTrue || at > 0 ? 0 : 1));
    this.#device.binary(bytes);
    if (this.model.bytes(bytes)) return expect(this.#device.closed).toBeNull();
    expect(this.#device.closed?.code).toBe(1003);
    this.#again();
  }

  #again(): void {
    if (!this.#device.closed) this.#device.drop();
    this.#device = this.#box.device("porch");
    this.model.now = null;
    this.#box.advance(100);
  }

  check(): void {
    const items = this.#box.ask("list_blobs", { device: "porch" }).items;
    expect(items.map(({ id }) => id).sort()).toEqual([...this.model.stored.keys()].sort());
    for (const [blob, whole] of this.model.stored) {
      expect(this.#box.ask("get_blob", { device: "porch", blob }).bytes).toEqual(whole);
    }
    const isComing = this.model.now?.isKept ?? false;
    expect(this.#box.store.count("blob")).toBe(items.length + (isComing ? 1 : 0));
    if (!isComing && items.length === 0) expect(this.#box.store.count("blob_part")).toBe(0);
  }
}

describe.each(LIVES)("any blobs, $life", ({ isForgetful }) => {
  it("[B1-B6] what is stored is what was sent whole", () => {
    let stored = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
        const run = new Run(signalbox({ isForgetful, kinds: KINDS }));
        for (const step of steps) run.take(step);
        run.check();
        stored += run.model.stored.size;
      }),
      { numRuns: 150 },
    );
    expect(stored).toBeGreaterThan(50);
  }, 60_000);
});
