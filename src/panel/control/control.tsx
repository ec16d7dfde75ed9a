/** One control: what is reported, what was asked, and the road between. */
import type { Control, FieldControl, ReachControl, Way } from "../form/controls.ts";
import type { FieldModel } from "../form/field.ts";
import { send } from "../live/ledger.ts";
import type { Shown } from "../live/watch.ts";
import { Ago } from "../parts/age.tsx";
import { Written } from "../parts/written.tsx";
import { NOT_REPORTED, STATE } from "../words/control.ts";
import type { Look } from "../words/look.ts";
import { type Around, useAsking, useReaching } from "./asking.ts";
import { isReachable, type Situation, whyNot } from "./permit.ts";
import { Picker } from "./picker.tsx";
import { LookMark } from "./look_mark.tsx";
import { Told } from "./told.tsx";

type Props<C extends Control> = Around & { control: C };

/** A field that takes a value: by its command, or, while nobody is there to take one, by what is desired. */
export function FieldCard({ control, ...around }: Props<FieldControl>) {
  const { device, situation } = around;
  const asking = useAsking(control, around);
  const { field, reported, pending, look, why, byDesire, pick } = asking;
  return (
    <Card field={field} device={device} look={look}>
      <Picker field={field} value={reported} pending={pending} look={look} why={why} onPick={pick} />
      {control.to.length > 0 && !byDesire && <Ways to={control.to} device={device} situation={situation} />}
      <Told asking={asking} device={device} situation={situation} />
    </Card>
  );
}

/** A field that commands lead to: what it is now, and a button to each place. Also to where it is: a report may be old. */
export function ReachCard({ control, ...around }: Props<ReachControl>) {
  const { device, situation } = around;
  const asking = useReaching(control, around);
  return (
    <Card field={control.field} device={device} look={asking.look}>
      <Ways to={control.to} device={device} situation={situation} />
      <Told asking={asking} device={device} situation={situation} />
    </Card>
  );
}

type WaysProps = { to: Way[]; device: Shown; situation: Situation };

/** A button to each place that a command leads to. */
const Ways = ({ to, device, situation }: WaysProps) => (
  <div className="mt-2 flex flex-wrap gap-2">
    {to.map(({ command }) => (
      <button
        key={command.name}
        type="button"
        className="button"
        disabled={whyNot(situation, command) !== null}
        title={whyNot(situation, command) ?? command.description}
        onClick={() => void send({ device: device.id, name: command.name, params: {} })}
      >
        {command.title}
      </button>
    ))}
  </div>
);

interface CardProps {
  field: FieldModel;
  device: Shown;
  look?: Look;
  children?: React.ReactNode;
}

/** What is reported of a field, and below it how to change it, if that is possible. */
const Card = ({ field, device, look = "settled", children }: CardProps) => (
  <section className="control" aria-label={field.title} data-look={look}>
    <header>
      <h2 className="heading">{field.title}</h2>
      <LookMark look={look} />
      <Reported field={field} device={device} />
    </header>
    {children}
  </section>
);

/** What the device last said of a field, and when. */
export function Reported({ field, device }: { field: FieldModel; device: Shown }) {
  const value = device.reported?.[field.name];
  const at = device.reportedAt?.[field.name];
  const isPast = !isReachable(device.presence ?? "new");
  return (
    <p className={isPast ? "reported stale live" : "reported live"}>
      {value === undefined ? <span className="text-ink3">{NOT_REPORTED}</span> : (
        <>
          <b>
            <Written value={value} field={field} />
          </b>
          {at !== undefined && <Ago at={at} className="age" />}
        </>
      )}
    </p>
  );
}

/** State that nobody can ask for. */
export const ReportedOnly = ({ fields, device }: { fields: FieldModel[]; device: Shown }) => (
  <section className="control reported-only" aria-label={STATE}>
    {fields.map((field) => (
      <header key={field.name}>
        <h2 className="heading">{field.title}</h2>
        <Reported field={field} device={device} />
      </header>
    ))}
  </section>
);
