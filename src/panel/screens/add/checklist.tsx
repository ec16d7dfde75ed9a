/** What the hub sees of a device that is being connected, as it happens: its connection, its values, its mistakes. */
import { Link } from "@tanstack/react-router";
import { ArrowRight, BellRing, Check, X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import type { Presence } from "../../../protocol/words.ts";
import { EVERYWHERE } from "../../form/controls.ts";
import { type FieldModel, fieldsOf } from "../../form/field.ts";
import { send, useLedger } from "../../live/ledger.ts";
import { complaintOf, type Refusal, useSeen } from "../../live/refusals.ts";
import { hubNow } from "../../live/time.ts";
import { newestTravel } from "../../live/travel.ts";
import { useTurnedAway } from "../../live/turned_away.ts";
import { useShown, useWatch } from "../../live/use_watch.ts";
import type { Shown } from "../../live/watch.ts";
import { Ago } from "../../parts/age.tsx";
import { useIsConnected } from "../../parts/link_state.ts";
import { PresenceMark } from "../../parts/presence.tsx";
import { tell } from "../../parts/tell.tsx";
import { RefusedConnections } from "../../parts/turned_away.tsx";
import { Written } from "../../parts/written.tsx";
import { CHECKLIST } from "../../words/add.ts";
import { asSentence, roadOf } from "../../words/road.ts";
import { reasonInWords } from "../../words/words.ts";

interface Props {
  device: string;
  kind: KindDocument | undefined;
}

/** Values that are enough to see that it works. */
const MOST_VALUES = 4;

export function Checklist({ device: id, kind }: Props) {
  const store = useWatch({ device: id, include: ["telemetry", "state", "presence", "frames"] })!;
  const device = useShown(store, id);
  const { last, refusals } = useSeen(id);
  const turnedAway = useTurnedAway(id, device?.since);
  const isConnected = useIsConnected();
  const wasHeard = typeof device?.seen === "number";
  const values = device && kind ? valuesOf(device, kind) : [];
  const hasValues = values.length > 0;
  useTold(wasHeard, CHECKLIST.toldConnected);
  useTold(hasValues, CHECKLIST.toldValues);
  return (
    <section className="checklist" aria-label={CHECKLIST.title}>
      <h2 className="heading">{CHECKLIST.title}</h2>
      {!isConnected && <p className="hint">{CHECKLIST.cut}</p>}
      <ol className="live">
        <Step isDone={wasHeard} waiting={CHECKLIST.connecting} done={CHECKLIST.connected}>
          {wasHeard && <Standing device={device} last={last} />}
          {!wasHeard && turnedAway.newest.length === 0 && <p className="hint">{CHECKLIST.ifRefused(id)}</p>}
          <RefusedConnections device={id} turnedAway={turnedAway} />
        </Step>
        <Step isDone={hasValues} waiting={CHECKLIST.waitingForValues} done={CHECKLIST.values}>
          {hasValues && <FirstValues id={id} values={values} />}
        </Step>
        {kind?.commands.identify && <RoundTrip id={id} presence={device?.presence ?? "new"} />}
      </ol>
      {refusals.length > 0 && <Refusals refusals={refusals} />}
    </section>
  );
}

const FirstValues = ({ id, values }: { id: string; values: readonly Value[] }) => (
  <>
    <dl className="first-values">
      {values.slice(0, MOST_VALUES).map(({ field, value, at }) => (
        <div key={field.name}>
          <dt>{field.title}</dt>
          <dd>
            <Written value={value} field={field} />
            {at !== undefined && <Ago at={at} className="text-small text-ink3" />}
          </dd>
        </div>
      ))}
    </dl>
    <Link to="/devices/$id" params={{ id }} className="link mt-2 inline-flex items-center gap-1 font-medium">
      {CHECKLIST.openPage} <ArrowRight size={14} aria-hidden="true" />
    </Link>
  </>
);

/** The way there and back: what every kind can do, and nothing moves by it [K3]. */
function RoundTrip({ id, presence }: { id: string; presence: Presence }) {
  const travel = newestTravel(useLedger(id), ["identify"]);
  const isDone = travel?.record?.status === "succeeded";
  const road = travel && roadOf({ ask: travel.ask, record: travel.record, now: hubNow() });
  const isUnderway = road !== null && !road.isOver;
  const isReady = presence === "online" && !isUnderway;
  useTold(isDone, CHECKLIST.toldAnswered);
  return (
    <Step isDone={isDone} waiting={CHECKLIST.waitingForAnswer} done={CHECKLIST.answered}>
      {road
        ? <p className="hint" data-tone={road.tone}>{road.sentence}</p>
        : <p className="hint">{isReady ? CHECKLIST.identifyHint : CHECKLIST.identifyLater}</p>}
      <button
        type="button"
        className="button small mt-2"
        disabled={!isReady}
        onClick={() => void send({ device: id, name: "identify", params: {} })}
      >
        <BellRing size={14} aria-hidden="true" />
        {CHECKLIST.identify}
      </button>
    </Step>
  );
}

/** Said once, to whoever does not see the tick appear. */
function useTold(isSo: boolean, words: string): void {
  useEffect(() => {
    if (isSo) tell(words);
  }, [isSo]);
}

interface StepProps {
  isDone: boolean;
  waiting: string;
  done: string;
  children: ReactNode;
}

const Step = ({ isDone, waiting, done, children }: StepProps) => (
  <li data-done={isDone}>
    <span className="tick">{isDone && <Check size={12} strokeWidth={3} aria-hidden="true" />}</span>
    <p className={isDone ? "font-medium" : "text-ink2"}>{isDone ? done : waiting}</p>
    {children}
  </li>
);

function Standing({ device: { presence = "new", reason, seen }, last }: { device: Shown; last: string | null }) {
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2 text-small">
        <PresenceMark presence={presence} />
        {presence === "offline" && reason && <span className="text-ink2">{reasonInWords(reason)}</span>}
        {typeof seen === "number" && (
          <span className="text-ink3">
            {CHECKLIST.heard} <Ago at={seen} />
          </span>
        )}
      </p>
      {last !== null && (
        <p className="sent">
          {CHECKLIST.sent} <code title={last}>{last}</code>
        </p>
      )}
    </>
  );
}

interface Value {
  field: FieldModel;
  value: unknown;
  at?: number;
}

/** What it is about first; how it is, such as its signal, last. */
function valuesOf({ telemetry = {}, reported = {} }: Shown, { properties }: KindDocument): Value[] {
  const measured = fieldsOf(properties.telemetry).flatMap((field): Value[] => {
    const last = telemetry[field.name];
    return last ? [{ field, value: last.value, at: last.at }] : [];
  });
  const told = fieldsOf(properties.state).flatMap((field): Value[] =>
    field.name in reported ? [{ field, value: reported[field.name] }] : []
  );
  const isOwn = ({ field }: Value) => !EVERYWHERE.includes(field.name);
  return [...measured.filter(isOwn), ...told, ...measured.filter((value) => !isOwn(value))];
}

const Refusals = ({ refusals }: { refusals: readonly Refusal[] }) => (
  <div className="refusals">
    <h3 className="heading">{CHECKLIST.refused}</h3>
    <ul>
      {refusals.map((refusal) => <RefusalItem key={`${refusal.at} ${refusal.sent}`} refusal={refusal} />)}
    </ul>
  </div>
);

function RefusalItem({ refusal: { at, error, sent } }: { refusal: Refusal }) {
  const { field, words } = complaintOf(error);
  return (
    <li>
      <X size={14} className="text-fail" strokeWidth={2.5} aria-hidden="true" />
      <p>
        {field
          ? (
            <>
              <code>{field}</code>: {words}.
            </>
          )
          : asSentence(words)}
        {error.more !== undefined && CHECKLIST.moreBefore(error.more)}
      </p>
      <p className="sent">
        <code title={sent ?? undefined}>{sent}</code>
        <Ago at={at} />
      </p>
    </li>
  );
}
