/** An emergency stop for all that the list's query finds: asked once, with the number; and the way back [E1, E6]. */
import { useState } from "react";
import { clearMany, stopMany, type Stopped } from "../../live/estop.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { ReasonDialog } from "../../parts/reason.tsx";
import { focusFirst } from "../../parts/text_field.tsx";
import { countOf } from "../../words/format.ts";
import type { Meant } from "../../live/kind_counts.ts";

interface Props {
  meant: Meant;
  onClose(): void;
}

/** All at once: a stop waits for nothing. */
async function each(queries: readonly string[], act: (q: string) => Promise<Stopped>): Promise<Stopped> {
  const parts = await Promise.all(queries.map(act));
  return { devices: parts.flatMap(({ devices }) => devices), total: parts.reduce((sum, { total }) => sum + total, 0) };
}

export default function StopMany({ meant: { queries, total, ids }, onClose }: Props) {
  const [q] = queries;
  const [isClearing, setClearing] = useState(false);
  // What was asked goes away by itself; what became of it stays to be read.
  const [done, setDone] = useState<string | null>(null);
  const finish = (sentence: (stopped: Stopped) => string, act: Promise<Stopped>) =>
    act.then((stopped) => setDone(sentence(stopped)));
  if (done !== null) {
    return (
      <Dialog title="Emergency stop" onClose={onClose}>
        <p role="alert">{done}</p>
        <div className="dialog-foot mt-4">
          <button ref={focusFirst} type="button" className="button" onClick={onClose}>Close</button>
        </div>
      </Dialog>
    );
  }
  if (isClearing) {
    return (
      <ReasonDialog
        key="clear"
        title="Clear emergency stops"
        label="Why it is safe again"
        button="Clear the stops"
        act={(reason) =>
          finish(
            ({ total }) => `${countOf(total, "emergency stop is", "emergency stops are")} cleared.`,
            each(queries, (q) => clearMany(q || "id:*", reason)),
          )}
        isKept
        onClose={onClose}
      >
        <p>
          Those of {ids ? "the selected devices" : q === "" ? "all devices" : <Found q={q} />}{" "}
          that are latched are cleared. What was cancelled stays cancelled; what is desired is sent at once.
        </p>
      </ReasonDialog>
    );
  }
  return (
    <ReasonDialog
      key="stop"
      title={`Stop ${countOf(total, "device", "devices")}`}
      label="Reason"
      isOptional
      isDanger
      button={`Stop ${countOf(total, "device", "devices")}`}
      act={(reason) =>
        finish(
          ({ total }) =>
            `${countOf(total, "device is", "devices are")} latched. The list says of each whether it confirmed.`,
          each(queries, (q) => stopMany(q, reason)),
        )}
      isKept
      onClose={onClose}
    >
      <p>
        {ids ? "Every selected device" : q === "" ? "Every device of this hub" : (
          <>
            Every device that <Found q={q} /> finds
          </>
        )}{" "}
        is stopped at once, and no command acts on it until somebody clears it. A kind without a stop is latched at the
        hub only.
      </p>
      <p className="text-ink2">This goes over a network: it is no safety function.</p>
      <p>
        <button type="button" className="link" onClick={() => setClearing(true)}>
          Clear the stops of these instead…
        </button>
      </p>
    </ReasonDialog>
  );
}

const Found = ({ q }: { q: string }) => <code className="font-mono">{q}</code>;
