/** Where the parts of one device lie among the pages. */
import {
  AFTER_BLANK,
  AFTER_POINT,
  keyAfter,
  type Keys,
  LAST,
  padded,
  type PageHead,
  type PageReader,
  placeOf,
  type Span,
  spanKey,
} from "./page.ts";

/** Whose they are: what lies in generations before `since` was another's that had this id [Q12]. */
export interface Owner {
  id: string;
  since: string;
}

export interface Slice {
  page: string;
  from: number;
  length: number;
  /** As its entry has it. */
  first?: number;
}

/** What was packed of it at once. */
export interface Generation {
  id: string;
  isWhole: boolean;
  slices: Slice[];
}

/** Those of a span before that one, the newest first, down to the one that stands for all before it. */
export function generationsOf(
  reader: PageReader,
  span: Span,
  { id: device, since }: Owner,
  before = LAST,
): Generation[] {
  const found: Generation[] = [];
  let below = spanKey(span) + before;
  while (true) {
    const [newest] = reader.heads({ from: spanKey(span) + since, below, newest: true, limit: 1 });
    if (!newest) return found;
    const { generation: id } = placeOf(newest);
    below = `${spanKey(span)}${id}.`;
    const slices = slicesIn(reader, below, device);
    if (slices.length > 0) found.push({ id, isWhole: newest.isWhole, slices });
    if (slices.length > 0 && newest.isWhole) return found;
  }
}

export const bytesOf = (reader: PageReader, { page, from, length }: Slice): Uint8Array =>
  reader.slice(page, from, length);

/** All of them, oldest first: of one instant the order of arrival counts, as of a total's last word and its reset. */
export const partsOf = (reader: PageReader, generations: readonly Generation[]): Uint8Array[] =>
  generations.toReversed().flatMap(({ slices }) => slices.map((slice) => bytesOf(reader, slice)));

/** In the generation whose keys begin so. */
function slicesIn(reader: PageReader, generation: string, device: string): Slice[] {
  const slices: Slice[] = [];
  let below = `${generation}${device}${AFTER_BLANK}`;
  while (true) {
    const [page] = reader.heads({ from: generation, below, newest: true, limit: 1 });
    if (!page) return slices;
    slices.unshift(...slicesOf(page, device));
    const place = placeOf(page);
    if (place.device !== device || place.part === 0) return slices;
    below = page.id;
  }
}

function slicesOf({ id: page, entries }: PageHead, device: string): Slice[] {
  const slices: Slice[] = [];
  let from = 0;
  for (const [id, length, first] of entries) {
    if (id === device) slices.push({ page, from, length, first });
    from += length;
  }
  return slices;
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
