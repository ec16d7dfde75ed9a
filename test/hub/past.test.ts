/** History over months: what is asked at any resolution is what was told, however it was packed, settled and forgotten. */
import { describe, expect, it } from "vitest";
import { type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Told {
  at: number;
  temperature?: number;
  energy?: number;
  mode?: string;
}

/** Numbers that look like weather, the same in each run. */
function* noise(seed: number): Generator<number, number> {
  let state = seed;
  while (true) yield (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

/** A device that tells something every so often, and everything that it told. */
class Teller {
  readonly told: Told[] = [];
  peer: Peer;
  #energy = 0;
  readonly #random: Generator<number, number>;
  readonly #box: Signalbox;
  readonly #id: string;

  constructor(box: Signalbox, id: string, kind: string, seed: number) {
    this.#box = box;
    this.#id = id;
    this.#random = noise(seed);
    this.peer = box.device(id, kind);
  }

  tell(kind: "env-sensor" | "relay" | "thermostat", ago = 0): void {
    const random = () => this.#random.next().value;
    if (this.peer.closed) this.peer = this.#box.device(this.#id);
    const at = this.#box.now - ago * SECOND;
    const temperature = Math.round((20 + 5 * Math.sin(at / DAY * 6.28) + random()) * 100) / 100;
    // It is replaced now and then, and counts from nothing again.
    this.#energy = random() < 0.002 ? 0 : Math.round((this.#energy + random()) * 1000) / 1000;
    const data = {
      "env-sensor": { temperature },
      relay: { energy: this.#energy },
      thermostat: { temperature, action: random() < 0.7 ? "idle" : "heating" },
    }[kind];
    this.told.push({ at, ...data, ...("action" in data && { mode: data.action }) });
    this.peer.send({ type: "telemetry", ...(ago > 0 ? { samples: [{ ago, data }] } : { data }) });
  }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([["awake", false], ["evicted after every event", true]])("history over weeks, %s", (_, isForgetful) => {
  const period = isForgetful ? 20 * MINUTE : 2 * MINUTE;
  const days = isForgetful ? 5 : 12;
  const box = signalbox({ window: MINUTE, journalSize: 4_096, isForgetful });
  const begun = box.now;
  const roof = new Teller(box, "roof", "env-sensor", 1);
  const cellar = new Teller(box, "cellar", "env-sensor", 2);
  const plug = new Teller(box, "plug", "relay", 3);
  const hall = new Teller(box, "hall", "thermostat", 4);
  for (let step = 0; box.now < begun + days * DAY; step++) {
    roof.tell("env-sensor");
    // Nobody hears of the cellar for hours, and then of all of it at once.
    if (step % 90 < 60) cellar.tell("env-sensor");
    if (step % 90 === 89) { for (let ago = 5_400; ago > 4_000; ago -= 60) cellar.tell("env-sensor", ago); }
    plug.tell("relay");
    hall.tell("thermostat");
    box.advance(period);
  }
  box.advance(HOUR);
  const end = box.now;

  const ask = (device: string, field: string, from: number, to: number, points: number) =>
    box.ask("get_history", { device, field, from, to, points });
  /** Days are settled a day and two hours after their end. */
  const settled = Math.floor((end - DAY - 2 * HOUR) / DAY) * DAY;
  const isOfValues = (from: number, to: number) => to - from <= 6 * HOUR && from >= settled;
  /** What was told in an answer's range, or in a part of it; of one that is made of the values its end is within. */
  const within = ({ told }: Teller, { from, to }: { from: number; to: number }, start = from, until = to) =>
    told.filter(({ at }) =>
      at >= start && (at < Math.min(until, to) || (at === to && until >= to && isOfValues(from, to)))
    )
      .sort((one, other) => one.at - other.at);

  /** Ranges of every length, at odd places. */
  const ranges = [HOUR, 5 * HOUR, DAY, 3 * DAY, days * DAY].flatMap((length) =>
    [0.1, 0.37, 0.9].map((place) => {
      const from = Math.round(begun + place * (end - begun - length));
      return { from, to: from + length };
    })
  );

  it("days are settled: what is kept of them is their steps, and the newest ones as they came", () => {
    const spans = box.store.heads("page").map(({ id }) => id.split(".").slice(0, 3).join("."));
    const raw = spans.filter((span) => span.startsWith("raw.env-sensor"));
    const oldest = Number(raw[0].split(".")[2]);
    expect(oldest * HOUR).toBeGreaterThan(end - 3 * DAY);
    expect(oldest * HOUR).toBeLessThan(end - DAY);
    expect(box.store.count("hourly")).toBe(4 * (days - 1));
    expect(box.store.list("settling").filter(({ after }) => after !== null)).toEqual([]);
  });

  it.each(ranges)("[Q2] a level is what was told, from $from to $to", ({ from, to }) => {
    for (const teller of [roof, cellar]) {
      for (const points of [7, 300, 2_000]) {
        const device = teller === roof ? "roof" : "cellar";
        const answer = ask(device, "temperature", from, to, points);
        expect(answer.points.length).toBeLessThanOrEqual(points);
        expect(answer.from).toBeLessThanOrEqual(from);
        expect(answer.to).toBeGreaterThanOrEqual(to);
        const told = within(teller, answer);
        expect(answer.points.reduce((sum, point) => sum + Number(point[4]), 0)).toBe(told.length);
        for (const [start, min, average, max, count] of answer.points as number[][]) {
          const values = within(teller, answer, start, start + answer.resolution * SECOND)
            .map(({ temperature }) => temperature!);
          expect([min, max, count]).toEqual([Math.min(...values), Math.max(...values), values.length]);
          expect(average).toBeCloseTo(mean(values), 6);
        }
      }
    }
  });

  it.each(ranges)("[Q2] a total grew as it was told, from $from to $to", ({ from, to }) => {
    const answer = ask("plug", "energy", from, to, 50);
    const told = within(plug, answer).map(({ energy }) => energy!);
    const increase = told.slice(1).reduce((sum, total, at) => sum + (total >= told[at] ? total - told[at] : total), 0);
    expect(answer.points.reduce((sum, point) => sum + Number(point[1]), 0)).toBeCloseTo(increase, 5);
    expect(answer.points.reduce((sum, point) => sum + Number(point[2]), 0)).toBe(told.length);
  });

  it.each(ranges)("[Q2] a state lasted as it was told, from $from to $to", ({ from, to }) => {
    const answer = ask("hall", "action", from, to, 2_000);
    const told = within(hall, answer);
    const until = Math.min(answer.to, end);
    for (const value of ["idle", "heating"]) {
      const ms = told.reduce(
        (sum, { at, mode }, index) => mode === value ? sum + ((told[index + 1]?.at ?? until) - at) : sum,
        0,
      );
      const [, seconds] = answer.totals!.find(([other]) => other === value) ?? [value, 0];
      expect(seconds).toBeCloseTo(ms / SECOND, 3);
      if (answer.points.length < 2_000) {
        const shown = answer.points.reduce((sum, point) => point[1] === value ? sum + Number(point[2]) : sum, 0);
        if (answer.points.length === answer.totals!.reduce((sum, total) => sum + Number(total[2]), 0)) {
          expect(shown).toBeCloseTo(ms / SECOND, 3);
        }
      }
    }
  });

  it("a restart forgets nothing: last values, presence and history are what they were", () => {
    const before = ["roof", "cellar", "plug", "hall"].map((id) => box.view(id).telemetry);
    const answer = ask("roof", "temperature", end - DAY, end, 300);
    box.crash();
    expect(["roof", "cellar", "plug", "hall"].map((id) => box.view(id).telemetry)).toEqual(before);
    expect(ask("roof", "temperature", end - DAY, end, 300)).toEqual(answer);
  });

  it("a device that is deleted leaves nothing, and its neighbours in the same pages keep theirs", () => {
    const kept = ask("roof", "temperature", begun, end, 300);
    box.ask("delete_device", { device: "cellar" });
    expect(ask("roof", "temperature", begun, end, 300)).toEqual(kept);
    box.advance(HOUR);
    const names = JSON.stringify(
      (["page", "journal", "hourly", "checkpoint", "trace"] as const).map((table) =>
        table === "checkpoint" || table === "trace" ? box.store.list(table) : box.store.heads(table)
      ),
    ).replaceAll(/"id":"(raw|minute)[^"]*"/g, "");
    expect(names).not.toContain("cellar");
    expect(ask("roof", "temperature", begun, end, 300)).toEqual(kept);
    box.ask("create_device", { id: "cellar", kind: "env-sensor" });
    expect(ask("cellar", "temperature", begun, end, 300).points).toEqual([]);
    expect(box.view("cellar").telemetry).toEqual({});
  });
});

describe("what waits while the journal is repacked", () => {
  it("[T5, T6] goes with its seq: a crash just after loses neither it nor its repeat", () => {
    const box = signalbox({ window: 40 * SECOND, sequencedWindow: 40 * SECOND });
    box.enroll("roof", "env-sensor");
    const come = () => {
      const roof = box.device("roof");
      roof.send({ type: "hello", boot: "b1" });
      return roof;
    };
    const tell = (roof: Peer, seq: number) => roof.send({ type: "telemetry", seq, data: { temperature: seq } });
    const early = come();
    tell(early, 1);
    box.advance(40 * SECOND);
    expect(early.take("stored")).toMatchObject({ seq: 1 });
    // The journal is an hour old in the middle of a window.
    box.advance(HOUR - 20 * SECOND);
    const late = come();
    tell(late, 2);
    box.advance(21 * SECOND);
    expect(box.store.list("checkpoint")).toHaveLength(1);
    const isStored = late.all("stored").length > 0;
    box.crash();
    const again = come();
    if (!isStored) tell(again, 2);
    box.advance(MINUTE);
    const told = { device: "roof", field: "temperature", from: box.now - 2 * HOUR, to: box.now, points: 1_000 };
    expect(box.ask("get_history", told).points.map((point: unknown[]) => point[2])).toEqual([1, 2]);
  });
});
