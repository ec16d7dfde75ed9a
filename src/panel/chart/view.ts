/** What the charts show, as the address has it [A2.8]: which fields, and how far back or which stretch. Pure. */
import { SPANS } from "../words/history.ts";
import { locale } from "../words/locale.ts";

export interface Stretch {
  from: number;
  to: number;
}

/** As REST takes it: times in ms, names with commas between. */
export interface ChartSearch {
  show?: string;
  span?: string;
  from?: number;
  to?: number;
}

export interface View {
  /** Fields in the order in which they were chosen; none where nobody chose. */
  names: readonly string[];
  /** Follows the present, so wide; undefined where nobody chose. */
  span?: number;
  /** A stretch that stands still. */
  stretch: Stretch | null;
}

export const MOST_SHOWN = 4;

export function chartSearch({ show, span, from, to }: Record<string, unknown>): ChartSearch {
  const isStretch = isTime(from) && isTime(to) && from < to;
  return {
    ...(typeof show === "string" && show !== "" && { show }),
    ...(SPANS.some(({ key }) => key === span) && { span: span as string }),
    ...(isStretch && { from, to }),
  };
}

const isTime = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);

export const viewOf = ({ show, span, from, to }: ChartSearch): View => ({
  names: [...new Set(show?.split(",").filter(Boolean))].slice(0, MOST_SHOWN),
  span: SPANS.find(({ key }) => key === span)?.span,
  stretch: from !== undefined && to !== undefined ? { from, to } : null,
});

export const searchOf = ({ names, span, stretch }: View): ChartSearch => ({
  ...(names.length > 0 && { show: names.join(",") }),
  ...(span !== undefined && { span: SPANS.find((one) => one.span === span)?.key }),
  ...stretch,
});

/** Where nobody chose: what a device that is new can have told, or an hour. */
export const usualSpan = (since: number, now: number): number => SPANS[now - since < SPANS[0].span ? 0 : 1].span;

/** A chart on the screen: where it stands, and within what it can move. */
export interface Shown {
  span: number;
  stretch: Stretch | null;
  now: number;
  /** Before that there is nothing. */
  since: number;
}

type Moved = Pick<View, "stretch"> & { span?: number };

/** The narrowest and the widest that is worth a look, in ms. */
const NARROWEST = 10_000;
const WIDEST = 2 * 366 * 86_400_000;

export const stretchOf = ({ span, stretch, now }: Shown): Stretch =>
  stretch ?? { from: Math.round(now - span), to: Math.round(now) };

/** By so much of its width; what is nearly now is now, since time went on while somebody looked. */
export function shifted(shown: Shown, share: number): Moved {
  const { from, to } = stretchOf(shown);
  const by = Math.round((to - from) * share);
  const next = { from: from + by, to: to + by };
  return by < 0 ? { stretch: next } : standing(shown, next);
}

/** Twice as close or half, around its middle; what follows the present goes on following it. */
export function zoomed(shown: Shown, factor: number): Moved {
  if (!shown.stretch) {
    const at = SPANS.findIndex(({ span }) => span === shown.span);
    const next = SPANS[factor > 1 ? Math.min(SPANS.length - 1, at + 1) : Math.max(0, at - 1)];
    return { span: next.span, stretch: null };
  }
  const { from, to } = shown.stretch;
  const width = Math.min(WIDEST, Math.max(NARROWEST, (to - from) * factor));
  const middle = (from + to) / 2;
  return standing(shown, { from: Math.round(middle - width / 2), to: Math.round(middle + width / 2) });
}

/** Where what is kept begins. */
export function atBegin(shown: Shown): Moved {
  const { from, to } = stretchOf(shown);
  return standing(shown, { from: Math.round(shown.since), to: Math.round(shown.since + to - from) });
}

const standing = ({ now }: Shown, { from, to }: Stretch): Moved =>
  to < now - (to - from) / 20 ? { stretch: { from, to } } : { stretch: null };

/** What a key on the charts does; null for all others. */
export function byKey(shown: Shown, key: string, isFar: boolean): Moved | null {
  switch (key) {
    case "ArrowLeft":
      return shifted(shown, isFar ? -0.5 : -0.1);
    case "ArrowRight":
      return shown.stretch && shifted(shown, isFar ? 0.5 : 0.1);
    case "+":
    case "=":
      return zoomed(shown, 0.5);
    case "-":
    case "_":
      return zoomed(shown, 2);
    case "Home":
      return atBegin(shown);
    case "End":
      return shown.stretch && { stretch: null };
    default:
      return null;
  }
}

/** As a browser's field of date and time wants it, in the chosen zone. */
export function inputOf(at: number): string {
  const offset = locale().zone === "utc" ? 0 : new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offset).toISOString().slice(0, 19);
}

/** Not a number where it is none. */
export const timeOf = (text: string): number => Date.parse(locale().zone === "utc" ? `${text}Z` : text);
