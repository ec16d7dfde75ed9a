/** The audit as a file or a call, and how somebody sees for themselves that it is whole [A7, A8, A2.8]. */
import { Download, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { auditCsv, auditJson } from "../../form/audit_file.ts";
import type { AuditFilter } from "../../form/audit_filter.ts";
import { auditPath, entriesFound, MOST_EXPORTED } from "../../live/audit.ts";
import { faultOf } from "../../live/fault.ts";
import { keep } from "../../live/save.ts";
import { hubNow } from "../../live/time.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Drop } from "../../parts/drop.tsx";
import { tell } from "../../parts/tell.tsx";
import { curlOf } from "../../shell/rest_call.ts";
import { AUDIT_FILE, AUDIT_VERIFY } from "../../words/audit.ts";
import type { AuditEntry } from "../../words/deeds.ts";
import { refusalInWords } from "../../words/road.ts";

const FORMS = {
  csv: { textOf: auditCsv, type: "text/csv;charset=utf-8" },
  json: { textOf: auditJson, type: "application/json" },
};

export function AuditExport({ filter }: { filter: AuditFilter }) {
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const save = async (form: keyof typeof FORMS) => {
    // The buttons stay what they are: one that is disabled loses the focus.
    if (isBusy) return;
    setBusy(true);
    let outcome: string;
    try {
      const { entries, isCut } = await entriesFound(filter);
      const { textOf, type } = FORMS[form];
      const day = new Date(hubNow()).toISOString().slice(0, 16).replace("T", " ").replace(":", "");
      keep({ name: `audit ${day}.${form}`, text: textOf(entries), type });
      outcome = isCut ? AUDIT_FILE.cut(MOST_EXPORTED) : AUDIT_FILE.done(entries.length);
    } catch (thrown) {
      outcome = refusalInWords(faultOf(thrown));
    }
    setSaid(outcome);
    tell(outcome);
    setBusy(false);
  };
  return (
    <Drop className="button" label={<Label icon={<Download size={14} aria-hidden="true" />} text={AUDIT_FILE.label} />}>
      {() => (
        <>
          <button
            type="button"
            className="item"
            onClick={() => void save("csv")}
          >
            {AUDIT_FILE.csv}
          </button>
          <button
            type="button"
            className="item"
            onClick={() =>
              void save("json")}
          >
            {AUDIT_FILE.json}
          </button>
          <CopyButton
            className="item"
            text={() =>
              curlOf(auditPath(filter))}
            label={AUDIT_FILE.curl}
          />
          {(isBusy || said) && <p className="hint px-2">{isBusy ? AUDIT_FILE.busy : said}</p>}
        </>
      )}
    </Drop>
  );
}

const Label = ({ icon, text }: { icon: React.ReactNode; text: string }) => (
  <>
    {icon}
    <span>{text}</span>
  </>
);

/** `newest` is the head, where all of the audit is shown. */
export function Verify({ newest }: { newest?: AuditEntry }) {
  const command = `deno task audit:verify --url ${location.origin} --token $TOKEN`;
  const head = newest?.hash === undefined ? null : `${newest.chain}:${newest.n}:${newest.hash}`;
  return (
    <Drop
      className="button"
      label={<Label icon={<ShieldCheck size={14} aria-hidden="true" />} text={AUDIT_VERIFY.label} />}
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
