/** How many of which kinds: five of the usual ones where nobody says. */
import { type FormEvent, useState } from "react";
import { faultOf } from "../../live/fault.ts";
import { useKinds } from "../../live/kinds.ts";
import { KindIcon } from "../../parts/icon.tsx";
import { tell } from "../../parts/tell.tsx";
import { TextField } from "../../parts/text_field.tsx";
import { start } from "../../simulator/fleet.ts";
import { refusalInWords } from "../../words/road.ts";
import { SIMULATOR } from "../../words/simulator.ts";

/** One of each is a small house. */
const USUAL = ["env-sensor", "thermostat", "light", "lock", "cover"];

export function StartForm({ room }: { room: number }) {
  const kinds = [...useKinds().values()];
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [text, setText] = useState("5");
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const names = chosen ?? kinds.map(({ kind }) => kind).filter((kind) => USUAL.includes(kind));
  const count = Number(text);
  const isCount = Number.isInteger(count) && count >= 1 && count <= room;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (names.length === 0) return setProblem(SIMULATOR.noKind);
    if (!isCount) return;
    setProblem(null);
    setDone(0);
    try {
      // In the order in which somebody would read them.
      await start(kinds.filter(({ kind }) => names.includes(kind)), count, setDone);
      tell(SIMULATOR.started(count));
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
    }
    setDone(null);
  };
  const toggle = (kind: string) =>
    setChosen(names.includes(kind) ? names.filter((name) => name !== kind) : [...names, kind]);
  return (
    <form className="simulator-start" onSubmit={submit} noValidate>
      <fieldset className="min-w-0">
        <legend className="label">{SIMULATOR.kinds}</legend>
        <div className="kind-checks">
          {kinds.map(({ kind, title, icon }) => (
            <label key={kind} className="kind-check">
              <input type="checkbox" checked={names.includes(kind)} onChange={() => toggle(kind)} />
              <KindIcon name={icon} />
              {title}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="simulator-go">
        <TextField
          label={SIMULATOR.count}
          value={text}
          inputMode="numeric"
          problem={isCount ? undefined : SIMULATOR.countProblem(room)}
          onText={setText}
        />
        <button type="submit" className="button primary" disabled={!isCount || done !== null || kinds.length === 0}>
          {done === null ? SIMULATOR.start(isCount ? count : 0) : SIMULATOR.starting(done, count)}
        </button>
        {problem && <p className="problem" role="alert">{problem}</p>}
      </div>
    </form>
  );
}
