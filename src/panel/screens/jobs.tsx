/** One command to many devices, each time that somebody did so: newest first [J]. */
import { Link } from "@tanstack/react-router";
import type { JobView } from "../../protocol/job.ts";
import { useJobs } from "../live/jobs.ts";
import { useKinds } from "../live/kinds.ts";
import { Ago } from "../parts/age.tsx";
import { Notice, NotRead, whyNotRead } from "../parts/notice.tsx";
import { useTitle } from "../shell/title.ts";
import { shortly, toWhom } from "../words/job.ts";
import { Bar, JobStatus, jobTitle } from "./job_parts.tsx";
import { numberIn } from "../words/locale.ts";

export function JobsScreen() {
  useTitle("Jobs");
  const { value: page, problem, read, older } = useJobs();
  return (
    <>
      <div className="page-head">
        <h1>Jobs</h1>
        <p>One command to many devices, with an outcome for each. They are started from the list of devices.</p>
      </div>
      {!page && problem && <NotRead what="The jobs" problem={problem} onRetry={() => void read()} />}
      {page?.items.length === 0 && (
        <Notice title="No jobs yet" action={<Link to="/devices" className="button">Devices</Link>}>
          Search for some devices and press “Command these”: what becomes of it at each of them is kept here for 90
          days.
        </Notice>
      )}
      {page && page.items.length > 0 && (
        <>
          <div className="sheet jobs" role="table" aria-label="Jobs">
            <div className="line head" role="row">
              {["Status", "Command", "To", "Outcome", "By", "Started"].map((title) => (
                <span key={title} role="columnheader">{title}</span>
              ))}
            </div>
            {page.items.map((job) => <Row key={job.id} job={job} />)}
          </div>
          <div className="sheet-foot">
            <p className="text-ink3">
              {numberIn(page.items.length)} of {numberIn(page.total)}
            </p>
            {problem && <p className="problem" role="alert">{whyNotRead(problem)}</p>}
            {page.next !== null && <button type="button" className="button" onClick={() => void older()}>Older</button>}
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
