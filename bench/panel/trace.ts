/** What a page's main thread did for each frame, from a trace of the browser's. Pure. */

export interface TraceEvent {
  name: string;
  /** `X` lasts, `I` happens. */
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds; `tdur` is what it had of the processor, with all that it called. */
  ts: number;
  dur?: number;
  tdur?: number;
}

/** In ms, of each frame that was drawn: the most within a sixtieth of a second until the next one. */
export interface Frames {
  /** Script, and what V8 does for it: events, timers, microtasks, collecting. */
  script: number[];
  /** All of it: layout and paint, too. */
  work: number[];
}

const FRAME = "BeginMainThreadFrame";
const TASK = "RunTask";
const SCRIPT = new Set([
  "EvaluateScript",
  "EventDispatch",
  "FireAnimationFrame",
  "FireIdleCallback",
  "FunctionCall",
  "MajorGC",
  "MinorGC",
  "RunMicrotasks",
  "TimerFire",
  "v8.callFunction",
  "v8.compile",
  "v8.compileModule",
  "v8.evaluateModule",
]);
const isScript = (name: string) => SCRIPT.has(name) || name.startsWith("V8.GC") || name.startsWith("V8.RunMicrotasks");

/** What a frame may take at sixty a second, in µs. */
const SLOT = 1e6 / 60;

/**
 * From one frame's beginning to the next one's. Where that is long, as on a page that draws when something changed, it is
 * the worst sixtieth of it that counts: what is spread over a third of a second delays nothing. What came before the
 * first frame or after the last one is cut off.
 */
export function framesOf(events: readonly TraceEvent[]): Frames {
  const frames = mainThreadOf(events);
  const starts = frames.filter(({ name }) => name === FRAME).map(({ ts }) => ts);
  const perFrame = (counts: (name: string) => boolean): number[] => {
    const slots = Array.from({ length: Math.max(0, starts.length - 1) }, () => new Map<number, number>());
    let frame = -1;
    for (const { end, tdur } of outermost(frames.filter(({ name, ph }) => ph === "X" && counts(name)))) {
      while (frame + 1 < starts.length && starts[frame + 1] <= end) frame += 1;
      if (frame < 0 || frame >= slots.length) continue;
      const slot = Math.floor((end - starts[frame]) / SLOT);
      slots[frame].set(slot, (slots[frame].get(slot) ?? 0) + tdur / 1000);
    }
    return slots.map((slot) => Math.max(0, ...slot.values()));
  };
  return { script: perFrame(isScript), work: perFrame((name) => name === TASK) };
}

/** Of the one page that draws, in the order of their beginning; what surrounds others comes first. */
function mainThreadOf(events: readonly TraceEvent[]): TraceEvent[] {
  const keyOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const drawing = Map.groupBy(events.filter(({ name }) => name === FRAME), keyOf);
  const [key] = [...drawing].sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
  return events.filter((event) => keyOf(event) === key)
    .sort((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0));
}

/**
 * Each with the time of the processor that it took; what another one of them called is in that one's. Of one or the other
 * that is over at once the browser knows only how long it lasted.
 */
function outermost(events: readonly TraceEvent[]): { end: number; tdur: number }[] {
  if (events.length > 0 && events.every(({ tdur }) => tdur === undefined)) {
    throw new Error(`The trace does not say what ${events[0].name} had of the processor.`);
  }
  const kept: { end: number; tdur: number }[] = [];
  let until = -Infinity;
  for (const { ts, dur = 0, tdur = dur } of events) {
    if (ts < until) continue;
    until = ts + dur;
    kept.push({ end: until, tdur });
  }
  return kept;
}
