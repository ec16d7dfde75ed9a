/** A camera: the newest picture, one more on request, and where it looks. */
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Camera as Shutter, Crosshair, EyeOff } from "lucide-react";
import { useAsking } from "../control/asking.ts";
import { useDraft } from "../control/draft.ts";
import { whyNot } from "../control/permit.ts";
import { Picker } from "../control/picker.tsx";
import { Press } from "../control/press.tsx";
import { Roads } from "../control/roads.tsx";
import { LookMark } from "../control/look_mark.tsx";
import { Told } from "../control/told.tsx";
import type { FieldControl } from "../form/controls.ts";
import { useBlobs } from "../live/blobs.ts";
import { send } from "../live/ledger.ts";
import { path } from "../live/rest.ts";
import { newestTravel } from "../live/travel.ts";
import { Ago } from "../parts/age.tsx";
import { CAMERA } from "../words/faces.ts";
import { inWords, wholeMomentOf } from "../words/format.ts";
import type { FaceProps } from "./mod.ts";
import type { CameraParts } from "./shapes/camera.ts";

type Props = FaceProps<CameraParts>;
type Around = Omit<Props, "parts" | "kind">;

export default function Camera({ parts, kind, ...around }: Props) {
  const { device, ledger, situation } = around;
  const newest = useBlobs(device.id).find(({ mime }) => ["image/jpeg", "image/png"].includes(mime));
  const isCovered = parts.covered !== undefined && device.reported?.[parts.covered.field.name] === true;
  const travel = newestTravel(ledger, [parts.snapshot.name]);
  const isAsked = travel !== null && !travel.record?.finishedAt && !travel.ask?.fault;
  return (
    <section className="control face" aria-label={kind.title}>
      <figure className="shot" data-covered={isCovered} data-asked={isAsked}>
        {newest
          ? (
            <img
              key={newest.id}
              src={path.blob(device.id, newest.id)}
              alt={CAMERA.picture(wholeMomentOf(newest.at))}
              className="live"
            />
          )
          : <p>{CAMERA.none}</p>}
        <figcaption>
          {isCovered && (
            <span>
              <EyeOff size={14} aria-hidden="true" /> {CAMERA.covered}
            </span>
          )}
          {isAsked ? <span>{CAMERA.asking}</span> : newest && <Ago at={newest.at} />}
        </figcaption>
      </figure>
      <div className="face-buttons">
        <Press
          command={parts.snapshot}
          kind={kind}
          device={device}
          situation={situation}
          isPlain
          className="button primary"
        >
          <Shutter size={16} aria-hidden="true" />
        </Press>
      </div>
      <Roads commands={[parts.snapshot]} {...around} />
      {parts.look && <Turn look={parts.look} {...around} />}
      {parts.covered && <Covered control={parts.covered} {...around} />}
    </section>
  );
}

function Covered({ control, ...around }: Around & { control: FieldControl }) {
  const asking = useAsking(control, around);
  return (
    <div className="face-part">
      <header>
        <h2 className="heading">{asking.field.title}</h2>
        <LookMark look={asking.look} />
      </header>
      <Picker
        field={asking.field}
        value={asking.reported}
        pending={asking.pending}
        look={asking.look}
        why={asking.why}
        onPick={asking.pick}
      />
      <Told asking={asking} device={around.device} situation={around.situation} />
    </div>
  );
}

interface Gaze {
  pan: number;
  tilt: number;
}

/** Degrees of one press; only where it is to look in the end is sent. */
const STEP = 10;

function Turn({ look, ...around }: Around & { look: NonNullable<CameraParts["look"]> }) {
  const { device, ledger, situation } = around;
  const { command, pan, tilt } = look;
  const why = whyNot(situation, command);
  const draft = useDraft<Gaze>(
    why,
    (gaze) => void send({ device: device.id, name: command.name, params: { ...gaze } }),
  );
  const travel = newestTravel(ledger, [command.name]);
  const isMoving = travel !== null && !travel.record?.finishedAt && !travel.ask?.fault;
  const asked = isMoving ? (travel.record ?? travel.ask)!.params as unknown as Gaze : null;
  const reported: Gaze = { pan: Number(device.reported?.pan ?? 0), tilt: Number(device.reported?.tilt ?? 0) };
  const gaze = draft.value ?? asked ?? reported;
  const turn = (by: Gaze) =>
    draft.soon({
      pan: Math.min(pan.max!, Math.max(pan.min!, gaze.pan + by.pan)),
      tilt: Math.min(tilt.max!, Math.max(tilt.min!, gaze.tilt + by.tilt)),
    });
  const ways = [
    { label: CAMERA.turn.up, by: { pan: 0, tilt: STEP }, Icon: ArrowUp },
    { label: CAMERA.turn.left, by: { pan: -STEP, tilt: 0 }, Icon: ArrowLeft },
    { label: CAMERA.turn.ahead, by: null, Icon: Crosshair },
    { label: CAMERA.turn.right, by: { pan: STEP, tilt: 0 }, Icon: ArrowRight },
    { label: CAMERA.turn.down, by: { pan: 0, tilt: -STEP }, Icon: ArrowDown },
  ];
  return (
    <div className="face-part turn">
      <div className="turn-pad" role="group" aria-label={command.title}>
        {ways.map(({ label, by, Icon }) => (
          <button
            key={label}
            type="button"
            className="button"
            aria-label={label}
            title={why ?? label}
            disabled={why !== null}
            onClick={() => by ? turn(by) : draft.now({ pan: 0, tilt: 0 })}
          >
            <Icon size={16} aria-hidden="true" />
          </button>
        ))}
      </div>
      <dl className="figures" data-asked={asked !== null || draft.value !== null}>
        {[{ field: pan, at: gaze.pan }, { field: tilt, at: gaze.tilt }].map(({ field, at }) => (
          <div key={field.name}>
            <dt>{field.title}</dt>
            <dd className="live">{inWords(at, field)}</dd>
          </div>
        ))}
      </dl>
      <div className="turn-told">
        <Roads commands={[command]} {...around} />
      </div>
    </div>
  );
}
