/** What the soak's peers saw: commands by the hub's own ids, reconnects, and whatever should not have been. */
export class Tally {
  /** Commands that have a record, accepted or rejected. */
  readonly commands = new Set<string>();
  /** Commands that were refused without one, by code. */
  readonly refused = new Map<string, number>();
  reconnects = 0;
  reads = 0;
  faults = 0;
  /** The first of them in words. */
  readonly words: string[] = [];

  fault(what: string): void {
    this.faults += 1;
    if (this.words.length < MOST_WORDS) this.words.push(what.slice(0, 300));
  }

  /** A command has this record, or else was refused for that. */
  answered(record: string | undefined, code: string): void {
    if (record !== undefined) this.commands.add(record);
    else this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }
}

const MOST_WORDS = 10;
