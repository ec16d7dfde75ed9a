/** Logs are one JSON line each, the event's name first: bounded in length and in number, without secrets. */
import { type Level, type Log, LOG_EVENTS, type LogEvent } from "../hub/log.ts";

const MINUTE = 60_000;
/** Lines of one event within a minute; what is over is counted, and told by the next one. */
const MOST_LINES = 20;
/** Characters of one field, of each where there are many long ones, and of the line. */
const LONGEST_FIELD = 1_500;
const SHORT_FIELD = 200;
const LONGEST_LINE = 4_000;
/** Whatever looks like one that the hub made: 32 letters of its own [I1]. */
const SECRET = /(?<![0-9a-z])[0-9a-hjkmnp-z]{32}(?![0-9a-z])/g;

/** Writes lines, but no flood of them. */
export function makeLog(write: (line: string, level: Level) => void, now: () => number = Date.now): Log {
  const minutes = new Map<LogEvent, { since: number; lines: number; more: number }>();
  return (event, fields) => {
    const at = now();
    const known = minutes.get(event);
    const isSameMinute = known !== undefined && at >= known.since && at - known.since < MINUTE;
    const minute = isSameMinute ? known : { since: at, lines: 0, more: known?.more ?? 0 };
    minutes.set(event, minute);
    if (minute.lines >= MOST_LINES) {
      minute.more += 1;
      return;
    }
    minute.lines += 1;
    write(logLine(event, minute.more > 0 ? { ...fields, more: minute.more } : fields, at), LOG_EVENTS[event]);
    minute.more = 0;
  };
}

/** No field takes the place of the event's name, its time or its level. */
export function logLine(event: LogEvent, fields: Record<string, unknown> = {}, now = Date.now()): string {
  const head = { event, at: new Date(now).toISOString(), level: LOG_EVENTS[event] };
  // The one secret that the log is there to show [I9].
  const isOpen = event === "claim_code";
  const lineOf = (longest: number) => {
    const shown = Object.entries(fields).map(([name, value]) => [name, isOpen ? value : fieldOf(value, longest)]);
    return JSON.stringify({ ...head, ...Object.fromEntries(shown), ...head });
  };
  for (const longest of [LONGEST_FIELD, SHORT_FIELD]) {
    const line = lineOf(longest);
    if (line.length <= LONGEST_LINE) return line;
  }
  return JSON.stringify(head);
}

function fieldOf(value: unknown, longest: number): unknown {
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined) return value;
  const text = (typeof value === "string" ? value : textOf(value)).replaceAll(SECRET, "(secret)");
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** What cannot be JSON is told as it says itself. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
