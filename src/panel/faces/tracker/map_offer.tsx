/** Below a track: what it is drawn on, and the choice of a map with whoever sees what by it [S7]. */
import type { MapChoice } from "../../live/map.ts";
import { TRACKER } from "../../words/faces.ts";
import { MAP } from "../../words/map.ts";

export function MapOffer({ choice }: { choice: MapChoice | null }) {
  if (!choice) return <p className="hint">{TRACKER.noTiles} {TRACKER.gap}</p>;
  const { host, isChosen, choose } = choice;
  return (
    <>
      <p className="hint">{isChosen ? MAP.sees(host) : TRACKER.noTiles} {TRACKER.gap}</p>
      <div className="map-offer">
        <button type="button" className="button small" onClick={() => choose(!isChosen)}>
          {isChosen ? MAP.hide : MAP.show(host)}
        </button>
        {!isChosen && <p className="hint">{MAP.wouldSee(host, location.host)} {MAP.kept}</p>}
      </div>
    </>
  );
}
