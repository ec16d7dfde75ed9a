/** Pause and Resume of what streams in, and what waits meanwhile [WCAG 2.2.2]. */
import { Pause as PauseShape, Play } from "lucide-react";
import { hub } from "../live/connection.ts";
import { useValue } from "../live/value.ts";
import { tell } from "../parts/tell.tsx";
import { numberIn } from "../words/locale.ts";
import { KEY_GROUPS, PAUSE } from "../words/shell.ts";
import { useShortcuts } from "./keys.ts";

const { pause } = hub;

function turn(): void {
  if (pause.isOn.get()) pause.resume();
  else pause.pause();
  tell(pause.isOn.get() ? PAUSE.paused : PAUSE.resumed);
}

export function PauseButton() {
  const isOn = useValue(pause.isOn);
  const Shape = isOn ? Play : PauseShape;
  useShortcuts([{ keys: ".", label: PAUSE.key, group: KEY_GROUPS.anywhere, run: turn }]);
  return (
    <button
      type="button"
      className="button quiet small square"
      aria-label={isOn ? PAUSE.resume : PAUSE.pause}
      title={isOn ? PAUSE.resume : PAUSE.pause}
      onClick={turn}
    >
      <Shape size={16} aria-hidden="true" />
    </button>
  );
}

/** What is on the screen is old on purpose: that has to be seen as plainly as a lost connection. */
export function Paused() {
  const isOn = useValue(pause.isOn);
  const waiting = useValue(pause.waiting);
  if (!isOn) return null;
  return (
    <aside className="banner paused" aria-label={PAUSE.label}>
      <PauseShape className="shrink-0" size={16} aria-hidden="true" />
      <p className="grow">
        <strong>{PAUSE.paused}</strong> {PAUSE.waiting(numberIn(waiting), waiting)}
      </p>
      <button type="button" className="button small" onClick={turn}>{PAUSE.resume}</button>
    </aside>
  );
}
