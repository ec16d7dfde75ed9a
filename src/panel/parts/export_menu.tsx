/** What is found, as a file or as a call [A2.8]: the same menu wherever there is something to take along. */
import { Download } from "lucide-react";
import { useState } from "react";
import { faultOf } from "../live/fault.ts";
import { refusalInWords } from "../words/road.ts";
import { CopyButton } from "./copy.tsx";
import { Drop } from "./drop.tsx";
import { tell } from "./tell.tsx";

export type FileForm = "csv" | "json";

interface Props {
  words: Record<"label" | "csv" | "json" | "curl" | "busy", string>;
  /** Makes the file; what is said of it then. */
  save(form: FileForm): Promise<string>;
  /** Null where no one call says the same. */
  curl: (() => string) | null;
  isUp?: boolean;
  className?: string;
}

export function ExportMenu({ words, save, curl, isUp, className }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const keep = async (form: FileForm) => {
    // The buttons stay what they are: one that is disabled loses the focus.
    if (isBusy) return;
    setBusy(true);
    setSaid(null);
    const outcome = await save(form).catch((thrown) => refusalInWords(faultOf(thrown)));
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
          <span className="text">{words.label}</span>
        </>
      }
    >
      {() => (
        <>
          <button type="button" className="item" onClick={() => void keep("csv")}>{words.csv}</button>
          <button type="button" className="item" onClick={() => void keep("json")}>{words.json}</button>
          {curl && <CopyButton className="item" text={curl} label={words.curl} />}
          {(isBusy || said) && <p className="hint px-2">{isBusy ? words.busy : said}</p>}
        </>
      )}
    </Drop>
  );
}
