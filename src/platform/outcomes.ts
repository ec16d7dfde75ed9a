/** Whoever waits for a command's outcome hears of it [R4]. */
import type { Reader } from "../hub/ports.ts";
import { type CommandRecord, isFinal } from "../protocol/record.ts";

export class Outcomes {
  readonly #reader: Pick<Reader, "get">;
  readonly #waiting = new Map<string, Set<(record: CommandRecord) => void>>();

  constructor(reader: Pick<Reader, "get">) {
    this.#reader = reader;
  }

  /** The command's newest record, as soon as it is final or after so many seconds. */
  settled(id: string, seconds: number): Promise<CommandRecord> {
    const record = this.#reader.get("command", id)!;
    if (isFinal(record.status)) return Promise.resolve(record);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting);
      const done = (record: CommandRecord): void => {
        clearTimeout(timer);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve(record);
      };
      const timer = setTimeout(() => done(this.#reader.get("command", id) ?? record), seconds * 1000);
      waiting.add(done);
    });
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
