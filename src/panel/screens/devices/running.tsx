/** How far an act on many devices is, and what became of it. */
import { useRef, useState } from "react";
import type { DeviceView } from "../../../protocol/record.ts";
import { forEach, type Progress, type Ran } from "../../live/each.ts";
import { faultOf } from "../../live/fault.ts";
import { tell } from "../../parts/tell.tsx";
import { RUNNING } from "../../words/list.ts";
import { refusalInWords } from "../../words/road.ts";

type Act = (device: DeviceView) => Promise<unknown>;

export type Run =
  | { state: "idle"; problem?: string }
  | { state: "finding" }
  | { state: "running"; progress: Progress }
  | { state: "done"; ran: Ran };

export interface Running {
  run: Run;
  begin(find: () => Promise<readonly DeviceView[]>, act: Act, done: (ran: Ran) => string): Promise<void>;
  stop(): void;
}

export function useRunning(): Running {
  const [run, setRun] = useState<Run>({ state: "idle" });
  const isStopped = useRef(false);
  const begin: Running["begin"] = async (find, act, done) => {
    isStopped.current = false;
    setRun({ state: "finding" });
    try {
      const devices = await find();
      const onProgress = (progress: Progress) => setRun({ state: "running", progress });
      onProgress({ done: 0, all: devices.length });
      const ran = await forEach(devices, act, onProgress, () => isStopped.current);
      setRun({ state: "done", ran });
      tell(done(ran));
    } catch (thrown) {
      setRun({ state: "idle", problem: refusalInWords(faultOf(thrown)) });
    }
  };
  return { run, begin, stop: () => void (isStopped.current = true) };
}

export const UnderWay = ({ run, onStop }: { run: Run; onStop(): void }) => (
  <>
    <p aria-live="off">
      {run.state === "running" ? RUNNING.progress(run.progress.done, run.progress.all) : RUNNING.finding}
    </p>
    {run.state === "running" && (
      <progress className="progress" max={run.progress.all} value={run.progress.done} aria-label={RUNNING.label} />
    )}
    <div className="dialog-foot mt-4">
      <button type="button" className="button" onClick={onStop}>{RUNNING.stop}</button>
    </div>
  </>
);

/** What did not go as it should. */
export const Rest = ({ ran: { failed, left } }: { ran: Ran }) => (
  <>
    {failed.length > 0 && (
      <p className="problem mt-2">{RUNNING.failed(failed.length, refusalInWords(failed[0].fault))}</p>
    )}
    {left > 0 && <p className="mt-2">{RUNNING.stopped(left)}</p>}
  </>
);
