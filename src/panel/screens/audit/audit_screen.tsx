/** Who did what to what, and how it went: the hub's audit, newest first. */
import { RefreshCw } from "lucide-react";
import { Fragment, useEffect, useMemo, useRef } from "react";
import { useAudit } from "../../live/audit.ts";
import { useClock } from "../../live/time.ts";
import { useMe } from "../../parts/me.ts";
import { ForAdministrators, Notice, NotRead, whyNotRead } from "../../parts/notice.tsx";
import { useTitle } from "../../shell/title.ts";
import { AUDIT, type AuditEntry, dayInWords, operatorNames } from "../../words/deeds.ts";
import { AuditRow } from "./audit_row.tsx";
import { DO, partOf } from "../../words/common.ts";

export function AuditScreen() {
  const me = useMe();
  useTitle(AUDIT.title);
  return me.role === "admin" ? <Audit /> : <ForAdministrators />;
}

function Audit() {
  const { page, problem, refresh, older } = useAudit();
  const count = useRef<HTMLParagraphElement>(null);
  const hasGoneOn = useRef(false);
  const isWhole = page?.next === null;
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
        <button type="button" className="button" onClick={() => void refresh()}>
          <RefreshCw size={14} aria-hidden="true" />
          {DO.refresh}
        </button>
      </div>
      {!page && problem && <NotRead what={AUDIT.what} problem={problem} onRetry={() => void refresh()} />}
      {page?.items.length === 0 && (
        <Notice title={AUDIT.none}>
          {AUDIT.noneHint}
        </Notice>
      )}
      {page && page.items.length > 0 && (
        <>
          <Entries entries={page.items} />
          <div className="sheet-foot">
            <p ref={count} tabIndex={-1} className="text-ink3 outline-none">
              {partOf(page.items.length, page.total)}
            </p>
            {problem && <p className="problem" role="alert">{whyNotRead(problem)}</p>}
            {!isWhole && <button type="button" className="button" onClick={goOn}>{DO.older}</button>}
          </div>
        </>
      )}
    </>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const names = useMemo(() => operatorNames(entries), [entries]);
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
          <AuditRow entry={entry} names={names} />
        </Fragment>
      ))}
    </div>
  );
}
