/** Select before operate: what would happen is shown, and holds for ten seconds [C22, C23]. */
import { useEffect, useRef, useState } from "react";
import type { SelectionView } from "../../protocol/record.ts";
import type { KindDocument } from "../../kind/schema.ts";
import type { CommandModel } from "../form/controls.ts";
import { type FieldModel, fieldOf, propertiesOf } from "../form/field.ts";
import type { Filled } from "../form/params.ts";
import { hub } from "../live/connection.ts";
import { faultOf, type HubFault } from "../live/fault.ts";
import { send } from "../live/ledger.ts";
import { useClock } from "../live/time.ts";
import type { Shown } from "../live/watch.ts";
import { Ago } from "../parts/age.tsx";
import { PresenceMark } from "../parts/presence.tsx";
import { tell } from "../parts/tell.tsx";
import { Written } from "../parts/written.tsx";
import { inWords } from "../words/format.ts";
import { refusalInWords } from "../words/road.ts";
import { Say } from "../parts/say.tsx";
import { DO } from "../words/common.ts";
import { NOT_REPORTED, SELECT } from "../words/control.ts";

interface Props {
  command: CommandModel;
  device: Shown;
  kind: KindDocument;
  given: Filled;
  /** Why it cannot be sent now, whatever was selected before. */
  why: string | null;
  onBack(): void;
  onClose(): void;
}

type Selecting = { state: "asking" } | { state: "selected"; view: SelectionView } | {
  state: "refused";
  fault: HubFault;
};

export function SelectStep({ command, device, kind, given, why, onBack, onClose }: Props) {
  const [now, setNow] = useState<Selecting>({ state: "asking" });
  const back = useRef<HTMLButtonElement>(null);
  const { name, title } = command;
  const select = async () => {
    setNow({ state: "asking" });
    try {
      const view = await hub.request<SelectionView>("select", { device: device.id, name, params: given.params });
      setNow({ state: "selected", view });
      tell(SELECT.selected);
    } catch (thrown) {
      setNow({ state: "refused", fault: faultOf(thrown) });
    }
  };
  useEffect(() => {
    back.current?.focus();
    void select();
  }, []);
  const left = useSecondsLeft(now);
  const isOver = left === 0;
  const operate = () => {
    if (now.state !== "selected") return;
    void send({ device: device.id, name, ...given, select: now.view.select });
    onClose();
  };
  return (
    <>
      <Preview command={command} device={device} kind={kind} given={given} now={now} />
      <div className="select-left" data-over={isOver}>
        {now.state === "asking" && <p>{SELECT.asking}</p>}
        {now.state === "refused" && <p className="problem" role="alert">{selectRefusal(now.fault)}</p>}
        {now.state === "selected" &&
          (isOver ? <p role="alert">{SELECT.over}</p> : (
            <p role="timer">
              <Say text={SELECT.left} with={{ left: <b>{left} s</b> }} />
            </p>
          ))}
        {why !== null && <p className="problem">{why}</p>}
      </div>
      <div className="dialog-foot">
        <button ref={back} type="button" className="button" onClick={onBack}>{DO.back}</button>
        {now.state === "refused" || isOver
          ? (
            <button type="button" className="button primary" disabled={why !== null} onClick={() => void select()}>
              {SELECT.again}
            </button>
          )
          : (
            <button
              type="button"
              className="button danger"
              disabled={now.state !== "selected" || why !== null}
              onClick={operate}
            >
              {title}
            </button>
          )}
      </div>
    </>
  );
}

/** Null while nothing is selected. */
const useSecondsLeft = (selecting: Selecting): number | null =>
  useClock((now) =>
    selecting.state === "selected" ? Math.max(0, Math.ceil((selecting.view.expiresAt - now) / 1000)) : null
  );

function Preview({ command, device, kind, given, now }: Pick<Props, "command" | "device" | "kind" | "given"> & {
  now: Selecting;
}) {
  const view = now.state === "selected" ? now.view : null;
  const confirms = view?.preview.confirms;
  const field = confirms && fieldOf(confirms.field, propertiesOf(kind.properties.state)[confirms.field] ?? {});
  const value = field && device.reported?.[field.name];
  const at = field && device.reportedAt?.[field.name];
  const doesConfirm = kind.commands[command.name]?.confirms !== undefined;
  return (
    <dl className="preview">
      <div>
        <dt>{SELECT.what}</dt>
        <dd>
          <b>{command.title}</b>
          <span>{paramsInWords(command.params, given)}</span>
        </dd>
      </div>
      <div>
        <dt>{SELECT.device}</dt>
        <dd>
          <PresenceMark presence={device.presence ?? "new"} />
        </dd>
      </div>
      {doesConfirm && (
        <>
          <div>
            <dt>{SELECT.now(field?.title)}</dt>
            <dd>
              {field && (value === undefined ? NOT_REPORTED : (
                <>
                  <Written value={value} field={field} />
                  {at !== undefined && <Ago at={at} className="text-ink3" />}
                </>
              ))}
              {field && confirms!.is !== null && JSON.stringify(value) !== JSON.stringify(confirms!.is) && (
                <span className="text-suspect">{SELECT.changed}</span>
              )}
            </dd>
          </div>
          <div>
            <dt>{SELECT.afterwards}</dt>
            <dd>{field && <b>{inWords(confirms!.becomes, field)}</b>}</dd>
          </div>
        </>
      )}
    </dl>
  );
}

function paramsInWords(fields: readonly FieldModel[], { params, secrets }: Filled): string {
  const shown = fields.filter(({ name }) => params[name] !== undefined && !secrets.includes(name));
  return shown.map((field) => `${field.title} ${inWords(params[field.name], field)}`).join(", ");
}

/** [C23] Of the two conflicts that there can be here, this one is about somebody else. */
const selectRefusal = (fault: HubFault): string => fault.code === "conflict" ? SELECT.taken : refusalInWords(fault);
