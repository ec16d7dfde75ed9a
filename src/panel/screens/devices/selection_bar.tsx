/** What can be done with the chosen devices; it is there while some are chosen, and covers no row [A4]. */
import { OctagonX, Tag, Trash2, X } from "lucide-react";
import { useCounts } from "../../live/counts.ts";
import type { Meant } from "../../live/kind_counts.ts";
import { type Chosen, isNobody, NOBODY, queriesOf, sizeOf } from "../../live/selection.ts";
import { useValue, type Value } from "../../live/value.ts";
import { mayAs, useMe } from "../../parts/me.ts";
import { PresenceShape } from "../../parts/presence.tsx";
import { ACTS } from "../../words/list.ts";
import { numberIn } from "../../words/locale.ts";
import { PRESENCE, PRESENCES } from "../../words/words.ts";
import { Export } from "./export.tsx";

/** So many a job takes by name [J15]. */
const MOST_NAMED = 1_000;

export type Act = "command" | "stop" | "tag" | "delete";

interface Props {
  q: string;
  total: number;
  selection: Value<Chosen>;
  onAct(act: Act, meant: Meant): void;
}

export function SelectionBar({ q, total, selection, onAct }: Props) {
  const me = useMe();
  const chosen = useValue(selection);
  const isEmpty = isNobody(chosen);
  const queries = isEmpty ? [] : queriesOf(chosen, q);
  const counts = useCounts(queries);
  if (isEmpty) return null;
  const size = counts ? PRESENCES.reduce((sum, one) => sum + counts[one], 0) : sizeOf(chosen, total);
  const act = (act: Act) =>
    onAct(act, {
      queries,
      total: size,
      ...(chosen.isAll ? { isFixed: size <= MOST_NAMED } : { ids: [...chosen.ids] }),
    });
  return (
    <div
      className="selection-bar"
      role="region"
      aria-label={ACTS.bar}
      onKeyDown={({ key }) => key === "Escape" && selection.set(NOBODY)}
    >
      <p className="count">
        <b>{ACTS.count(size)}</b>
        {counts && (
          <span className="split">
            {PRESENCES.filter((presence) => counts[presence] > 0).map((presence) => (
              <span key={presence}>
                <PresenceShape presence={presence} size={10} />
                {`${numberIn(counts[presence])} ${PRESENCE[presence].word.toLowerCase()}`}
              </span>
            ))}
          </span>
        )}
      </p>
      {!chosen.isAll && chosen.ids.size < total && (
        <button
          type="button"
          className="link"
          onClick={() => selection.set({ isAll: true, ids: new Set() })}
        >
          {ACTS.all(total)}
        </button>
      )}
      <div className="acts">
        {mayAs(me, "operator") && (
          <>
            <button type="button" className="button small" onClick={() => act("command")}>{ACTS.command}</button>
            <button type="button" className="button small danger" onClick={() => act("stop")}>
              <OctagonX size={14} aria-hidden="true" />
              {ACTS.stop}
            </button>
          </>
        )}
        {mayAs(me, "admin") && (
          <button type="button" className="button small" onClick={() => act("tag")}>
            <Tag size={14} aria-hidden="true" />
            {ACTS.tag}
          </button>
        )}
        <Export queries={queries} isUp className="button small" />
        {mayAs(me, "admin") && (
          <button type="button" className="button small" onClick={() => act("delete")}>
            <Trash2 size={14} aria-hidden="true" />
            {ACTS.remove}
          </button>
        )}
        <button
          type="button"
          className="button small quiet square"
          aria-label={ACTS.clear}
          title={ACTS.clear}
          onClick={() => selection.set(NOBODY)}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </div>
    </div>
  );
}
