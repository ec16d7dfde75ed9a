/** The audit, page by page from its newest entry: all of it, or what is asked for [R3, A9]. */
import { useEffect, useRef, useState } from "react";
import { type AuditFilter, PARTS } from "../form/audit_filter.ts";
import type { AuditEntry } from "../words/deeds.ts";
import { hub } from "./connection.ts";
import { faultOf, type HubFault } from "./fault.ts";
import { path, rest } from "./rest.ts";

export interface Entries {
  items: AuditEntry[];
  next: string | null;
  /** Where all are asked for; nobody counts the others. */
  total?: number;
}

export interface Audit {
  /** Null until the first page came. */
  page: Entries | null;
  problem: HubFault | null;
  /** What is new; older pages that were read stay. */
  refresh(): Promise<void>;
  older(): Promise<void>;
}

const LIMIT = 50;
/** One answer may have looked at 2,000 entries and found few: it is asked on that often before somebody has to. */
const MOST_LOOKS = 10;

export function auditPath(filter: AuditFilter, limit?: number, cursor?: string): string {
  const search = new URLSearchParams(
    PARTS.flatMap((part) => filter[part] === undefined ? [] : [[part, String(filter[part])]]),
  );
  if (limit !== undefined) search.set("limit", String(limit));
  if (cursor !== undefined) search.set("cursor", cursor);
  return `${path.audit}?${search}`.replace(/\?$/, "");
}

/** A page's worth of entries, in as many answers as that takes. */
async function pageOf(filter: AuditFilter, cursor: string | undefined): Promise<Entries> {
  let page = await rest<Entries>("GET", auditPath(filter, LIMIT, cursor));
  for (let looks = 1; page.next !== null && page.items.length < LIMIT && looks < MOST_LOOKS; looks++) {
    const more = await rest<Entries>("GET", auditPath(filter, LIMIT - page.items.length, page.next));
    page = { ...more, items: [...page.items, ...more.items] };
  }
  return page;
}

export function useAudit(filter: AuditFilter): Audit {
  const [page, setPage] = useState<Entries | null>(null);
  const [problem, setProblem] = useState<HubFault | null>(null);
  /** An answer to an older question is dropped. */
  const asked = useRef(0);
  const of = auditPath(filter);
  const read = async (before: Entries | null) => {
    const question = ++asked.current;
    try {
      const next = await pageOf(filter, before?.next ?? undefined);
      if (question !== asked.current) return;
      setPage((known) => before ? { ...next, items: [...before.items, ...next.items] } : renewed(known, next));
      setProblem(null);
    } catch (thrown) {
      if (question === asked.current) setProblem(faultOf(thrown));
    }
  };
  useEffect(() => {
    setPage(null);
    setProblem(null);
    void read(null);
    const stop = hub.onOpen(() => void read(null));
    return () => {
      asked.current += 1;
      stop();
    };
  }, [of]);
  return { page, problem, refresh: () => read(null), older: () => read(page) };
}

/** The newest page before what is known already; where they do not meet, the newest page alone. */
export function renewed(known: Entries | null, fresh: Entries): Entries {
  const last = fresh.items.at(-1)?.id;
  const at = known?.items.findIndex(({ id }) => id === last) ?? -1;
  return at < 0 ? fresh : { ...known!, total: fresh.total, items: [...fresh.items, ...known!.items.slice(at + 1)] };
}

const PAGE = 500;
export const MOST_EXPORTED = 20_000;

/** All that is asked for, as the hub has it. */
export async function entriesFound(filter: AuditFilter): Promise<{ entries: AuditEntry[]; isCut: boolean }> {
  const entries: AuditEntry[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page: Entries = await rest("GET", auditPath(filter, PAGE, cursor));
    entries.push(...page.items);
    if (page.next === null) return { entries, isCut: false };
    if (entries.length >= MOST_EXPORTED) return { entries: entries.slice(0, MOST_EXPORTED), isCut: true };
    cursor = page.next;
  }
}
