/** A second thought before all simulated devices go, with what they told. */
import { useState } from "react";
import { faultOf } from "../../live/fault.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { tell } from "../../parts/tell.tsx";
import { focusFirst } from "../../parts/text_field.tsx";
import { removeAll } from "../../simulator/fleet.ts";
import { refusalInWords } from "../../words/road.ts";
import { SIMULATOR } from "../../words/simulator.ts";

export default function RemoveAll({ count, onClose }: { count: number; onClose(): void }) {
  const [done, setDone] = useState<number | null>(null);
  // What is there now changes while they go; the question was about all of them.
  const [asked] = useState(count);
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async () => {
    setDone(0);
    try {
      await removeAll(setDone);
      tell(SIMULATOR.removed);
      onClose();
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
      setDone(null);
    }
  };
  return (
    <Dialog title={SIMULATOR.removeTitle} onClose={onClose}>
      <p className="mb-4">{SIMULATOR.removeLead(asked)}</p>
      {problem && <p className="problem mb-4" role="alert">{problem}</p>}
      <div className="dialog-foot">
        <button type="button" className="button" ref={focusFirst} onClick={onClose}>{SIMULATOR.cancel}</button>
        <button type="button" className="button danger" disabled={done !== null} onClick={() => void remove()}>
          {done === null ? SIMULATOR.removeNow : SIMULATOR.removing(done)}
        </button>
      </div>
    </Dialog>
  );
}
