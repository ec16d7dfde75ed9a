/** What the hub sees of a device that is being connected, as it happens: its connection, its values, its mistakes. */
import { Link } from "@tanstack/react-router";
import { ArrowRight, Check, X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import type { KindDocument } from "../../kind/schema.ts";
import { EVERYWHERE } from "../form/controls.ts";
import { type FieldModel, fieldsOf } from "../form/field.ts";
import { complaintOf, type Refusal, useRefusals } from "../live/refusals.ts";
import { useShown, useWatch } from "../live/use_watch.ts";
import type { Shown } from "../live/watch.ts";
import { Ago } from "../parts/age.tsx";
import { useIsConnected } from "../parts/link_state.ts";
import { PresenceMark } from "../parts/presence.tsx";
import { tell } from "../parts/tell.tsx";
import { Written } from "../parts/written.tsx";
import { asSentence } from "../words/road.ts";
import { reasonInWords } from "../words/words.ts";

interface Props {
  device: string;
  kind: KindDocument | undefined;
}

/** Values that are enough to see that it works. */
const MOST_VALUES = 4;

export function Checklist({ device: id, kind }: Props) {
  const store = useWatch({ device: id, include: ["telemetry", "state", "presence", "frames"] })!;
  const device = useShown(store, id);
  const refusals = useRefusals(id);
  const isConnected = useIsConnected();
  const wasHeard = typeof device?.seen === "number";
  const values = device && kind ? valuesOf(device, kind) : [];
  const hasValues = values.length > 0;
  useTold(wasHeard, "The device is connected.");
  useTold(hasValues, "Its first values arrived.");
  return (
    <section className="checklist" aria-label="What the hub sees">
      <h3 className="heading">What the hub sees</h3>
      {!isConnected && <p className="hint">The panel is not connected to the hub now, so this list waits too.</p>}
      <ol className="live">
        <Step isDone={wasHeard} waiting="Waiting for its connection…" done="It connected">
          {wasHeard ? <Standing device={device} /> : (
            <p className="hint">
              A wrong token is refused at the door, and the hub cannot tell whose it was: what your program prints says
              so.
            </p>
          )}
        </Step>
        <Step isDone={hasValues} waiting="Waiting for its first values…" done="First values arrived">
          {hasValues && (
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
                Open its page <ArrowRight size={14} aria-hidden="true" />
              </Link>
            </>
          )}
        </Step>
      </ol>
      {refusals.length > 0 && <Refusals refusals={refusals} />}
    </section>
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

function Standing({ device: { presence = "new", reason, seen } }: { device: Shown }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 text-small">
      <PresenceMark presence={presence} />
      {presence === "offline" && reason && <span className="text-ink2">{reasonInWords(reason)}</span>}
      {typeof seen === "number" && (
        <span className="text-ink3">
          heard <Ago at={seen} />
        </span>
      )}
    </p>
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
    <h4 className="heading">Refused</h4>
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
        {error.more !== undefined && ` ${error.more} more before it.`}
      </p>
      <p className="sent">
        <code title={sent ?? undefined}>{sent}</code>
        <Ago at={at} />
      </p>
    </li>
  );
}
