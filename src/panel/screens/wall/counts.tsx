/** How many devices are in which presence, large enough for the other end of the room. */
import { OctagonX } from "lucide-react";
import type { Presence } from "../../../protocol/words.ts";
import type { Outline } from "../../live/watch.ts";
import { PresenceShape } from "../../parts/presence.tsx";
import { numberIn } from "../../words/locale.ts";
import { WALL } from "../../words/wall.ts";
import { PRESENCE } from "../../words/words.ts";

/** Online first, then by how much they want a look. */
const ORDER: readonly Presence[] = ["online", "suspect", "offline", "sleeping", "new"];

interface Props {
  outline: Outline;
  stopped: number;
}

export const Counts = ({ outline: { counts, total }, stopped }: Props) => (
  <ul className="wall-counts" aria-label={WALL.counts}>
    <li>
      <b>{numberIn(total)}</b>
      <span>{WALL.devices}</span>
    </li>
    {ORDER.map((presence) => (
      <li key={presence} data-none={counts[presence] === 0}>
        <b>{numberIn(counts[presence])}</b>
        <span>
          <PresenceShape presence={presence} size={20} />
          {PRESENCE[presence].word}
        </span>
      </li>
    ))}
    {stopped > 0 && (
      <li className="wall-stopped">
        <b>{numberIn(stopped)}</b>
        <span>
          <OctagonX size={20} aria-hidden="true" />
          {WALL.stopped}
        </span>
      </li>
    )}
  </ul>
);
