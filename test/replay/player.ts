/** Plays recorded samples at a hub in their own time: at once, buffered, late, twice, by socket and by REST. */
import type { Peer, Signalbox } from "../hub/signalbox.ts";
import { Random } from "../simulation/random.ts";
import type { Recorded } from "./voyage.ts";

/** How a device tells a stretch of its record. */
const MANNERS = ["live", "sequenced", "stamped", "posted", "buffered", "late"] as const;
type Manner = typeof MANNERS[number];

/** Samples of one frame: well below the greatest one. */
const MOST_AT_ONCE = 50;
/** By then what was told is written, in ms. */
const FLUSHED = 1_000;
const HOUR = 3_600_000;

export interface Track {
  device: string;
  kind: string;
  record: readonly Recorded[];
}

interface Given {
  box: Signalbox;
  seed: string;
  tracks: readonly Track[];
  /** How often, for each sample, the hub's memory goes, and how often its process. */
  evictions?: number;
  crashes?: number;
  /** What a device calls the scope of its `seq`s. */
  boot?: string;
  /** How long a device holds back what it measured, in ms. */
  patience?: number;
  /** Called after each sample, with how many there were and what the hub was told of each device. */
  look?: (played: number, heard: (device: string) => readonly Recorded[]) => void;
}

/** Plays all tracks in the order of their times; everything is with the hub when it ends. */
export function play(
  { box, seed, tracks, evictions = 0.01, crashes = 0.002, patience = HOUR, boot = "b1", look }: Given,
): Told {
  const random = new Random(`${seed}/world`);
  const tellers = tracks.map((track) =>
    new Teller(box, track, { patience, boot }, new Random(`${seed}/${track.device}`))
  );
  const order = tellers.flatMap((teller) => teller.record.map((sample) => ({ teller, sample })))
    .sort((one, other) => one.sample.at - other.sample.at);
  const told = { samples: 0, evictions: 0, crashes: 0, late: 0, repeats: 0 };
  for (const { teller, sample } of order) {
    if (sample.at >= box.now + FLUSHED && random.chance(crashes)) {
      // What no window has written yet may be lost with the process [T7]; this is about what is kept.
      box.advance(FLUSHED);
      box.crash();
      for (const one of tellers) one.connect();
      told.crashes += 1;
    }
    box.advance(sample.at - box.now);
    teller.tell(sample);
    told.samples += 1;
    if (random.chance(evictions)) {
      box.evict();
      told.evictions += 1;
    }
    look?.(told.samples, (device) => tellers.find((one) => one.device === device)!.heard);
  }
  for (const teller of tellers) {
    told.late += teller.late;
    told.repeats += teller.repeats;
  }
  box.advance(FLUSHED);
  for (const teller of tellers) teller.leave();
  return told;
}

/** What a play did. */
export interface Told {
  samples: number;
  evictions: number;
  crashes: number;
  late: number;
  repeats: number;
}

/** One device, which tells its record. */
class Teller {
  readonly device: string;
  readonly record: readonly Recorded[];
  /** What the hub was told of it. */
  readonly heard: Recorded[] = [];
  late = 0;
  repeats = 0;
  #peer!: Peer;
  #seq = 0;
  #manner: Manner = "live";
  /** Samples until it tells in another manner. */
  #rest = 0;
  #held: Recorded[] = [];
  readonly #box: Signalbox;
  readonly #track: Track;
  readonly #patience: number;
  readonly #boot: string;
  readonly #random: Random;

  constructor(box: Signalbox, track: Track, { patience, boot }: { patience: number; boot: string }, random: Random) {
    this.device = track.device;
    this.record = track.record;
    this.#box = box;
    this.#track = track;
    this.#patience = patience;
    this.#boot = boot;
    this.#random = random;
    this.connect();
  }

  /** Its `seq`s go on over connections, since its boot does. */
  connect(): void {
    this.#peer = this.#box.device(this.#track.device, this.#track.kind);
    this.#peer.send({ type: "hello", boot: this.#boot, commands: [] });
  }

  leave(): void {
    this.#peer.drop(1000);
  }

  tell(sample: Recorded): void {
    // Whoever is silent for long is cut off, and comes again.
    if (this.#peer.closed) this.connect();
    if (this.#rest-- <= 0) {
      // What was late comes after what was told since.
      if (this.#manner !== "late") this.empty();
      this.#manner = this.#random.pick(MANNERS);
      this.#rest = this.#random.between(5, 150);
    }
    const isHeld = this.#manner === "buffered" || this.#manner === "late";
    (isHeld ? this.#held : this.heard).push(sample);
    if (isHeld) this.late += 1;
    else this.#say(sample);
    const isFull = this.#manner === "buffered" && this.#held.length >= MOST_AT_ONCE;
    const isTooOld = this.#held.length > 0 && sample.at - this.#held[0].at > this.#patience;
    const isLast = sample === this.record.at(-1);
    if (isFull || isTooOld || isLast) this.empty();
  }

  #say({ at, data }: Recorded): void {
    switch (this.#manner) {
      case "live":
        return this.#send({ data });
      case "sequenced":
        return this.#surely({ data });
      case "stamped":
        return this.#surely({ data, at });
      case "posted":
        this.#box.ask("post_telemetry", { device: this.device, body: { data } }, this.#box.tokens.get(this.device));
    }
  }

  /** What it still holds, with how long ago that was; the newest first, as from a stack, or the oldest. */
  empty(): void {
    const held = this.#random.chance(0.3) ? this.#held.toReversed() : this.#held;
    this.#held = [];
    this.heard.push(...held);
    for (let at = 0; at < held.length; at += MOST_AT_ONCE) {
      const samples = held.slice(at, at + MOST_AT_ONCE)
        .map(({ at, data }) => ({ ago: (this.#box.now - at) / 1000, data }));
      this.#surely({ samples });
    }
  }

  /** Under a `seq`, and perhaps twice, as after a `stored` that got lost. */
  #surely(body: object): void {
    this.#seq += 1;
    this.#send({ ...body, seq: this.#seq });
    if (!this.#random.chance(0.2)) return;
    this.#send({ ...body, seq: this.#seq });
    this.repeats += 1;
  }

  #send(body: object): void {
    this.#peer.send({ type: "telemetry", ...body });
    const refused = this.#peer.all("error");
    if (refused.length > 0) throw new Error(JSON.stringify(refused));
  }
}
