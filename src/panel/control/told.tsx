/** What a control says of itself: why not, what went wrong, the road, and what is desired. */
import { useClock } from "../live/time.ts";
import { desiredInWords } from "../words/desired.ts";
import type { FieldModel } from "../form/field.ts";
import type { Standing } from "../live/standing.ts";
import type { Shown } from "../live/watch.ts";
import type { Asking } from "./asking.ts";
import { saidOnce, type Situation } from "./permit.ts";
import { LINGER, RoadOf } from "./road.tsx";
import { Whys } from "./whys.tsx";
import { KEPT_AS_DESIRED, LET_GO } from "../words/control.ts";

interface Props {
  asking: Asking;
  device: Shown;
  situation: Situation;
  /** Where it stands among others: the road says what it is about. */
  isTitled?: boolean;
}

export function Told({ asking, device, situation, isTitled }: Props) {
  const { field, byDesire, why, commands, travel, title, isConfirmed, standing, problem, letGo } = asking;
  return (
    <>
      {byDesire ? <WhyNot why={why} situation={situation} /> : <Whys commands={commands} situation={situation} />}
      {byDesire && asking.isPast && why === null && <p className="hint">{KEPT_AS_DESIRED}</p>}
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
      {travel && (
        <RoadOf
          key={travel.key}
          device={device}
          situation={situation}
          title={title}
          isTitled={isTitled}
          travel={travel}
          isReported={isConfirmed}
          why={why}
        />
      )}
      <Desired field={field} standing={standing} isStopped={situation.isStopped} why={why} onClear={letGo} />
    </>
  );
}

/** The roads of several controls in one place: the newest, and whatever else goes on or went wrong here. */
export function ToldAll({ askings, device, situation }: Omit<Props, "asking" | "isTitled"> & { askings: Asking[] }) {
  const newest = askings.reduce((latest, { travel }) => Math.max(latest, travel?.at ?? 0), 0);
  const isRecent = useClock((now) => now - newest <= LINGER);
  const isShown = ({ travel }: Asking) => {
    if (!travel) return false;
    const isOpen = !travel.record?.finishedAt && !travel.ask?.fault;
    return isOpen || travel.ask !== undefined || (isRecent && travel.at === newest);
  };
  const commands = askings.flatMap((asking) => [...asking.commands]);
  const wishes = askings.filter(({ byDesire }) => byDesire);
  const wishWhy = wishes.find(({ why }) => why !== null)?.why ?? null;
  return (
    <>
      <Whys commands={commands} situation={situation} />
      <WhyNot why={wishWhy} situation={situation} />
      {wishes.length > 0 && wishWhy === null && wishes[0].isPast && <p className="hint">{KEPT_AS_DESIRED}</p>}
      {askings.map(({ problem, field }) =>
        problem && <p key={field.name} className="problem" role="alert">{problem}</p>
      )}
      {askings.filter(isShown).map(({ travel, title, isConfirmed, why }) => (
        <RoadOf
          key={travel!.key}
          device={device}
          situation={situation}
          title={title}
          isTitled={askings.length > 1}
          travel={travel!}
          isReported={isConfirmed}
          why={why}
        />
      ))}
      {askings.map(({ field, standing, why, letGo }) => (
        <Desired
          key={field.name}
          field={field}
          standing={standing}
          isStopped={situation.isStopped}
          why={why}
          onClear={letGo}
        />
      ))}
    </>
  );
}

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
      <button type="button" className="button small quiet" disabled={why !== null} onClick={onClear}>{LET_GO}</button>
    </div>
  );
}
