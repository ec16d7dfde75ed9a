/** What the list of jobs and the page of one share: what was asked, how it goes, and its counts drawn. */
import type { JobCounts, JobView } from "../../protocol/job.ts";
import { type CommandModel, commandModel } from "../form/controls.ts";
import { commandNamed } from "../form/named.ts";
import { type Kinds, kindsOf } from "../live/kinds.ts";
import { valueIn } from "../live/query_terms.ts";
import { jobInWords, STATUS_ORDER, targetInWords } from "../words/job.ts";
import { paramsInWords } from "../words/params.ts";

/** The command as some kind has it that knows it: a job names none. */
export function commandOf(kinds: Kinds, name: string): CommandModel | undefined {
  for (const { commands } of kinds.values()) {
    if (Object.hasOwn(commands, name)) return commandModel(name, commands[name]);
  }
  return undefined;
}

/** In the words of the kind that its query names, or of all that know it, where these say the same of it. */
export function jobTitle({ name, params, query }: Pick<JobView, "name" | "params" | "query">, kinds: Kinds): string {
  const kind = valueIn(query, "kind");
  const { title, fields } = commandNamed(kindsOf(kinds, kind === null ? undefined : { kind }), name);
  const given = paramsInWords(params, fields);
  return `${title}${given === "" ? "" : ` · ${given}`}`;
}

export const JobStatus = ({ job }: { job: JobView }) => {
  const { word, tone } = jobInWords(job);
  return <Outcome tone={tone}>{word}</Outcome>;
};

export const Outcome = ({ tone, title, children }: { tone: string; title?: string; children: string }) => (
  <span className="outcome-mark" data-tone={tone} title={title}>
    <i aria-hidden="true" />
    {children}
  </span>
);

/** Every device has its share of the bar; the words beside it say the same. */
export const Bar = ({ counts }: { counts: JobCounts }) => (
  <div className="job-bar" aria-hidden="true">
    {STATUS_ORDER.filter((status) => counts[status] > 0).map((status) => (
      <span
        key={status}
        data-tone={targetInWords(status).tone}
        data-status={status}
        style={{ flexGrow: counts[status] }}
      />
    ))}
  </div>
);
