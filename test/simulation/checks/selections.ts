/** Select before operate: a command that needs it has its own selection, once, in time, as it was shown [C22]. */
import type { CommandRecord, SelectionView } from "../../../src/protocol/record.ts";
import type { TraceEvent } from "../trace.ts";
import { type AskFact, type Facts, recordsIn } from "./facts.ts";
import { isEqual } from "./records.ts";

interface Selection {
  /** Where it was known. */
  place: number;
  ask: AskFact;
  expiresAt: number;
  /** The command that spent it. */
  spent: string | null;
  /** Somebody asked for what may have ended it. */
  mayBeOver: boolean;
}

/** What was asked for is decided by then, or never. */
const DECIDED = 90_000;

export class Selections {
  readonly #facts: Facts;
  readonly #selections = new Map<string, Selection>();

  /** When somebody last asked for what ends selections, of whichever device. */
  #stoppedAt = -Infinity;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "asked") return this.#asked(event);
    if (event.type !== "answered" || !event.ok) return;
    const ask = this.#facts.asks.get(event.ask);
    if (!ask) return;
    if (ask.asked.call === "select") {
      const { select, expiresAt } = event.value as SelectionView;
      this.#reserved(ask, event.at, select);
      const mayBeOver = this.#stoppedAt > event.at - DECIDED || this.#isOvertaken(ask, expiresAt);
      this.#selections.set(select, { ask, expiresAt, spent: null, mayBeOver, place: this.#facts.place });
    } else if (ask.asked.call === "send_command") {
      for (const record of recordsIn(event.value)) this.#accepted(event.ask, ask, record);
    }
  }

  /** [C23] It ends by its use, another one of its operator, an emergency stop, or with its device. */
  #asked({ call, args, by, at }: Extract<TraceEvent, { type: "asked" }>): void {
    if (call === "estop" || call === "estop_many" || call === "delete_device") this.#stoppedAt = at;
    for (const [secret, selection] of this.#selections) {
      const { asked } = selection.ask;
      const isHere = args.device === asked.args.device;
      const ends = call === "estop_many" || (isHere && (call === "estop" || call === "delete_device")) ||
        (call === "select" && isHere && by.operator === asked.by.operator) || args.select === secret;
      if (ends) selection.mayBeOver = true;
    }
  }

  /** Answers may come in another order than they were decided in: a later one took its place before it was known. */
  #isOvertaken({ asked }: AskFact, expiresAt: number): boolean {
    return [...this.#selections.values()].some(({ ask: { asked: other }, expiresAt: later }) =>
      later >= expiresAt && other.args.device === asked.args.device && other.args.name === asked.args.name &&
      other.by.operator === asked.by.operator
    );
  }

  /** [C23] */
  #reserved({ asked, place }: AskFact, at: number, name: string): void {
    for (const selection of this.#selections.values()) {
      const { ask: { asked: other }, expiresAt, mayBeOver, place: known } = selection;
      const isSame = other.args.device === asked.args.device && other.args.name === asked.args.name;
      if (isSame && other.by.operator === asked.by.operator) selection.mayBeOver = true;
      const isReserved = isSame && other.by.operator !== asked.by.operator && known < place &&
        expiresAt > at + this.#facts.slack;
      if (isReserved && !mayBeOver) this.#facts.violate("C23", "a selection reserves its command", name);
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
