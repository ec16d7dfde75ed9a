/** A thermostat: the target on a dial, what is measured beside it, and the mode. */
import { useAsking } from "../control/asking.ts";
import { Picker } from "../control/picker.tsx";
import { LookMark } from "../control/look_mark.tsx";
import { Told, ToldAll } from "../control/told.tsx";
import type { FieldControl } from "../form/controls.ts";
import { Ago } from "../parts/age.tsx";
import { inWords } from "../words/format.ts";
import { Dial } from "./dial.tsx";
import type { FaceProps } from "./mod.ts";
import type { ThermostatParts } from "./shapes/thermostat.ts";

export default function Thermostat({ parts, kind: _, ...around }: FaceProps<ThermostatParts>) {
  const { device, situation } = around;
  const { measured, action, mode } = parts;
  const target = useAsking(parts.target, around);
  const told = device.telemetry?.[measured.name];
  const acts = action && device.telemetry?.[action.name]?.value;
  return (
    <>
      <section className="control face" aria-label={target.field.title}>
        <header>
          <h2 className="heading">{target.field.title}</h2>
          <LookMark look={target.look} />
        </header>
        <Dial
          field={target.field}
          reported={target.reported}
          pending={target.pending}
          measured={told?.value}
          look={target.look}
          why={target.why}
          isPast={target.isPast}
          onPick={target.pick}
        >
          <span className="dial-measured live">
            {measured.title} <b>{inWords(told?.value, measured)}</b>
          </span>
          <span className="dial-act live">
            {acts !== undefined && <span data-act={String(acts)}>{inWords(acts, action!)}</span>}
            {told && <Ago at={told.at} />}
          </span>
        </Dial>
        <Told asking={target} device={device} situation={situation} />
      </section>
      {mode && <Mode control={mode} {...around} />}
    </>
  );
}

function Mode({ control, ...around }: { control: FieldControl } & Omit<FaceProps<never>, "kind" | "parts">) {
  const mode = useAsking(control, around);
  return (
    <section className="control" aria-label={mode.field.title} data-look={mode.look}>
      <header>
        <h2 className="heading">{mode.field.title}</h2>
        <LookMark look={mode.look} />
      </header>
      <Picker
        field={mode.field}
        value={mode.reported}
        pending={mode.pending}
        look={mode.look}
        why={mode.why}
        onPick={mode.pick}
      />
      <ToldAll askings={[mode]} device={around.device} situation={around.situation} />
    </section>
  );
}
