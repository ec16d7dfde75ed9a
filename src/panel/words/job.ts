/** Jobs in words: how each device fared, how the whole goes, and what it would do [J]. Pure. */
import type { JobResult, JobTerms, JobTrial, JobView, TargetStatus } from "../../protocol/job.ts";
import { type StatusWords, TARGETS } from "./job_statuses.ts";
import { asSentence, failureInWords, refusalInWords, type Tone } from "./road.ts";
import { countOf } from "./format.ts";
import { numberIn } from "./locale.ts";

export const JOBS = {
  title: "Jobs",
  what: "The jobs",
  lead: "One command to many devices, with an outcome for each. They are started from the list of devices.",
  none: "No jobs yet",
  noneHint:
    "Search for some devices and press “Command these”: what becomes of it at each of them is kept here for 90 days.",
  columns: ["Status", "Command", "To", "Outcome", "By", "Started"],
} as const;

export const JOB = {
  title: "Job",
  what: "The job",
  all: "All jobs",
  absent: "There is no such job",
  absentHint: "Jobs are kept for 90 days after their end.",
  started: "To {whom} by {name}, {ago}",
  startedAgain: "To {whom} by {name}, {ago}, again after {job}",
  another: "another job",
  howItGoes: "How it goes",
  filter: "Filter by outcome",
  stop: "Stop the job",
  retry: "Retry those that did not succeed",
  over: (sentence: string) => `The job is over. ${sentence}`,
} as const;

export const RESULTS = {
  title: "Results",
  what: "The results",
  columns: ["Device", "Outcome", "Why", "When"],
} as const;

export const SECRETS = {
  title: "Secrets, once more",
  lead: "The hub kept none of them, so a retry has to be given them again.",
} as const;

export function termsInWords({ rate, canary, stopAt }: JobView): string {
  const stops = stopAt === 0
    ? "It stops at the first failure."
    : stopAt === 1
    ? "It never stops by itself."
    : `It stops when more than ${Math.round(stopAt * 100)} % fail.`;
  return `${rate} a second at most${canary === undefined ? "" : `, ${canary} first`}. ${stops}`;
}

export const targetInWords = (status: TargetStatus): StatusWords => TARGETS[status];

/** Best first, then what still moves, then what needs a look. */
export const STATUS_ORDER = Object.keys(TARGETS) as TargetStatus[];

export const endedOf = ({ total, counts }: JobView): number => total - counts.waiting - counts.running;

export interface JobWords {
  word: string;
  tone: Tone;
  sentence: string;
}

/** Over so many devices the number is typed before anything is done to them [A4]. */
export const MANY = 25;

const parts = (some: number, total: number): string => `${numberIn(some)} of ${countOf(total, "device", "devices")}`;

/** Its query, or how many were named one by one [J15]. */
export const toWhom = ({ query, total }: JobTerms): string =>
  query === "" ? countOf(total, "chosen device", "chosen devices") : query === "id:*" ? "all devices" : query;

/** In a list, where there is room for no more. */
export const shortly = (job: JobView): string =>
  job.status === "running"
    ? `${parts(endedOf(job), job.total)} done`
    : `${parts(job.counts.succeeded, job.total)} succeeded`;

export function jobInWords(job: JobView): JobWords {
  const { status, counts, total, canary, reason, finishedAt } = job;
  const fared = `${parts(counts.succeeded, total)} succeeded.`;
  if (status === "running") {
    const isTrying = canary !== undefined && total - counts.waiting <= canary && counts.waiting > 0;
    const sentence = isTrying
      ? `${
        countOf(Math.min(canary, total), "device goes", "devices go")
      } first. The others wait until each of them is done.`
      : `${parts(endedOf(job), total)} done.`;
    return { word: "Running", tone: "moving", sentence };
  }
  const why = reason ? `${asSentence(reason)} ` : "";
  if (finishedAt === undefined) {
    return { word: "Stopping", tone: "moving", sentence: `${why}What was sent already still ends as its device says.` };
  }
  if (status === "stopped") return { word: "Stopped", tone: "failed", sentence: `${why}${fared}` };
  return { word: "Done", tone: counts.succeeded === total ? "good" : "unknown", sentence: fared };
}

/** Why it went so at one device; empty where the word says it all. */
export function resultInWords({ status, error }: JobResult): string {
  switch (status) {
    case "succeeded":
    case "waiting":
    case "running":
      return "";
    case "failed":
      return failureInWords(error);
    case "rejected":
    case "refused":
      return error ? refusalInWords({ ...error, retryable: false }) : TARGETS[status].sentence;
    case "cancelled":
      return error?.code === "estop" ? "By the emergency stop." : TARGETS[status].sentence;
    default:
      return TARGETS[status].sentence;
  }
}

/** What would keep so many of them from it, by code: for one, and for several. */
const OBSTACLES: Record<string, [one: string, several: string]> = {
  offline: ["is not connected", "are not connected"],
  unknown_command: ["has no such command", "have no such command"],
  invalid_params: ["does not take these values", "do not take these values"],
  estop: ["is under an emergency stop", "are under an emergency stop"],
  lease_required: ["is driven under a lease, by one person", "are driven under a lease, by one person each"],
  lease_lost: ["is driven by somebody else", "are driven by somebody else"],
  interlock: ["has an interlock that forbids it now", "have an interlock that forbids it now"],
  queue_full: ["has too many commands waiting", "have too many commands waiting"],
  forbidden: ["needs a higher role", "need a higher role"],
  too_large: ["does not take so much at once", "do not take so much at once"],
};

/** One line each: how many will get it, then how many will not and why. */
export function trialInWords({ counts, refusals }: JobTrial): string[] {
  const fine = counts.waiting === 0
    ? "No device would get it now."
    : `${countOf(counts.waiting, "device", "devices")} will get it.`;
  const others = Object.entries(refusals).sort(([, one], [, other]) => other - one).map(([code, count]) => {
    const [one, several] = OBSTACLES[code] ?? [`is refused (${code})`, `are refused (${code})`];
    return `${countOf(count, one, several)}.`;
  });
  return [fine, ...others];
}

/** As many would fail now as stop it [J6]. */
export const wouldStop = ({ total, counts, stopAt }: JobTrial): boolean => (total - counts.waiting) / total > stopAt;

/** How long the turns alone take, in seconds. */
export const turnsTake = ({ total, rate }: Pick<JobTrial, "total" | "rate">): number => Math.max(0, (total - 1) / rate);
