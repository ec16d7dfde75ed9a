/** What a job would do now, before it does: who gets it, who does not and why; then one press starts it [J11]. */
import { useEffect, useRef, useState } from "react";
import type { JobView } from "../../../protocol/job.ts";
import type { CommandModel } from "../../form/controls.ts";
import { faultOf } from "../../live/fault.ts";
import { startJob } from "../../live/jobs.ts";
import { randomId } from "../../live/random.ts";
import { isTyped, TypeToGoOn } from "../../parts/type_to_go_on.tsx";
import { durationOf } from "../../words/format.ts";
import { MANY, toWhom, trialInWords, turnsTake, wouldStop } from "../../words/job.ts";
import { paramsInWords } from "../../words/params.ts";
import { refusalInWords } from "../../words/road.ts";
import type { Tried } from "./new_job.tsx";
import { Say } from "../../parts/say.tsx";
import { DO } from "../../words/common.ts";
import { TRIAL } from "../../words/list.ts";

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
      // What was seen and typed is what it is for: not whoever came or went since [J16].
      onStarted(await startJob({ ...job, ...(job.query !== undefined && { expect: total }) }, key.current));
    } catch (thrown) {
      const fault = faultOf(thrown);
      setRefusal(fault.code === "conflict" && job.query !== undefined ? TRIAL.moved : refusalInWords(fault));
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
          <Say text={TRIAL.to} with={{ whom: <code>{toWhom(trial)}</code> }} />
        </p>
        <ul>
          <li className="first">{first}</li>
          {others.map((line) => <li key={line}>{line}</li>)}
        </ul>
        {trial.counts.waiting > 0 && wouldStop(trial) && (
          <p className="problem">
            {TRIAL.wouldStop(trial.stopAt)}
          </p>
        )}
        <p className="hint">
          {job.canary !== undefined && TRIAL.first(Math.min(job.canary, total))}
          {turnsTake(trial) > 1 && TRIAL.takes(durationOf(Math.ceil(turnsTake(trial))))}
          {TRIAL.fixed}
        </p>
      </div>
      {isAsked && <TypeToGoOn word={String(total)} meaning={TRIAL.number} value={typed} onText={setTyped} />}
      {refusal && <p className="problem mb-4" role="alert">{refusal}</p>}
      <div className="dialog-foot">
        <button ref={back} type="button" className="button" onClick={onBack}>{DO.back}</button>
        <button
          type="button"
          className={command.danger === "none" ? "button primary" : "button danger"}
          disabled={isBusy || !isArmed || trial.counts.waiting === 0}
          onClick={() => void start()}
        >
          {TRIAL.start(total)}
        </button>
      </div>
    </>
  );
}
