/** What is on a broker is what happened, in its order, and all of it; who asks there is answered [N21, N23, N24, N26]. */
import type { OutboxRow } from "../../../src/protocol/outbox.ts";
import { type CommandRecord, type DeviceView, type EventView, isFinal } from "../../../src/protocol/record.ts";
import type { TraceEvent } from "../trace.ts";
import type { Facts } from "./facts.ts";

export class Outbox {
  readonly #facts: Facts;
  readonly #rows = new Map<string, string>();
  readonly #events = new Map<string, EventView>();
  readonly #outcomes = new Map<string, CommandRecord>();
  /** By the ask, which is also where it is waited for: what came there; and the commands that were accepted. */
  readonly #replies = new Map<string, CommandRecord>();
  readonly #asked = new Map<string, string>();
  #newest = "";
  #isBridged = false;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "published") this.#publish(event.row);
    else if (event.type === "retained") this.#isBridged = true;
    else if (event.type === "answered" && event.ok && this.#facts.asks.get(event.ask)?.asked.by.operator === "bridge") {
      this.#asked.set(event.ask, (event.value as CommandRecord).id);
    }
  }

  #publish(row: OutboxRow): void {
    if (row.what === "gone") return;
    const text = JSON.stringify(row);
    const before = this.#rows.get(row.id);
    if (before !== undefined) {
      if (before !== text) this.#facts.violate("N21", `a row that comes again is the same, not ${before}`, row.id);
      return;
    }
    this.#rows.set(row.id, text);
    if (row.id < this.#newest) this.#facts.violate("N23", "rows go in the order in which it happened", row.id);
    this.#newest = row.id;
    if (row.what === "reply") this.#reply(row.topic, row.command);
    else if (row.what === "event") {
      if (this.#events.has(row.event.id)) this.#facts.violate("N21", "an event is owed once", row.event.id);
      this.#events.set(row.event.id, row.event);
    } else {
      if (!isFinal(row.command.status)) this.#facts.violate("N21", "an outcome is final", row.command.id);
      if (this.#outcomes.has(row.command.id)) this.#facts.violate("N21", "an outcome is owed once", row.command.id);
      this.#outcomes.set(row.command.id, row.command);
    }
  }

  /** [N26] */
  #reply(topic: string, command: CommandRecord): void {
    const { device, name } = this.#facts.asks.get(topic)?.asked.args ?? {};
    const isAsked = command.device === device && command.name === name;
    if (!isAsked) this.#facts.violate("N26", "an answer goes where somebody asked for it", topic, command.id);
    if (!isFinal(command.status)) this.#facts.violate("N26", "an answer is final", topic, command.id);
    if (this.#replies.has(topic)) this.#facts.violate("N21", "an answer is owed once", topic);
    this.#replies.set(topic, command);
  }

  /** Nothing waits any more: all that there is was published. */
  endDevice(view: DeviceView, records: readonly CommandRecord[], events: readonly EventView[]): void {
    if (!this.#isBridged) return;
    for (const { id } of events) {
      if (!this.#events.has(id)) this.#facts.violate("N21", "what happened is published", id);
    }
    for (const { id, status } of records) {
      const told = this.#outcomes.get(id)?.status;
      if (told !== status) this.#facts.violate("N21", `its outcome is published, not ${told}`, id);
    }
    if (this.#facts.mayBeDeleted(view.id, -1)) return;
    const there = new Set([...events, ...records].map(({ id }) => id));
    for (const { id, device } of [...this.#events.values(), ...this.#outcomes.values()]) {
      if (device === view.id && !there.has(id)) this.#facts.violate("N21", "what is published happened", id);
    }
  }

  end(views: ReadonlyMap<string, DeviceView>): void {
    for (const event of this.#facts.events) {
      if (event.type !== "retained") continue;
      const { states, waiting } = event;
      for (const [ask, command] of this.#asked) {
        if (this.#replies.get(ask)?.id !== command) this.#facts.violate("N21", "who asked is answered", ask, command);
      }
      if (waiting !== 0) this.#facts.violate("N21", `in calm nothing is owed any more, and ${waiting} rows are`);
      for (const { id } of states) {
        if (!views.has(id)) this.#facts.violate("N24", "nothing is retained of a device that is deleted", id);
      }
      for (const view of views.values()) {
        const state = states.find(({ id }) => id === view.id);
        if (!state) this.#facts.violate("N24", "of each device its state is retained", view.id);
        else if (shown(state) !== shown(view)) {
          this.#facts.violate("N24", `what is retained is how it is: ${shown(state)} is ${shown(view)}`, view.id);
        } else if (isThere(state) !== isThere(view) && view.since < event.at - FOUND_WITHIN) {
          this.#facts.violate("N24", `silence is found: ${state.presence} is ${view.presence}`, view.id);
        }
      }
    }
  }
}

/** On an object a look waits for the next whole minute. */
const FOUND_WITHIN = 61_000;
/** Between these a lost ping, or one that came late, makes a difference for a moment. */
const isThere = ({ presence }: Pick<DeviceView, "presence">) => presence === "online" || presence === "suspect";

/** But for what passing time alone changes. */
const shown = ({ name, tags, kind, reported, desired, telemetry, firmware }: Shown): string =>
  JSON.stringify([
    name,
    tags,
    kind,
    reported,
    desired,
    firmware,
    Object.entries(telemetry).map(([of, { value, at }]) => [of, value, at]),
  ]);
type Shown = Pick<DeviceView, "name" | "tags" | "kind" | "reported" | "desired" | "telemetry" | "firmware">;
