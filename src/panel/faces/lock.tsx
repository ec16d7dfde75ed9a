/** A lock: its bolt large, the door beside it, two buttons, and whatever is not certain. */
import { CircleHelp, DoorClosed, DoorOpen, Lock as Locked, LockOpen, TriangleAlert } from "lucide-react";
import { type Asking, useAsking, useReaching } from "../control/asking.ts";
import { isReachable } from "../control/permit.ts";
import { Press } from "../control/press.tsx";
import { Roads } from "../control/roads.tsx";
import { LookMark } from "../control/look_mark.tsx";
import { Told } from "../control/told.tsx";
import type { FieldControl, ReachControl } from "../form/controls.ts";
import { newestTravel } from "../live/travel.ts";
import { Ago } from "../parts/age.tsx";
import { LOCK } from "../words/faces.ts";
import { inWords } from "../words/format.ts";
import type { FaceProps } from "./mod.ts";
import type { LockParts } from "./shapes/lock.ts";

type Props = FaceProps<LockParts>;

export default function LockFace(props: Props) {
  return props.parts.bolt.sort === "reach"
    ? <Reached {...props} bolt={props.parts.bolt} />
    : <Set {...props} bolt={props.parts.bolt} />;
}

const Reached = ({ bolt, ...props }: Props & { bolt: ReachControl }) => (
  <Bolt {...props} asking={useReaching(bolt, props)} />
);
const Set = ({ bolt, ...props }: Props & { bolt: FieldControl }) => <Bolt {...props} asking={useAsking(bolt, props)} />;

function Bolt({ parts, kind, asking, ...around }: Props & { asking: Asking }) {
  const { device, ledger, situation } = around;
  const { lock, unlock, door } = parts;
  const state = asking.reported === parts.locked
    ? "locked"
    : asking.reported === parts.unlocked
    ? "unlocked"
    : asking.reported === undefined
    ? "none"
    : "between";
  const newest = newestTravel(ledger, [lock.name, unlock.name]);
  const isMoving = newest !== null && !newest.record?.finishedAt && !newest.ask?.fault;
  const doorIs = door && device.telemetry?.[door.name];
  const isOpen = doorIs?.value === "open" || doorIs?.value === true;
  const unsure = !isReachable(device.presence ?? "new") && state !== "none"
    ? LOCK.unsure.away
    : newest?.record?.status === "unknown" && newest.at > (asking.reportedAt ?? 0)
    ? LOCK.unsure.unknown
    : state === "none"
    ? LOCK.unsure.none
    : state === "between"
    ? LOCK.unsure.between
    : null;
  const Icon = state === "locked" ? Locked : state === "unlocked" ? LockOpen : CircleHelp;
  return (
    <section className="control face" aria-label={asking.field.title}>
      <header>
        <h2 className="heading">{asking.field.title}</h2>
        <LookMark look={asking.look} />
      </header>
      <div className="lock-face live" data-state={state} data-unsure={unsure !== null} data-look={asking.look}>
        <span className="lock-disc">
          <Icon size={40} strokeWidth={1.75} aria-hidden="true" />
        </span>
        <div>
          <p className="lock-word">{asking.reported === undefined ? "–" : inWords(asking.reported, asking.field)}</p>
          <p className="hint">
            {isMoving && `${
              newest.record?.name === unlock.name || newest.ask?.name === unlock.name
                ? LOCK.moving.unlock
                : LOCK.moving.lock
            } · `}
            {asking.reportedAt !== undefined && <Ago at={asking.reportedAt} />}
          </p>
          {doorIs && (
            <p className="lock-door">
              {isOpen ? <DoorOpen size={16} aria-hidden="true" /> : <DoorClosed size={16} aria-hidden="true" />}
              {door.title} {inWords(doorIs.value, door).toLowerCase()}
              <Ago at={doorIs.at} className="hint" />
            </p>
          )}
        </div>
      </div>
      {(unsure !== null || (isOpen && state === "locked")) && (
        <p className="lock-unsure">
          <TriangleAlert size={14} aria-hidden="true" /> {unsure ?? LOCK.open}
        </p>
      )}
      <div className="face-buttons">
        <Press command={lock} device={device} kind={kind} situation={situation} />
        <Press command={unlock} device={device} kind={kind} situation={situation} />
      </div>
      <Told asking={asking} device={device} situation={situation} isTitled />
      {!asking.commands.some(({ name }) => name === unlock.name) && <Roads commands={[unlock]} {...around} />}
    </section>
  );
}
