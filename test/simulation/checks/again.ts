/** What does not go again: a cancelled command, an older `set`, what the device is at, a `once` of before [C7, C11, C15-C17]. */
import { annotationsOf } from "../../../src/kind/field.ts";
import type { CommandRecord } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import type { CommandFact, ConnectionFact, Facts } from "./facts.ts";

/** Until then what an earlier connection carried waits for a `hello` [C15]. */
const HELLO_GRACE = 500;
/** Ms after which what the hub said has arrived, or what it says later does not arrive either. */
const ARRIVED = 30_000;

interface Greeting {
  connection: ConnectionFact;
  working: readonly string[];
}

type Known = CommandFact & { record: CommandRecord };

export class Again {
  readonly #facts: Facts;
  readonly #greetings = new Map<string, Greeting>();
  /** Cancels that reached a device, by connection and command, and when each connection was last told anything. */
  readonly #cancels = new Set<string>();
  readonly #heardAt = new Map<string, number>();
  /** When the hub ended, and when it was back. */
  readonly #ends: { at: number; back: number }[] = [];

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    switch (event.type) {
      case "crashed":
        this.#ends.push({ at: event.at, back: Infinity });
        return;
      case "started":
        for (const end of this.#ends) end.back = Math.min(end.back, event.at);
        return;
      case "answered":
        if (event.ok && this.#facts.asks.get(event.ask)?.asked.call === "cancel_command") this.#cancelling(event.value);
        return;
      case "said":
        if (event.frame.type === "hello") this.#hello(event.connection, event.frame);
        return;
      case "told":
        this.#heardAt.set(event.connection, event.at);
        if (event.frame.type === "command") this.#told(event.connection, event.frame);
        if (event.frame.type === "cancel") this.#cancels.add(`${event.connection} ${event.frame.id}`);
    }
  }

  #hello(id: string, { commands }: Frame): void {
    const connection = this.#facts.connections.get(id);
    if (connection) this.#greetings.set(id, { connection, working: commands ?? [] });
  }

  /** [C16] */
  #cancelling(value: unknown): void {
    const { id, status, cancelAt } = value as CommandRecord;
    if (status !== "cancelled" && cancelAt === undefined) {
      this.#facts.violate("C16", "what was cancelled ends, or its device is told so", id);
    }
  }

  /** [C15] Before the grace is over only a `hello` lets something go again, and that one names what does not. */
  #told(id: string, frame: Frame): void {
    const greeting = this.#greetings.get(id);
    if (!greeting?.working.includes(frame.id)) return;
    const sentAt = frame.expires - Math.round(frame.ttl * 1000);
    if (sentAt < greeting.connection.welcomedAt! + HELLO_GRACE) {
      this.#facts.violate("C15", "what the device works on is not sent again on this connection", frame.id, id);
    }
  }

  /** Once everything is known. */
  end(): void {
    const byDevice = new Map<string, Known[]>();
    for (const fact of this.#facts.commands.values()) {
      if (!isKnown(fact)) continue;
      const { device } = fact.record;
      if (this.#facts.mayBeDeleted(device, -1)) continue;
      byDevice.set(device, [...byDevice.get(device) ?? [], fact]);
      this.#once(fact);
      this.#cancelled(fact);
      if (fact.record.late && fact.record.status !== "unknown") {
        this.#facts.violate("C11", "only on an unknown outcome there is a late word", fact.id);
      }
    }
    for (const facts of byDevice.values()) this.#superseded(facts);
  }

  /** [C7] */
  #once({ id, record, told }: Known): void {
    const { effect, sentAt, finishedAt = Infinity } = record;
    if (effect !== "once" || sentAt === undefined) return;
    // In a real process the hub may begin later than it can be asked.
    const end = this.#facts.slack === 0 ? this.#ends.find(({ at }) => at > sentAt) : undefined;
    const taken = told.find(({ connection }) => connection.takenOver)?.connection.takenOver;
    if ((end && finishedAt > end.back) || (taken && finishedAt > taken.at)) {
      this.#facts.violate("C7", "a once ends with its connection, and with the hub", id);
    }
  }

  /** [C16] It is not sent again, and the device hears of it, if it comes back in time. */
  #cancelled({ id, record, told }: Known): void {
    const { cancelAt, finishedAt = Infinity } = record;
    if (cancelAt === undefined) return;
    if (told.some(({ sentAt }) => sentAt > cancelAt)) {
      this.#facts.violate("C16", "what was cancelled is not sent again", id);
    }
    for (const connection of this.#facts.connections.values()) {
      const { peer, welcomedAt, takenOver } = connection;
      if (peer.sort !== "device" || peer.device !== record.device || welcomedAt === null) continue;
      const isInTime = welcomedAt > cancelAt && welcomedAt + ARRIVED < Math.min(finishedAt, takenOver?.at ?? Infinity);
      const isHeard = (this.#heardAt.get(connection.id) ?? 0) > welcomedAt + ARRIVED;
      if (isInTime && isHeard && !this.#cancels.has(`${connection.id} ${id}`)) {
        this.#facts.violate("C16", "the next connection is told of the cancel", id, connection.id);
      }
    }
  }

  /** [C17] While a newer one like it is open, an older one does not go. */
  #superseded(facts: readonly Known[]): void {
    const sets = facts.filter(({ record }) => record.effect === "set" && record.status !== "rejected");
    const like = new Map<string, Known[]>();
    for (const fact of sets) {
      const name = this.#likeness(fact.record);
      like.set(name, [...like.get(name) ?? [], fact]);
    }
    for (const same of like.values()) {
      for (const older of same) {
        for (const { sentAt } of older.told) {
          // What the device said to have goes again as it is.
          if ((older.record.receivedAt ?? Infinity) <= sentAt) continue;
          const newer = same.find(({ id, record: { createdAt, finishedAt = Infinity } }) =>
            id > older.id && createdAt < sentAt && finishedAt > sentAt
          );
          if (newer) this.#facts.violate("C17", "an older set does not go after a newer one", older.id, newer.id);
        }
      }
    }
  }

  #likeness({ device, name, params }: CommandRecord): string {
    const spec = this.#facts.specOf(device, name);
    // [K6] One that is left out is its default.
    const keyIn = (key: string) =>
      Object.hasOwn(params, key) ? params[key] : annotationsOf(spec!.params.shape[key]).default;
    return JSON.stringify([name, ...(spec?.keys ?? []).map(keyIn)]);
  }
}

const isKnown = (fact: CommandFact): fact is Known => fact.record !== null;
