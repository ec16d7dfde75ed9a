/** One control: what is reported, what was asked, and the road between. */
import { commandsOf, type Control, type FieldControl, type ReachControl, type Way } from "../form/controls.ts";
import type { FieldModel } from "../form/field.ts";
import { desire, type Ledger, send } from "../live/ledger.ts";
import { type Standing, standingOf } from "../live/standing.ts";
import { isReported, newestTravel, type Travel } from "../live/travel.ts";
import type { Shown } from "../live/watch.ts";
import { Ago } from "../parts/age.tsx";
import { tell } from "../parts/tell.tsx";
import { Written } from "../parts/written.tsx";
import { desiredInWords } from "../words/desired.ts";
import { refusalInWords } from "../words/road.ts";
import { faultOf } from "../live/fault.ts";
import { useState } from "react";
import { isReachable, saidOnce, type Situation, whyNot } from "./permit.ts";
import { Picker } from "./picker.tsx";
import { RoadOf } from "./road.tsx";
import { Whys } from "./whys.tsx";

interface Props<C extends Control> {
  control: C;
  device: Shown;
  ledger: Ledger;
  situation: Situation;
}

/** A field that takes a value: by its command, or, while nobody is there to take one, by what is desired. */
export function FieldCard({ control, device, ledger, situation }: Props<FieldControl>) {
  const { field, by, to } = control;
  const [problem, setProblem] = useState<string | null>(null);
  const travel = by ? newestTravel(ledger, commandsOf(control), by.fixed) : null;
  const byDesire = !by || (field.isDesirable && !isReachable(situation.presence));
  const why = whyNot(
    situation,
    byDesire
      ? { name: by?.command.name, role: by?.command.role ?? "operator", effect: "set", mayQueue: true }
      : by!.command,
  );
  const commands = byDesire ? [] : [by!.command, ...to.map(({ command }) => command)];
  const wish = async (value: unknown) => {
    try {
      await desire(device.id, { [field.name]: value });
      setProblem(null);
    } catch (thrown) {
      const sentence = refusalInWords(faultOf(thrown));
      setProblem(sentence);
      tell(`${field.title}: ${sentence}`);
    }
  };
  const pick = (value: unknown) =>
    byDesire
      ? void wish(value)
      : void send({ device: device.id, name: by!.command.name, params: { ...by!.fixed, [by!.param]: value } });
  const reported = device.reported?.[field.name];
  const wanted = wantedBy(control, travel);
  const isMoving = travel !== null && !travel.record?.finishedAt && !travel.ask?.fault;
  return (
    <Card field={field} device={device}>
      <Picker field={field} value={reported} pending={isMoving ? wanted : undefined} why={why} onPick={pick} />
      {to.length > 0 && !byDesire && <Ways to={to} device={device} situation={situation} />}
      {byDesire ? <WhyNot why={why} situation={situation} /> : <Whys commands={commands} situation={situation} />}
      {byDesire && why === null && by && (
        <p className="hint">It is away: this is kept as desired, and given to it when it comes back.</p>
      )}
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
      {travel && by && !byDesire && (
        <RoadOf
          key={travel.key}
          device={device.id}
          title={field.title}
          travel={travel}
          isReported={confirmation(travel, field, wanted, device)}
          why={why}
        />
      )}
      <Desired
        field={field}
        standing={standingOf(field.name, device)}
        isStopped={situation.isStopped}
        why={why}
        onClear={() => void wish(null)}
      />
    </Card>
  );
}

/** The value that was asked for: as a param, or as that to which the command leads. */
function wantedBy({ by, to }: FieldControl, travel: Travel | null): unknown {
  const asked = travel?.record ?? travel?.ask;
  return asked && asked.name === by?.command.name
    ? asked.params[by.param]
    : to.find(({ command }) => command.name === asked?.name)?.value;
}

const confirmation = ({ record }: Travel, { name }: FieldModel, wanted: unknown, device: Shown) =>
  isReported(record, { wanted, reported: device.reported?.[name], reportedAt: device.reportedAt?.[name] });

/** A field that commands lead to: what it is now, and a button to each place. Also to where it is: a report may be old. */
export function ReachCard({ control, device, ledger, situation }: Props<ReachControl>) {
  const { field, to } = control;
  const travel = newestTravel(ledger, commandsOf(control));
  const reached = to.find(({ command }) => command.name === (travel?.record ?? travel?.ask)?.name);
  return (
    <Card field={field} device={device}>
      <Ways to={to} device={device} situation={situation} />
      <Whys commands={to.map(({ command }) => command)} situation={situation} />
      {travel && reached && (
        <RoadOf
          key={travel.key}
          device={device.id}
          title={reached.command.title}
          travel={travel}
          isReported={confirmation(travel, field, reached.value, device)}
          why={whyNot(situation, reached.command)}
        />
      )}
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
  children?: React.ReactNode;
}

/** What is reported of a field, and below it how to change it, if that is possible. */
const Card = ({ field, device, children }: CardProps) => (
  <section className="control" aria-label={field.title}>
    <header>
      <h2 className="heading">{field.title}</h2>
      <Reported field={field} device={device} />
    </header>
    {children}
  </section>
);

/** What the device last said of a field, and when. */
function Reported({ field, device }: { field: FieldModel; device: Shown }) {
  const value = device.reported?.[field.name];
  const at = device.reportedAt?.[field.name];
  const isPast = !isReachable(device.presence ?? "new");
  return (
    <p className={isPast ? "reported stale live" : "reported live"}>
      {value === undefined ? <span className="text-ink3">not reported yet</span> : (
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
  <section className="control reported-only" aria-label="State">
    {fields.map((field) => (
      <header key={field.name}>
        <h2 className="heading">{field.title}</h2>
        <Reported field={field} device={device} />
      </header>
    ))}
  </section>
);

/** Said beside the control, unless it is said once for all of them. */
const WhyNot = ({ why, situation }: { why: string | null; situation: Situation }) =>
  why === null || why === saidOnce(situation) ? null : <p className="hint">{why}</p>;

interface DesiredProps {
  field: FieldModel;
  standing: Standing;
  isStopped: boolean;
  why: string | null;
  onClear(): void;
}

/** What the desired document says of the field, where that is worth a line [D8]. */
function Desired({ field, standing, isStopped, why, onClear }: DesiredProps) {
  const sentence = desiredInWords(field, standing, isStopped);
  if (sentence === null) return null;
  return (
    <div className="standing" data-state={standing.state}>
      <p>{sentence}</p>
      <button type="button" className="button small quiet" disabled={why !== null} onClick={onClear}>Let it go</button>
    </div>
  );
}
