/** What became of a job at each of its devices, in the order of their ids [J3]. */
import type { JobResult, JobView, TargetStatus } from "../../protocol/job.ts";
import { type Called, useCalled } from "../live/called.ts";
import { useResults } from "../live/jobs.ts";
import { Ago } from "../parts/age.tsx";
import { DeviceLink } from "../parts/device_link.tsx";
import { NotRead } from "../parts/notice.tsx";
import { resultInWords, RESULTS, targetInWords } from "../words/job.ts";
import { Outcome } from "./job_parts.tsx";
import { DO, partOf } from "../words/common.ts";

interface Props {
  job: JobView;
  filter: TargetStatus | null;
}

export function Results({ job, filter }: Props) {
  const { value: results, problem, read, more } = useResults(job, filter);
  const called = useCalled(results?.map(({ device }) => device) ?? []);
  if (!results) return problem && <NotRead what={RESULTS.what} problem={problem} onRetry={() => void read()} />;
  const shown = filter === null ? results : results.filter(({ status }) => status === filter);
  return (
    <>
      <div className="sheet results" role="table" aria-label={RESULTS.title}>
        <div className="line head" role="row">
          {RESULTS.columns.map((title) => <span key={title} role="columnheader">{title}</span>)}
        </div>
        {shown.map((result) => <Row key={result.device} result={result} called={called.get(result.device)} />)}
      </div>
      <div className="sheet-foot">
        <p className="text-ink3">{partOf(shown.length, job.total)}</p>
        {more && <button type="button" className="button" onClick={more}>{DO.more}</button>}
      </div>
    </>
  );
}

function Row({ result, called }: { result: JobResult; called: Called | undefined }) {
  const { device, status, finishedAt } = result;
  const { word, sentence, tone } = targetInWords(status);
  return (
    <div className="line" role="row">
      <span role="cell" className="device-id">
        <DeviceLink id={device} called={called} />
      </span>
      <span role="cell" className="status">
        <Outcome tone={tone} title={sentence}>{word}</Outcome>
      </span>
      <span role="cell" className="why">{resultInWords(result)}</span>
      <span role="cell" className="when">{finishedAt !== undefined && <Ago at={finishedAt} />}</span>
    </div>
  );
}
