/** What a job would do now, before it does: who gets it, who does not and why; then one press starts it [J11]. */
import { useEffect, useRef, useState } from "react";
import type { JobView } from "../../../protocol/job.ts";
import type { CommandModel } from "../../form/controls.ts";
import { faultOf } from "../../live/fault.ts";
import { startJob } from "../../live/jobs.ts";
import { randomId } from "../../live/random.ts";
import { isTyped, TypeToGoOn } from "../../parts/type_to_go_on.tsx";
import { countOf, durationOf } from "../../words/format.ts";
import { MANY, toWhom, trialInWords, turnsTake, wouldStop } from "../../words/job.ts";
import { paramsInWords } from "../../words/params.ts";
import { refusalInWords } from "../../words/road.ts";
import type { Tried } from "./new_job.tsx";

interface Props {
  tried: Tried;
  command: CommandModel;
  onBack(): void;
  onStarted(job: JobView): void;
}

export function StartJob({ tried: { job, trial }, command, onBack, onStarted }: Props) {
  const back = useRef<HTMLButtonElement>(null);
  const key = useRef(randomId());
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => back.current?.focus(), []);
  const [first, ...others] = trialInWords(trial);
  const { total } = trial;
  const isAsked = command.danger === "type" || total > MANY;
  const isArmed = !isAsked || isTyped(String(total), typed);
  const start = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      onStarted(await startJob(job, key.current));
    } catch (thrown) {
      setRefusal(refusalInWords(faultOf(thrown)));
      setBusy(false);
    }
  };
  const given = paramsInWords(trial.params, command.params);
  return (
    <>
      <div className="trial">
        <p>
          <b>{command.title}</b>
          {given !== "" && <span>{` · ${given}`}</span>}
        </p>
        <p>
          To <code>{toWhom(trial)}</code>
        </p>
        <ul>
          <li className="first">{first}</li>
          {others.map((line) => <li key={line}>{line}</li>)}
        </ul>
        {trial.counts.waiting > 0 && wouldStop(trial) && (
          <p className="problem">
            {`More than ${Math.round(trial.stopAt * 100)} % would fail now, so it would stop on the way.`}
          </p>
        )}
        <p className="hint">
          {job.canary !== undefined && `${countOf(Math.min(job.canary, total), "device goes", "devices go")} first. `}
          {turnsTake(trial) > 1 && `The turns take about ${durationOf(Math.ceil(turnsTake(trial)))}. `}
          The list of devices is fixed when it starts.
        </p>
      </div>
      {isAsked && <TypeToGoOn word={String(total)} meaning="the number of devices" value={typed} onText={setTyped} />}
      {refusal && <p className="problem mb-4" role="alert">{refusal}</p>}
      <div className="dialog-foot">
        <button ref={back} type="button" className="button" onClick={onBack}>Back</button>
        <button
          type="button"
          className={command.danger === "none" ? "button primary" : "button danger"}
          disabled={isBusy || !isArmed || trial.counts.waiting === 0}
          onClick={() => void start()}
        >
          {`Start: ${countOf(total, "device", "devices")}`}
        </button>
      </div>
    </>
  );
}
