/** What the device has to say, kept until the hub has it: sent in order, sent again, bounded [T5, T6]. */
import type { Entry, Said } from "./said.ts";

type Doc = Record<string, unknown>;

export interface Bounds {
  /** Samples, states and events; the newest one always has room. */
  count: number;
  bytes: number;
}

/** In samples, states and events. What was said is always sent on, stored, dropped, refused or buffered. */
export interface Counters {
  /** Given to a socket for the first time. */
  sent: number;
  /** Durable at the hub. */
  stored: number;
  /** Kept here, because the hub does not have it yet. */
  buffered: number;
  /** Given up, oldest first, because the buffer was full. */
  dropped: number;
  /** Refused by the hub, or larger than it takes. */
  refused: number;
}

type Kept = Entry & { bytes: number };
/** One frame that went out: what is in it never changes, so that a repeat is one. */
interface Flight {
  seq: number;
  kept: Kept[];
  /** Samples of it that the hub left out on this connection [T2]. */
  refused: number;
}

/** What a frame adds to what was said: `,"seq":123456789,"ago":1234567.123`, or what is around many samples. */
const AROUND_FRAME = 64;
/** And to each of many: `{"ago":1234567.123,"data":…},` is hardly longer than `{"type":"telemetry","data":…}`. */
const AROUND_SAMPLE = 4;

export class Outbox {
  readonly counters: Counters = { sent: 0, stored: 0, buffered: 0, dropped: 0, refused: 0 };
  /** A reported state was dropped or came out of order: the hub's picture is incomplete until all of it is told again. */
  hasLostState = false;
  readonly #bounds: Bounds;
  readonly #flights: Flight[] = [];
  readonly #waiting: Kept[] = [];
  /** How many of the flights went out on this connection. */
  #cursor = 0;
  #seq = 0;
  #bytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  add(entry: Entry): void {
    const { at, ...said } = entry;
    const text = JSON.stringify(said);
    const bytes = utf8(text);
    // As it was when it was said: a repeat must not tell what its caller has changed since.
    this.#waiting.push({ ...JSON.parse(text) as Said, at, bytes });
    this.#bytes += bytes;
    this.counters.buffered += 1;
    while (this.#isOver && this.counters.buffered > 1) this.#dropOldest();
  }

  get #isOver(): boolean {
    return this.counters.buffered > this.#bounds.count || this.#bytes > this.#bounds.bytes;
  }

  /** A new connection: what is unsettled goes first, in order, with the `seq` that it had [T5]. */
  rewind(): void {
    this.#cursor = 0;
    for (const flight of this.#flights) flight.refused = 0;
  }

  /** The next frame for this connection. Too large a thing is refused here: the hub would close for it [F4]. */
  next(now: number, maxFrame: number, refused: (entry: Entry) => void): Doc & { type: string } | undefined {
    const again = this.#flights[this.#cursor];
    if (again) {
      this.#cursor += 1;
      return frameOf(again, now);
    }
    while (this.#waiting.length > 0 && this.#waiting[0].bytes + AROUND_FRAME > maxFrame) {
      const [entry] = this.#waiting.splice(0, 1);
      this.#forget([entry], "refused");
      refused(entry);
    }
    if (this.#waiting.length === 0) return undefined;
    const flight = { seq: ++this.#seq, kept: this.#waiting.splice(0, this.#together(maxFrame)), refused: 0 };
    this.#flights.push(flight);
    this.#cursor += 1;
    this.counters.sent += flight.kept.length;
    return frameOf(flight, now);
  }

  /** How many from the front go in one frame: samples in a row, as far as they fit. */
  #together(maxFrame: number): number {
    let size = AROUND_FRAME;
    let count = 0;
    for (const entry of this.#waiting) {
      size += entry.bytes + AROUND_SAMPLE;
      if (count > 0 && (entry.type !== "telemetry" || size > maxFrame)) break;
      count += 1;
      if (entry.type !== "telemetry") break;
    }
    return count;
  }

  /** Is there room for one more, without letting another go? */
  get hasRoom(): boolean {
    const { count, bytes } = this.#bounds;
    return this.counters.buffered === 0 || (this.counters.buffered < count && this.#bytes < bytes);
  }

  get hasNext(): boolean {
    return this.#cursor < this.#flights.length || this.#waiting.length > 0;
  }

  /** Frames on this connection that the hub has not settled yet. */
  get inFlight(): number {
    return this.#cursor;
  }

  /** Is there reported state that did not go out on this connection? A command's result must not overtake it [D7]. */
  get holdsState(): boolean {
    const isState = ({ type }: Kept) => type === "state";
    return this.#waiting.some(isState) || this.#flights.slice(this.#cursor).some(({ kept }) => kept.some(isState));
  }

  /** Fields that the hub is told on this connection by what was reported since then. */
  fieldsSince(at: number): Set<string> {
    const kept = [...this.#flights.flatMap(({ kept }) => kept), ...this.#waiting];
    return new Set(
      kept.flatMap((entry) => entry.type === "state" && entry.at >= at ? Object.keys(entry.reported) : []),
    );
  }

  /** [T6] The hub has everything up to this one. */
  stored(seq: number): void {
    while (this.#flights.length > 0 && this.#flights[0].seq <= seq) {
      const [{ refused }] = this.#flights;
      const kept = this.#land(0);
      this.#forget(kept.splice(0, refused), "refused");
      this.#forget(kept, "stored");
    }
  }

  /** An `error` named this one: nothing of it is stored, and it is not sent again [T6]. */
  refuse(seq: number): void {
    const at = this.#flights.findIndex((flight) => flight.seq === seq);
    if (at >= 0) this.#forget(this.#land(at), "refused");
  }

  /** One sample of a frame was refused; the hub keeps the others, so the frame waits on for its `stored` [T2]. */
  refuseSample(seq: number): void {
    const flight = this.#flights.find((flight) => flight.seq === seq);
    if (flight && flight.refused < flight.kept.length) flight.refused += 1;
  }

  /** An `error` that passes by itself: the same again, later, under a new `seq`. */
  putBack(seq: number): void {
    const at = this.#flights.findIndex((flight) => flight.seq === seq);
    if (at < 0) return;
    const kept = this.#land(at);
    this.counters.sent -= kept.length;
    // State has no order but that of arrival: a newer patch may be there already, so all of it is told instead.
    if (kept.some(({ type }) => type === "state")) this.hasLostState = true;
    this.#waiting.unshift(...kept.map((entry) => entry.type === "state" ? { ...entry, reported: {} } : entry));
  }

  #land(at: number): Kept[] {
    const [{ kept }] = this.#flights.splice(at, 1);
    if (at < this.#cursor) this.#cursor -= 1;
    return kept;
  }

  /** From the oldest frame as well: what is left of it is still a repeat if the hub has it, and new if not. */
  #dropOldest(): void {
    const oldest = this.#flights[0]?.kept ?? this.#waiting;
    this.#forget(oldest.splice(0, 1), "dropped");
    if (this.#flights[0]?.kept.length === 0) this.#land(0);
  }

  #forget(kept: readonly Kept[], as: "stored" | "dropped" | "refused"): void {
    for (const { type, bytes } of kept) {
      this.#bytes -= bytes;
      if (as === "dropped" && type === "state") this.hasLostState = true;
    }
    this.counters[as] += kept.length;
    this.counters.buffered -= kept.length;
  }
}

const utf8 = (text: string): number => new TextEncoder().encode(text).length;

/** How long ago it was, at this sending; nothing for what is sent as it happens [T3]. */
const agoOf = (at: number, now: number): { ago?: number } => {
  const ago = Math.round(now - at) / 1000;
  return ago > 0 ? { ago } : {};
};

function frameOf({ seq, kept }: Flight, now: number): Doc & { type: string } {
  if (kept.length > 1) {
    const samples = kept.map((entry) => entry.type === "telemetry" && { ...agoOf(entry.at, now), data: entry.data });
    return { type: "telemetry", seq, samples };
  }
  const { at, bytes: _, ...said } = kept[0];
  return { ...said, seq, ...agoOf(at, now) };
}
