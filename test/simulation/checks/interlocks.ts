/** An interlock over what the hub certainly knows lets nothing pass [C24]. */
import type { Frame, TraceEvent } from "../trace.ts";
import type { Facts } from "./facts.ts";

/** What a device told of a field last; `at` is when the hub had stored it at the latest, null where nobody knows. */
interface Told {
  value: unknown;
  connection: string;
  seq: number | null;
  at: number | null;
}

export class Interlocks {
  readonly #facts: Facts;
  /** By device and field. */
  readonly #told = new Map<string, Told>();
  /** Fields that wait for their `stored`, by connection. */
  readonly #waiting = new Map<string, Told[]>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "said" && event.frame.type === "state") this.#said(event.connection, event.frame);
    else if (event.type === "told" && event.frame.type === "stored") {
      this.#stored(event.connection, event.frame, event.at);
    } else if (event.type === "told" && event.frame.type === "command") this.#command(event.connection, event.frame);
    else if (event.type === "closed") this.#waiting.delete(event.connection);
  }

  #said(id: string, { reported, seq }: Frame): void {
    const peer = this.#facts.connections.get(id)?.peer;
    if (peer?.sort !== "device") return;
    const interlocks = this.#facts.kindOf(peer.device)?.interlocks ?? [];
    for (const { when } of interlocks) {
      if (!("field" in when) || reported?.[when.field] === undefined) continue;
      const told = { value: reported[when.field], connection: id, seq: seq ?? null, at: null };
      this.#told.set(`${peer.device} ${when.field}`, told);
      if (seq !== undefined) this.#waiting.set(id, [...this.#waiting.get(id) ?? [], told]);
    }
  }

  #stored(id: string, { seq }: Frame, at: number): void {
    const waiting = this.#waiting.get(id);
    if (typeof seq !== "number" || !waiting) return;
    for (const told of waiting) if (told.seq! <= seq) told.at = at;
    this.#waiting.set(id, waiting.filter((told) => told.seq! > seq));
  }

  #command(id: string, frame: Frame): void {
    const facts = this.#facts;
    const peer = facts.connections.get(id)?.peer;
    if (peer?.sort !== "device") return;
    const sentAt = frame.expires - Math.round(frame.ttl * 1000);
    for (const { commands, when } of facts.kindOf(peer.device)?.interlocks ?? []) {
      if (!commands.includes(frame.name) || !("is" in when)) continue;
      const told = this.#told.get(`${peer.device} ${when.field}`);
      const isForbidden = told?.value === when.is && told.at !== null && sentAt > told.at;
      if (isForbidden) facts.violate("C24", `${when.field} forbids ${frame.name}`, frame.id, told.connection);
    }
  }
}
