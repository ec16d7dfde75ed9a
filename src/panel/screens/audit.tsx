/** Who did what to what, and how it went: the hub's audit, newest first. */
import { RefreshCw } from "lucide-react";
import { Fragment, useEffect, useMemo, useRef } from "react";
import { useAudit } from "../live/audit.ts";
import { useClock } from "../live/time.ts";
import { useMe } from "../parts/me.ts";
import { ForAdministrators, Notice, NotRead, whyNotRead } from "../parts/notice.tsx";
import { useTitle } from "../shell/title.ts";
import { type AuditEntry, dayInWords, operatorNames } from "../words/deeds.ts";
import { AuditRow } from "./audit_row.tsx";
import { numberIn } from "../words/locale.ts";

export function AuditScreen() {
  const me = useMe();
  useTitle("Audit");
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
        <h1>Audit</h1>
        <p>Who did what. The hub took an accepted command; what became of it is on the device’s page.</p>
        <button type="button" className="button" onClick={() => void refresh()}>
          <RefreshCw size={14} aria-hidden="true" />
          Refresh
        </button>
      </div>
      {!page && problem && <NotRead what="The audit" problem={problem} onRetry={() => void refresh()} />}
      {page?.items.length === 0 && (
        <Notice title="Nothing has been done yet">
          Signing in, adding a device, sending a command: each is kept here for a year.
        </Notice>
      )}
      {page && page.items.length > 0 && (
        <>
          <Entries entries={page.items} />
          <div className="sheet-foot">
            <p ref={count} tabIndex={-1} className="text-ink3 outline-none">
              {numberIn(page.items.length)} of {numberIn(page.total)}
            </p>
            {problem && <p className="problem" role="alert">{whyNotRead(problem)}</p>}
            {!isWhole && <button type="button" className="button" onClick={goOn}>Older</button>}
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
    <div className="sheet audit" role="table" aria-label="Audit">
      <div className="line head" role="row">
        <span role="columnheader">Time</span>
        <span role="columnheader">Who</span>
        <span role="columnheader">What</span>
        <span role="columnheader">On</span>
        <span role="columnheader">Outcome</span>
        <span role="columnheader">
          <span className="sr-only">Detail</span>
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
