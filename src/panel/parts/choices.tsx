/** One of a few, each with a sentence about it: radio buttons that look like what they choose. */
import { type ReactNode, useId } from "react";

export interface Choice {
  value: string;
  title: string;
  sentence: string;
  icon?: ReactNode;
}

interface Props {
  label: string;
  choices: readonly Choice[];
  value: string;
  problem?: string;
  /** Side by side where there is room. */
  isWide?: boolean;
  onChoose(value: string): void;
}

export function Choices({ label, choices, value, problem, isWide, onChoose }: Props) {
  const id = useId();
  return (
    <fieldset aria-describedby={problem && `${id}-problem`}>
      <legend className="label">{label}</legend>
      <div className={isWide ? "choices wide" : "choices"}>
        {choices.map((choice) => (
          <label key={choice.value} className="choice">
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={choice.value === value}
              aria-invalid={problem !== undefined}
              aria-labelledby={`${id}-${choice.value}`}
              aria-describedby={`${id}-${choice.value}-sentence`}
              onChange={() => onChoose(choice.value)}
            />
            {choice.icon}
            <span className="min-w-0">
              <span id={`${id}-${choice.value}`} className="block font-medium">{choice.title}</span>
              <span id={`${id}-${choice.value}-sentence`} className="block text-small text-ink2">
                {choice.sentence}
              </span>
            </span>
          </label>
        ))}
      </div>
      {problem && <p id={`${id}-problem`} className="problem mt-1" role="alert">{problem}</p>}
    </fieldset>
  );
}
