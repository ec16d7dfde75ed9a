/** A second thought: what is about to be done goes on once its word was typed [K2]. */
import { useId } from "react";
import { TYPE } from "../words/common.ts";
import { Say } from "./say.tsx";

interface Props {
  /** What is to be typed, and what that is where it does not say it itself. */
  word: string;
  meaning?: string;
  value: string;
  onText(text: string): void;
}

export const isTyped = (word: string, value: string): boolean => value.trim() === word;

export function TypeToGoOn({ word, meaning, value, onText }: Props) {
  const id = useId();
  return (
    <div className="mb-4">
      <label className="label" htmlFor={id}>
        <Say
          text={meaning ? TYPE.wordWhichIs(meaning) : TYPE.word}
          with={{ word: <code className="font-mono">{word}</code> }}
        />
      </label>
      <input
        id={id}
        className="input font-mono"
        autoComplete="off"
        value={value}
        onChange={({ target }) => onText(target.value)}
      />
    </div>
  );
}
