/** The ground with a track on it: a grid of metres, or a map, and what moves and zooms them. */
import { Maximize, Minus, Plus } from "lucide-react";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { MapChoice } from "../../live/map.ts";
import type { Shown } from "../../live/watch.ts";
import { tell } from "../../parts/tell.tsx";
import { DO } from "../../words/common.ts";
import { GROUND, MAP } from "../../words/map.ts";
import type { TrackerParts } from "../shapes/tracker.ts";
import { Attribution } from "./attribution.tsx";
import { useHand } from "./hand.ts";
import { metresInWords } from "./metres.ts";
import { type At, beside, distance, type Fence, stepOf } from "./projection.ts";
import { type Box, farther, nearer, scaleOf, type Sight, sightOf, zoomed } from "./sight.ts";
import { Tiles, useTiles } from "./tiles.tsx";
import { Track } from "./track.tsx";

/** In metres: a parked one does not tremble over the whole picture. */
const LEAST = 240;
/** Before it is measured. */
const USUAL: Box = { width: 480, height: 320 };

export interface GroundProps {
  here: At;
  track: readonly At[];
  gap: number;
  fence: Fence | null;
  device: Shown;
  parts: TrackerParts;
  choice: MapChoice | null;
  /** What somebody chose to look at; null for all of the track. */
  sight: Sight | null;
  onLook(sight: Sight | null): void;
}

export function Ground({ choice, sight: chosen, onLook, ...drawn }: GroundProps) {
  const element = useRef<HTMLDivElement>(null);
  const box = useBox(element);
  const map = choice?.isChosen ? choice.map : null;
  const sight = chosen ?? sightOf(worthSeeing(drawn), box, LEAST, map !== null);
  const step = stepOf(box.height * scaleOf(sight));
  const { act, hands } = useHand(element, {
    sight,
    onLook,
    onKeyed: (now) => tell(GROUND.bar(metresInWords(stepOf(box.height * scaleOf(now))))),
  });
  const { tiles, state, isAnyHere, told, retry } = useTiles(map, sight, box);
  return (
    <figure className="plan">
      <div ref={element} className="ground live" role="group" tabIndex={0} aria-label={GROUND.group} {...hands}>
        {map && <Tiles map={map} tiles={tiles} told={told} />}
        <Track {...drawn} box={box} sight={sight} step={step} hasMap={isAnyHere} />
        <div className="ground-buttons">
          <Button label={GROUND.closer} Icon={Plus} onClick={() => act((now) => zoomed(now, nearer(now)))} />
          <Button label={GROUND.farther} Icon={Minus} onClick={() => act((now) => zoomed(now, farther(now)))} />
          <Button label={GROUND.whole} Icon={Maximize} isPressed={chosen === null} onClick={() => onLook(null)} />
        </div>
      </div>
      <figcaption>
        <span aria-label={GROUND.bar(metresInWords(step))} role="img">{metresInWords(step)}</span>
        {map && isAnyHere && <Attribution map={map} host={choice!.host} />}
      </figcaption>
      <p className="hint fingers">{GROUND.fingers}</p>
      {map && (state === "none" || state === "partly" || state === "forbidden") && (
        <Missing sentence={MAP[state](choice!.host)} onRetry={retry} />
      )}
    </figure>
  );
}

function Missing({ sentence, onRetry }: { sentence: string; onRetry(): void }) {
  useEffect(() => tell(sentence), [sentence]);
  return (
    <p className="map-none">
      {sentence}
      <button type="button" className="button small" onClick={onRetry}>{DO.tryAgain}</button>
    </p>
  );
}

interface ButtonProps {
  label: string;
  Icon: typeof Plus;
  isPressed?: boolean;
  onClick(): void;
}

const Button = ({ label, Icon, isPressed, onClick }: ButtonProps) => (
  <button type="button" aria-label={label} title={label} aria-pressed={isPressed} onClick={onClick}>
    <Icon size={16} aria-hidden="true" />
  </button>
);

/** The track, and its fence; one that is far away is not worth a picture in which the track is a dot. */
function worthSeeing({ track, here, fence }: Pick<GroundProps, "track" | "here" | "fence">) {
  if (!fence || distance(fence, here) >= 5 * fence.radius + 2_000) return [...track, here];
  const corners = [-fence.radius, fence.radius].map((far) => beside(fence, { east: far, north: far }));
  return [...track, here, ...corners];
}

function useBox(element: RefObject<HTMLElement | null>): Box {
  const [box, setBox] = useState(USUAL);
  useLayoutEffect(() => {
    const { current } = element;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = current!;
      if (width > 0 && height > 0) setBox({ width, height });
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(current!);
    return () => resized.disconnect();
  }, []);
  return box;
}
