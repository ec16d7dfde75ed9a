/** The device's history in the time shown, saved as a file. */
import { Download } from "lucide-react";
import { useState } from "react";
import { faultOf } from "../live/fault.ts";
import { historyFile, keep } from "../live/save.ts";
import { whyNotRead } from "../parts/notice.tsx";
import { tell } from "../parts/tell.tsx";
import { CSV } from "../words/history.ts";

interface Props {
  device: string;
  /** What is shown when it is pressed. */
  range(): { from: number; to: number };
}

export function SaveButton({ device, range }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const save = async () => {
    setBusy(true);
    setTold("");
    try {
      const file = await historyFile(device, range());
      keep(file);
      say(file.isCut ? CSV.cut : "");
    } catch (error) {
      say(whyNotRead(faultOf(error)));
    } finally {
      setBusy(false);
    }
  };
  const say = (text: string) => {
    setTold(text);
    tell(text);
  };
  return (
    <>
      <button type="button" className="button small" disabled={isBusy} title={CSV.title} onClick={() => void save()}>
        <Download size={14} aria-hidden="true" />
        {isBusy ? CSV.busy : CSV.button}
      </button>
      {told && <p className="basis-full text-small text-ink2">{told}</p>}
    </>
  );
}
