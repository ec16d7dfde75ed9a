/** How many devices are in which presence; each count is a filter. */
import { valueIn, withValue } from "../../live/query_terms.ts";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import { type Outline, WatchStore } from "../../live/watch.ts";
import { PresenceShape } from "../../parts/presence.tsx";
import { numberIn } from "../../words/locale.ts";
import { PRESENCE, PRESENCES } from "../../words/words.ts";
import type { Presence } from "../../../protocol/words.ts";
import { SEARCH } from "../../words/list.ts";

interface Props {
  q: string;
  outline: Outline;
  onStatus(status: string | null): void;
}

/** Online first, then by how much they want a look. */
const ORDER: Presence[] = ["online", "suspect", "sleeping", "offline", "new"];
const NONE = new WatchStore(() => {});

export function Counters({ q, outline, onStatus }: Props) {
  const status = valueIn(q, "status");
  // With a status in the query the list counts only that one; the others are counted beside it.
  const beside = useWatch(
    status === null ? null : { query: withValue(q, "status", null), window: [0, 1], fields: ["id"], rate: 1 },
  );
  const others = useOutline(beside ?? NONE);
  const { counts } = status === null || others.isLoading ? outline : others;
  const all = PRESENCES.reduce((sum, presence) => sum + counts[presence], 0);
  return (
    <div className="counters" role="group" aria-label={SEARCH.byPresence}>
      <button type="button" className="counter" aria-pressed={status === null} onClick={() => onStatus(null)}>
        {SEARCH.all} <b className="live">{numberIn(all)}</b>
      </button>
      {ORDER.map((presence) => (
        <button
          key={presence}
          type="button"
          className="counter"
          aria-pressed={status === presence}
          title={PRESENCE[presence].sentence}
          onClick={() => onStatus(status === presence ? null : presence)}
        >
          <PresenceShape presence={presence} />
          {PRESENCE[presence].word} <b className="live">{numberIn(counts[presence])}</b>
        </button>
      ))}
    </div>
  );
}
