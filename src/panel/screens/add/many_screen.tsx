/** Many devices out of a table: looked at first, added one after the other, their tokens saved once. */
import { useMemo, useState } from "react";
import { type Plan, type PlannedRow, planOf } from "../../form/many_devices.ts";
import { csvOf } from "../../form/csv.ts";
import { useKinds } from "../../live/kinds.ts";
import { keep } from "../../live/save.ts";
import { useValue } from "../../live/value.ts";
import { ForAdministrators } from "../../parts/notice.tsx";
import { useMe } from "../../parts/me.ts";
import { tell } from "../../parts/tell.tsx";
import { useTitle } from "../../shell/title.ts";
import { ADD_MANY } from "../../words/add_many.ts";
import { Preview } from "./preview.tsx";
import { begin, forget, markSaved, type Run, run, stop, TOKEN_COLUMNS } from "./run.ts";
import "../../styles/add.css";

export function ManyScreen() {
  useTitle(ADD_MANY.title);
  return useMe().role === "admin" ? <Many /> : <ForAdministrators />;
}

function Many() {
  const kinds = useKinds();
  const [text, setText] = useState("");
  const plan = useMemo(() => planOf(text, new Set(kinds.keys())), [text, kinds]);
  const going = useValue(run);
  const again = () => {
    forget();
    setText("");
  };
  return (
    <div className="add">
      <h1>{ADD_MANY.title}</h1>
      <p className="mb-6 max-w-[88ch] text-ink2">{ADD_MANY.lead} {ADD_MANY.leadRest}</p>
      {going ? <Going run={going} onStop={stop} onAgain={again} /> : (
        <div className="grid gap-5">
          <Table text={text} onText={setText} kinds={[...kinds.keys()]} />
          <Planned plan={plan} isEmpty={text.trim() === ""} onBegin={(rows) => void begin(rows)} />
        </div>
      )}
    </div>
  );
}

interface TableProps {
  text: string;
  kinds: readonly string[];
  onText(text: string): void;
}

const Table = ({ text, kinds, onText }: TableProps) => (
  <div>
    <label className="label" htmlFor="many-table">{ADD_MANY.table}</label>
    <textarea
      id="many-table"
      className="input many-table"
      value={text}
      placeholder={ADD_MANY.placeholder}
      spellCheck={false}
      autoCapitalize="none"
      aria-describedby="many-about"
      onChange={({ target }) => onText(target.value)}
      onDrop={(event) => {
        const file = event.dataTransfer.files[0];
        if (!file) return;
        event.preventDefault();
        void file.text().then(onText);
      }}
    />
    <div className="mt-2 flex flex-wrap items-center gap-3">
      <label className="button small file-button">
        {ADD_MANY.file}
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          className="sr-only"
          onChange={({ target }) => void target.files?.[0]?.text().then(onText)}
        />
      </label>
      <span className="hint mt-0">{ADD_MANY.dropped}</span>
    </div>
    <p id="many-about" className="hint">{ADD_MANY.example} {kinds.join(", ")}</p>
  </div>
);

interface PlannedProps {
  plan: Plan;
  isEmpty: boolean;
  onBegin(rows: readonly PlannedRow[]): void;
}

function Planned({ plan, isEmpty, onBegin }: PlannedProps) {
  if ("problem" in plan) return isEmpty ? null : <p className="problem" role="alert">{plan.problem}</p>;
  const good = plan.rows.filter(({ problem }) => problem === null);
  const left = plan.rows.length - good.length;
  return (
    <>
      <Preview
        rows={plan.rows}
        outcomeOf={({ problem }) => ({ isBad: problem !== null, words: problem ?? ADD_MANY.ready })}
      />
      <div className="add-foot">
        {left > 0 && <p className="problem mr-auto">{ADD_MANY.left(left)}</p>}
        <button type="button" className="button primary" disabled={good.length === 0} onClick={() => onBegin(good)}>
          {ADD_MANY.submit(good.length)}
        </button>
      </div>
    </>
  );
}

interface GoingProps {
  run: Run;
  onStop(): void;
  onAgain(): void;
}

function Going({ run: { rows, outcomes, tokens, isOver }, onStop, onAgain }: GoingProps) {
  const refused = [...outcomes.values()].filter(({ isAdded }) => !isAdded).length;
  const save = () => {
    keep({ name: ADD_MANY.file_name, text: csvOf([TOKEN_COLUMNS, ...tokens]) });
    markSaved();
    tell(ADD_MANY.saved);
  };
  return (
    <div className="grid gap-5">
      <div className="many-going">
        <div>
          <p className="font-medium">
            {isOver ? ADD_MANY.done(tokens.length) : ADD_MANY.busy(outcomes.size, rows.length)}
          </p>
          {refused > 0 && <p className="problem">{ADD_MANY.refused(refused)}</p>}
          {tokens.length > 0 && <p className="text-ink2">{ADD_MANY.keep}</p>}
        </div>
        {isOver
          ? <button type="button" className="button" onClick={onAgain}>{ADD_MANY.again}</button>
          : <button type="button" className="button" onClick={onStop}>{ADD_MANY.stop}</button>}
        <button type="button" className="button primary" disabled={!isOver || tokens.length === 0} onClick={save}>
          {ADD_MANY.save}
        </button>
      </div>
      <Preview
        rows={rows}
        outcomeOf={({ line }) => {
          const outcome = outcomes.get(line);
          return { isBad: outcome?.isAdded === false, words: outcome?.words ?? ADD_MANY.waiting };
        }}
      />
    </div>
  );
}
