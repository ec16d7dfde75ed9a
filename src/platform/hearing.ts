/** Texts that wait a moment for others. What one connection tells meanwhile is a chain, and is decided in one go. */
import type { Heard, HubEvent } from "../hub/event.ts";

/** A connection as its socket knows it. */
export interface Line {
  readonly connection: string;
  /** The newest of its texts that waits. */
  last: Heard | null;
}

/** So many texts, or letters, are not let wait: memory is bounded, and so is how long whatever comes next waits. */
const MOST_TEXTS = 1_000;
const MOST_LETTERS = 1024 * 1024;

/** How long a text waits for others where somebody would be told at once, in ms: far below what anybody sees. */
const LISTEN = 10;
/** And where nobody is told before: what a merged frame waits for anyway. */
const LONGEST_LISTEN = 250;

export class Hearing {
  /** The first of each chain, and whose it is. */
  #chains: Heard[] = [];
  #lines: Line[] = [];
  #texts = 0;
  #letters = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #decide: (chains: readonly Heard[]) => void;
  /** When somebody may be told of what comes now; null while nobody watches. */
  readonly #tells: (now: number) => number | null;

  constructor(decide: (chains: readonly Heard[]) => void, tells: (now: number) => number | null) {
    this.#decide = decide;
    this.#tells = tells;
  }

  put(line: Line, text: string, at: number): void {
    this.#put(line, { connection: line.connection, text, at, next: null }, text.length);
  }

  /** Of MQTT. */
  putBytes(line: Line, bytes: Uint8Array, at: number): void {
    this.#put(line, { connection: line.connection, text: "", bytes, at, next: null }, bytes.length);
  }

  #put(line: Line, heard: Heard, letters: number): void {
    if (line.last) line.last.next = heard;
    else {
      this.#chains.push(heard);
      this.#lines.push(line);
    }
    line.last = heard;
    this.#texts += 1;
    this.#letters += letters;
    if (this.#texts >= MOST_TEXTS || this.#letters >= MOST_LETTERS) this.empty();
    else if (this.#texts === 1) this.#timer = setTimeout(() => this.empty(), this.#patience(heard.at));
  }

  /** Until somebody may be told of it. */
  #patience(now: number): number {
    const tells = this.#tells(now);
    return tells === null ? LONGEST_LISTEN : Math.min(LONGEST_LISTEN, Math.max(LISTEN, tells - now));
  }

  empty(): void {
    const chains = this.#chains;
    if (chains.length === 0) return;
    clearTimeout(this.#timer);
    for (const line of this.#lines) line.last = null;
    [this.#chains, this.#lines, this.#texts, this.#letters] = [[], [], 0, 0];
    this.#decide(chains);
  }
}

/** One after another, each connection's in their order. */
export function* unchained(chains: readonly Heard[]): Generator<Heard> {
  for (const first of chains) for (let heard: Heard | null = first; heard; heard = heard.next) yield heard;
}

/** Each as an event of its own. */
export const oneByOne = (chains: readonly Heard[]): HubEvent[] =>
  [...unchained(chains)].map(({ connection, text, bytes }) =>
    bytes ? { type: "binary", connection, bytes } : { type: "text", connection, text }
  );
