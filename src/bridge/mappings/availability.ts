/** Whether the device is there, by what its Last Will, and whoever else speaks for it, says [N41]. */
import { parseJson } from "../../protocol/frame.ts";
import type { Mapping } from "./mapping.ts";
import { valueAt } from "./reading.ts";

export type Availability = "online" | "offline";
type Rule = Mapping["presence"][number];

export class Attendance {
  /** Not known, until somebody said so. */
  now: Availability | undefined;
  readonly #rules: readonly Rule[];
  #said: (Availability | undefined)[];

  /** The rules of one device: their topics are filled in. */
  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#said = rules.map(() => undefined);
  }

  heard(topic: string, text: string): void {
    for (const [index, rule] of this.#rules.entries()) {
      if (rule.topic !== topic) continue;
      const word = [rule.at].flat().map((at) => wordAt(at, text)).find((word) => Object.hasOwn(rule.words, word));
      if (word !== undefined) this.#said[index] = rule.words[word];
    }
    if (this.#said.includes("offline")) this.now = "offline";
    else if (this.isVouched) this.now = "online";
  }

  /** Somebody who hears when it is gone says that it is there. */
  get isVouched(): boolean {
    const required = this.#said.filter((_, index) => !this.#rules[index].optional);
    return required.length > 0 && required.every((said) => said === "online");
  }

  forget(): void {
    this.now = undefined;
    this.#said = this.#rules.map(() => undefined);
  }

  /** It told something just now. Who never said whether it is there is there, then. */
  spoke(): void {
    this.now ??= "online";
  }
}

function wordAt(at: string, text: string): string {
  if (at === "") return text;
  const json = parseJson(text);
  return String(json.ok ? valueAt(json.value, at) : undefined);
}
