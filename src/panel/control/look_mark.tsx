/** How what was asked stands, as a word and a mark: each look has its own shape, so that none is told by colour alone. */
import { Check, CircleDashed, CircleDot, EqualNot, type LucideIcon, X } from "lucide-react";
import { type Look, LOOKS } from "../words/look.ts";

const MARKS: Partial<Record<Look, LucideIcon>> = {
  requested: CircleDashed,
  has: CircleDot,
  confirmed: Check,
  diverged: EqualNot,
  failed: X,
};

export function LookMark({ look }: { look: Look }) {
  const Mark = MARKS[look];
  return Mark && (
    <span className="look" data-look={look}>
      <Mark size={11} strokeWidth={2.5} aria-hidden="true" />
      {LOOKS[look]}
    </span>
  );
}
