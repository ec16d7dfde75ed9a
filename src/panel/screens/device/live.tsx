/** What the device and the hub say to each other, text by text, while somebody looks. */
import { getRouteApi } from "@tanstack/react-router";
import { Pause as PauseIcon, Play, X } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import {
  type Entry,
  filtered,
  type FrameFilter,
  type Frames,
  isPause,
  ringOf,
  watchFrames,
} from "../../live/frames.ts";
import { useClock } from "../../live/time.ts";
import { useTurnedAway } from "../../live/turned_away.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { useIsConnected } from "../../parts/link_state.ts";
import { RefusedConnections } from "../../parts/turned_away.tsx";
import { useTitle } from "../../shell/title.ts";
import { TABS } from "../../words/device.ts";
import { lastInWords, LIVE, shownInWords, waitingInWords } from "../../words/frames.ts";
import "../../styles/frames.css";
import { useAbout } from "./about.ts";
import { FrameDetail } from "./frame_detail.tsx";
import { FrameList } from "./frame_list.tsx";

const route = getRouteApi("/devices/$id/live");

export function LiveTab() {
  const { device } = useAbout();
  useTitle(`${device.name} · ${TABS.live}`);
  const ring = ringOf(device.id);
  useEffect(() => watchFrames(device.id, ring), [device.id, ring]);
  const now = useSyncExternalStore(ring.subscribe, ring.get);
  const turnedAway = useTurnedAway(device.id, device.since);
  const hold = useHold(now);
  const filter = route.useSearch();
  const shown = useShownEntries(hold.frames, filter);
  const [chosen, setChosen] = useState<number | null>(null);
  const frame = shown.find((entry) => entry.n === chosen);
  return (
    <section className="frames" aria-label={LIVE.title}>
      <Tools filter={filter} isPaused={hold.isPaused} onPause={hold.pause} />
      <RefusedConnections device={device.id} turnedAway={turnedAway} />
      <Standing frames={now} shown={shown} hold={hold} onClear={() => ring.clear()} />
      <div className="frames-body" data-open={frame !== undefined}>
        {shown.length === 0
          ? <Nothing frames={hold.frames} />
          : <FrameList entries={shown} chosen={chosen} onChoose={setChosen} onHand={hold.onHand} />}
        {frame && !isPause(frame) && <FrameDetail frame={frame} onClose={() => setChosen(null)} />}
      </div>
    </section>
  );
}

/** [A2.7] What is under the hand stays where it is, and how much waits is said. */
function useHold(now: Frames) {
  const [isPaused, setPaused] = useState(false);
  const [isAtHand, setAtHand] = useState(false);
  const kept = useRef(now);
  const isHeld = isPaused || isAtHand;
  if (!isHeld) kept.current = now;
  // What somebody cleared away is not held.
  if (now.total < kept.current.total) kept.current = now;
  return {
    frames: kept.current,
    waiting: now.total - kept.current.total,
    isPaused,
    isAtHand,
    pause: setPaused,
    onHand: setAtHand,
  };
}

function useShownEntries({ entries }: Frames, { text, way }: FrameFilter): Entry[] {
  const sought = useDeferredValue(text);
  return useMemo(() => filtered(entries, { text: sought, way }), [entries, sought, way]);
}

interface ToolsProps {
  filter: FrameFilter;
  isPaused: boolean;
  onPause(isPaused: boolean): void;
}

const WAYS = [[undefined, LIVE.both], ["in", LIVE.in], ["out", LIVE.out]] as const;

function Tools({ filter, isPaused, onPause }: ToolsProps) {
  const navigate = route.useNavigate();
  const [text, setText] = useTyped(filter.text ?? "");
  const look = (next: FrameFilter) => {
    setText(next.text ?? "");
    void navigate({ search: next, replace: true });
  };
  return (
    <div className="frames-tools">
      <button type="button" className="button" aria-pressed={isPaused} onClick={() => onPause(!isPaused)}>
        {isPaused ? <Play size={14} aria-hidden="true" /> : <PauseIcon size={14} aria-hidden="true" />}
        {isPaused ? LIVE.resume : LIVE.pause}
      </button>
      <input
        type="search"
        className="input"
        aria-label={LIVE.filter}
        placeholder={LIVE.filterHint}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => look({ ...filter, text: target.value || undefined })}
      />
      <div className="segments" role="group" aria-label={LIVE.ways}>
        {WAYS.map(([way, word]) => (
          <button
            key={word}
            type="button"
            aria-pressed={filter.way === way}
            onClick={() => look({ ...filter, way })}
          >
            {word}
          </button>
        ))}
      </div>
      {(filter.text || filter.way) && (
        <button type="button" className="button quiet" onClick={() => look({})}>
          <X size={14} aria-hidden="true" />
          {LIVE.clearFilter}
        </button>
      )}
    </div>
  );
}

/** What is typed, at once; the address follows, and what it says without anybody typing counts, too. */
function useTyped(text: string): [string, (text: string) => void] {
  const [typed, setTyped] = useState(text);
  const sent = useRef(new Set([text]));
  useEffect(() => {
    if (!sent.current.has(text)) setTyped(text);
    if (text === typed) sent.current = new Set([text]);
  }, [text]);
  return [typed, (next) => {
    sent.current.add(next);
    setTyped(next);
  }];
}

interface StandingProps {
  frames: Frames;
  shown: readonly Entry[];
  hold: ReturnType<typeof useHold>;
  onClear(): void;
}

/** How much is seen of how much, how old the newest is, and what waits. */
function Standing({ frames: { lastIn, lastOut }, shown, hold, onClear }: StandingProps) {
  const last = useClock((now) => lastInWords(lastIn, lastOut, now));
  const { frames, waiting, isPaused, isAtHand } = hold;
  const seen = frames.entries.filter((entry) => !isPause(entry)).length;
  const frameTexts = () => shown.flatMap((entry) => isPause(entry) ? [] : [entry.text]).toReversed().join("\n");
  return (
    <div className="frames-standing">
      <span>
        {shownInWords(shown.filter((entry) => !isPause(entry)).length, seen, frames.total)}
        {last && `. ${last}`}
      </span>
      <span className="grow">
        {isPaused ? LIVE.paused : isAtHand && waiting > 0 && LIVE.held}
        {waiting > 0 && <b>{waitingInWords(waiting)}</b>}
      </span>
      {frames.entries.length > 0 && (
        <button type="button" className="button quiet small" onClick={onClear}>{LIVE.clear}</button>
      )}
      {shown.length > 0 && <CopyButton text={frameTexts} label={LIVE.copyAll} />}
    </div>
  );
}

function Nothing({ frames }: { frames: Frames }) {
  const isConnected = useIsConnected();
  return (
    <p className="frames-nothing">
      {frames.entries.length > 0 ? LIVE.noMatch : isConnected ? LIVE.listening : LIVE.cut}
    </p>
  );
}
