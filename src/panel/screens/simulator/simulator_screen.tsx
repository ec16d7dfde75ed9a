/** Devices without hardware: started here, broken here, and seen everywhere in the panel as what they would be. */
import { lazy, Suspense, useState } from "react";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import { useValue } from "../../live/value.ts";
import { ForAdministrators } from "../../parts/notice.tsx";
import { useMe } from "../../parts/me.ts";
import { tell } from "../../parts/tell.tsx";
import { useTitle } from "../../shell/title.ts";
import { machines, MOST, stopAll, TAG } from "../../simulator/fleet.ts";
import { SIMULATOR } from "../../words/simulator.ts";
import { BreakPart } from "./break_part.tsx";
import { RunningPart } from "./running_part.tsx";
import { StartForm } from "./start_form.tsx";
import "../../styles/simulator.css";

const RemoveAll = lazy(() => import("./remove_all.tsx"));

export function SimulatorScreen() {
  useTitle(SIMULATOR.title);
  return useMe().role === "admin" ? <Simulator /> : <ForAdministrators />;
}

function Simulator() {
  const running = useValue(machines);
  const store = useWatch({ query: `tag:${TAG}`, window: [0, MOST], fields: ["name", "presence"], rate: 2 })!;
  const { total, isLoading } = useOutline(store);
  const [isRemoving, setRemoving] = useState(false);
  const stop = () => {
    stopAll();
    tell(SIMULATOR.stopped);
  };
  return (
    <div className="simulator">
      <header className="simulator-head">
        <div>
          <h1>{SIMULATOR.title}</h1>
          <p className="text-ink2">{SIMULATOR.lead}</p>
        </div>
        <div className="flex gap-2">
          <button type="button" className="button" disabled={running.length === 0} onClick={stop}>
            {SIMULATOR.stop}
          </button>
          <button type="button" className="button danger" disabled={total === 0} onClick={() => setRemoving(true)}>
            {SIMULATOR.remove}
          </button>
        </div>
      </header>
      {!isLoading && total > running.length && <p className="hint">{SIMULATOR.leftOver(total - running.length)}</p>}
      <StartForm room={MOST - running.length} />
      {running.length > 0 && (
        <div className="simulator-parts">
          <RunningPart running={running} store={store} />
          <BreakPart running={running} />
        </div>
      )}
      {isRemoving && (
        <Suspense>
          <RemoveAll count={total} onClose={() => setRemoving(false)} />
        </Suspense>
      )}
    </div>
  );
}
