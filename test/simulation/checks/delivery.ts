/** What reaches devices: at most once where it must, in order, in time, over the right connection [I2, I3, I4, I5, I6, I9, I10]. */
import { isFinal } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import type { CommandFact, ConnectionFact, Facts } from "./facts.ts";
import type { Records } from "./records.ts";

export class Delivery {
  readonly #facts: Facts;
  readonly #records: Records;
  /** The command with the greatest id that each connection carried, by lane. */
  readonly #carried = new Map<string, string>();
  /** What each hello of a connection named. */
  readonly #hellos = new Map<string, string[][]>();
  /** What each connection carried last, by lane. */
  readonly #lanes = new Map<string, string>();

  constructor(facts: Facts, records: Records) {
    this.#facts = facts;
    this.#records = records;
  }

  see(event: TraceEvent): void {
    if (event.type === "said" && event.frame.type === "hello") this.#said(event.connection, event.frame);
    else if (event.type === "told") this.#told(event.connection, event.frame, event.at);
    else if (event.type === "acted") this.#acted(event.command);
  }

  #said(id: string, { commands = [] }: Frame): void {
    const hellos = this.#hellos.get(id);
    if (hellos) hellos.push(commands);
    else this.#hellos.set(id, [commands]);
  }

  #told(id: string, frame: Frame, at: number): void {
    const facts = this.#facts;
    const connection = facts.connections.get(id);
    if (!connection) return;
    if (connection.welcomedAt === null) facts.violate("H", "the welcome is the first frame", id);
    if (frame.type === "welcome" && connection.peer.sort === "device" && frame.device !== connection.peer.device) {
      facts.violate("I6", "a device is welcomed as itself", id);
    }
    if (frame.type === "command") this.#command(connection, frame, at);
  }

  #command(connection: ConnectionFact, frame: Frame, at: number): void {
    const facts = this.#facts;
    const fact = facts.command(frame.id);
    // The hub's time when it was sent [C6].
    const sentAt = frame.expires - Math.round(frame.ttl * 1000);
    const say = (invariant: string, expected: string) => facts.violate(invariant, expected, fact.id, connection.id);
    if (!(frame.ttl > 0)) say("I3", "nothing is sent at or after its expiresAt");
    if (sentAt > at + facts.slack || sentAt < connection.welcomedAt! - facts.slack) {
      say("I3", "ttl is the time left when it was sent over this connection");
    }
    if (connection.takenOver && sentAt > connection.takenOver.at) {
      say("I9", "nothing is sent over a connection that was taken over");
    }
    if (connection.revoked && sentAt > connection.revoked.at + facts.slack) {
      say("I10", "nothing is sent to whose credential is revoked");
    }
    if (fact.record) this.#records.fits(fact.record, connection, frame);
    if (sentAt > (fact.record?.cancelAt ?? Infinity)) say("C16", "not sent after its cancel");
    this.#greeted(fact, connection, frame, sentAt);
    this.#again(fact, connection, frame, sentAt);
    this.#inOrder(fact, connection, frame);
    this.#alone(fact, connection, frame, sentAt);
    fact.told.push({ connection, sentAt, attempt: frame.attempt ?? 1, frame });
    if (fact.final) this.#afterEnd(fact, sentAt);
  }

  /** [C15] Before the grace is over only a hello lets a command go again, and none that it names. */
  #greeted(fact: CommandFact, { id, welcomedAt }: ConnectionFact, frame: Frame, sentAt: number): void {
    if ((frame.attempt ?? 1) === 1 || sentAt >= welcomedAt! + GRACE) return;
    const hellos = this.#hellos.get(id);
    if (!hellos || hellos.every((names) => names.includes(fact.id))) {
      this.#facts.violate("C15", "what goes again waits for a hello that does not name it", fact.id, id);
    }
  }

  /** [C7, C8] */
  #again(fact: CommandFact, connection: ConnectionFact, frame: Frame, sentAt: number): void {
    const facts = this.#facts;
    const attempt = frame.attempt ?? 1;
    const { peer } = connection;
    const device = peer.sort === "device" ? peer.device : "";
    const effect = fact.record?.effect ?? facts.specOf(device, frame.name)?.effect;
    if (fact.told.length > 0 && effect === "once") {
      facts.violate("I2", "a once is sent at most once, ever", fact.id);
    }
    for (const earlier of fact.told) {
      if (earlier.connection === connection) {
        facts.violate("C8", "a command goes over one connection once", fact.id, connection.id);
      }
      const isAfter = sentAt > earlier.sentAt ? attempt > earlier.attempt : attempt !== earlier.attempt;
      if (!isAfter) facts.violate("C8", "each further sending is a further attempt", fact.id);
    }
  }

  /** [I4] */
  #inOrder(fact: CommandFact, connection: ConnectionFact, frame: Frame): void {
    if (frame.name === "stop" && this.#facts.mayBeLatched(connection.peer)) return;
    const lane = `${connection.id} ${laneOf(frame.name)}`;
    const before = this.#carried.get(lane);
    if (before !== undefined && fact.id < before) {
      this.#facts.violate("I4", "in each lane in the order of acceptance", fact.id, before);
    }
    this.#carried.set(lane, fact.id);
  }

  /** [C5] The one before is over when the next one goes over the same connection; a latch's stop waits for none [E2]. */
  #alone(fact: CommandFact, connection: ConnectionFact, frame: Frame, sentAt: number): void {
    const facts = this.#facts;
    const lane = laneOf(frame.name);
    const { peer } = connection;
    if (peer.sort !== "device" || (lane === "stop" && facts.mayBeLatched(peer))) return;
    // Of several at a time nobody can tell from outside which one made the room.
    if (lane === "others" && (facts.kindOf(peer.device)?.inFlight ?? 1) > 1) return;
    const key = `${connection.id} ${lane}`;
    const before = this.#lanes.get(key);
    this.#lanes.set(key, fact.id);
    if (lane === "stop" && (frame.attempt ?? 1) === 1) this.#atOnce(fact, connection, before, sentAt);
    if (before === undefined) return;
    const earlier = facts.command(before);
    earlier.finishedBy = Math.min(earlier.finishedBy, sentAt);
    if (earlier.final && earlier.final.finishedAt! > sentAt) {
      facts.violate("C5", "one command at a time in each lane of a device", before, fact.id);
    }
  }

  /** [C5] A stop that finds its device there, and no other stop with it, waits for nothing. */
  #atOnce(
    { id, record }: CommandFact,
    { welcomedAt, peer }: ConnectionFact,
    before: string | undefined,
    sentAt: number,
  ): void {
    // [M8] It may have to wait for room.
    const isNarrow = peer.sort === "device" && peer.narrow === true;
    if (!record || isNarrow || welcomedAt! > record.createdAt) return;
    const other = before === undefined ? null : this.#facts.command(before);
    const isFree = !other || (other.final !== null && other.final.finishedAt! <= record.createdAt);
    const hasWaited = sentAt - record.createdAt > HELLO_GRACE;
    if (isFree && hasWaited) this.#facts.violate("C5", "a stop has a lane of its own", id, before);
  }

  /** [I5] */
  #afterEnd(fact: CommandFact, sentAt: number): void {
    const { status, finishedAt, sentAt: ever } = fact.final!;
    const isNever = ever === undefined && isFinal(status);
    if (isNever || sentAt > finishedAt!) {
      this.#facts.violate("I5", `what is ${status} is not sent any more`, fact.id);
    }
  }

  #acted(id: string): void {
    const fact = this.#facts.command(id);
    fact.acted += 1;
    if (fact.told.length === 0) this.#facts.violate("I5", "no effect of what was never sent", id);
    if (fact.acted > 1 && fact.record?.effect === "once") this.#facts.violate("I2", "one effect of a once at most", id);
  }
}

const GRACE = 500;
/** How long whatever goes again, and what is too large yet, waits for a hello [C15]. */
const HELLO_GRACE = 1_000;

/** [C5] */
const laneOf = (name: string) => name === "stop" ? "stop" : "others";
