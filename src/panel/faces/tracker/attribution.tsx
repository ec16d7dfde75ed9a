/** Whose map it is, in the words of whoever set it up: text, and links as `[words](https://…)`. */
import type { MapView } from "../../../protocol/hub_view.ts";
import { MAP } from "../../words/map.ts";

interface Part {
  text: string;
  href?: string;
}

/** Nothing but these links is more than text. */
export function partsOf(line: string): Part[] {
  return line.split(/(\[[^[\]]+\]\(https?:\/\/[^\s()]+\))/).filter(Boolean).map((part) => {
    const [, text, href] = /^\[([^[\]]+)\]\((https?:\/\/[^\s()]+)\)$/.exec(part) ?? [];
    return text === undefined ? { text: part } : { text, href };
  });
}

export const Attribution = ({ map: { attribution }, host }: { map: MapView; host: string }) => (
  <span className="attribution">
    {partsOf(attribution ?? MAP.from(host)).map(({ text, href }, index) =>
      href === undefined
        ? <span key={index}>{text}</span>
        : <a key={index} className="link" href={href} target="_blank" rel="noreferrer">{text}</a>
    )}
  </span>
);
