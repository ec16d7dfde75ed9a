/** Jobs: started, followed until nothing of them moves any more, stopped and tried again [J]. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { JobResult, JobTrial, JobView, TargetStatus } from "../../protocol/job.ts";
import { hub } from "./connection.ts";
import { faultOf, type HubFault } from "./fault.ts";
import { type Page, path, rest } from "./rest.ts";

export interface NewJob {
  /** What finds them, or their names [J15]. */
  query?: string;
  devices?: readonly string[];
  /** So many the query has to find still [J16]. */
  expect?: number;
  name: string;
  params: Record<string, unknown>;
  rate: number;
  canary?: number;
  stopAt: number;
}

/** [J11] What it would do now; nothing is sent. */
export const tryJob = (job: NewJob): Promise<JobTrial> => rest("POST", path.allCommands, { ...job, dryRun: true });
/** The same key again is the same job [C20]. */
export const startJob = (job: NewJob, key: string): Promise<JobView> => rest("POST", path.allCommands, job, key);
export const stopJob = (id: string): Promise<JobView> => rest("DELETE", path.job(id));
export const retryJob = (id: string, params: Record<string, unknown>, key: string): Promise<JobView> =>
  rest("POST", path.jobRetry(id), { params }, key);

/** A frame tells who made it [J14]; whoever else looks asks, in ms. Where nothing moves somebody may begin. */
const POLL = 1000;
const POLL_AT_REST = 5000;

/** Asks again and again, every so many ms, and at every new connection; null for no more. */
function usePolled(read: () => Promise<void>, every: number | null): void {
  useEffect(() => {
    void read();
    return hub.onOpen(() => void read());
  }, [read]);
  useEffect(() => {
    if (every === null) return;
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy || document.hidden || hub.link.get().phase !== "open") return;
      isBusy = true;
      void read().finally(() => isBusy = false);
    }, every);
    return () => clearInterval(timer);
  }, [read, every]);
}

export const isMoving = ({ status, finishedAt }: JobView): boolean => status === "running" || finishedAt === undefined;

/** What came late says less than what is known: counts only ever leave `waiting`, then `running`. */
export function newer(known: JobView | null, news: JobView): JobView {
  if (!known || known.id !== news.id) return news;
  const left = ({ counts }: JobView) => counts.waiting * 2 + counts.running;
  const isBehind = known.finishedAt !== undefined || left(news) > left(known) ||
    (known.status !== "running" && news.status === "running");
  return isBehind ? known : news;
}

export interface Read<T> {
  value: T | null;
  problem: HubFault | null;
  read(): Promise<void>;
}

export function useJob(id: string): Read<JobView> {
  const [job, setJob] = useState<JobView | null>(null);
  const [problem, setProblem] = useState<HubFault | null>(null);
  const read = useCallback(async () => {
    try {
      const news = await rest<JobView>("GET", path.job(id));
      setJob((known) => newer(known, news));
      setProblem(null);
    } catch (thrown) {
      setProblem(faultOf(thrown));
    }
  }, [id]);
  useEffect(() => hub.onJob((news) => news.id === id && setJob((known) => newer(known, news))), [id]);
  const shown = job?.id === id ? job : null;
  usePolled(read, shown !== null && isMoving(shown) ? POLL : null);
  return { value: shown, problem, read };
}

export interface Jobs extends Read<Page<JobView>> {
  older(): Promise<void>;
}

const LIMIT = 50;

export function useJobs(): Jobs {
  const [page, setPage] = useState<Page<JobView> | null>(null);
  const [problem, setProblem] = useState<HubFault | null>(null);
  const fetchPage = useCallback(async (before: Page<JobView> | null) => {
    try {
      const search = new URLSearchParams({ limit: String(LIMIT), ...(before?.next && { cursor: before.next }) });
      const next = await rest<Page<JobView>>("GET", `${path.jobs}?${search}`);
      setPage((known) => before ? { ...next, items: [...before.items, ...next.items] } : renewed(known, next));
      setProblem(null);
    } catch (thrown) {
      setProblem(faultOf(thrown));
    }
  }, []);
  const read = useCallback(() => fetchPage(null), []);
  const newest = useRef("");
  newest.current = page?.items[0]?.id ?? "";
  useEffect(
    () =>
      hub.onJob((news) => {
        if (news.id > newest.current) return void read();
        setPage((known) =>
          known && { ...known, items: known.items.map((job) => job.id === news.id ? newer(job, news) : job) }
        );
      }),
    [read],
  );
  usePolled(read, page?.items.some(isMoving) ? POLL : POLL_AT_REST);
  return { value: page, problem, read, older: () => fetchPage(page) };
}

/** The newest page before the older ones that were read. */
export function renewed(known: Page<JobView> | null, fresh: Page<JobView>): Page<JobView> {
  const before = new Map(known?.items.map((job) => [job.id, job]));
  const items = fresh.items.map((job) => newer(before.get(job.id) ?? null, job));
  const last = fresh.items.at(-1)?.id;
  const at = known?.items.findIndex(({ id }) => id === last) ?? -1;
  return at < 0
    ? { ...fresh, items }
    : { ...known!, total: fresh.total, items: [...items, ...known!.items.slice(at + 1)] };
}

const AT_ONCE = 100;
/** Whoever looks for one outcome gets all of it, up to so many devices. */
const MOST = 5_000;

async function resultsOf(id: string, most: number, status?: TargetStatus): Promise<JobResult[]> {
  const items: JobResult[] = [];
  let cursor: string | null = "";
  while (cursor !== null && items.length < most) {
    const limit = String(Math.min(500, most - items.length));
    const search = new URLSearchParams({ limit, ...(status && { status }), ...(cursor && { cursor }) });
    const page: Page<JobResult> = await rest("GET", `${path.jobResults(id)}?${search}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** The devices that were named one by one, which only its results tell; none where a query found them [J15]. */
export const namedIn = async ({ id, query, total }: JobView): Promise<string[]> =>
  query === "" ? (await resultsOf(id, total)).map(({ device }) => device) : [];

type Results = Read<readonly JobResult[]> & { more: (() => void) | null };

/** The results, of one status where only that is wanted, read anew whenever the counts say that something moved. */
export function useResults(job: JobView, status: TargetStatus | null): Results {
  const [results, setResults] = useState<readonly JobResult[] | null>(null);
  const [problem, setProblem] = useState<HubFault | null>(null);
  const [shown, setShown] = useState(AT_ONCE);
  const wanted = status ? MOST : shown;
  const asked = useRef(0);
  const state = `${job.id} ${JSON.stringify(job.counts)} ${job.status}`;
  const read = useCallback(async () => {
    const question = ++asked.current;
    try {
      const items = await resultsOf(job.id, wanted, status ?? undefined);
      if (question !== asked.current) return;
      setResults(items);
      setProblem(null);
    } catch (thrown) {
      if (question === asked.current) setProblem(faultOf(thrown));
    }
  }, [job.id, wanted, status]);
  useEffect(() => void read(), [read, state]);
  const isLess = results !== null && results.length < job.total && !status;
  return { value: results, problem, read, more: isLess ? () => setShown(shown + 500) : null };
}
