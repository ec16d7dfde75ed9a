/** What can go wrong with a device, at the press of a button. */
import { useState } from "react";
import { tell } from "../../parts/tell.tsx";
import { type Machine, setFault } from "../../simulator/fleet.ts";
import { type Fault, FAULTS, isMomentary } from "../../simulator/faults.ts";
import { FAULT_BUTTONS, SIMULATOR } from "../../words/simulator.ts";

const EVERY = "";

export function BreakPart({ running }: { running: readonly Machine[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  // What was chosen may be stopped meanwhile.
  const id = chosen !== null && (chosen === EVERY || running.some((machine) => machine.id === chosen))
    ? chosen
    : running[0].id;
  const these = running.filter((machine) => id === EVERY || machine.id === id);
  const press = (fault: Fault, isOn: boolean) => {
    setFault(these.map((machine) => machine.id), fault, isOn);
    if (isOn) tell(FAULT_BUTTONS[fault].sentence);
  };
  return (
    <section className="break" aria-labelledby="simulator-break">
      <h2 id="simulator-break" className="heading">{SIMULATOR.breakTitle}</h2>
      <p className="hint">{SIMULATOR.breakLead}</p>
      <label className="label mt-3" htmlFor="simulator-which">{SIMULATOR.which}</label>
      <select id="simulator-which" className="input" value={id} onChange={({ target }) => setChosen(target.value)}>
        {running.map((machine) => (
          <option key={machine.id} value={machine.id}>{`${machine.kind.title}, ${machine.id}`}</option>
        ))}
        <option value={EVERY}>{SIMULATOR.every}</option>
      </select>
      <ul className="faults">
        {FAULTS.map((fault) => {
          const isOn = these.every(({ faults }) => faults.includes(fault));
          return (
            <li key={fault}>
              <button
                type="button"
                className="button small"
                aria-pressed={isMomentary(fault) ? undefined : isOn}
                aria-describedby={`fault-${fault}`}
                onClick={() => press(fault, !isOn)}
              >
                {FAULT_BUTTONS[fault].word}
              </button>
              <span id={`fault-${fault}`} className="text-small text-ink2">{FAULT_BUTTONS[fault].sentence}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
