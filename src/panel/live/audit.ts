/** The audit, page by page from its newest entry [R3]. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { AuditEntry } from "../words/deeds.ts";
import { hub } from "./connection.ts";
import { faultOf, type HubFault } from "./fault.ts";
import { type Page, rest } from "./rest.ts";

type Entries = Page<AuditEntry>;

export interface Audit {
  /** Null until the first page came. */
  page: Entries | null;
  problem: HubFault | null;
  /** What is new; older pages that were read stay. */
  refresh(): Promise<void>;
  older(): Promise<void>;
}

const LIMIT = 50;

export function useAudit(): Audit {
  const [page, setPage] = useState<Entries | null>(null);
  const [problem, setProblem] = useState<HubFault | null>(null);
  /** An answer to an older question is dropped. */
  const asked = useRef(0);
  const read = useCallback(async (before: Entries | null) => {
    const question = ++asked.current;
    try {
      const search = new URLSearchParams({ limit: String(LIMIT), ...(before?.next && { cursor: before.next }) });
      const next = await rest<Entries>("GET", `/api/v1/audit?${search}`);
      if (question !== asked.current) return;
      setPage((known) => before ? { ...next, items: [...before.items, ...next.items] } : renewed(known, next));
      setProblem(null);
    } catch (thrown) {
      if (question === asked.current) setProblem(faultOf(thrown));
    }
  }, []);
  const refresh = useCallback(() => read(null), []);
  useEffect(() => {
    void refresh();
    return hub.onOpen(() => void refresh());
  }, []);
  return { page, problem, refresh, older: () => read(page) };
}

/** The newest page before what is known already; where they do not meet, the newest page alone. */
export function renewed(known: Entries | null, fresh: Entries): Entries {
  const last = fresh.items.at(-1)?.id;
  const at = known?.items.findIndex(({ id }) => id === last) ?? -1;
  return at < 0 ? fresh : { ...known!, total: fresh.total, items: [...fresh.items, ...known!.items.slice(at + 1)] };
}
