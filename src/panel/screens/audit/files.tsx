/** The audit as a file or a call, and how somebody sees for themselves that it is whole [A7, A8, A2.8]. */
import { ShieldCheck } from "lucide-react";
import { auditCsv, auditJson } from "../../form/audit_file.ts";
import type { AuditFilter } from "../../form/audit_filter.ts";
import { auditPath, entriesFound, MOST_EXPORTED } from "../../live/audit.ts";
import { curlGet, TOKEN } from "../../live/curl.ts";
import { keep } from "../../live/save.ts";
import { hubNow } from "../../live/time.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Drop } from "../../parts/drop.tsx";
import { ExportMenu, type FileForm } from "../../parts/export_menu.tsx";
import { AUDIT_FILE, AUDIT_VERIFY } from "../../words/audit.ts";
import type { AuditEntry } from "../../words/deeds.ts";

const FORMS = {
  csv: { textOf: auditCsv, type: "text/csv;charset=utf-8" },
  json: { textOf: auditJson, type: "application/json" },
};

export function AuditExport({ filter }: { filter: AuditFilter }) {
  const save = async (form: FileForm) => {
    const { entries, isCut } = await entriesFound(filter);
    const { textOf, type } = FORMS[form];
    const day = new Date(hubNow()).toISOString().slice(0, 16).replace("T", " ").replace(":", "");
    keep({ name: `audit ${day}.${form}`, text: textOf(entries), type });
    return isCut ? AUDIT_FILE.cut(MOST_EXPORTED) : AUDIT_FILE.done(entries.length);
  };
  return <ExportMenu className="button" words={AUDIT_FILE} save={save} curl={() => curlGet(auditPath(filter))} />;
}

/** `newest` is the head, where all of the audit is shown. */
export function Verify({ newest }: { newest?: AuditEntry }) {
  const command = `deno task audit:verify --url ${location.origin} --token ${TOKEN}`;
  const head = newest?.hash === undefined ? null : `${newest.chain}:${newest.n}:${newest.hash}`;
  return (
    <Drop
      className="button"
      label={
        <>
          <ShieldCheck size={14} aria-hidden="true" />
          <span>{AUDIT_VERIFY.label}</span>
        </>
      }
    >
      {() => (
        <div className="audit-verify">
          <p>{AUDIT_VERIFY.sentence}</p>
          <code>{command}</code>
          <CopyButton className="button small" text={command} label={AUDIT_VERIFY.copy} />
          {head !== null && (
            <>
              <p>{AUDIT_VERIFY.head}</p>
              <code>{head}</code>
              <CopyButton className="button small" text={head} label={AUDIT_VERIFY.copyHead} />
            </>
          )}
        </div>
      )}
    </Drop>
  );
}
