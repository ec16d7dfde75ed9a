/** Presence as a shape, a colour and a word: each would do alone. */
import { memo } from "react";
import type { Presence } from "../../protocol/words.ts";
import { PRESENCE } from "../words/words.ts";

const SHAPES: Record<Presence, React.ReactNode> = {
  online: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  suspect: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2a4 4 0 0 0 0 8z" fill="currentColor" />
    </>
  ),
  sleeping: <path d="M5.2 1.6a4.6 4.6 0 1 0 5.4 6.3A4.3 4.3 0 0 1 5.2 1.6z" fill="currentColor" />,
  offline: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  new: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 1.9" />,
};

const COLOURS: Record<Presence, string> = {
  online: "text-online",
  suspect: "text-suspect",
  sleeping: "text-sleeping",
  offline: "text-offline",
  new: "text-ink3",
};

export const PresenceShape = ({ presence, size = 12 }: { presence: Presence; size?: number }) => (
  <svg className={`shrink-0 ${COLOURS[presence]}`} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
    {SHAPES[presence]}
  </svg>
);

export const PresenceMark = memo(({ presence }: { presence: Presence }) => (
  <span className={`inline-flex items-center gap-2 ${COLOURS[presence]}`} title={PRESENCE[presence].sentence}>
    <PresenceShape presence={presence} />
    {PRESENCE[presence].word}
  </span>
));
