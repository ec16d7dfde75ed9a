/** A screen on a wall: nobody touches it, everybody sees at a glance what wants a look. It never stands still unsaid. */
import { getRouteApi } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Maximize, Minimize, Pause, Play, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { headlineOf } from "../../form/controls.ts";
import { CAN_STAY_AWAKE, useAwake } from "../../live/awake.ts";
import { isNewer } from "../../live/build.ts";
import { useKinds } from "../../live/kinds.ts";
import { termsOf } from "../../live/query_terms.ts";
import { useClock } from "../../live/time.ts";
import { useValue } from "../../live/value.ts";
import { useIsCut } from "../../parts/link_state.ts";
import { useShortcuts } from "../../shell/keys.ts";
import { useTitle } from "../../shell/title.ts";
import { clockOf } from "../../words/format.ts";
import { WALL, WALL_KEYS } from "../../words/wall.ts";
import { Counts } from "./counts.tsx";
import { fitOf } from "./pages.ts";
import { Tile } from "./tile.tsx";
import { useFullScreen, useIdle, useTurning } from "./unattended.ts";
import { useWall } from "./use_wall.ts";
import { useRoom } from "./room.ts";
import "../../styles/wall.css";

const route = getRouteApi("/wall");
const OWN = ["name", "kind", "presence", "since", "estop"];

export function WallScreen() {
  useTitle(WALL.title);
  useAwake();
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useKinds();
  const isCut = useIsCut();
  const isIdle = useIdle();
  const tiles = useRef<HTMLUListElement>(null);
  const room = useRoom(tiles);
  const [isHeld, setHeld] = useState(false);
  const [page, setPage] = useState(0);
  const [count, setCount] = useState(0);
  const { columns, rows, scale } = fitOf(room.width, room.height, room.em, count);
  const size = columns * rows;
  const fields = useMemo(
    () =>
      [...new Set([...OWN, ...[...kinds.values()].flatMap(headlineOf).map(({ field }) => field.name)])].slice(0, 64),
    [kinds],
  );
  const { outline, stopped, total, devices } = useWall(q, page, size, fields);
  useEffect(() => setCount(total), [total]);
  const pages = Math.max(1, Math.ceil(total / size));
  const turn = (by: number) => setPage((page) => (page + by + pages) % pages);
  useEffect(() => setPage(Math.min(page, pages - 1)), [pages]);
  useTurning(pages > 1 && !isHeld && !isCut, page, () => turn(1));
  useNewerPanel();
  const leave = () => void navigate({ to: "/devices", search: q ? { q } : {} });
  useEscape(leave);
  useShortcuts([
    { keys: "ArrowRight", label: WALL_KEYS.next, group: WALL_KEYS.group, run: () => turn(1) },
    { keys: "ArrowLeft", label: WALL_KEYS.before, group: WALL_KEYS.group, run: () => turn(-1) },
  ]);
  const first = page * size;
  return (
    <section className="wall" data-cut={isCut} data-idle={isIdle}>
      <header className="wall-head">
        <h1>{q === "" ? WALL.all : termsOf(q).map((term, at) => <code key={at}>{term}</code>)}</h1>
        <Controls isHeld={isHeld} hasPages={pages > 1} onHold={setHeld} onTurn={turn} onLeave={leave} />
        <time className="wall-clock">{useClock(clockOf)}</time>
      </header>
      {outline.error
        ? <p className="wall-none problem" role="alert">{outline.error.message.replace(/^(q|query): /, "")}</p>
        : <Counts outline={outline} stopped={stopped} />}
      {!outline.isLoading && !outline.error && total === 0 && (
        <p className="wall-none">{q === "" ? WALL.empty : WALL.none}</p>
      )}
      <ul
        ref={tiles}
        className="wall-tiles"
        aria-label={WALL.tiles}
        style={{
          fontSize: `${scale}em`,
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          gridTemplateRows: `repeat(${Math.max(1, Math.ceil(devices.length / columns))}, minmax(0, 12.5em))`,
        }}
      >
        {devices.map(({ id, store }) => <Tile key={id} id={id} store={store} />)}
      </ul>
      <footer className="wall-foot">
        {pages > 1 && <p>{WALL.page(first + 1, Math.min(total, first + size), total)}</p>}
        {!CAN_STAY_AWAKE && <p className="wall-sleeps">{WALL.sleeps}</p>}
      </footer>
    </section>
  );
}

interface ControlsProps {
  isHeld: boolean;
  hasPages: boolean;
  onHold(isHeld: boolean): void;
  onTurn(by: number): void;
  onLeave(): void;
}

function Controls({ isHeld, hasPages, onHold, onTurn, onLeave }: ControlsProps) {
  const { isWhole, turn } = useFullScreen();
  const button = (label: string, Shape: typeof X, act: () => void) => (
    <button type="button" className="button quiet square" aria-label={label} title={label} onClick={act}>
      <Shape size={20} aria-hidden="true" />
    </button>
  );
  return (
    <div className="wall-controls">
      {hasPages && (
        <>
          {button(WALL.before, ChevronLeft, () => onTurn(-1))}
          {button(isHeld ? WALL.go : WALL.hold, isHeld ? Play : Pause, () => onHold(!isHeld))}
          {button(WALL.next, ChevronRight, () => onTurn(1))}
        </>
      )}
      {turn && button(isWhole ? WALL.part : WALL.whole, isWhole ? Minimize : Maximize, turn)}
      {button(WALL.leave, X, onLeave)}
    </div>
  );
}

function useEscape(leave: () => void): void {
  const latest = useRef(leave);
  latest.current = leave;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) {
        latest.current();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Nobody is there to load it, and nothing is being typed that would be lost. */
function useNewerPanel(): void {
  const isOld = useValue(isNewer);
  useEffect(() => {
    if (isOld) location.reload();
  }, [isOld]);
}
