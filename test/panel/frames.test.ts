/** The ring of raw frames: what is kept, what is told, what is found. */
import { describe, expect, it } from "vitest";
import { filtered, FrameRing, isPause, MOST_FRAMES, type SeenFrame } from "../../src/panel/live/frames.ts";
import { errorInWords, lastInWords, pauseInWords, shownInWords } from "../../src/panel/words/frames.ts";

/** A ring whose beats come when the test says so. */
function ring() {
  const due: (() => void)[] = [];
  const made = new FrameRing((run) => due.push(run));
  return { made, beat: () => due.splice(0).forEach((run) => run()), due };
}
const telemetry = (at: number, temperature: number) =>
  ({ direction: "in", at, text: `{"type":"telemetry","data":{"temperature":${temperature}}}` }) as const;
const texts = (frames: FrameRing) => frames.get().entries.map((entry) => isPause(entry) ? "pause" : entry.text);

describe("[O5] the ring of frames", () => {
  it("tells once a beat, newest first", () => {
    const { made, beat, due } = ring();
    let told = 0;
    made.subscribe(() => told += 1);
    made.add(telemetry(1_000, 1));
    made.add({ direction: "out", at: 1_001, text: '{"type":"stored","seq":1}' });
    expect(due).toHaveLength(1);
    expect(made.get().entries).toEqual([]);
    beat();
    expect(told).toBe(1);
    expect(made.get()).toMatchObject({ total: 2, lastIn: 1_000, lastOut: 1_001 });
    expect(made.get().entries).toMatchObject([
      { n: 1, direction: "out", type: "stored", size: 25, isCut: false },
      { n: 0, direction: "in", type: "telemetry" },
    ]);
  });

  it("keeps the newest thousand, also of one beat, and counts all", () => {
    const { made, beat } = ring();
    for (let n = 0; n < 700; n++) made.add(telemetry(n, n));
    beat();
    for (let n = 700; n < 2_000; n++) made.add(telemetry(n, n));
    beat();
    const { entries, total } = made.get();
    expect([entries.length, total]).toEqual([MOST_FRAMES, 2_000]);
    expect([entries[0].at, entries.at(-1)!.at]).toEqual([1_999, 1_000]);
    made.clear();
    beat();
    expect(made.get()).toMatchObject({ entries: [], total: 0 });
  });

  it("what nobody watched is seen as missing, once, and not before the first frame", () => {
    const { made, beat } = ring();
    made.stop(100);
    made.go(200);
    made.add(telemetry(1_000, 1));
    made.stop(2_000);
    made.stop(3_000);
    made.go(62_000);
    made.go(63_000);
    beat();
    expect(texts(made)).toEqual(["pause", telemetry(0, 1).text]);
    expect(made.get().entries[0]).toMatchObject({ since: 2_000, at: 62_000 });
    expect(pauseInWords(2_000, 62_000)).toBe("Not watched for 60 s");
  });

  it("is filtered by text in whatever case and by direction; a pause stays where it is", () => {
    const { made, beat } = ring();
    made.add(telemetry(1, 21));
    made.stop(2);
    made.go(3);
    made.add({ direction: "out", at: 4, text: '{"type":"stored","seq":1}' });
    beat();
    const found = (filter: Parameters<typeof filtered>[1]) =>
      filtered(made.get().entries, filter).map((entry) => isPause(entry) ? "pause" : entry.type);
    expect(found({})).toEqual(["stored", "pause", "telemetry"]);
    expect(found({ text: "TEMPER" })).toEqual(["pause", "telemetry"]);
    expect(found({ way: "out" })).toEqual(["stored", "pause"]);
    expect(found({ text: "temper", way: "out" })).toEqual(["pause"]);
  });

  it("knows a refusal, a heartbeat, what is no JSON and what was cut", () => {
    const { made, beat } = ring();
    made.add({ direction: "in", at: 1, text: "ping" });
    made.add({ direction: "in", at: 2, text: "{nonsense" });
    made.add({ direction: "in", at: 3, text: "ü".repeat(4_096) });
    made.add({
      direction: "out",
      at: 4,
      text: JSON.stringify({ type: "error", code: "invalid_telemetry", message: "heat: there is no such key here" }),
    });
    beat();
    const [error, long, nonsense, ping] = made.get().entries as SeenFrame[];
    expect(errorInWords(error.error!)).toBe("heat: there is no such key here. The data does not fit the kind.");
    expect(long).toMatchObject({ isCut: true, size: 8_192, type: null });
    expect(nonsense).toMatchObject({ type: null, isCut: false });
    expect(ping.type).toBe("ping");
  });
});

describe("what the tab says", () => {
  it("how much of how much", () => {
    expect(shownInWords(1, 1, 1)).toBe("1 frame");
    expect(shownInWords(3, 12, 12)).toBe("3 of 12 frames");
    expect(shownInWords(1_000, 1_000, 1_234)).toBe("1,000 frames; 234 older ones are let go");
  });

  it("how old the last one is, each way", () => {
    expect(lastInWords(null, null, 0)).toBe("");
    expect(lastInWords(1_000, null, 4_500)).toBe("From the device 3 s ago, nothing to it.");
    expect(lastInWords(null, 1_000, 14_000)).toBe("Nothing from the device yet, to it 13 s ago.");
    expect(lastInWords(1_000, 2_000, 14_000)).toBe("From the device 13 s ago, to it 12 s ago.");
  });
});
