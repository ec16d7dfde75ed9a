/** One command to many devices, each time that somebody did so: newest first [J]. */
import { Link } from "@tanstack/react-router";
import type { JobView } from "../../protocol/job.ts";
import { useJobs } from "../live/jobs.ts";
import { useKinds } from "../live/kinds.ts";
import { Ago } from "../parts/age.tsx";
import { Notice, NotRead, whyNotRead } from "../parts/notice.tsx";
import { useTitle } from "../shell/title.ts";
import { JOBS, shortly, toWhom } from "../words/job.ts";
import { Bar, JobStatus, jobTitle } from "./job_parts.tsx";
import { DO, partOf } from "../words/common.ts";
import { NAV } from "../words/shell.ts";

export function JobsScreen() {
  useTitle(JOBS.title);
  const { value: page, problem, read, older } = useJobs();
  return (
    <>
      <div className="page-head">
        <h1>{JOBS.title}</h1>
        <p>{JOBS.lead}</p>
      </div>
      {!page && problem && <NotRead what={JOBS.what} problem={problem} onRetry={() => void read()} />}
      {page?.items.length === 0 && (
        <Notice title={JOBS.none} action={<Link to="/devices" className="button">{NAV.devices}</Link>}>
          {JOBS.noneHint}
        </Notice>
      )}
      {page && page.items.length > 0 && (
        <>
          <div className="sheet jobs" role="table" aria-label={JOBS.title}>
            <div className="line head" role="row">
              {JOBS.columns.map((title) => <span key={title} role="columnheader">{title}</span>)}
            </div>
            {page.items.map((job) => <Row key={job.id} job={job} />)}
          </div>
          <div className="sheet-foot">
            <p className="text-ink3">{partOf(page.items.length, page.total)}</p>
            {problem && <p className="problem" role="alert">{whyNotRead(problem)}</p>}
            {page.next !== null && (
              <button type="button" className="button" onClick={() => void older()}>{DO.older}</button>
            )}
          </div>
        </>
      )}
    </>
  );
}

function Row({ job }: { job: JobView }) {
  const kinds = useKinds();
  return (
    <div className="line" role="row">
      <span role="cell" className="status">
        <JobStatus job={job} />
      </span>
      <span role="cell" className="what">
        <Link to="/jobs/$job" params={{ job: job.id }} className="row-link">{jobTitle(job, kinds)}</Link>
      </span>
      <span role="cell" className="query">
        <code>{toWhom(job)}</code>
      </span>
      <span role="cell" className="fared">
        <Bar counts={job.counts} />
        <span>{shortly(job)}</span>
      </span>
      <span role="cell" className="by">{job.by.name}</span>
      <span role="cell" className="when">
        <Ago at={job.createdAt} />
      </span>
    </div>
  );
}
