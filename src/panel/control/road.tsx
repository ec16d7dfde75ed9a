/** A command's road, drawn: five stages, where it stands, and one sentence. */
import { Check, CircleHelp, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { cancel, forget, mayRetry, retry } from "../live/ledger.ts";
import { useClock } from "../live/time.ts";
import type { Travel } from "../live/travel.ts";
import { tell } from "../parts/tell.tsx";
import { type Road, roadOf, type Step } from "../words/road.ts";
import { DO } from "../words/common.ts";

interface Props {
  device: string;
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

export function RoadOf({ device, title, isTitled, travel, isReported, why }: Props) {
  const { ask, record } = travel;
  const now = useClock((now) => Math.floor(now / 1000) * 1000);
  const road = roadOf({ ask, record, isReported, now });
  useToldOutcome(title, road, ask !== undefined);
  const endedAt = record?.finishedAt ?? ask?.at ?? 0;
  const isDone = road.isOver && (road.tone === "good" || road.tone === "quiet" || !ask);
  if (isDone && now - endedAt > LINGER) return null;
  return (
    <div className="road" data-tone={road.tone}>
      {isTitled && <p className="mb-2 font-medium">{title}</p>}
      <Steps steps={road.steps} />
      <p className="sentence">{road.sentence}</p>
      <div className="flex gap-2 empty:hidden">
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
            onClick={() => void retry(ask)}
          >
            {DO.retry}
          </button>
        )}
        {road.mayRetry && ask && (
          <button
            type="button"
            className="button small quiet"
            onClick={() => forget(device, ask.key)}
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

/** Outcomes of what was asked here are said once, when they come [WCAG 4.1.3]. */
function useToldOutcome(title: string, { isOver, tone, sentence }: Road, isMine: boolean): void {
  const isSettled = isOver && tone !== "moving";
  const was = useRef(isSettled);
  useEffect(() => {
    if (isSettled && !was.current && isMine) tell(`${title}: ${sentence}`);
    was.current = isSettled;
  }, [isSettled]);
}
