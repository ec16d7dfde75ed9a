/** Why some commands cannot be sent now: once for all of them, or by name where the reasons differ. */
import type { CommandModel } from "../form/controls.ts";
import { saidOnce, type Situation, whyNot } from "./permit.ts";

type Named = CommandModel;

export interface Why {
  /** Empty where it is so of all. */
  titles: string[];
  sentence: string;
}

/** What is said above the controls already is left out. */
export function whysOf(commands: readonly Named[], situation: Situation): Why[] {
  const said = saidOnce(situation);
  const bySentence = new Map<string, string[]>();
  for (const command of commands) {
    const why = whyNot(situation, command);
    if (why === null || why === said) continue;
    bySentence.set(why, [...bySentence.get(why) ?? [], command.title]);
  }
  return [...bySentence].map(([sentence, titles]) => ({
    sentence,
    titles: titles.length === commands.length ? [] : titles,
  }));
}

export const Whys = ({ commands, situation }: { commands: readonly Named[]; situation: Situation }) => (
  <>
    {whysOf(commands, situation).map(({ titles, sentence }) => (
      <p key={sentence} className="hint">
        {titles.length > 0 && <span className="font-medium text-ink2">{titles.join(", ")}:</span>} {sentence}
      </p>
    ))}
  </>
);
