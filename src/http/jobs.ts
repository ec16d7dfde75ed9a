/** Jobs by REST: one command to many devices [J]. */
import { page } from "../protocol/body.ts";
import { jobRetry, type JobView, newJob, resultsPage } from "../protocol/job.ts";
import { API, ask } from "./asking.ts";
import type { Answer, Asked, Route } from "./route.ts";

const TAG = "Jobs";
const JOB = `${API}/jobs/{id}`;

export const jobs: Route[] = [
  {
    method: "POST",
    path: `${API}/commands`,
    tag: TAG,
    who: "operator",
    summary: "One command to the devices that a query finds, or that are named; with dryRun only what it would do",
    body: newJob,
    status: 202,
    answer: "the job",
    shows: "Job",
    tries: "JobTrial",
    run: start,
  },
  {
    method: "GET",
    path: `${API}/jobs`,
    tag: TAG,
    who: "viewer",
    summary: "The jobs, newest first",
    query: page,
    status: 200,
    answer: "{items, next, total}",
    lists: "Job",
    run: (asked) => ask(asked, "list_jobs", asked.query),
  },
  {
    method: "GET",
    path: JOB,
    tag: TAG,
    who: "viewer",
    summary: "A job and how many devices stand how",
    status: 200,
    answer: "the job",
    shows: "Job",
    run: (asked) => ask(asked, "get_job", { job: asked.params.id }),
  },
  {
    method: "GET",
    path: `${JOB}/results`,
    tag: TAG,
    who: "viewer",
    summary: "How a job stands at each device, in the order of their ids; status=failed,unknown for some only",
    query: resultsPage,
    status: 200,
    answer: "{items, next, total}",
    lists: "JobResult",
    run: (asked) => ask(asked, "list_job_results", { job: asked.params.id, ...asked.query }),
  },
  {
    method: "DELETE",
    path: JOB,
    tag: TAG,
    who: "operator",
    summary: "Stop a job; what is with a device already ends as that one says",
    status: 202,
    answer: "the job",
    shows: "Job",
    run: (asked) => ask(asked, "stop_job", { job: asked.params.id }),
  },
  {
    method: "POST",
    path: `${JOB}/retry`,
    tag: TAG,
    who: "operator",
    summary: "A new job over the devices at which this one did not succeed",
    body: jobRetry,
    status: 202,
    answer: "the new job",
    shows: "Job",
    run: async (asked) => located(await ask(asked, "retry_job", { job: asked.params.id, ...asked.body })),
  },
];

async function start(asked: Asked): Promise<Answer> {
  const { dryRun, ...job } = asked.body;
  if (!dryRun) return located(await ask(asked, "start_job", job));
  // [J11] A trial leaves nothing, so it spends no key either.
  return { ...await ask({ ...asked, key: undefined }, "try_job", job), status: 200 };
}

const located = (answer: Answer): Answer =>
  answer.ok ? { ...answer, headers: { Location: `${API}/jobs/${(answer.value as JobView).id}` } } : answer;
