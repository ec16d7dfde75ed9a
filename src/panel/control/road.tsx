/** A command's road, drawn: five stages, where it stands, one sentence, and what can be done about it. */
import { Check, CircleHelp, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cancel, forget, mayRetry, retry } from "../live/ledger.ts";
import { useClock } from "../live/time.ts";
import type { Travel } from "../live/travel.ts";
import type { Shown } from "../live/watch.ts";
import { tell } from "../parts/tell.tsx";
import { UNDER_WAY, underWayOf } from "../words/control.ts";
import { type Road, roadOf, type Step } from "../words/road.ts";
import { DO } from "../words/common.ts";
import { SendOpposite } from "./opposite.tsx";
import type { Situation } from "./permit.ts";

interface Props {
  device: Shown;
  situation: Situation;
  title: string;
  /** Where the control around it may be about another command. */
  isTitled?: boolean;
  travel: Travel;
  isReported?: boolean;
  /** Why it could not be tried again now. */
  why: string | null;
}

/** How long a road that ended well stays, in ms: long enough to be read. */
export const LINGER = 20_000;

/** Its button was pressed and is gone: the focus goes to the road that this led to, and not to the page. */
let isFollowed = false;

export function RoadOf({ device, situation, title, isTitled, travel, isReported, why }: Props) {
  const { ask, record } = travel;
  const [isHeld, setHeld] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const now = useClock((now) => Math.floor(now / 1000) * 1000);
  const road = roadOf({ ask, record, isReported, now });
  useToldOutcome(title, road, ask !== undefined);
  const again = road.isOver ? null : againInWords(travel);
  useToldAgain(again, travel);
  const follow = () => {
    isFollowed = true;
    box.current?.focus();
  };
  useEffect(() => {
    if (isFollowed) box.current?.focus();
    isFollowed = false;
  }, []);
  const endedAt = record?.finishedAt ?? ask?.at ?? 0;
  const isDone = road.isOver && (road.tone === "good" || road.tone === "quiet" || !ask);
  // Nothing goes away under the hand that is in it.
  if (isDone && now - endedAt > LINGER && !isHeld) return null;
  return (
    <div
      ref={box}
      className="road"
      data-tone={road.tone}
      tabIndex={-1}
      onFocus={() => setHeld(true)}
      onBlur={({ relatedTarget }) => setHeld(box.current?.contains(relatedTarget) === true)}
    >
      {isTitled && <p className="mb-2 font-medium">{title}</p>}
      <Steps steps={road.steps} />
      <p className="sentence">{road.sentence}</p>
      {again !== null && <p className="road-again">{again}</p>}
      <div className="road-buttons">
        {isDone && road.tone === "good" && (
          <SendOpposite travel={travel} device={device} situation={situation} onSent={follow} />
        )}
        {road.mayCancel && record && (
          <button
            type="button"
            className="button small"
            onClick={() => void cancel(record.id).catch(() => {})}
          >
            {DO.cancel}
          </button>
        )}
        {road.mayRetry && ask && mayRetry(ask) && (
          <button
            type="button"
            className="button small"
            disabled={why !== null}
            title={why ?? undefined}
            onClick={() => {
              void retry(ask);
              follow();
            }}
          >
            {DO.retry}
          </button>
        )}
        {road.mayRetry && ask && (
          <button
            type="button"
            className="button small quiet"
            onClick={() => forget(device.id, ask.key)}
          >
            {DO.dismiss}
          </button>
        )}
      </div>
    </div>
  );
}

export const Steps = ({ steps }: { steps: Step[] }) => (
  <ol className="steps" aria-hidden="true">
    {steps.map(({ word, state }, index) => (
      <li key={index} data-state={state}>
        <span className="dot">{MARKS[state]}</span>
        {word}
      </li>
    ))}
  </ol>
);

const MARKS: Partial<Record<Step["state"], React.ReactNode>> = {
  done: <Check size={10} strokeWidth={3.5} />,
  failed: <X size={10} strokeWidth={3.5} />,
  unknown: <CircleHelp size={12} />,
};

const againInWords = ({ again, ask, record }: Travel): string | null =>
  !again ? null : ask ? UNDER_WAY : underWayOf(record!.by.name);

/** Each press of what is under way already is answered. */
function useToldAgain(sentence: string | null, { again }: Travel): void {
  const was = useRef(again?.at);
  useEffect(() => {
    if (sentence !== null && again!.at !== was.current) tell(sentence);
    was.current = again?.at;
  }, [again?.at]);
}

/** Outcomes of what was asked here are said once, when they come [WCAG 4.1.3]. */
function useToldOutcome(title: string, { isOver, tone, sentence }: Road, isMine: boolean): void {
  const isSettled = isOver && tone !== "moving";
  const was = useRef(isSettled);
  useEffect(() => {
    if (isSettled && !was.current && isMine) tell(`${title}: ${sentence}`);
    was.current = isSettled;
  }, [isSettled]);
}
