/** A number by dragging: what is reported stays marked, and only the last value is sent, when the hand lets go. */
import { type FieldModel, stepOf } from "../form/field.ts";
import { inWords } from "../words/format.ts";
import { useDraft } from "./draft.ts";
import type { Look } from "../words/look.ts";
import { LookMark } from "./look_mark.tsx";

interface Props {
  field: FieldModel;
  reported: unknown;
  pending: unknown;
  look: Look;
  /** The word for its look stands elsewhere. */
  isUnmarked?: boolean;
  /** Its title and value, too. */
  isBare?: boolean;
  why: string | null;
  onPick(value: number): Promise<void> | void;
  /** What the track shows: a gradient by its name in the styles. */
  track?: string;
  style?: React.CSSProperties;
  /** Told while it is being moved. */
  onMove?(value: number | null): void;
}

export function Slider(
  { field, reported, pending, look, isUnmarked, isBare, why, onPick, track, style, onMove }: Props,
) {
  const draft = useDraft<number>(why, onPick);
  const { min = 0, max = 100, title } = field;
  const settled = numberIn(pending) ?? numberIn(reported);
  const value = draft.value ?? settled ?? min;
  const move = (value: number, how: "hold" | "soon" | "now") => {
    draft[how](value);
    onMove?.(how === "now" ? null : value);
  };
  return (
    <label className="slider" data-look={look} data-bare={isBare} style={style}>
      {!isBare && (
        <span className="slider-head">
          <span>{title}</span>
          {!isUnmarked && <LookMark look={look} />}
          <b className="live">{settled === null && draft.value === null ? "–" : inWords(value, field)}</b>
        </span>
      )}
      <span className="slider-track" data-track={track}>
        <input
          type="range"
          aria-label={isBare ? title : undefined}
          min={min}
          max={max}
          step={Math.min(stepOf(field), (max - min) / 10)}
          value={value}
          disabled={why !== null}
          title={why ?? undefined}
          aria-valuetext={inWords(value, field)}
          onChange={({ target, nativeEvent }) =>
            // The browser tells of keys and of a dragging hand alike; a hand is on it as long as it is `:active`.
            move(Number(target.value), target.matches(":active") && nativeEvent.type === "input" ? "hold" : "soon")}
          onPointerUp={({ currentTarget }) => draft.value !== null && move(Number(currentTarget.value), "now")}
          onPointerCancel={() => {
            draft.drop();
            onMove?.(null);
          }}
          onKeyDown={({ key }) => key === "Escape" && draft.drop()}
        />
        {settled !== null && numberIn(reported) !== null && value !== numberIn(reported) && (
          <i className="slider-reported" style={{ left: `${share(numberIn(reported)!, min, max)}%` }} />
        )}
      </span>
    </label>
  );
}

const numberIn = (value: unknown): number | null => typeof value === "number" ? value : null;
const share = (value: number, min: number, max: number) =>
  Math.min(100, Math.max(0, (value - min) / (max - min) * 100));
