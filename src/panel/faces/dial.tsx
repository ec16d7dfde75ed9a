/** A dial: a number by dragging around it, by arrow keys, or by steps. Only the last one is sent. */
import { Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef } from "react";
import { useDraft } from "../control/draft.ts";
import { type FieldModel, stepOf, stepped } from "../form/field.ts";
import { LESS, MORE } from "../words/control.ts";
import { inWords, written } from "../words/format.ts";
import type { Look } from "../words/look.ts";
import { angleAt, arc, onCircle, SWEEP, valueAt } from "./geometry.ts";

interface Props {
  field: FieldModel;
  reported: unknown;
  pending: unknown;
  /** Of the same quantity, told beside the target. */
  measured?: unknown;
  look: Look;
  why: string | null;
  isPast: boolean;
  onPick(value: number): Promise<void> | void;
  /** Below the number. */
  children?: ReactNode;
}

const SIZE = 260;
const MIDDLE = SIZE / 2;
const RADIUS = 108;
/** So many degrees the hand covers to each side. */
const HIDDEN = 9;

export function Dial({ field, reported, pending, measured, look, why, isPast, onPick, children }: Props) {
  const draft = useDraft<number>(why, onPick);
  const svg = useRef<SVGSVGElement>(null);
  const id = useId();
  const { min = 0, max = 100, title } = field;
  const settled = numberIn(pending) ?? numberIn(reported);
  const value = draft.value ?? settled;
  const where = (value: number) => angleAt(value, min, max);
  const at = (event: PointerEvent): number => {
    const box = svg.current!.getBoundingClientRect();
    const turned = valueAt(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2, min, max);
    const step = stepOf(field);
    return stepped(field, Math.round(turned / step) * step - step, 1);
  };
  const isOnRing = (event: PointerEvent) => {
    const box = svg.current!.getBoundingClientRect();
    const away = Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
    return away > box.width * 0.31;
  };
  const step = (direction: 1 | -1, times = 1) => {
    let next = value ?? min;
    for (let time = 0; time < times; time++) next = stepped(field, next, direction);
    draft.soon(next);
  };
  const onKey = (event: KeyboardEvent) => {
    const act = KEYS[event.key];
    if (why !== null || !act) return;
    event.preventDefault();
    if (act === "least") draft.soon(min);
    else if (act === "most") draft.soon(max);
    else if (act === "drop") draft.drop();
    else if (act === "send") draft.value !== null && draft.now(draft.value);
    else step(act > 0 ? 1 : -1, Math.abs(act));
  };
  const text = written(value, field);
  // Behind the hand nothing of it would be seen but its ends.
  const isApart = numberIn(measured) !== null &&
    (value === null || Math.abs(where(numberIn(measured)!) - where(value)) > HIDDEN);
  return (
    <div className="dial" data-look={draft.value !== null ? "drafted" : look} data-past={isPast}>
      <svg
        ref={svg}
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        role="slider"
        tabIndex={why === null ? 0 : -1}
        aria-label={field.unit ? `${title} in ${field.unit}` : title}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuenow={value ?? min}
        aria-valuetext={inWords(value ?? undefined, field)}
        aria-disabled={why !== null}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          if (why !== null || !isOnRing(event)) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          draft.hold(at(event));
        }}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && draft.hold(at(event))}
        onPointerUp={(event) =>
          event.currentTarget.hasPointerCapture(event.pointerId) && draft.value !== null && draft.now(draft.value)}
        onPointerCancel={draft.drop}
      >
        <path className="dial-track" d={arc(MIDDLE, RADIUS, 0, SWEEP)} />
        {value !== null && numberIn(measured) !== null && (
          <path className="dial-way" d={arc(MIDDLE, RADIUS, ...ordered(where(value), where(numberIn(measured)!)))} />
        )}
        {isApart && <Tick className="dial-tick" angle={where(numberIn(measured)!)} />}
        {numberIn(reported) !== null && value !== reported && (
          <circle className="dial-reported" r="6" {...place(where(numberIn(reported)!))} />
        )}
        {value !== null && (
          <g className="dial-hand" transform={`translate(${onCircle(MIDDLE, RADIUS, where(value)).join(" ")})`}>
            <circle className="dial-knob" r="12" />
            {draft.value === null && <path className="dial-mark" d={MARKS[look]} />}
          </g>
        )}
        <text className="dial-end" x={MIDDLE - 78} y={SIZE - 16}>{inWords(min, { ...field, precision: 0 })}</text>
        <text className="dial-end" x={MIDDLE + 78} y={SIZE - 16}>{inWords(max, { ...field, precision: 0 })}</text>
      </svg>
      <div className="dial-middle" id={id}>
        <span className="dial-figure live">
          {text.text}
          <span className="unit">{text.unit}</span>
        </span>
        {children}
      </div>
      <div className="dial-steps">
        <StepButton label={LESS(title)} why={why} onClick={() => step(-1)}>
          <Minus size={18} aria-hidden="true" />
        </StepButton>
        <StepButton label={MORE(title)} why={why} onClick={() => step(1)}>
          <Plus size={18} aria-hidden="true" />
        </StepButton>
      </div>
    </div>
  );
}

interface StepProps {
  label: string;
  why: string | null;
  onClick(): void;
  children: ReactNode;
}

const StepButton = ({ label, why, onClick, children }: StepProps) => (
  <button
    type="button"
    className="button step round"
    aria-label={label}
    title={why ?? undefined}
    disabled={why !== null}
    onClick={onClick}
  >
    {children}
  </button>
);

/** Inside the knob, as beside the title: what was asked stands so. */
const MARKS: Partial<Record<Look, string>> = {
  has: "M-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0",
  confirmed: "M-5 0l3.5 3.5l6.5 -7",
  diverged: "M-5 -2.5h10M-5 2.5h10M4 -6.5l-8 13",
};

/** What a key does: so many steps, or something else. */
const KEYS: Record<string, number | "least" | "most" | "drop" | "send"> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 4,
  PageDown: -4,
  Home: "least",
  End: "most",
  Escape: "drop",
  Enter: "send",
};

const Tick = ({ angle, className }: { angle: number; className: string }) => {
  const [x1, y1] = onCircle(MIDDLE, RADIUS - 13, angle);
  const [x2, y2] = onCircle(MIDDLE, RADIUS + 13, angle);
  return <line className={className} x1={x1} y1={y1} x2={x2} y2={y2} />;
};

function place(angle: number) {
  const [cx, cy] = onCircle(MIDDLE, RADIUS, angle);
  return { cx, cy };
}

const numberIn = (value: unknown): number | null => typeof value === "number" ? value : null;
const ordered = (one: number, other: number): [number, number] => one < other ? [one, other] : [other, one];
