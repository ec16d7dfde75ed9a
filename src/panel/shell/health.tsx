/** How the hub is: a quiet strip of numbers, and banners when something is wrong [R14]. */
import { OctagonAlert, TriangleAlert } from "lucide-react";
import type { HubView } from "../../protocol/hub_view.ts";
import { alarmsOf, type Level, signsOf } from "../words/health.ts";
import { HEALTH } from "../words/shell.ts";

export const HealthStrip = ({ health }: { health: HubView }) => (
  <ul className="health" aria-label={HEALTH}>
    {signsOf(health).map(({ name, value, word, isWordFirst, title, level }) => (
      <li key={name} data-sign={name} data-level={level} title={title}>
        <LevelShape level={level} size={14} />
        {isWordFirst && <span className="word">{`${word} `}</span>}
        <b>{value}</b>
        {!isWordFirst && <span className="word">{` ${word}`}</span>}
      </li>
    ))}
  </ul>
);

export const HealthAlarms = ({ health }: { health: HubView }) => (
  <>
    {alarmsOf(health).map(({ level, text }) => (
      <div key={level} className="banner" data-level={level} role="alert">
        <LevelShape level={level} size={16} />
        <p className="grow">{text}</p>
      </div>
    ))}
  </>
);

/** A colour alone would not do. */
function LevelShape({ level, size }: { level: Level; size: number }) {
  if (level === "well") return null;
  const Shape = level === "wrong" ? OctagonAlert : TriangleAlert;
  return <Shape className="shrink-0" size={size} aria-hidden="true" />;
}
