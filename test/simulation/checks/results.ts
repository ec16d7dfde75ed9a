/** Where outcomes come from: the device itself, once, and durable before its `stored` [I7, C10-C12]. */
import { type CommandRecord, isFinal } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import { type CommandFact, type ConnectionFact, type Facts, recordsIn } from "./facts.ts";
import { isEqual } from "./records.ts";

export class Results {
  readonly #facts: Facts;
  readonly #justified = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "said" && event.frame.type === "result") this.#said(event.connection, event.frame);
    else if (event.type === "told" && event.frame.type === "stored") this.#stored(event.connection, event.frame);
    else if (event.type === "acknowledged") this.#acknowledged(event.connection, event.frame);
    else if (event.type === "told" && event.frame.type === "error") this.#refused(event.connection, event.frame);
    else if (event.type === "shown" && event.frame.type === "command") this.#record(event.frame.command, -1);
    else if (event.type === "answered" && event.ok) {
      const place = this.#facts.asks.get(event.ask)?.place ?? -1;
      for (const record of recordsIn(event.value)) this.#record(record, place);
    }
  }

  #said(id: string, frame: Frame): void {
    const connection = this.#facts.connections.get(id);
    if (connection) this.#facts.command(frame.id).results.push({ connection, frame, place: this.#facts.place });
  }

  #stored(id: string, frame: Frame): void {
    if (typeof frame.id !== "string") return;
    const facts = this.#facts;
    const fact = facts.command(frame.id);
    const said = fact.results.find(({ connection }) => connection.id === id);
    const known = fact.record?.device ?? fact.told.map(({ connection }) => deviceOf(connection))[0];
    if (known !== undefined && known !== deviceOf(facts.connections.get(id))) {
      facts.violate("I7", "only its own device's outcome is stored", frame.id, id);
    }
    if (!said) facts.violate("C12", "stored answers a result of this connection", frame.id, id);
    const { connection } = said!;
    const isLate = connection.takenOver && said!.place > connection.takenOver.place;
    if (isLate) facts.violate("I9", "who was taken over is not listened to any more", frame.id, id);
    if (isRevoked(connection, said!.place)) {
      facts.violate("I10", "a revoked device's result does not count", frame.id, id);
    }
    fact.storedAt ??= facts.place;
  }

  /** [M7] As good as `stored`, where it is the outcome of what this device was told: what nobody knows is acknowledged too. */
  #acknowledged(id: string, frame: Frame): void {
    const fact = frame.type === "result" ? this.#facts.commands.get(frame.id) : undefined;
    const device = deviceOf(this.#facts.connections.get(id));
    if (fact?.told.some(({ connection }) => deviceOf(connection) === device)) fact.storedAt ??= this.#facts.place;
  }

  /** [C12] What was sent to it is known to the hub. */
  #refused(id: string, frame: Frame): void {
    if (frame.of !== "result" || frame.code !== "not_found" || typeof frame.id !== "string") return;
    const fact = this.#facts.commands.get(frame.id);
    const device = deviceOf(this.#facts.connections.get(id));
    const wasTold = fact?.told.some(({ connection }) => deviceOf(connection) === device);
    if (wasTold && !this.#facts.mayBeDeleted(device!, -1)) {
      this.#facts.violate("I1", "what was sent to a device is in the ledger", frame.id, id);
    }
  }

  #record(record: CommandRecord, asked: number): void {
    const facts = this.#facts;
    const fact = facts.command(record.id);
    if (fact.storedAt !== null && asked > fact.storedAt) {
      const isKept = isFinal(record.status) && (record.status !== "unknown" || record.late !== undefined);
      if (!isKept) facts.violate("C12", "stored means that the outcome is durable", record.id);
    }
    this.#come(record, fact);
  }

  /** [I7] An outcome is somebody's word, and that somebody is its device. */
  #come(record: CommandRecord, fact: CommandFact): void {
    const { status, late, sentAt } = record;
    const isWord = status === "succeeded" || status === "failed" || (status === "cancelled" && sentAt !== undefined);
    const key = `${record.id} ${late ? "late" : status}`;
    if ((!isWord && !late) || this.#justified.has(key)) return;
    const outcome = late ?? { ok: status === "succeeded", value: record.value, error: record.error };
    const isFound = fact.results.some(({ connection, frame, place }) =>
      deviceOf(connection) === record.device && isSame(outcome, frame) && mayCount(connection, place)
    );
    const isOfDeletion = status === "cancelled" && this.#facts.mayBeDeleted(record.device, -1);
    if (!isFound && !isOfDeletion) {
      this.#facts.violate("I7", "an outcome is what its own device said, on a connection that counts", record.id);
    }
    this.#justified.add(key);
  }
}

const deviceOf = (connection: ConnectionFact | undefined) =>
  connection?.peer.sort === "device" ? connection.peer.device : undefined;

const isRevoked = ({ revoked }: ConnectionFact, place: number) => revoked !== null && place > revoked.place;
const mayCount = (connection: ConnectionFact, place: number) =>
  !isRevoked(connection, place) && !(connection.takenOver && place > connection.takenOver.place);

const isSame = (outcome: { ok: boolean; value?: unknown; error?: { code: string } }, frame: Frame) =>
  outcome.ok === frame.ok &&
  (outcome.ok ? isEqual(outcome.value, frame.value) : outcome.error?.code === (frame.error?.code ?? "refused"));
