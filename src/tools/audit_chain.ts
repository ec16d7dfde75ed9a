/** Walks an audit from its newest row to its oldest and recomputes every chain in it [A7]. Pure. */
import { z } from "zod";
import { sha256 } from "../device/sha256.ts";
import { canonical } from "../protocol/canonical.ts";

/** A row as it came: whatever else it holds is in its hash too. */
export const ROW = z.looseObject({ id: z.string(), at: z.int(), chain: z.string().optional() });
export interface Row {
  id: string;
  at: number;
  chain?: string;
}
const LINK = z.looseObject({
  id: z.string(),
  at: z.int(),
  n: z.int().min(1),
  prev: z.string(),
  prevAt: z.int().optional(),
  hash: z.string(),
});
type Link = z.infer<typeof LINK>;

/** A head that was noted once: the chain still has that row, and went on from it. */
export interface Noted {
  chain: string;
  n: number;
  hash: string;
}

export interface Break {
  /** Null where the row does not say it. */
  n: number | null;
  id: string;
  why: string;
}

export interface Verdict {
  chain: string;
  rows: number;
  /** Times of the oldest and of the newest row, and the newest itself; null without a row. */
  span: { from: number; to: number; head: Noted } | null;
  /** How many places do not hold, and the oldest of them. */
  breaks: number;
  oldest: Break | null;
}

const YEAR = 365 * 86_400_000;
/** How far two clocks may be apart. */
const GRACE = 3_600_000;

export class Audit {
  /** Rows of before there were chains, which nothing protects. */
  unchained = 0;
  readonly #walks = new Map<string, Walk>();
  #unchainedAbove: string | null = null;

  constructor(noted: readonly Noted[] = []) {
    for (const head of noted) this.#walk(head.chain).noted.push(head);
  }

  /** The next row, older than all before. */
  add(row: Row): void {
    const { id, chain } = row;
    if (chain === undefined) {
      this.unchained++;
      this.#unchainedAbove = id;
      return;
    }
    const walk = this.#walk(chain);
    if (this.#unchainedAbove !== null) {
      walk.breaks(null, this.#unchainedAbove, "it is in no chain, and stands above rows that are");
      this.#unchainedAbove = null;
    }
    walk.add(row);
  }

  /** After the oldest row. */
  end(now: number): Verdict[] {
    return [...this.#walks.values()].map((walk) => walk.end(now));
  }

  #walk(chain: string): Walk {
    const walk = this.#walks.get(chain) ?? new Walk(chain);
    this.#walks.set(chain, walk);
    return walk;
  }
}

class Walk {
  readonly noted: Noted[] = [];
  readonly #verdict: Verdict;
  /** The row above; null where there is none, or none that can be followed. */
  #above: Link | null = null;

  constructor(chain: string) {
    this.#verdict = { chain, rows: 0, span: null, breaks: 0, oldest: null };
  }

  breaks(n: number | null, id: string, why: string): void {
    this.#verdict.breaks++;
    this.#verdict.oldest = { n, id, why };
  }

  add(row: Row): void {
    const { id, at } = row;
    this.#verdict.rows++;
    const link = LINK.safeParse(row);
    if (!link.success) {
      this.#above = null;
      return this.breaks(null, id, "it does not say where it stands in its chain");
    }
    const { n, hash } = link.data;
    const wrong = wrongWith(link.data, row);
    const why = wrong ?? (this.#above && wrongBetween(this.#above, link.data));
    if (why !== null) this.breaks(n, id, why);
    const noted = this.noted.find((head) => head.n === n);
    if (noted && noted.hash !== hash) this.breaks(n, id, "it is another row than the one that was noted");
    const { span, chain } = this.#verdict;
    this.#verdict.span = { from: at, to: span?.to ?? at, head: span?.head ?? { chain, n, hash } };
    // What a changed row says of the one below it is not to be believed.
    this.#above = wrong === null ? link.data : null;
  }

  end(now: number): Verdict {
    const first = this.#above;
    if (first && first.n > 1 && !(first.prevAt! + YEAR <= now + GRACE)) {
      this.breaks(first.n, first.id, `the rows before it are gone, though ${first.n - 1} was not a year old`);
    }
    for (const head of this.noted) this.#seek(head, first);
    return this.#verdict;
  }

  /** A noted head that no row of the walk was. */
  #seek({ n, hash }: Noted, first: Link | null): void {
    const { span } = this.#verdict;
    if (!span) return this.breaks(n, "-", "this head was noted, and nothing is left of the chain");
    const { id } = first ?? { id: "-" };
    if (n > span.head.n) {
      return this.breaks(n, "-", `this head was noted, and now the chain ends at ${span.head.n}: its end was cut off`);
    }
    if (!first || n >= first.n || (n === first.n - 1 && hash === first.prev)) return;
    if (n === first.n - 1) {
      return this.breaks(first.n, id, `it was written after another row than the ${n} that was noted`);
    }
    this.breaks(first.n, id, `the head ${n} that was noted went for its age: nothing ties it to what is left`);
  }
}

/** What is wrong with a row by itself, or null. */
function wrongWith({ n, prev, prevAt, hash }: Link, row: Row): string | null {
  const { hash: _, ...rest } = row as Row & { hash: string };
  if (hash !== sha256(new TextEncoder().encode(canonical(rest)))) {
    return "its hash is not that of what it says: it was changed";
  }
  return (n === 1) === (prev === "" && prevAt === undefined) ? null : "the first row of a chain has nothing before it";
}

/** What is wrong between a row and the one below it, or null. */
function wrongBetween(above: Link, { n, at, prevAt, hash }: Link): string | null {
  if (n === above.n - 2) return `row ${n + 1}, the next after it, is not there`;
  if (n < above.n - 1) return `rows ${n + 1} to ${above.n - 1}, the next after it, are not there`;
  if (n >= above.n) return `it stands below row ${above.n}, out of its order`;
  if (hash !== above.prev) return `it is not the row that ${above.n} was written after`;
  return Math.max(at, prevAt ?? at) === above.prevAt ? null : `row ${above.n} was written at another time than it says`;
}
