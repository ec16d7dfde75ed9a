/** One command to all that is looked for or chosen: chosen, held against them as they are now, and then started [J]. */
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useMemo, useState } from "react";
import type { JobTrial } from "../../../protocol/job.ts";
import { FieldInput } from "../../control/field_input.tsx";
import { sharedCommands } from "../../form/bulk.ts";
import { readParams } from "../../form/params.ts";
import { faultOf } from "../../live/fault.ts";
import { type NewJob as Job, tryJob } from "../../live/jobs.ts";
import { type Meant, useCounted, withKind } from "../../live/kind_counts.ts";
import { useKinds } from "../../live/kinds.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { refusalInWords } from "../../words/road.ts";
import { StartJob } from "./start_job.tsx";
import { DO } from "../../words/common.ts";
import { NEW_JOB } from "../../words/list.ts";
import { fromTo } from "../../words/control.ts";

interface Props {
  meant: Meant;
  onClose(): void;
}

export interface Tried {
  job: Job;
  trial: JobTrial;
}

export default function NewJob({ meant, onClose }: Props) {
  const { queries: [q], total, ids, isFixed } = meant;
  const kinds = useKinds();
  const counted = useCounted(meant, kinds);
  const counts = counted?.counts;
  const navigate = useNavigate();
  const [kind, setKind] = useState("");
  const [name, setName] = useState("");
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const chosen = useMemo(
    () => (counts ?? []).filter((one) => kind === "" || one.kind.kind === kind),
    [counts, kind],
  );
  const commands = useMemo(() => sharedCommands(chosen), [chosen]);
  const devices = chosen.reduce((sum, { devices }) => sum + devices, 0);
  const shared = commands.find(({ command }) => command.name === name);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!shared) return setProblems({ command: NEW_JOB.choose });
    const form = new FormData(event.currentTarget);
    const read = readParams(shared.command.params, form);
    const care = readCare(form);
    setProblems({ ...(!read.ok && read.problems), ...(!care.ok && care.problems) });
    if (!read.ok || !care.ok) return;
    // Only to devices that have it: the others would count as failures, and might stop it.
    const isShared = kind === "" && shared.devices === devices;
    const { kindOf } = counted!;
    const named = ids ?? (isFixed ? [...kindOf.keys()] : undefined);
    const whom = named
      ? { devices: named.filter((id) => shared.kinds.includes(kindOf.get(id) ?? "")) }
      : { query: isShared ? q || "id:*" : withKind(q, ...shared.kinds) };
    const job = { ...whom, name: shared.command.name, params: read.value.params, ...care.value };
    setBusy(true);
    setRefusal(null);
    try {
      setTried({ job, trial: await tryJob(job) });
    } catch (thrown) {
      setRefusal(refusalInWords(faultOf(thrown)));
    }
    setBusy(false);
  };
  return (
    <Dialog title={NEW_JOB.title(total)} onClose={onClose}>
      {tried && shared && (
        <StartJob
          tried={tried}
          command={shared.command}
          onBack={() => setTried(null)}
          onStarted={({ id }) => void navigate({ to: "/jobs/$job", params: { job: id } })}
        />
      )}
      <form onSubmit={(event) => void submit(event)} noValidate hidden={tried !== null}>
        <div className="mb-4">
          <label className="label" htmlFor="job-kind">{NEW_JOB.devices}</label>
          <select id="job-kind" className="input" value={kind} onChange={({ target }) => setKind(target.value)}>
            <option value="">{counts ? NEW_JOB.all(total) : NEW_JOB.counting}</option>
            {counts && counts.length > 1 && counts.map(({ kind, devices }) => (
              <option key={kind.kind} value={kind.kind}>
                {NEW_JOB.some(kind.title, devices)}
              </option>
            ))}
          </select>
        </div>
        <div className="mb-4">
          <label className="label" htmlFor="job-command">{NEW_JOB.command}</label>
          <select
            id="job-command"
            className="input"
            value={shared?.command.name ?? ""}
            aria-invalid={problems.command !== undefined}
            aria-describedby="job-command-about"
            onChange={({ target }) => {
              setName(target.value);
              setProblems({});
            }}
          >
            <option value="" />
            {commands.map(({ command, devices: having }) => (
              <option key={command.name} value={command.name}>
                {command.title}
                {having < devices && NEW_JOB.having(having, devices)}
              </option>
            ))}
          </select>
          <p id="job-command-about" className={problems.command ? "problem mt-1" : "hint"}>
            {problems.command ?? (shared?.isMixed ? NEW_JOB.mixed : shared?.command.description)}
          </p>
        </div>
        <div key={`${kind} ${shared?.command.name}`}>
          {shared?.command.params.map((field) => (
            <FieldInput key={field.name} field={field} problem={problems[field.name]} />
          ))}
        </div>
        <fieldset className="care">
          <legend className="label">{NEW_JOB.carefully}</legend>
          {CARE.map(({ name, label, start, hint }) => (
            <div key={name}>
              <label className="hint" htmlFor={`job-${name}`}>{label}</label>
              <input
                id={`job-${name}`}
                name={name}
                className="input"
                inputMode="decimal"
                autoComplete="off"
                defaultValue={start}
                aria-invalid={problems[name] !== undefined}
                aria-describedby={`job-${name}-hint`}
              />
              <p id={`job-${name}-hint`} className={problems[name] ? "problem" : "hint"}>{problems[name] ?? hint}</p>
            </div>
          ))}
        </fieldset>
        {refusal && <p className="problem mt-3" role="alert">{refusal}</p>}
        <div className="dialog-foot mt-4">
          <button type="button" className="button" onClick={onClose}>{DO.cancel}</button>
          <button type="submit" className="button primary" disabled={isBusy || !counts}>{NEW_JOB.see}</button>
        </div>
      </form>
    </Dialog>
  );
}

interface Care {
  name: "rate" | "canary" | "stopAt";
  label: string;
  start: string;
  hint: string;
  min: number;
  max: number;
  isWhole?: boolean;
  isOptional?: boolean;
}

const CARE: Care[] = [
  { name: "rate", label: NEW_JOB.rate, start: "10", hint: NEW_JOB.rateHint, min: 0.1, max: 100 },
  {
    name: "canary",
    label: NEW_JOB.canary,
    start: "",
    hint: NEW_JOB.canaryHint,
    min: 1,
    max: 100_000,
    isWhole: true,
    isOptional: true,
  },
  { name: "stopAt", label: NEW_JOB.stopAt, start: "50", hint: NEW_JOB.stopAtHint, min: 0, max: 100 },
];

type ReadCare = { ok: true; value: Pick<Job, "rate" | "canary" | "stopAt"> } | {
  ok: false;
  problems: Record<string, string>;
};

export function readCare(form: FormData): ReadCare {
  const values: Partial<Record<Care["name"], number>> = {};
  const problems: Record<string, string> = {};
  for (const { name, min, max, isWhole, isOptional } of CARE) {
    const text = String(form.get(name) ?? "").trim().replace(",", ".");
    if (text === "" && isOptional) continue;
    const value = Number(text);
    if (text === "" || !(value >= min && value <= max) || (isWhole && !Number.isInteger(value))) {
      problems[name] = isWhole ? NEW_JOB.whole : fromTo(min, max);
    } else values[name] = value;
  }
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  const { rate, canary, stopAt } = values;
  return { ok: true, value: { rate: rate!, stopAt: stopAt! / 100, ...(canary !== undefined && { canary }) } };
}
