/** The first rows of a table of new devices, with what becomes of each; bad ones first, so that none hides. */
import { Check, X } from "lucide-react";
import type { PlannedRow } from "../../form/many_devices.ts";
import { tagsFrom } from "../../form/new_device.ts";
import { ADD_MANY } from "../../words/add_many.ts";

interface Props {
  rows: readonly PlannedRow[];
  outcomeOf(row: PlannedRow): { isBad: boolean; words: string };
}

const MOST = 100;

export function Preview({ rows, outcomeOf }: Props) {
  const judged = rows.map((row) => ({ row, ...outcomeOf(row) }));
  const shown = [...judged.filter(({ isBad }) => isBad), ...judged.filter(({ isBad }) => !isBad)].slice(0, MOST);
  return (
    <section className="many-preview" aria-label={ADD_MANY.preview} tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            {[ADD_MANY.line, ADD_MANY.outcome, ADD_MANY.name, ADD_MANY.id, ADD_MANY.kind, ADD_MANY.tags].map((head) => (
              <th key={head} scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ row: { line, draft }, isBad, words }) => (
            <tr key={line}>
              <td className="text-ink3">{line}</td>
              <td className={isBad ? "text-fail" : "text-ink2"}>
                <span className="inline-flex gap-1">
                  {isBad && <X size={14} className="mt-[3px] shrink-0" strokeWidth={2.5} aria-hidden="true" />}
                  {words === ADD_MANY.added && (
                    <Check size={14} className="mt-[3px] shrink-0 text-online" strokeWidth={2.5} aria-hidden="true" />
                  )}
                  {words}
                </span>
              </td>
              <td>{draft.name}</td>
              <td className="font-mono text-small">{draft.id}</td>
              <td>{draft.kind}</td>
              <td>{tagsFrom(draft.tags).map((tag) => <span key={tag} className="tag mr-1">{tag}</span>)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {judged.length > MOST && <p className="hint">{ADD_MANY.more(judged.length - MOST)}</p>}
    </section>
  );
}
