/** What records may say: nothing accepted is lost, states move forward, one end, one key for one command [I1, I5, I8, I18]. */
import { type CommandRecord, isFinal } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import { type CommandFact, type ConnectionFact, type Facts, recordsIn } from "./facts.ts";

export class Records {
  readonly #facts: Facts;
  /** By operator and key, the command that it became. */
  readonly #keys = new Map<string, string>();
  /** How far each command was when a connection last heard of it. */
  readonly #heard = new Map<string, Map<string, { rank: number; attempt: number }>>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "shown" && event.frame.type === "command") {
      const record = event.frame.command as CommandRecord;
      this.#see(record, -1);
      this.#inOrder(event.connection, record);
    } else if (event.type === "answered") this.#answered(event);
  }

  #answered(event: Extract<TraceEvent, { type: "answered" }>): void {
    const facts = this.#facts;
    const ask = facts.asks.get(event.ask);
    if (!ask) return;
    if (!event.ok) return this.#refused(ask.asked.call, ask.asked.args, event.fault);
    for (const record of recordsIn(event.value)) {
      if (ask.asked.call === "send_command" && ask.asked.connection !== undefined && ask.asked.key === undefined) {
        const heard = this.#heard.get(ask.asked.connection)?.has(record.id);
        if (heard) facts.violate("O1", "the reply before what follows from it", record.id);
      }
      this.#see(record, ask.place);
      if (ask.asked.connection !== undefined) this.#inOrder(ask.asked.connection, record);
    }
  }

  /** [I1] A record that was seen is there, unless its device is not any more. */
  #refused(call: string, args: Record<string, unknown>, fault: { code: string; command?: string }): void {
    const facts = this.#facts;
    if (fault.command !== undefined && call === "send_command") facts.command(fault.command);
    if (call !== "get_command" || fault.code !== "not_found") return;
    const fact = facts.commands.get(args.command as string);
    if (!fact?.record || facts.mayBeDeleted(fact.record.device, -1)) return;
    facts.violate("I1", "an accepted command is never lost", fact.id);
  }

  /** A record that somebody read, after asking at that place of the trace; -1 when it came by itself. */
  #see(record: CommandRecord, asked: number): void {
    const facts = this.#facts;
    const fact = facts.command(record.id);
    if (fact.record === null) this.#first(record, fact);
    else this.#same(record, fact.record);
    const rank = rankOf(record);
    if (asked >= 0 && rank < 3 && fact.known[rank] < asked) {
      facts.violate("I8", `states move forward only: it was known to be further than ${record.status}`, record.id);
    }
    for (let reached = 0; reached < rank; reached++) fact.known[reached] = Math.min(fact.known[reached], facts.place);
    this.#checkTimes(record);
    if (record.cancelAt !== undefined) this.#cancelled(record, fact);
    if (asked >= 0) this.#isLost(record, fact, asked);
    if (isFinal(record.status)) this.#ended(record, fact, asked);
    if (fact.record === null || rank >= rankOf(fact.record)) fact.record = record;
  }

  #first(record: CommandRecord, fact: CommandFact): void {
    const facts = this.#facts;
    fact.seenAt = facts.place;
    if (record.params.pin !== undefined) facts.violate("C19", "a secret param is nowhere in the record", record.id);
    if (record.key !== undefined) {
      const key = `${record.by.id}/${record.key}`;
      const other = this.#keys.get(key);
      if (other !== undefined && other !== record.id) {
        facts.violate("I18", `an idempotency key maps to one command, and ${record.key} to two`, record.id, other);
      }
      this.#keys.set(key, record.id);
    }
    for (const told of fact.told) this.fits(record, told.connection, told.frame);
    if (record.effect === "once" && fact.told.length > 1) facts.violate("I2", "a once is sent at most once", record.id);
    if (record.effect === "once" && fact.acted > 1) facts.violate("I2", "one effect of a once at most", record.id);
  }

  /** The frame that a device got is that of the record. */
  fits(record: CommandRecord, connection: ConnectionFact, frame: Frame): void {
    const { peer } = connection;
    const isSame = peer.sort === "device" && peer.device === record.device && frame.name === record.name &&
      frame.expires === record.expiresAt;
    if (!isSame) this.#facts.violate("I6", "a command goes to its own device, as it was accepted", record.id);
  }

  #same(record: CommandRecord, known: CommandRecord): void {
    const isSame = record.device === known.device && record.name === known.name && record.by.id === known.by.id &&
      record.createdAt === known.createdAt && record.expiresAt === known.expiresAt && record.key === known.key &&
      record.effect === known.effect && isEqual(record.params, known.params);
    if (!isSame) this.#facts.violate("I8", "what was accepted does not change", record.id);
  }

  #checkTimes(record: CommandRecord): void {
    const { createdAt, sentAt, expiresAt, finishedAt = Infinity } = record;
    if (sentAt === undefined) return;
    if (sentAt >= expiresAt) this.#facts.violate("I3", "nothing is sent at or after its expiresAt", record.id);
    if (sentAt < createdAt || finishedAt < sentAt) this.#facts.violate("I8", "times in their order", record.id);
  }

  /** [C16] */
  #cancelled({ id, status, cancelAt }: CommandRecord, { told }: CommandFact): void {
    if (status === "accepted") this.#facts.violate("C16", "what is accepted only is cancelled at once", id);
    if (told.some(({ sentAt }) => sentAt > cancelAt!)) this.#facts.violate("C16", "not sent after its cancel", id);
  }

  /** [C7] A once whose connection is known to be no more, since another one took its place, has its end. */
  #isLost(record: CommandRecord, { told: [only] }: CommandFact, asked: number): void {
    if (record.effect !== "once" || isFinal(record.status) || !only) return;
    const { takenOver, revoked } = only.connection;
    const isOver = [takenOver, revoked].some((over) => over && over.place < asked && over.at > only.sentAt);
    if (isOver) this.#facts.violate("C7", "a once ends with its connection", record.id, only.connection.id);
  }

  /** [C7] And that end is not later than the next connection. */
  #endsInTime({ id, finishedAt }: CommandRecord, { told: [only] }: CommandFact): void {
    const next = only?.connection.takenOver;
    if (next && next.at > only.sentAt && finishedAt! > next.at) {
      this.#facts.violate("C7", "a once ends with its connection", id, only.connection.id);
    }
  }

  #ended(record: CommandRecord, fact: CommandFact, asked: number): void {
    const facts = this.#facts;
    if (fact.final) {
      if (!isSameEnd(record, fact.final)) facts.violate("I8", "one end, which does not change", record.id);
      if (asked > fact.lateAt && !record.late) facts.violate("C11", "a late word is kept", record.id);
      if (record.late) fact.lateAt = Math.min(fact.lateAt, facts.place);
      return;
    }
    fact.final = record;
    if (record.late) fact.lateAt = facts.place;
    this.#mayEnd(record, fact);
    if (record.effect === "once") this.#endsInTime(record, fact);
    const latest = fact.told.reduce((most, { sentAt }) => Math.max(most, sentAt), -Infinity);
    if (latest > record.finishedAt!) facts.violate("I5", "nothing is sent after its end", record.id);
    if (record.finishedAt! > fact.finishedBy) {
      facts.violate("C5", "one command at a time in each lane of a device", record.id);
    }
  }

  /** Each end has what must have come before it. */
  #mayEnd(record: CommandRecord, fact: CommandFact): void {
    const facts = this.#facts;
    const { status, sentAt, finishedAt } = record;
    const isSent = sentAt !== undefined || fact.told.length > 0;
    const mayBeDeleted = facts.mayBeDeleted(record.device, -1);
    if (record.effect === "once" && sentAt !== undefined && status !== "unknown") {
      const isOver = (at: number) => sentAt < at - facts.slack && at + facts.slack < finishedAt!;
      if (facts.crashes.some(isOver)) facts.violate("C7", "a once is unknown when the hub ended first", record.id);
    }
    switch (status) {
      case "expired":
      case "rejected":
        if (isSent) facts.violate("I5", `what was sent is never ${status}`, record.id);
        if (record.error?.code === "estop" && fact.record?.status === "accepted") {
          facts.violate("I12", "what waits when a stop is latched is cancelled", record.id);
        }
        if (status === "expired" && finishedAt! < record.expiresAt) {
          facts.violate("I3", "nothing expires before its time", record.id);
        }
        return;
      case "superseded":
        if (record.effect !== "set") facts.violate("C17", "only a set is superseded", record.id);
        if (record.receivedAt !== undefined) facts.violate("C17", "what the device has is not superseded", record.id);
        if (sentAt === undefined && fact.told.length > 0) facts.violate("I5", "never sent, never told", record.id);
        return;
      case "unknown":
        if (sentAt === undefined) facts.violate("I8", "only what was sent is unknown", record.id);
        // A latch's older stop may not go again either [E2].
        if (record.name === "stop" && facts.mayBeLatched(record.device)) return;
        if (record.effect !== "once" && finishedAt! < record.expiresAt && !mayBeDeleted) {
          facts.violate("C8", "a set or query is unknown only when it may not go again", record.id);
        }
        return;
      case "cancelled":
        if (sentAt === undefined && fact.told.length > 0) facts.violate("I5", "never sent, never told", record.id);
    }
  }

  /** [O7] Over one connection a command never goes back. */
  #inOrder(connection: string, record: CommandRecord): void {
    const heard = this.#heard.get(connection) ?? new Map();
    this.#heard.set(connection, heard);
    const before = heard.get(record.id);
    const now = { rank: rankOf(record), attempt: record.attempt ?? 0 };
    if (before && (now.rank < before.rank || now.attempt < before.attempt)) {
      this.#facts.violate("I8", "over one connection a command's states move forward only", record.id, connection);
    }
    heard.set(record.id, now);
  }
}

const RANKS: Record<string, number> = { accepted: 0, sent: 1, received: 2 };
export const rankOf = (record: CommandRecord): number => RANKS[record.status] ?? 3;

export const isEqual = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

const isSameEnd = (one: CommandRecord, other: CommandRecord): boolean =>
  one.status === other.status && one.finishedAt === other.finishedAt && one.sentAt === other.sentAt &&
  one.attempt === other.attempt && isEqual(one.value, other.value) && isEqual(one.error, other.error) &&
  (!one.late || !other.late || isEqual(one.late, other.late));
