/** The list that the author of a device gets: each check green, red, or not seen, and why. */
import type { AnyKind } from "../../kind/kind.ts";
import { type Check, type CheckName, CHECKS, commandCheck, laneCheck } from "./checks.ts";

export type Verdict = "green" | "red" | "not seen";

export interface Finding extends Check {
  check: CheckName;
  verdict: Verdict;
  /** What was seen, or why it was not. */
  why: string[];
}

const MOST_REASONS = 3;

export class Findings {
  readonly #found = new Map<CheckName, Finding>();

  constructor({ commands }: Pick<AnyKind, "commands">) {
    for (const [check, row] of Object.entries(CHECKS)) this.#add(check as CheckName, row);
    for (const [name, { effect }] of Object.entries(commands)) {
      if (effect === "stream") this.#add(`lane ${name}`, laneCheck(name));
      else this.#add(`command ${name}`, commandCheck(name));
    }
  }

  #add(check: CheckName, row: Check): void {
    this.#found.set(check, { check, ...row, verdict: "not seen", why: [] });
  }

  get list(): Finding[] {
    return [...this.#found.values()];
  }

  count(verdict: Verdict): number {
    return this.list.filter((finding) => finding.verdict === verdict).length;
  }

  verdict(check: CheckName): Verdict {
    return this.#found.get(check)!.verdict;
  }

  /** Holds unless something else shows that it does not. */
  green(check: CheckName, note?: string): void {
    this.#say(check, "green", note);
  }

  red(check: CheckName, why: string): void {
    this.#say(check, "red", why);
  }

  /** Says why nothing is known, where that is so. */
  unseen(check: CheckName, why: string): void {
    this.#say(check, "not seen", why);
  }

  /** For all of which nothing was said yet. */
  unseenRest(why: string): void {
    for (const { check, verdict, why: said } of this.list) {
      if (verdict === "not seen" && said.length === 0) this.unseen(check, why);
    }
  }

  /** Red stays red, and what was seen is not taken back; the reasons of the worst verdict are told. */
  #say(check: CheckName, verdict: Verdict, why?: string): void {
    const finding = this.#found.get(check)!;
    if (WEIGHT[verdict] < WEIGHT[finding.verdict]) return;
    if (verdict !== finding.verdict) finding.why = [];
    finding.verdict = verdict;
    if (why && !finding.why.includes(why) && finding.why.length < MOST_REASONS) finding.why.push(why);
  }
}

const WEIGHT: Record<Verdict, number> = { "not seen": 0, green: 1, red: 2 };
