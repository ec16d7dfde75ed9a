/** One command to many devices [J]: what is asked, and what both sides see of it. */
import { z } from "zod";
import { page } from "./body.ts";
import { type CommandRecord, FINAL } from "./record.ts";
import type { Shape } from "./shown.ts";
import { name, namedDevices, object, seconds, time } from "./words.ts";

/** How a job stands at one device [J3]. */
export const TARGET_STATUSES = ["waiting", "running", ...FINAL, "refused", "skipped"] as const;
export type TargetStatus = typeof TARGET_STATUSES[number];
export type JobCounts = Record<TargetStatus, number>;

/** What is sent to whom, and how carefully. */
export interface JobTerms {
  /** Empty where the devices were named one by one [J15]. */
  query: string;
  name: string;
  /** Without those that are secret [J12]. */
  params: Record<string, unknown>;
  by: { id: string; name: string };
  total: number;
  counts: JobCounts;
  /** Devices a second [J4]. */
  rate: number;
  canary?: number;
  stopAt: number;
  ttl?: number;
}

export interface JobView extends JobTerms {
  id: string;
  status: "running" | "done" | "stopped";
  /** Why it was stopped, in words. */
  reason?: string;
  createdAt: number;
  /** Since then nothing of it moves any more. */
  finishedAt?: number;
  /** The job that it retries. */
  of?: string;
}

/** What a job would do now [J11]. */
export interface JobTrial extends JobTerms {
  /** How many devices would be refused, by code. */
  refusals: Record<string, number>;
}

/** How a job stands at one device. */
export interface JobResult {
  device: string;
  status: TargetStatus;
  command?: string;
  error?: CommandRecord["error"];
  finishedAt?: number;
}

export const DEFAULT_RATE = 10;
export const DEFAULT_STOP_AT = 0.5;
/** Devices that one job may have [J2]. */
export const MOST_TARGETS = 100_000;

const params = object.default({});

export const newJob = z.strictObject({
  query: z.string().max(1024).optional(),
  devices: namedDevices.optional(),
  /** So many it has to find [J16]. */
  expect: z.int().min(1).max(MOST_TARGETS).optional(),
  name,
  params,
  ttl: seconds.optional(),
  rate: z.number().min(0.1).max(100).default(DEFAULT_RATE),
  canary: z.int().min(1).max(MOST_TARGETS).optional(),
  stopAt: z.number().min(0).max(1).default(DEFAULT_STOP_AT),
  dryRun: z.boolean().default(false),
}).refine((job) => (job.query === undefined) !== (job.devices === undefined), {
  message: "a job has one of query and devices",
  path: ["query"],
}).refine((job) => job.expect === undefined || job.query !== undefined, {
  message: "expect says how many a query finds",
  path: ["expect"],
});
export const jobRetry = z.strictObject({ params });

const isTarget = (status: string): status is TargetStatus => (TARGET_STATUSES as readonly string[]).includes(status);

/** A page of results, of some statuses only where these are named [J3]. */
export const resultsPage = page.omit({ q: true }).extend({
  status: z.string().max(256).transform((text, context) => {
    const named = text.split(",");
    if (named.every(isTarget)) return named;
    context.addIssue({ code: "custom", message: `a status is ${TARGET_STATUSES.join(", ")}` });
    return z.NEVER;
  }).optional(),
});

const text = z.string();
const count = z.int().min(0);
const counts = z.record(z.enum(TARGET_STATUSES), count);

const terms = {
  query: text,
  name: text,
  params: object,
  by: z.strictObject({ id: text, name: text }),
  total: count,
  counts,
  rate: z.number(),
  canary: count.optional(),
  stopAt: z.number(),
  ttl: z.number().optional(),
} satisfies Shape<JobTerms>;

export const jobView = z.strictObject(
  {
    id: text,
    ...terms,
    status: z.enum(["running", "done", "stopped"]),
    reason: text.optional(),
    createdAt: time,
    finishedAt: time.optional(),
    of: text.optional(),
  } satisfies Shape<JobView>,
);

export const jobTrial = z.strictObject({ ...terms, refusals: z.record(text, count) } satisfies Shape<JobTrial>);

export const jobResult = z.strictObject(
  {
    device: text,
    status: z.enum(TARGET_STATUSES),
    command: text.optional(),
    error: z.strictObject({ code: text, message: text }).optional(),
    finishedAt: time.optional(),
  } satisfies Shape<JobResult>,
);
