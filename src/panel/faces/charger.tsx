/** A charger: what goes on at its cable, how much went through it, and how much may. */
import { BatteryCharging, Play, Plug, PlugZap, Square } from "lucide-react";
import { useAsking } from "../control/asking.ts";
import { Press } from "../control/press.tsx";
import { Roads } from "../control/roads.tsx";
import { Slider } from "../control/slider.tsx";
import { Told } from "../control/told.tsx";
import type { FieldModel } from "../form/field.ts";
import { Ago } from "../parts/age.tsx";
import { CHARGER } from "../words/faces.ts";
import { inWords } from "../words/format.ts";
import type { FaceProps } from "./mod.ts";
import type { ChargerParts } from "./shapes/charger.ts";

export default function Charger({ parts, kind, ...around }: FaceProps<ChargerParts>) {
  const { device, situation } = around;
  const limit = useAsking(parts.limit, around);
  const session = device.reported?.[parts.session.name];
  const at = device.reportedAt?.[parts.session.name];
  const isCharging = session === "charging";
  const told = (field: FieldModel | undefined) => field && device.telemetry?.[field.name];
  const battery = told(parts.battery)?.value;
  const commands = [parts.start, parts.stop].filter((command) => command !== undefined);
  return (
    <section className="control face" aria-label={parts.session.title}>
      <div className="charger-face live" data-charging={isCharging} data-past={limit.isPast}>
        <span className="charger-disc">
          {isCharging
            ? <PlugZap size={40} strokeWidth={1.75} aria-hidden="true" />
            : <Plug size={40} strokeWidth={1.75} aria-hidden="true" />}
        </span>
        <div>
          <h2 className="hint">{parts.session.title}</h2>
          <p className="lock-word">{session === undefined ? CHARGER.none : inWords(session, parts.session)}</p>
          <p className="hint">{at !== undefined && <Ago at={at} />}</p>
        </div>
      </div>
      <dl className="figures">
        {[parts.power, parts.energy].map((field) =>
          field && (
            <div key={field.name}>
              <dt>{field.title}</dt>
              <dd className="live">{inWords(told(field)?.value, field)}</dd>
            </div>
          )
        )}
      </dl>
      {typeof battery === "number" && (
        <div className="charge">
          <span>
            <BatteryCharging size={14} aria-hidden="true" /> {parts.battery!.title}
          </span>
          <b className="live">{inWords(battery, parts.battery!)}</b>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" className="live">
            <rect className="charge-all" width="100" height="6" />
            <rect className="charge-now" width={battery} height="6" />
          </svg>
        </div>
      )}
      <Slider
        field={limit.field}
        reported={limit.reported}
        pending={limit.pending}
        look={limit.look}
        why={limit.why}
        onPick={limit.pick}
      />
      <Told asking={limit} device={device} situation={situation} isTitled />
      <div className="face-buttons">
        {parts.start && (
          <Press command={parts.start} kind={kind} device={device} situation={situation} isPlain>
            <Play size={14} fill="currentColor" aria-hidden="true" />
          </Press>
        )}
        {parts.stop && (
          <Press command={parts.stop} kind={kind} device={device} situation={situation}>
            <Square size={12} fill="currentColor" aria-hidden="true" />
          </Press>
        )}
      </div>
      <Roads commands={commands} {...around} />
    </section>
  );
}
