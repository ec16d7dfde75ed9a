/** The first thing an operator sees: how many devices are how, which need a look, what happened, and how the hub is. */
import { Link } from "@tanstack/react-router";
import { health } from "../../live/health.ts";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import { useValue } from "../../live/value.ts";
import type { Outline } from "../../live/watch.ts";
import { PresenceShape } from "../../parts/presence.tsx";
import { useTitle } from "../../shell/title.ts";
import { factsOf, HOME } from "../../words/home.ts";
import { numberIn } from "../../words/locale.ts";
import { PRESENCE } from "../../words/words.ts";
import { Attention } from "./attention.tsx";
import { Doors } from "./doors.tsx";
import { Recent } from "./recent.tsx";
import "../../styles/fleet.css";
import "../../styles/home.css";

export function HomeScreen() {
  useTitle(HOME.title);
  const store = useWatch({ window: [0, 1], fields: ["id"], rate: 1 })!;
  const outline = useOutline(store);
  if (!outline.isLoading && outline.total === 0 && !outline.error) return <Doors />;
  return (
    <div className="home">
      <h1 className="sr-only">{HOME.title}</h1>
      <Fleet outline={outline} />
      <div className="home-body">
        <div className="min-w-0">
          <Attention />
          <Recent />
        </div>
        <HubFacts />
      </div>
    </div>
  );
}

const ORDER = ["online", "suspect", "sleeping", "offline", "new"] as const;

const Fleet = ({ outline: { total, counts } }: { outline: Outline }) => (
  <nav className="fleet" aria-label={HOME.fleet}>
    <Link to="/devices" className="fleet-count">
      <b className="live">{numberIn(total)}</b>
      <span>{HOME.all}</span>
    </Link>
    {ORDER.map((presence) => (
      <Link
        key={presence}
        to="/devices"
        search={{ q: `status:${presence}` }}
        className="fleet-count"
        data-presence={presence}
        title={PRESENCE[presence].sentence}
      >
        <b className="live">{numberIn(counts[presence])}</b>
        <span>
          <PresenceShape presence={presence} />
          {PRESENCE[presence].word}
        </span>
      </Link>
    ))}
  </nav>
);

function HubFacts() {
  const view = useValue(health);
  return (
    <section className="panel-box" aria-labelledby="home-hub">
      <h2 id="home-hub" className="heading">{HOME.hub}</h2>
      {view
        ? (
          <dl className="hub-facts">
            {factsOf(view).map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )
        : <p className="py-2 text-ink3">{HOME.noHub}</p>}
    </section>
  );
}
