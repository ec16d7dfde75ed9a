/** Select before operate: a command that needs it has its own selection, once, in time, as it was shown [C22]. */
import type { CommandRecord, SelectionView } from "../../../src/protocol/record.ts";
import type { TraceEvent } from "../trace.ts";
import { type AskFact, type Facts, recordsIn } from "./facts.ts";
import { isEqual } from "./records.ts";

interface Selection {
  ask: AskFact;
  expiresAt: number;
  /** The command that spent it. */
  spent: string | null;
}

export class Selections {
  readonly #facts: Facts;
  readonly #selections = new Map<string, Selection>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type !== "answered" || !event.ok) return;
    const ask = this.#facts.asks.get(event.ask);
    if (!ask) return;
    if (ask.asked.call === "select") {
      const { select, expiresAt } = event.value as SelectionView;
      this.#selections.set(select, { ask, expiresAt, spent: null });
    } else if (ask.asked.call === "send_command") {
      for (const record of recordsIn(event.value)) this.#accepted(event.ask, ask, record);
    }
  }

  #accepted(name: string, { asked }: AskFact, record: CommandRecord): void {
    const facts = this.#facts;
    if (!facts.specOf(record.device, record.name)?.select) return;
    const selection = this.#selections.get(asked.args.select as string);
    if (!selection) return facts.violate("C22", "a command of two steps has its selection", name, record.id);
    const { by, args } = selection.ask.asked;
    const isAsShown = by.operator === asked.by.operator && args.device === record.device && args.name === record.name &&
      isEqual(args.params, asked.args.params);
    if (!isAsShown) facts.violate("C22", "a selected command is sent as it was shown, by who selected it", name);
    if (record.createdAt >= selection.expiresAt) facts.violate("C22", "a selection lasts ten seconds", name);
    if (selection.spent !== null && selection.spent !== record.id) {
      facts.violate("C22", "a selection is used once", name, selection.spent);
    }
    selection.spent = record.id;
  }
}
