/**
 * Pages: rows of about the same size with the parts of many devices in the order of their ids, and a list of what lies
 * where, so that one device's part is read without the others. A page never changes; what comes later has its own.
 */

/**
 * `raw`: as it came, of one hour. `minute`: steps of a minute, of one day. `begun`: such steps of a device whose day is
 * settled in part, by the hour with which they begin, which no answer reads.
 */
export type Tier = "raw" | "minute" | "begun";

/**
 * `first`: how many ms after the span's beginning it begins, and the part before it ends. Only parts of a device that has
 * several of one generation say so.
 */
export type PageEntry = [device: string, length: number, first?: number];

export interface Page {
  /** `pageKey` of its first part. */
  id: string;
  /** Its parts stand for all that older pages have of these devices in this span. */
  isWhole: boolean;
  entries: PageEntry[];
  bytes: Uint8Array;
}

export type PageHead = Omit<Page, "bytes">;

export interface PageReader {
  heads(page: { from: string; below: string; newest?: boolean; limit?: number }): PageHead[];
  slice(id: string, from: number, length: number): Uint8Array;
}

/** What one span of a tier has of a kind. */
export interface Span {
  tier: Tier;
  kind: string;
  /** Which hour, or which day, counted from the epoch. */
  span: number;
}

/** Above every letter of a key, above the blank only, and above the point. */
export const LAST = "~";
export const AFTER_BLANK = "!";
export const AFTER_POINT = "/";

const tierKey = (tier: Tier, kind: string): string => `${tier}.${kind}.`;
export const spanKey = ({ tier, kind, span }: Span): string => `${tierKey(tier, kind)}${padded(span)}.`;
export const padded = (number: number): string => String(number).padStart(8, "0");

export interface Keys {
  from: string;
  below: string;
}

/** Every page of a tier. */
export const keysOfTier = (tier: Tier, kind: string): Keys => ({
  from: tierKey(tier, kind),
  below: tierKey(tier, kind) + LAST,
});
/** Every page of spans from this one on, and below that one. */
export const keysOfSpans = (tier: Tier, kind: string, span: number, below: number): Keys => ({
  from: spanKey({ tier, kind, span }),
  below: spanKey({ tier, kind, span: below }),
});
/** Every page of a span that is older than a generation. */
export const keysBefore = (span: Span, generation: string): Keys => ({
  from: spanKey(span),
  below: spanKey(span) + generation,
});

/** Where a page stands. */
export function placeOf(
  { id }: PageHead,
): { span: number; generation: string; device: string; part: number } {
  const [, , span, generation] = id.split(".", 4);
  const [device, part] = id.slice(id.indexOf(generation) + generation.length + 1).split(" ");
  return { span: Number(span), generation, device, part: Number(part) };
}

export interface Part {
  device: string;
  bytes: Uint8Array;
  first?: number;
}

const entryOf = ({ device, bytes, first }: Part): PageEntry =>
  first === undefined ? [device, bytes.length] : [device, bytes.length, first];

/** Parts in the order of their devices as pages of at most so many bytes; a larger part is a page of its own. */
export function pack(span: Span, generation: string, parts: readonly Part[], most: number, isWhole = false): Page[] {
  const pages: Page[] = [];
  let open: { first: Part; at: number; parts: Part[]; size: number } | null = null;
  let at = 0;
  const close = () => {
    if (!open) return;
    const id = `${spanKey(span)}${generation}.${open.first.device} ${padded(open.at)}`;
    const bytes = new Uint8Array(open.size);
    let length = 0;
    for (const part of open.parts) {
      bytes.set(part.bytes, length);
      length += part.bytes.length;
    }
    pages.push({ id, isWhole, entries: open.parts.map(entryOf), bytes });
    open = null;
  };
  parts.forEach((part, index) => {
    at = index > 0 && parts[index - 1].device === part.device ? at + 1 : 0;
    if (open && open.size + part.bytes.length > most) close();
    open ??= { first: part, at, parts: [], size: 0 };
    open.parts.push(part);
    open.size += part.bytes.length;
  });
  close();
  return pages;
}

/** The least key above this one of all that begin otherwise. */
export const keyAfter = (id: string): string => id + AFTER_BLANK;
