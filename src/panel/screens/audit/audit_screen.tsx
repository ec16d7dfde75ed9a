/** Who did what to what, and how it went: the hub's audit, newest first. */
import { getRouteApi } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";
import { Fragment, useEffect, useMemo, useRef } from "react";
import { type AuditFilter, isFiltered } from "../../form/audit_filter.ts";
import { type Entries as AuditPage, useAudit } from "../../live/audit.ts";
import { useClock } from "../../live/time.ts";
import { useMe } from "../../parts/me.ts";
import { ForAdministrators, Notice, NotRead, whyNotRead } from "../../parts/notice.tsx";
import { useTitle } from "../../shell/title.ts";
import { AUDIT, type AuditEntry, dayInWords, operatorNames } from "../../words/deeds.ts";
import { AUDIT_FILTER } from "../../words/audit.ts";
import { AuditRow } from "./audit_row.tsx";
import { AuditExport, Verify } from "./files.tsx";
import { Filters } from "./filters.tsx";
import { DO, partOf } from "../../words/common.ts";

import "../../styles/audit.css";

const route = getRouteApi("/audit");

export function AuditScreen() {
  const me = useMe();
  useTitle(AUDIT.title);
  return me.role === "admin" ? <Audit /> : <ForAdministrators />;
}

function Audit() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const { page, problem, refresh, older } = useAudit(filter);
  const onFilter = (search: AuditFilter) => void navigate({ search, replace: true });
  const names = useNames(page?.items);
  const count = useRef<HTMLParagraphElement>(null);
  const hasGoneOn = useRef(false);
  const isWhole = page?.next === null;
  const isSome = isFiltered(filter);
  // The last page takes the button away, and would take the focus with it.
  useEffect(() => {
    if (isWhole && hasGoneOn.current) count.current?.focus();
  }, [isWhole]);
  const goOn = () => {
    hasGoneOn.current = true;
    void older();
  };
  return (
    <>
      <div className="page-head">
        <h1>{AUDIT.title}</h1>
        <p>{AUDIT.lead}</p>
        <div className="audit-acts">
          <Verify newest={isSome ? undefined : page?.items[0]} />
          <AuditExport filter={filter} />
          <button type="button" className="button" onClick={() => void refresh()}>
            <RefreshCw size={14} aria-hidden="true" />
            {DO.refresh}
          </button>
        </div>
      </div>
      <Filters filter={filter} names={names} people={[...new Set(names.values())]} onFilter={onFilter} />
      {!page && problem && <NotRead what={AUDIT.what} problem={problem} onRetry={() => void refresh()} />}
      {page?.items.length === 0 && (
        <Notice title={!isSome ? AUDIT.none : isWhole ? AUDIT_FILTER.none : AUDIT_FILTER.noneYet}>
          {isSome ? AUDIT_FILTER.noneHint : AUDIT.noneHint}
        </Notice>
      )}
      {page && page.items.length > 0 && <Entries entries={page.items} names={names} onFilter={onFilter} />}
      {page && (page.items.length > 0 || !isWhole) && (
        <div className="sheet-foot">
          <p ref={count} tabIndex={-1} className="text-ink3 outline-none">{countText(page)}</p>
          {problem && <p className="problem" role="alert">{whyNotRead(problem)}</p>}
          {!isWhole && (
            <button type="button" className="button" onClick={goOn}>
              {page.items.length === 0 ? AUDIT_FILTER.further : DO.older}
            </button>
          )}
        </div>
      )}
    </>
  );
}

const countText = ({ items: { length }, next, total }: AuditPage): string =>
  total !== undefined ? partOf(length, total) : next === null ? AUDIT_FILTER.whole(length) : AUDIT_FILTER.some(length);

const NONE: readonly AuditEntry[] = [];

/** Whoever was seen acting, also before the filter that leaves them out. */
function useNames(entries: readonly AuditEntry[] = NONE): ReadonlyMap<string, string> {
  const known = useRef(new Map<string, string>());
  return useMemo(() => {
    for (const { who } of entries) if (who.id !== "" && who.sort === undefined) known.current.set(who.id, who.name);
    for (const [id, name] of operatorNames(entries)) known.current.set(id, name);
    return new Map(known.current);
  }, [entries]);
}

interface EntriesProps {
  entries: readonly AuditEntry[];
  names: ReadonlyMap<string, string>;
  onFilter(filter: AuditFilter): void;
}

function Entries({ entries, names, onFilter }: EntriesProps) {
  // The headings change at midnight, and at no other time.
  const today = useClock((now) => new Date(now).setHours(0, 0, 0, 0));
  const days = entries.map(({ at }) => dayInWords(at, today));
  return (
    <div className="sheet audit" role="table" aria-label={AUDIT.title}>
      <div className="line head" role="row">
        <span role="columnheader">{AUDIT.time}</span>
        <span role="columnheader">{AUDIT.who}</span>
        <span role="columnheader">{AUDIT.deed}</span>
        <span role="columnheader">{AUDIT.on}</span>
        <span role="columnheader">{AUDIT.outcome}</span>
        <span role="columnheader">
          <span className="sr-only">{AUDIT.detail}</span>
        </span>
      </div>
      {entries.map((entry, index) => (
        <Fragment key={entry.id}>
          {days[index] !== days[index - 1] && (
            <div className="day" role="row">
              <span role="cell" aria-colspan={6}>{days[index]}</span>
            </div>
          )}
          <AuditRow entry={entry} names={names} onFilter={onFilter} />
        </Fragment>
      ))}
    </div>
  );
}
