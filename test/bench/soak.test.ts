/** What the soak decides, on made-up curves: a leak is found, and what only wavers, settles or stumbles is not one. */
import { describe, expect, it } from "vitest";
import { findings, heapFlatness, residentFlatness } from "../../bench/soak/judge.ts";
import { picture, stepOf } from "../../bench/soak/picture.ts";
import type { Look } from "../../bench/soak/probe.ts";
import type { Outcome } from "../../bench/soak/outcome.ts";
import { levels, slopes, steadiness } from "../../bench/soak/trend.ts";

const MB = 1024 * 1024;
const RECONNECTS = 20;

/** The same numbers each time, from -0.5 to 0.5. */
function noise(seed: number) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 - 0.5;
}

interface Curve {
  seconds: number;
  /** Of the live heap, in bytes at a time. */
  heap?: (at: number) => number;
  rss?: (at: number) => number;
  seed?: number;
}

/** As a run has them: a look every two seconds or oftener than that 240 times, 24 live heaps that waver by 1 MB. */
function looksOf({ seconds, heap = () => 40 * MB, rss = () => 180 * MB, seed = 1 }: Curve): Look[] {
  const every = Math.max(2, seconds / 240);
  const random = noise(seed);
  let heaps = 0;
  return Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index): Look => {
    const at = index * every;
    const isHeapDue = at >= heaps * seconds / 24;
    if (isHeapDue) heaps += 1;
    return {
      at,
      rss: rss(at) + (1 + random()) * 64 * MB,
      ...(isHeapDue && { collected: { live: heap(at) + random() * 2 * MB, rss: rss(at) + random() * 16 * MB } }),
      descriptors: 2_040,
      threads: 5,
      data: 8 * MB,
      cpu: 0,
      devices: 2_000,
      operators: 3,
      online: 2_000,
      commandsOpen: 0,
      reconnects: Math.floor(at * RECONNECTS),
    };
  });
}

const SEEDS = Array.from({ length: 50 }, (_, index) => index + 1);
const leaking = (perReconnect: number) => (at: number) => 40 * MB + at * RECONNECTS * perReconnect;

describe("the soak's judgement of memory", () => {
  it.each([60, 180, 600, 3_600])("calls a heap flat that only wavers, in %s seconds", (seconds) => {
    const flat = SEEDS.filter((seed) => heapFlatness(looksOf({ seconds, seed })).isFlat);
    expect(flat.length).toBe(SEEDS.length);
  });

  it.each([[600, 1_024], [3_600, 1_024], [60, 8_192], [3_600, 128]])(
    "finds in %s seconds a leak of %s bytes for each reconnect",
    (seconds, bytes) => {
      const flat = SEEDS.filter((seed) => heapFlatness(looksOf({ seconds, seed, heap: leaking(bytes) })).isFlat);
      expect(flat).toEqual([]);
    },
  );

  it("lets a heap fill at first, step once a little, and fall", () => {
    const filling = (at: number) => 40 * MB - 8 * MB * Math.exp(-at / 10);
    const stepping = (at: number) => at < 40 ? 40 * MB : 41 * MB;
    const falling = (at: number) => at < 40 ? 46 * MB : 40 * MB;
    for (const heap of [filling, stepping, falling]) {
      for (const seed of SEEDS) expect(heapFlatness(looksOf({ seconds: 60, seed, heap })).isFlat).toBe(true);
    }
  });

  it("is not misled by a few looks that were far off", () => {
    const heap = (at: number) => leaking(1_024)(at) + (at > 30 && at < 90 ? 60 * MB : 0);
    expect(heapFlatness(looksOf({ seconds: 600, heap })).isFlat).toBe(false);
    const spiky = (at: number) => at > 540 && at < 570 ? 90 * MB : 40 * MB;
    expect(heapFlatness(looksOf({ seconds: 600, heap: spiky })).isFlat).toBe(true);
  });

  it("lets resident memory be a saw, and finds what the heap does not show", () => {
    const saw = (at: number) => 170 * MB + at % 40 / 40 * 30 * MB;
    const lost = (at: number) => saw(at) + at * RECONNECTS * 2_048;
    for (const seed of SEEDS) {
      expect(residentFlatness(looksOf({ seconds: 60, seed, rss: saw })).isFlat).toBe(true);
      expect(residentFlatness(looksOf({ seconds: 3_600, seed, rss: saw })).isFlat).toBe(true);
      expect(residentFlatness(looksOf({ seconds: 3_600, seed, rss: lost })).isFlat).toBe(false);
    }
  });

  it("takes the slope of the median pair, and the medians of quarters", () => {
    const line = [0, 1, 2, 3, 4].map((at) => ({ at, value: 10 + 2 * at }));
    expect(slopes(line)).toEqual(Array(10).fill(2));
    expect(steadiness(line, 7)).toEqual({ isFlat: false, slope: 2, growth: 8, room: 7 });
    expect(steadiness(line, 8).isFlat).toBe(true);
    expect(levels(line, 3)).toEqual({ isFlat: false, slope: 2, growth: 4, room: 3 });
  });
});

/** A run in which everything is as it should be. */
const sound = (): Outcome => ({
  plan: { minutes: 1, devices: 2_000 },
  lived: 110,
  looks: looksOf({ seconds: 60 }),
  samples: { sure: 990, maybe: 10, counted: 995 },
  histories: [{ id: "relay-1", sure: 9, maybe: 1, kept: 10 }],
  commands: { asked: 3, counted: 3, byStatus: { succeeded: 2, unknown: 1 }, open: 0 },
  connections: { devices: 2_000, operators: 3, online: 2_000, left: 0 },
  descriptors: { empty: 34, full: 2_037, fullAgain: 2_040, emptyAgain: 36 },
  ended: { code: 0, signal: null, seconds: 0.1 },
  complaints: [],
  refusedFrames: 0,
  faults: { count: 0, words: [] },
  refused: {},
  reads: 5,
  kept: {
    bytes: 9 * MB,
    before: 5 * MB,
    rows: { device: 2_000, command: 3, pending: 0, audit: 2_010, something: 900 },
  },
});

describe("what a soak has to have shown", () => {
  it("holds where everything is as it should be", () => {
    expect(findings(sound()).filter(({ holds }) => !holds)).toEqual([]);
  });

  it.each<[string, RegExp, (outcome: Outcome) => void]>([
    ["a heap that grows", /live heap .* bytes for each reconnect/, (one) => {
      one.looks = looksOf({ seconds: 600, heap: leaking(1_024) });
    }],
    ["resident memory that grows", /resident memory/, (one) => {
      one.looks = looksOf({ seconds: 600, rss: (at) => 180 * MB + at * 200_000 });
    }],
    ["a device that did not come back", /1999 devices/, (one) => one.connections.devices = 1_999],
    ["a socket that stays", /1 connections left/, (one) => one.connections.left = 1],
    ["descriptors that stay", /descriptors/, (one) => one.descriptors.emptyAgain = 400],
    ["threads that stay", /threads/, (one) => one.looks.at(-1)!.threads = 90],
    ["a sample that is not counted", /989 samples counted/, (one) => one.samples.counted = 989],
    ["a sample that is counted twice", /1001 samples counted/, (one) => one.samples.counted = 1_001],
    ["a history that lacks one", /relay-1 8 of 9 to 10/, (one) => one.histories[0].kept = 8],
    ["a command without an end", /1 sent/, (one) => one.commands.byStatus = { succeeded: 2, sent: 1 }],
    ["a command's end that is not counted", /2 ends counted/, (one) => one.commands.counted = 2],
    ["what waits in the store for nothing", /4 of pending/, (one) => one.kept.rows.pending = 4],
    ["rows that nothing accounts for", /1200 of something/, (one) => one.kept.rows.something = 1_200],
    ["an end that had to be forced", /SIGKILL/, (one) => one.ended = { code: null, signal: "SIGKILL", seconds: 10 }],
    ["an end that takes its time", /9\.0 s/, (one) => one.ended.seconds = 9],
    ["a fault in the log", /event_failed/, (one) => one.complaints = ['{"event":"event_failed"}']],
    ["a frame that was refused", /1 frames refused/, (one) => one.refusedFrames = 1],
    ["a surprise for a peer", /closed with 1011/, (one) => one.faults = { count: 1, words: ["closed with 1011"] }],
  ])("names %s", (_what, words, spoil) => {
    const outcome = sound();
    spoil(outcome);
    const failed = findings(outcome).filter(({ holds }) => !holds);
    expect(failed.map(({ said }) => said)).toEqual([expect.stringMatching(words)]);
  });
});

describe("the soak's picture", () => {
  it("has its three curves, their medians, and the reconnects, and no figure that is none", () => {
    const drawn = picture("A soak", looksOf({ seconds: 600 }));
    expect(drawn.match(/<polyline/g)).toHaveLength(3);
    expect(drawn.match(/median \d+\.\d MB/g)).toHaveLength(3);
    expect(drawn).toContain(">10,000<");
    expect(drawn).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("divides its axes by round numbers", () => {
    expect([3, 7, 12, 180, 72_000].map((most) => stepOf(most, 6))).toEqual([0.5, 2, 2, 50, 20_000]);
  });
});
