/** The two times for which a hub asks its runtime, and how late each came. */
import type { HubEvent } from "../hub/event.ts";
import { Due } from "./due.ts";
import type { Shell } from "./shell.ts";

export class Wakes {
  readonly #due = { wake: new Due(), flush: new Due() };
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Null for never. */
  ask(wake: number | null, flush: number | null): void {
    this.#due.wake.ask(wake, this.#shell.now);
    this.#due.flush.ask(flush, this.#shell.now);
    this.#shell.schedule(wake, flush);
  }

  /** When this event was due, where it is one of them and somebody asked for it. */
  take({ type }: HubEvent): number | null {
    return type === "wake" || type === "flush" ? this.#due[type].take() : null;
  }
}
