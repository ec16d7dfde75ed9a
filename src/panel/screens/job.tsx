/** One job: how it goes, what became of it at each device, and what can be done about it [J]. */
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { JobView, TargetStatus } from "../../protocol/job.ts";
import { whyNotAs } from "../control/permit.ts";
import { curlJob } from "../live/curl.ts";
import { faultOf } from "../live/fault.ts";
import { isMoving, namedIn, retryJob, stopJob, useJob } from "../live/jobs.ts";
import { useKinds } from "../live/kinds.ts";
import { randomId } from "../live/random.ts";
import { Ago } from "../parts/age.tsx";
import { CopyButton } from "../parts/copy.tsx";
import { useIsConnected } from "../parts/link_state.ts";
import { useMe } from "../parts/me.ts";
import { Notice, NotRead } from "../parts/notice.tsx";
import { tell } from "../parts/tell.tsx";
import { useTitle } from "../shell/title.ts";
import { JOB, jobInWords, STATUS_ORDER, targetInWords, termsInWords, toWhom } from "../words/job.ts";
import { refusalInWords } from "../words/road.ts";
import { Bar, commandOf, JobStatus, jobTitle, Outcome } from "./job_parts.tsx";
import { Results } from "./job_results.tsx";
import { RetryWithSecrets } from "./retry_secrets.tsx";
import { numberIn } from "../words/locale.ts";
import { Say } from "../parts/say.tsx";
import { DO, SAY } from "../words/common.ts";

const route = getRouteApi("/jobs/$job");

export function JobScreen() {
  const { job: id } = route.useParams();
  const { value: job, problem, read } = useJob(id);
  const kinds = useKinds();
  useTitle(job ? jobTitle(job, kinds) : JOB.title);
  if (job) return <Job key={job.id} job={job} />;
  if (!problem) return null;
  return problem.code === "not_found"
    ? (
      <Notice title={JOB.absent} action={<Link to="/jobs" className="button">{JOB.all}</Link>}>
        {JOB.absentHint}
      </Notice>
    )
    : <NotRead what={JOB.what} problem={problem} onRetry={() => void read()} />;
}

function Job({ job }: { job: JobView }) {
  const kinds = useKinds();
  const [filter, setFilter] = useState<TargetStatus | null>(null);
  const { sentence } = jobInWords(job);
  useToldEnd(job, sentence);
  return (
    <>
      <div className="job-head">
        <Link to="/jobs" className="button quiet small square" aria-label={JOB.all} title={JOB.all}>
          <ArrowLeft size={16} aria-hidden="true" />
        </Link>
        <div className="min-w-0 grow">
          <h1>{jobTitle(job, kinds)}</h1>
          <p className="text-ink2">
            <Say
              text={job.of ? JOB.startedAgain : JOB.started}
              with={{
                whom: <code>{toWhom(job)}</code>,
                name: job.by.name,
                ago: <Ago at={job.createdAt} />,
                job: job.of && <Link to="/jobs/$job" params={{ job: job.of }} className="link">{JOB.another}</Link>,
              }}
            />
          </p>
        </div>
        <Acts job={job} />
      </div>
      <section className="job-state" aria-label={JOB.howItGoes}>
        <p className="live">
          <JobStatus job={job} /> <span className="ml-2">{sentence}</span>
        </p>
        <Bar counts={job.counts} />
        <div className="job-counts" role="group" aria-label={JOB.filter}>
          {STATUS_ORDER.filter((status) => ALWAYS.includes(status) || job.counts[status] > 0 || status === filter).map(
            (status) => {
              const { word, sentence, tone } = targetInWords(status);
              return (
                <button
                  key={status}
                  type="button"
                  className="counter"
                  aria-pressed={filter === status}
                  title={sentence}
                  onClick={() => setFilter(filter === status ? null : status)}
                >
                  <Outcome tone={tone}>{word}</Outcome> <b className="live">{numberIn(job.counts[status])}</b>
                </button>
              );
            },
          )}
        </div>
        <div className="terms">
          <p className="hint">{termsInWords(job)}</p>
          <CopyButton text={async () => curlJob(job, await namedIn(job))} label={DO.curl} />
        </div>
      </section>
      <Results job={job} filter={filter} />
    </>
  );
}

/** They come first and stay, so that what counts failures does not move as these do. */
const ALWAYS: TargetStatus[] = ["succeeded", "running", "waiting"];

function Acts({ job }: { job: JobView }) {
  const me = useMe();
  const isConnected = useIsConnected();
  const kinds = useKinds();
  const navigate = useNavigate();
  const key = useRef(randomId());
  const [problem, setProblem] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { status, counts, total } = job;
  const why = !isConnected ? SAY.notConnected : whyNotAs(me, commandOf(kinds, job.name)?.role ?? "operator");
  const act = async (what: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    await what().catch((thrown) => setProblem(refusalInWords(faultOf(thrown))));
    setBusy(false);
  };
  const again = async (params: Record<string, unknown> = {}) => {
    const made = await retryJob(job.id, params, key.current);
    await navigate({ to: "/jobs/$job", params: { job: made.id } });
  };
  const retry = () =>
    act(() =>
      again().catch((thrown) => {
        const { code, errors } = faultOf(thrown);
        const missing = code === "invalid_params" && errors?.[0]?.pointer.match(/^#\/params\/(.+)$/)?.[1];
        if (!missing) throw thrown;
        setSecret(missing);
      })
    );
  const isRetryable = !isMoving(job) && total - counts.succeeded - counts.superseded > 0;
  const button = { type: "button", disabled: isBusy || why !== null, title: why ?? undefined } as const;
  return (
    <div className="job-acts">
      {status === "running" && (
        <button
          {...button}
          className="button danger"
          onClick={() => void act(async () => void await stopJob(job.id))}
        >
          {JOB.stop}
        </button>
      )}
      {isRetryable && <button {...button} className="button" onClick={() => void retry()}>{JOB.retry}</button>}
      {problem && <p className="problem" role="alert">{problem}</p>}
      {secret !== null && (
        <RetryWithSecrets
          command={commandOf(kinds, job.name)}
          name={secret}
          act={again}
          onClose={() => setSecret(null)}
        />
      )}
    </div>
  );
}

/** Its end is said once, to whoever hears the page. */
function useToldEnd(job: JobView, sentence: string): void {
  const was = useRef(isMoving(job));
  useEffect(() => {
    if (was.current && !isMoving(job)) tell(JOB.over(sentence));
    was.current = isMoving(job);
  }, [isMoving(job)]);
}
