/** An emergency stop for all that the list's query finds: asked once, with the number; and the way back [E1, E6]. */
import { useState } from "react";
import { clearMany, stopMany, type Stopped, type Whom } from "../../live/estop.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { ReasonDialog } from "../../parts/reason.tsx";
import { focusFirst } from "../../parts/text_field.tsx";
import type { Meant } from "../../live/kind_counts.ts";
import { Say } from "../../parts/say.tsx";
import { DO } from "../../words/common.ts";
import { ESTOP } from "../../words/estop.ts";
import { STOPPING } from "../../words/list.ts";

interface Props {
  meant: Meant;
  onClose(): void;
}

export default function StopMany({ meant: { queries, total, ids }, onClose }: Props) {
  const [q] = queries;
  // One transaction: none of them goes on because another one could not be stopped.
  const whom = (query: string): Whom => ids ? { devices: ids } : { query };
  const [isClearing, setClearing] = useState(false);
  // What was asked goes away by itself; what became of it stays to be read.
  const [done, setDone] = useState<string | null>(null);
  const finish = (sentence: (stopped: Stopped) => string, act: Promise<Stopped>) =>
    act.then((stopped) => setDone(sentence(stopped)));
  if (done !== null) {
    return (
      <Dialog title={STOPPING.title} onClose={onClose}>
        <p role="alert">{done}</p>
        <div className="dialog-foot mt-4">
          <button ref={focusFirst} type="button" className="button" onClick={onClose}>{DO.close}</button>
        </div>
      </Dialog>
    );
  }
  if (isClearing) {
    return (
      <ReasonDialog
        key="clear"
        title={STOPPING.clearTitle}
        label={ESTOP.whySafe}
        button={STOPPING.clear}
        act={(reason) =>
          finish(
            ({ total }) => STOPPING.cleared(total),
            clearMany(whom(q || "id:*"), reason),
          )}
        isKept
        onClose={onClose}
      >
        <p>
          {ids ? STOPPING.clearChosen : q === "" ? STOPPING.clearAll : <Found text={STOPPING.clearFound} q={q} />}
          {STOPPING.afterClear}
        </p>
      </ReasonDialog>
    );
  }
  return (
    <ReasonDialog
      key="stop"
      title={STOPPING.stop(total)}
      label={STOPPING.label}
      isOptional
      isDanger
      button={STOPPING.stop(total)}
      act={(reason) =>
        finish(
          ({ total }) => STOPPING.stopped(total),
          stopMany(whom(q), reason),
        )}
      isKept
      onClose={onClose}
    >
      <p>
        {ids ? STOPPING.chosen : q === "" ? STOPPING.all : <Found text={STOPPING.found} q={q} />}
        {STOPPING.follows}
      </p>
      <p className="text-ink2">{STOPPING.noSafety}</p>
      <p>
        <button type="button" className="link" onClick={() => setClearing(true)}>
          {STOPPING.clearInstead}
        </button>
      </p>
    </ReasonDialog>
  );
}

const Found = ({ text, q }: { text: string; q: string }) => (
  <Say text={text} with={{ q: <code className="font-mono">{q}</code> }} />
);
