/** Whoever waits for a command's outcome hears of it [R4]. */
import type { Reader } from "../hub/ports.ts";
import { type CommandRecord, isFinal } from "../protocol/record.ts";

export class Outcomes {
  readonly #reader: Pick<Reader, "get">;
  readonly #waiting = new Map<string, Set<(record: CommandRecord) => void>>();

  constructor(reader: Pick<Reader, "get">) {
    this.#reader = reader;
  }

  /**
   * The command's newest record, as soon as it is final, after so many seconds, or when whoever asked is gone; null
   * where it went with its device before anybody could wait for it.
   */
  settled(id: string, seconds: number, gone?: AbortSignal): Promise<CommandRecord | null> {
    const record = this.#reader.get("command", id) ?? null;
    if (record === null || isFinal(record.status) || gone?.aborted) return Promise.resolve(record);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting);
      const done = (record: CommandRecord): void => {
        clearTimeout(timer);
        gone?.removeEventListener("abort", leave);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve(record);
      };
      const leave = () => done(this.#reader.get("command", id) ?? record);
      const timer = setTimeout(leave, seconds * 1000);
      gone?.addEventListener("abort", leave);
      waiting.add(done);
    });
  }

  /** Does somebody wait for it now? */
  isAwaited(id: string): boolean {
    return this.#waiting.has(id);
  }

  tell(command: CommandRecord): void {
    this.#waiting.get(command.id)?.forEach((done) => done(command));
  }

  /** Nobody waits any longer: each hears how the command stands now. */
  release(): void {
    for (const [id, waiting] of this.#waiting) {
      const record = this.#reader.get("command", id);
      if (record) waiting.forEach((done) => done(record));
    }
  }
}
