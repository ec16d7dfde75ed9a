/** What is found, or chosen, as a file or as a call [A2.8]. */
import { Download } from "lucide-react";
import { useState } from "react";
import { devicesFound, keepDevices, listPath, MOST_EXPORTED } from "../../live/export.ts";
import { faultOf } from "../../live/fault.ts";
import { hubNow } from "../../live/time.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Drop } from "../../parts/drop.tsx";
import { tell } from "../../parts/tell.tsx";
import { curlOf } from "../../shell/rest_call.ts";
import { EXPORT } from "../../words/list.ts";
import { refusalInWords } from "../../words/road.ts";

interface Props {
  queries: readonly string[];
  isUp?: boolean;
  className?: string;
}

export function Export({ queries, isUp, className }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const keep = async (form: "csv" | "json") => {
    // The buttons stay what they are: one that is disabled loses the focus.
    if (isBusy) return;
    setBusy(true);
    setSaid(null);
    let outcome: string;
    try {
      const { devices, isCut } = await devicesFound(queries);
      keepDevices(devices, form, hubNow());
      outcome = isCut ? EXPORT.cut(MOST_EXPORTED) : EXPORT.done(devices.length);
    } catch (thrown) {
      outcome = refusalInWords(faultOf(thrown));
    }
    setSaid(outcome);
    tell(outcome);
    setBusy(false);
  };
  return (
    <Drop
      isUp={isUp}
      className={className}
      label={
        <>
          <Download size={14} aria-hidden="true" />
          <span className="text">{EXPORT.label}</span>
        </>
      }
    >
      {() => (
        <>
          <button type="button" className="item" onClick={() => void keep("csv")}>
            {EXPORT.csv}
          </button>
          <button type="button" className="item" onClick={() => void keep("json")}>
            {EXPORT.json}
          </button>
          {queries.length === 1 && (
            <CopyButton className="item" text={curlOf(listPath(queries[0]))} label={EXPORT.curl} />
          )}
          {(isBusy || said) && <p className="hint px-2">{isBusy ? EXPORT.busy : said}</p>}
        </>
      )}
    </Drop>
  );
}
