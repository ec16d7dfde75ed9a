/**
 * Pages: rows of about the same size with the parts of many devices in the order of their ids, and a list of what lies
 * where, so that one device's part is read without the others. A page never changes; what comes later has its own.
 */

/**
 * `raw`: as it came, of one hour. `minute`: steps of a minute, of one day. `begun`: such steps of a device whose day is
 * settled in part, by the hour with which they begin, which no answer reads.
 */
export type Tier = "raw" | "minute" | "begun";

export interface Page {
  /** `pageKey` of its first part. */
  id: string;
  /** Its parts stand for all that older pages have of these devices in this span. */
  isWhole: boolean;
  entries: [device: string, length: number][];
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
const LAST = "~";
const AFTER_BLANK = "!";
const AFTER_POINT = "/";

const tierKey = (tier: Tier, kind: string): string => `${tier}.${kind}.`;
const spanKey = ({ tier, kind, span }: Span): string => `${tierKey(tier, kind)}${padded(span)}.`;
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
}

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
    pages.push({ id, isWhole, entries: open.parts.map(({ device, bytes }) => [device, bytes.length]), bytes });
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

/** Whose part of the pages: what lies in generations before `since` was another's that had this id [Q7]. */
export interface Owner {
  id: string;
  since: string;
}

/** A device's parts in a span, of generations before that one: those of the newest first, of each one in their order. */
export const partsOf = (reader: PageReader, span: Span, owner: Owner, before = LAST): Uint8Array[][] =>
  generationsOf(reader, span, owner, before).map(({ parts }) => parts);

/** Its parts in the generation that stands for all before it, if there is one. */
export const wholePartsOf = (reader: PageReader, span: Span, owner: Owner): Uint8Array[] =>
  generationsOf(reader, span, owner).find(({ isWhole }) => isWhole)?.parts ?? [];

interface Generation {
  isWhole: boolean;
  parts: Uint8Array[];
}

function generationsOf(reader: PageReader, span: Span, { id: device, since }: Owner, before = LAST): Generation[] {
  const found: Generation[] = [];
  let below = spanKey(span) + before;
  while (true) {
    const [newest] = reader.heads({ from: spanKey(span) + since, below, newest: true, limit: 1 });
    if (!newest) return found;
    below = `${spanKey(span)}${placeOf(newest).generation}.`;
    const parts = partsIn(reader, below, device);
    if (parts.length > 0) found.push({ isWhole: newest.isWhole, parts });
    if (parts.length > 0 && newest.isWhole) return found;
  }
}

/** Its parts in the generation whose keys begin so. */
function partsIn(reader: PageReader, generation: string, device: string): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let below = `${generation}${device}${AFTER_BLANK}`;
  while (true) {
    const [page] = reader.heads({ from: generation, below, newest: true, limit: 1 });
    if (!page) return parts;
    parts.unshift(...slicesOf(page, device).map(([from, length]) => reader.slice(page.id, from, length)));
    const place = placeOf(page);
    if (place.device !== device || place.part === 0) return parts;
    below = page.id;
  }
}

export interface Found {
  page: PageHead | null;
  /** From where to look on. */
  next: string;
}

/**
 * The next page among these that may have parts of a device, of a generation before that one: in each the page that
 * begins before the device, and those that begin with it. No page where a generation has no more; null at the end.
 */
export function findPage(reader: PageReader, { from, below }: Keys, device: string, before: string): Found | null {
  const [first] = reader.heads({ from, below, limit: 1 });
  if (!first) return null;
  const place = placeOf(first);
  // With the point behind the generation.
  const start = first.id.slice(0, -` ${padded(0)}`.length - place.device.length);
  const own = { from: `${start}${device} `, below: `${start}${device}${AFTER_BLANK}` };
  if (place.generation < before) {
    const [page] = [
      ...reader.heads({ from, below: own.from, newest: true, limit: 1 }),
      ...reader.heads({ from: from > own.from ? from : own.from, below: own.below, limit: 1 }),
    ];
    if (page) return { page, next: keyAfter(page.id) };
  }
  return { page: null, next: start.slice(0, -1) + AFTER_POINT };
}

/** The least key above this one of all that begin otherwise. */
export const keyAfter = (id: string): string => id + AFTER_BLANK;

/** Where a device's parts lie in a page. */
export function slicesOf({ entries }: PageHead, device: string): [from: number, length: number][] {
  const slices: [number, number][] = [];
  let from = 0;
  for (const [id, length] of entries) {
    if (id === device) slices.push([from, length]);
    from += length;
  }
  return slices;
}
