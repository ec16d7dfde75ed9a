/** Dates with a time between what an input holds, which knows no zone, and what a device is told, which has one. Pure. */
import { locale } from "../words/locale.ts";

const LIKE_ONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/i;

/** In the zone that somebody reads times in, unless it names its own; null where it is no moment. */
export function momentIn(text: string): string | null {
  const plain = text.trim().replace(" ", "T");
  const like = LIKE_ONE.exec(plain);
  if (!like) return null;
  const at = new Date(like[3] || locale().zone === "local" ? plain : `${plain}Z`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString().replace(".000Z", "Z");
}

/** As `datetime-local` has it, down to the second; empty where it is none. */
export function inputOf(value: unknown): string {
  const at = new Date(String(value));
  if (typeof value !== "string" || Number.isNaN(at.getTime())) return "";
  const shift = locale().zone === "utc" ? 0 : at.getTimezoneOffset() * 60_000;
  return new Date(at.getTime() - shift).toISOString().slice(0, 19);
}
