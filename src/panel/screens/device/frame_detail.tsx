/** One frame, whole: as it was sent, and set out so that it can be read. */
import { X } from "lucide-react";
import type { SeenFrame } from "../../live/frames.ts";
import { Ago } from "../../parts/age.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { errorInWords, frameClockOf, LIVE, sizeInWords } from "../../words/frames.ts";

interface Props {
  frame: SeenFrame;
  onClose(): void;
}

export const FrameDetail = ({ frame: { at, direction, text, size, isCut, error }, onClose }: Props) => (
  <section className="frame-detail" aria-label={direction === "in" ? LIVE.in : LIVE.out}>
    <header>
      <h2 className="heading">{direction === "in" ? LIVE.in : LIVE.out}</h2>
      <button
        type="button"
        className="button quiet small square"
        aria-label={LIVE.close}
        title={LIVE.close}
        onClick={onClose}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </header>
    <p className="hint">
      {frameClockOf(at)}, <Ago at={at} />, {sizeInWords(size, isCut)}
    </p>
    {error && <p className="problem mt-2">{errorInWords(error)}</p>}
    <pre className="code-block" tabIndex={0}>{setOut(text)}</pre>
    {isCut && <p className="hint">{LIVE.isCut}</p>}
    <CopyButton text={text} label={LIVE.copy} />
  </section>
);

function setOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
