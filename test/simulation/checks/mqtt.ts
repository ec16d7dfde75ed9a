/** What a client of MQTT holds the hub to, beside what its frames say: packets for it, and commands where it hears them [M2-M8]. */
import type { CommandRecord } from "../../../src/protocol/record.ts";
import type { TraceEvent } from "../trace.ts";
import { type Facts, recordsIn } from "./facts.ts";

interface Ear {
  connection: string;
  letInAt: number;
  listensAt: number;
}

export class Mqtt {
  readonly #facts: Facts;
  /** By device, the newest last. */
  readonly #ears = new Map<string, Ear[]>();
  readonly #looked = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "broken") this.#facts.violate(event.rule, event.what, event.connection);
    else if (event.type === "let_in") this.#letIn(event.connection, event.at);
    else if (event.type === "listening") this.#listens(event.connection, event.at);
    else if (event.type === "shown" && event.frame.type === "command") this.#look(event.frame.command);
    else if (event.type === "answered" && event.ok) { for (const record of recordsIn(event.value)) this.#look(record); }
  }

  #letIn(connection: string, at: number): void {
    const peer = this.#facts.connections.get(connection)?.peer;
    if (peer?.sort !== "device") return;
    const ears = this.#ears.get(peer.device) ?? [];
    this.#ears.set(peer.device, ears);
    ears.push({ connection, letInAt: at, listensAt: Infinity });
  }

  #listens(connection: string, at: number): void {
    const peer = this.#facts.connections.get(connection)?.peer;
    const ears = peer?.sort === "device" ? this.#ears.get(peer.device) : undefined;
    const ear = ears?.findLast((one) => one.connection === connection);
    if (ear) ear.listensAt = Math.min(ear.listensAt, at);
  }

  /** [M8] Where it came in and does not listen yet, a command waits. */
  #look({ id, device, sentAt }: CommandRecord): void {
    const ears = this.#ears.get(device);
    if (!ears || sentAt === undefined || this.#looked.has(`${id} ${sentAt}`)) return;
    this.#looked.add(`${id} ${sentAt}`);
    const ear = ears.findLast(({ letInAt }) => letInAt <= sentAt);
    // Of what happened in one millisecond nobody can tell.
    if (!ear || ear.letInAt === sentAt || ear.listensAt <= sentAt) return;
    this.#facts.violate("M8", "a command is sent where it is listened to", id, ear.connection);
  }
}
