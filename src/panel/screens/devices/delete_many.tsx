/** Many devices are deleted: named or counted, asked once, and gone for good. */
import { useEffect, useRef, useState } from "react";
import type { DeviceView } from "../../../protocol/record.ts";
import { devicesFound } from "../../live/export.ts";
import { faultOf } from "../../live/fault.ts";
import { path, rest } from "../../live/rest.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { isTyped, TypeToGoOn } from "../../parts/type_to_go_on.tsx";
import { MANY } from "../../words/job.ts";
import { DELETING, RUNNING } from "../../words/list.ts";
import { refusalInWords } from "../../words/road.ts";
import { Rest, UnderWay, useRunning } from "./running.tsx";
import type { Meant } from "../../live/kind_counts.ts";

const NAMED = 8;

interface Props {
  meant: Meant;
  onClose(): void;
  /** Some are gone. */
  onDone(): void;
}

export default function DeleteMany({ meant, onClose, onDone }: Props) {
  const [devices, setDevices] = useState<readonly DeviceView[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const { run, begin, stop } = useRunning();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Whom it is about is settled here, and told: what comes to be found later is not deleted with them.
    devicesFound(meant.queries).then(
      ({ devices }) => setDevices(devices),
      (thrown) => setProblem(refusalInWords(faultOf(thrown))),
    );
    cancel.current?.focus();
  }, []);
  const total = devices?.length ?? meant.total;
  const isArmed = devices !== null && total > 0 && (total <= MANY || isTyped(String(total), typed));
  const remove = () =>
    begin(
      () => Promise.resolve(devices!),
      ({ id }) => rest("DELETE", path.device(id)),
      ({ done }) => DELETING.done(done.length),
    ).then(onDone);
  const isUnderWay = run.state === "finding" || run.state === "running";
  return (
    <Dialog title={DELETING.title(total)} onClose={isUnderWay ? stop : onClose}>
      {run.state === "idle" && (
        <>
          {devices && (
            <p className="mb-2 break-words font-medium">
              {devices.slice(0, NAMED).map(({ name }) => name).join(", ")}
              {total > NAMED && ` ${DELETING.others(total - NAMED)}`}
            </p>
          )}
          <p className="mb-4 text-ink2">{DELETING.what}</p>
          {devices && total > MANY && (
            <TypeToGoOn word={String(total)} meaning={RUNNING.number} value={typed} onText={setTyped} />
          )}
          {(problem ?? run.problem) && <p className="problem mb-4" role="alert">{problem ?? run.problem}</p>}
          <div className="dialog-foot">
            <button ref={cancel} type="button" className="button" onClick={onClose}>{RUNNING.cancel}</button>
            <button type="button" className="button danger" disabled={!isArmed} onClick={() => void remove()}>
              {DELETING.go(total)}
            </button>
          </div>
        </>
      )}
      {isUnderWay && <UnderWay run={run} onStop={stop} />}
      {run.state === "done" && (
        <>
          <p>{DELETING.done(run.ran.done.length)}</p>
          <Rest ran={run.ran} />
          <div className="dialog-foot mt-4">
            <button type="button" className="button primary" onClick={onClose}>{RUNNING.close}</button>
          </div>
        </>
      )}
    </Dialog>
  );
}
