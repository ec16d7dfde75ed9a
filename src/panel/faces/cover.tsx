/** A cover: how far it hangs down, where it was asked to go, and the three buttons. */
import { ArrowDown, ArrowUp, OctagonAlert, Square } from "lucide-react";
import { type Asking, useAsking } from "../control/asking.ts";
import { Press } from "../control/press.tsx";
import { Roads } from "../control/roads.tsx";
import { Slider } from "../control/slider.tsx";
import { LookMark } from "../control/look_mark.tsx";
import { ToldAll } from "../control/told.tsx";
import type { FieldControl } from "../form/controls.ts";
import { Ago } from "../parts/age.tsx";
import { COVER } from "../words/faces.ts";
import { inWords } from "../words/format.ts";
import type { FaceProps } from "./mod.ts";
import type { CoverParts } from "./shapes/cover.ts";

type Props = FaceProps<CoverParts>;

export default function Cover(props: Props) {
  const { parts, kind, ...around } = props;
  const { device, situation } = around;
  const position = useAsking(parts.position, around);
  const moving = parts.moving && device.reported?.[parts.moving.name];
  const isBlocked = parts.blocked !== undefined && device.reported?.[parts.blocked.name] === true;
  const tilt = parts.tilt && device.reported?.[parts.tilt.field.name];
  const shared = { device, kind, situation };
  // What a way led to is a confirmation of the position; a stop has no such field here.
  const others = [parts.stop].filter((command) => command !== undefined);
  return (
    <section className="control face" aria-label={position.field.title}>
      <header>
        <h2 className="heading">{position.field.title}</h2>
        <LookMark look={position.look} />
      </header>
      <div className="cover-face">
        <Blind position={position} tilt={typeof tilt === "number" ? tilt : null} />
        <div className="cover-side">
          <p className="cover-figure live" data-past={position.isPast}>
            <b>{inWords(position.reported, position.field)}</b>
            {position.reportedAt !== undefined && <Ago at={position.reportedAt} />}
          </p>
          <p className="hint live">
            {moving !== undefined && inWords(moving, parts.moving!)}
            {position.pending !== undefined && `, ${COVER.aims(inWords(position.pending, position.field))}`}
          </p>
          {isBlocked && (
            <p className="cover-blocked">
              <OctagonAlert size={14} aria-hidden="true" /> {COVER.blocked}
            </p>
          )}
          <div className="cover-buttons">
            {parts.open && (
              <Press command={parts.open} {...shared}>
                <ArrowUp size={16} aria-hidden="true" />
              </Press>
            )}
            {parts.stop && (
              <Press command={parts.stop} {...shared}>
                <Square size={12} fill="currentColor" aria-hidden="true" />
              </Press>
            )}
            {parts.close && (
              <Press command={parts.close} {...shared}>
                <ArrowDown size={16} aria-hidden="true" />
              </Press>
            )}
          </div>
        </div>
      </div>
      <Slider
        field={position.field}
        reported={position.reported}
        pending={position.pending}
        look={position.look}
        isUnmarked
        why={position.why}
        onPick={position.pick}
      />
      {parts.tilt && device.reported?.[parts.tilt.field.name] !== undefined
        ? <WithTilt control={parts.tilt} first={position} {...around} />
        : <ToldAll askings={[position]} device={device} situation={situation} />}
      <Roads commands={others} {...around} />
    </section>
  );
}

function WithTilt(
  { control, first, ...around }: Omit<Props, "parts" | "kind"> & { control: FieldControl; first: Asking },
) {
  const tilt = useAsking(control, around);
  return (
    <>
      <Slider
        field={tilt.field}
        reported={tilt.reported}
        pending={tilt.pending}
        look={tilt.look}
        why={tilt.why}
        onPick={tilt.pick}
      />
      <ToldAll askings={[first, tilt]} device={around.device} situation={around.situation} />
    </>
  );
}

const SLATS = 14;
const WIDTH = 132;
const HEIGHT = 156;
const TOP = 14;

/** A window with its blind: 100 is open. */
function Blind({ position, tilt }: { position: Asking; tilt: number | null }) {
  const reach = HEIGHT - TOP - 6;
  const drop = (value: unknown) => typeof value === "number" ? (100 - value) / 100 * reach : null;
  const { standing } = position;
  // What is desired and is not so is drawn as what was asked.
  const wanted = position.pending ?? (standing.state === "diverged" ? standing.wanted : undefined);
  const [reported, asked] = [drop(position.reported), drop(wanted)];
  // Turned all the way a slat is seen from its edge.
  const thickness = tilt === null ? 0.86 : 0.25 + 0.61 * Math.abs(100 - tilt) / 100;
  const slat = reach / SLATS;
  return (
    <svg
      className="blind live"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={COVER.position(
        position.reported === undefined ? COVER.none : inWords(position.reported, position.field),
      )}
      data-past={position.isPast}
      data-look={position.look}
    >
      <rect className="blind-pane" x="8" y={TOP} width={WIDTH - 16} height={reach} />
      <path className="blind-bars" d={`M${WIDTH / 2} ${TOP}v${reach}M8 ${TOP + reach / 2}h${WIDTH - 16}`} />
      {reported !== null && Array.from({ length: Math.ceil(reported / slat) }, (_, index) => (
        <rect
          key={index}
          className="blind-slat"
          x="10"
          y={TOP + index * slat}
          width={WIDTH - 20}
          height={Math.min(slat * thickness, reported - index * slat)}
          rx="1"
        />
      ))}
      {reported !== null && (
        <rect className="blind-foot" x="8" y={TOP + Math.max(0, reported - 1)} width={WIDTH - 16} height="4" rx="2" />
      )}
      {asked !== null && asked !== reported && (
        <path
          className="blind-asked"
          d={`M4 ${TOP + asked + 1}h${WIDTH - 8}`}
        />
      )}
      <rect className="blind-box" x="4" y="4" width={WIDTH - 8} height="11" rx="3" />
      <rect className="blind-frame" x="6" y={TOP} width={WIDTH - 12} height={reach + 2} rx="3" />
    </svg>
  );
}
