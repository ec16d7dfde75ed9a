/** Where one resolution ends and another begins, and what happens to a hub on that way: history against the record. */
import { describe, expect, it } from "vitest";
import type { Retention } from "../../src/kind/kind.ts";
import { type Signalbox, signalbox } from "../hub/signalbox.ts";
import { Asking, DAY } from "./asking.ts";
import { MADE_FIELDS, madeKind, madeRecord } from "./made.ts";
import { play } from "./player.ts";
import type { Recorded } from "./voyage.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2028, 1, 28, 21);
const LONG = 120_000;

const boxOf = (retention?: Partial<Retention>, options = {}) =>
  signalbox({ kinds: [madeKind("made", retention)], now: START - 1_000, ...options });
const told = (box: Signalbox, record: readonly Recorded[], patience = HOUR) =>
  play({ box, seed: "edges", tracks: [{ device: "made", kind: "made", record }], patience, evictions: 0.02 });
const asked = (box: Signalbox, record: readonly Recorded[], times: number, retention?: Retention) =>
  new Asking({ box, seed: `${times}`, fields: { made: MADE_FIELDS }, retention }).ask(times, () => record);

/** How many values there are in each resolution, of whatever is newer than so long ago. */
const countsOf = (box: Signalbox, field = "level") =>
  [6 * HOUR, 3 * DAY, 400 * DAY].map((length) =>
    box.ask("get_history", { device: "made", field, from: box.now - length, to: box.now + 1, points: 300 }).points
      .reduce((sum, [, , , , count]) => sum + Number(count), 0)
  );

const seenOf = (box: Signalbox) => countsOf(box)[2];

describe("the way of samples from the journal to their hours", () => {
  const DOWN = [1, 20, 26, 30, 50, 80, 40 * 24].flatMap((hours) => [{ hours, samples: 600 }, { hours, samples: 40 }]);

  it.each(DOWN)("[Q4] a hub that was down for $hours hours has all $samples that were told", ({ hours, samples }) => {
    const record = madeRecord(String(hours), START, samples);
    const box = boxOf();
    told(box, record);
    box.now += hours * HOUR;
    box.crash();
    asked(box, record, 20);
    box.advance(HOUR);
    asked(box, record, 20);
    box.advance(2 * DAY);
    asked(box, record, 20);
  }, LONG);

  it.each([5 * 60_000, HOUR, 30 * HOUR])("[T5] a clock that was set back by %i ms has nothing told twice", (back) => {
    const box = boxOf(undefined, { journalSize: 2_000 });
    const made = box.device("made", "made");
    for (let seq = 1; seq <= 100; seq++) {
      made.send({ type: "telemetry", seq, data: { level: seq, note: "before" } });
      box.advance(1_000);
    }
    const before = box.now;
    box.now -= back;
    box.crash();
    const again = box.device("made", "made");
    for (let seq = 1; seq <= 200; seq++) {
      again.send({ type: "telemetry", seq, data: { level: seq, note: "after" } });
      box.advance(1_000);
    }
    const seen = () =>
      box.ask("get_history", { device: "made", field: "level", from: before - 2 * DAY, to: before + DAY, points: 5 })
        .points
        .reduce((sum, [, , , , count]) => sum + Number(count), 0);
    box.advance(back + 2 * HOUR);
    box.evict();
    expect(seen()).toBe(300);
    box.advance(3 * DAY);
    expect(seen()).toBe(300);
  }, LONG);

  it("[T8] after days of silence the first word is in every answer at once, and so is one that is late", () => {
    const box = boxOf();
    const made = box.device("made", "made");
    made.send({ type: "telemetry", data: { level: 1 } });
    box.advance(10 * DAY);
    expect(countsOf(box)).toEqual([0, 0, 1]);
    const again = box.device("made", "made");
    again.send({ type: "telemetry", data: { level: 2 } });
    expect(countsOf(box)).toEqual([1, 1, 2]);
    box.advance(2_000);
    expect(countsOf(box)).toEqual([1, 1, 2]);
    box.advance(2 * HOUR);
    const late = box.device("made", "made");
    late.send({ type: "telemetry", samples: [{ ago: 23.9 * 3_600, data: { level: 3 } }] });
    expect(countsOf(box)).toEqual([1, 2, 3]);
    box.advance(2_000);
    expect(countsOf(box)).toEqual([1, 2, 3]);
    box.advance(2 * HOUR);
    expect(countsOf(box)).toEqual([1, 2, 3]);
  });

  it("[T3] a sample of a device whose clock is a little ahead is in the last step at once, and in its own afterwards", () => {
    const box = boxOf();
    box.device("made", "made").send({ type: "telemetry", data: { level: 1 }, at: box.now + 59_000 });
    for (const length of [HOUR, 10 * HOUR, 20 * DAY]) {
      const points = (from: number, to: number) =>
        box.ask("get_history", { device: "made", field: "level", from, to, points: 2_000 }).points;
      expect(points(box.now - length, box.now + HOUR).map(([, , , , count]) => count)).toEqual([1]);
      expect(points(box.now - length, box.now - MINUTE)).toEqual([]);
    }
    box.advance(HOUR);
    expect(countsOf(box)).toEqual([1, 1, 1]);
  });

  it("[Q2] devices that share pages, and names that are alike, are not mistaken for each other", () => {
    const ids = [
      "a",
      "a-",
      "a.",
      "a.a",
      "a_",
      "a~",
      "aa",
      "A",
      "0",
      "~",
      "a-b",
      "a.b",
      "b",
      "raw",
      "minute",
      "x0000000",
    ];
    const box = signalbox({ kinds: [madeKind("made"), madeKind("made-x")], now: START, journalSize: 8_000 });
    const records = new Map(ids.map((id) => [id, madeRecord(id, START, 200)]));
    const tracks = ids.map((device, index) => ({
      device,
      kind: index % 3 === 0 ? "made-x" : "made",
      record: records.get(device)!,
    }));
    play({ box, seed: "pages", tracks, evictions: 0.005 });
    const fields = Object.fromEntries(ids.map((id) => [id, MADE_FIELDS]));
    const asking = new Asking({ box, seed: "pages", fields });
    const record = (device: string) => records.get(device)!;
    asking.ask(60, record);
    for (const device of ["a.", "~", "raw"]) {
      box.ask("delete_device", { device });
      delete fields[device];
    }
    for (const days of [0, 1, 2, 40]) {
      box.advance(days * DAY);
      asking.ask(30, record);
    }
  }, LONG);

  it("[Q2] ten samples a second for an hour are one device's like any other's", () => {
    const box = boxOf();
    box.enroll("made", "made");
    const record: Recorded[] = [];
    for (let second = 0; second < 3_600; second += 5) {
      const samples = Array.from({ length: 50 }, (_, tenth) => ({
        at: box.now + tenth * 100,
        data: { level: Math.sin(second + tenth), total: second * 10 + tenth, is_open: second % 7 === 0 },
      }));
      box.advance(5_000);
      box.ask("post_telemetry", { device: "made", body: { samples } }, box.tokens.get("made"));
      record.push(...samples);
    }
    for (const days of [0, 3, 40]) {
      box.advance(days * DAY);
      new Asking({ box, seed: "fast", fields: { made: ["level", "total", "is_open"] } }).ask(8, () => record);
    }
  }, LONG);

  it("[T3, Q4] a sample that is just not too late is in every resolution, for good", () => {
    const box = boxOf();
    const made = box.device("made", "made");
    for (let hour = 0; hour < 60; hour++) {
      box.device("made").send({ type: "telemetry", samples: [{ ago: 86_400, data: { level: hour } }] });
      box.advance(HOUR);
    }
    expect(made.closed).not.toBeNull();
    expect(countsOf(box)[2]).toBe(60);
    box.advance(5 * DAY);
    expect(countsOf(box)[2]).toBe(60);
  });
});

describe("how long a kind keeps its history", () => {
  const SHORT: Retention = { raw: 8 * 3_600, minute: 86_400, hour: 20 * 86_400 };
  const COARSE: Retention = { raw: 3 * 86_400, minute: 86_400, hour: 40 * 86_400 };
  const LONGER: Retention = { raw: 3 * 86_400, minute: null, hour: null };

  it.each([{ name: "short", retention: SHORT }, { name: "long", retention: LONGER }, {
    name: "coarse soon",
    retention: COARSE,
  }])(
    "[Q3] $name: answers are true at any age",
    ({ retention }) => {
      const record = madeRecord("kept", START, 1_500);
      const box = boxOf(retention);
      told(box, record, HOUR);
      for (let day = 0; day < 8; day++) {
        asked(box, record, 20, retention);
        box.advance(DAY);
      }
    },
    LONG,
  );

  it("[Q4] what a kind has settled stays when it keeps what came for longer from now on", () => {
    const record = madeRecord("raised", START, 200);
    const box = boxOf({ raw: 3_600 });
    told(box, record, 0);
    const before = seenOf(box);
    expect(before).toBeGreaterThan(50);
    box.advance(2 * DAY);
    box.become({ kinds: [{ ...madeKind("made", { raw: 7 * 86_400 }), version: 2 }] });
    box.device("made").send({
      type: "telemetry",
      samples: [{ at: record[100].at + 1, data: { level: 1 } }, { at: record[10].at + 1, data: { level: 2 } }],
    });
    expect(seenOf(box)).toBe(before + 2);
    for (const days of [0.1, 2, 8, 40]) {
      box.advance(days * DAY);
      expect(seenOf(box), `after ${days} days`).toBe(before + 2);
    }
  });

  it("[Q3] what is older than that is gone, also where nobody tells anything any more", () => {
    const record = madeRecord("kept", START, 300);
    const box = boxOf(SHORT);
    told(box, record);
    const last = record.at(-1)!.at;
    box.advance(last + 21 * DAY + 3 * HOUR - box.now);
    expect(countsOf(box)).toEqual([0, 0, 0]);
    for (const table of ["journal", "page", "hourly"] as const) expect(box.store.count(table), table).toBe(0);
  });
});
