/** Many devices out of a table: looked at first, added one after the other, their tokens saved once. */
import { useMemo, useState } from "react";
import { type Plan, type PlannedRow, planOf } from "../../form/many_devices.ts";
import { bodyOf } from "../../form/new_device.ts";
import { csvOf } from "../../form/csv.ts";
import { faultOf } from "../../live/fault.ts";
import { useKinds } from "../../live/kinds.ts";
import { path, rest } from "../../live/rest.ts";
import { keep } from "../../live/save.ts";
import { ForAdministrators } from "../../parts/notice.tsx";
import { useMe } from "../../parts/me.ts";
import { tell } from "../../parts/tell.tsx";
import { useTitle } from "../../shell/title.ts";
import { ADD_MANY } from "../../words/add_many.ts";
import { refusalInWords } from "../../words/road.ts";
import type { NewDevice } from "./connect_device.tsx";
import { Preview } from "./preview.tsx";
import "../../styles/add.css";

/** Between two, in ms: others ask the hub too [F9]. */
const PACE = 50;

/** What became of a row, by its line. */
export type Outcomes = ReadonlyMap<number, { isAdded: boolean; words: string }>;

interface Run {
  rows: readonly PlannedRow[];
  outcomes: Outcomes;
  tokens: readonly (readonly string[])[];
  isOver: boolean;
}

export function ManyScreen() {
  useTitle(ADD_MANY.title);
  return useMe().role === "admin" ? <Many /> : <ForAdministrators />;
}

function Many() {
  const kinds = useKinds();
  const [text, setText] = useState("");
  const plan = useMemo(() => planOf(text, new Set(kinds.keys())), [text, kinds]);
  const { run, begin, stop, forget } = useRun();
  const again = () => {
    forget();
    setText("");
  };
  return (
    <div className="add">
      <h1>{ADD_MANY.title}</h1>
      <p className="mb-6 max-w-[88ch] text-ink2">{ADD_MANY.lead} {ADD_MANY.leadRest}</p>
      {run ? <Going run={run} onStop={stop} onAgain={again} /> : (
        <div className="grid gap-5">
          <Table text={text} onText={setText} kinds={[...kinds.keys()]} />
          <Planned plan={plan} isEmpty={text.trim() === ""} onBegin={begin} />
        </div>
      )}
    </div>
  );
}

function useRun() {
  const [run, setRun] = useState<Run | null>(null);
  // Not drawn, and read while it goes on.
  const [flow] = useState({ isStopped: false });
  const begin = async (rows: readonly PlannedRow[]) => {
    flow.isStopped = false;
    let now: Run = { rows, outcomes: new Map(), tokens: [], isOver: false };
    setRun(now);
    for (const { line, draft } of rows) {
      if (flow.isStopped) break;
      const outcome = await added(draft);
      const words = typeof outcome === "string" ? outcome : ADD_MANY.added;
      now = {
        ...now,
        outcomes: new Map(now.outcomes).set(line, { isAdded: typeof outcome !== "string", words }),
        tokens: typeof outcome === "string" ? now.tokens : [...now.tokens, tokenRow(outcome)],
      };
      setRun(now);
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
    setRun({ ...now, isOver: true });
    tell(ADD_MANY.done(now.tokens.length));
  };
  return { run, begin, stop: () => void (flow.isStopped = true), forget: () => setRun(null) };
}

/** Or why not. */
async function added(draft: PlannedRow["draft"]): Promise<NewDevice | string> {
  try {
    return await rest<NewDevice>("POST", path.devices, bodyOf(draft));
  } catch (thrown) {
    return refusalInWords(faultOf(thrown));
  }
}

const TOKEN_COLUMNS = ["id", "name", "kind", "token"];
const tokenRow = ({ device: { id, name, kind }, token }: NewDevice) => [id, name, kind, token];

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
