/** Everything that can be asked of a device: its face where it has one, and the rest in the order of its kind. */
import { SlidersHorizontal } from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import type { KindDocument } from "../../kind/schema.ts";
import { faceOf } from "../faces/mod.ts";
import { isDrawn } from "../faces/shape.ts";
import { type CommandControl, controlsOf, forDevice, reportedOnly } from "../form/controls.ts";
import type { Ledger } from "../live/ledger.ts";
import type { Shown } from "../live/watch.ts";
import { ALL_CONTROLS } from "../words/control.ts";
import { Actions } from "./actions.tsx";
import { FieldCard, ReachCard, ReportedOnly } from "./control.tsx";
import { Lease } from "./lease.tsx";
import { saidAbove } from "./permit.ts";
import { useSituation } from "./situation.ts";

interface Props {
  kind: KindDocument;
  device: Shown;
  ledger: Ledger;
}

export function Controls({ kind, device, ledger }: Props) {
  const all = useMemo(() => controlsOf(kind), [kind]);
  const controls = forDevice(all, device.reported);
  const situation = useSituation(kind, device);
  const above = saidAbove(situation);
  const [isAll, setAll] = useState(false);
  const face = faceOf(kind, controls);
  const isLeft = isAll || !face ? () => true : (control: typeof controls[number]) => !isDrawn(face.drawn, control);
  const left = controls.filter(isLeft);
  const shared = { kind, device, ledger, situation };
  const actions = left.filter((control): control is CommandControl => control.sort === "command");
  const toldOnly = reportedOnly(kind, left, device.reported)
    .filter(({ name }) => isAll || !face?.drawn.has(`field:${name}`));
  return (
    <div className="controls" data-wide={face?.isWide}>
      {situation.driver && <Lease device={device} driver={situation.driver} situation={situation} />}
      {above !== null && <p className="said-once">{above}</p>}
      {face && !isAll && (
        <Suspense fallback={<div className="control face-space" />}>
          <face.Drawn {...shared} parts={face.parts as never} />
        </Suspense>
      )}
      {left.map((control) => {
        switch (control.sort) {
          case "field":
            return <FieldCard key={control.field.name} control={control} {...shared} />;
          case "reach":
            return <ReachCard key={control.field.name} control={control} {...shared} />;
          case "command":
            return null;
        }
      })}
      {toldOnly.length > 0 && <ReportedOnly fields={toldOnly} device={device} />}
      {actions.length > 0 && <Actions controls={actions} {...shared} />}
      {face && (
        <div className="control all-controls">
          <button type="button" className="button quiet small" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
            <SlidersHorizontal size={14} aria-hidden="true" />
            {ALL_CONTROLS}
          </button>
        </div>
      )}
    </div>
  );
}
