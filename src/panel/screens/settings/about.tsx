/** About this hub: which it is, where it is, and how to reach it by other ways. */
import { ExternalLink } from "lucide-react";
import { health as known } from "../../live/health.ts";
import { useValue } from "../../live/value.ts";
import { Ago } from "../../parts/age.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { useMe } from "../../parts/me.ts";
import { useTitle } from "../../shell/title.ts";
import { bridgeInWords } from "../../words/bridge.ts";
import { ABOUT, SETTINGS } from "../../words/settings.ts";

export function AboutScreen() {
  useTitle(SETTINGS.title);
  const me = useMe();
  const health = useValue(known);
  return (
    <div className="settings">
      <dl className="about-hub">
        <dt>{ABOUT.version}</dt>
        <dd>{health?.build ?? "–"}</dd>
        <dt>{ABOUT.runtime}</dt>
        <dd>{health?.runtime ?? "–"}</dd>
        <dt>{ABOUT.since}</dt>
        <dd>{health ? <Ago at={health.startedAt} /> : "–"}</dd>
        <dt>{ABOUT.address}</dt>
        <dd>
          <code className="font-mono">{location.origin}</code>
          <CopyButton text={location.origin} />
        </dd>
        {health?.bridge && (
          <>
            <dt>{ABOUT.bridge}</dt>
            <dd>{bridgeInWords(health.bridge, health.time)}</dd>
          </>
        )}
        <dt>{ABOUT.you}</dt>
        <dd>{ABOUT.youAre(me.name, me.role)}</dd>
      </dl>
      <h2 className="heading">{ABOUT.reference}</h2>
      <ul className="references">
        {ABOUT.references.map(({ href, title, sentence }) => (
          <li key={href}>
            <a href={href} className="link" target="_blank" rel="noreferrer">
              {title}
              <ExternalLink size={12} aria-hidden="true" />
            </a>
            <span className="text-ink2">{sentence}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
