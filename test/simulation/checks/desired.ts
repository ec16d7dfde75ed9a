/** What is desired: versions only grow, each is one document, and nobody overwrites what was not read [D2, D4, D6, I19]. */
import type { DesiredDocument } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import { type AskFact, type ConnectionFact, type Facts, viewsIn } from "./facts.ts";

interface Document {
  /** Each version's content, and which ask made it. */
  states: Map<number, string>;
  makers: Map<number, string>;
  /** Newest versions, each with where it was first known. */
  known: { version: number; place: number }[];
}

export class Desired {
  readonly #facts: Facts;
  readonly #documents = new Map<string, Document>();
  /** The version that each open device connection was told last. */
  readonly #told = new Map<string, { connection: ConnectionFact; version: number; whole: boolean }>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    const facts = this.#facts;
    if (event.type === "told") {
      const { frame } = event;
      if (frame.type === "welcome") this.#welcome(event.connection, frame.desired);
      else if (frame.type === "desired") this.#tell(event.connection, frame, true);
    } else if (event.type === "closed") this.#told.delete(event.connection);
    else if (event.type === "answered" && event.ok) {
      const ask = facts.asks.get(event.ask);
      if (!ask) return;
      const { call, args } = ask.asked;
      if (call === "desire") this.#made(event.ask, ask, event.value as DesiredDocument);
      else if (call === "get_desired") this.#read(args.device as string, event.value as DesiredDocument, ask.place);
      else for (const view of viewsIn(event.value)) this.#read(view.id, view.desired, ask.place);
    }
  }

  /** At the end every device that is there knows what is wanted of it. */
  end(versions: ReadonlyMap<string, number>): void {
    for (const { connection, version, whole } of this.#told.values()) {
      if (connection.peer.sort !== "device" || connection.takenOver || connection.revoked) continue;
      const wanted = versions.get(connection.peer.device);
      if (wanted !== undefined && whole && wanted !== version) {
        this.#facts.violate("I19", `the device was told version ${version}, and ${wanted} is wanted`, connection.id);
      }
    }
  }

  #made(name: string, { asked, place }: AskFact, { version, state }: DesiredDocument): void {
    const facts = this.#facts;
    const device = asked.args.device as string;
    const maker = asked.key === undefined ? name : `${asked.by.operator}/${asked.key}`;
    const document = this.#document(device);
    const other = document.makers.get(version);
    if (other !== undefined && other !== maker && !facts.mayBeDeleted(device, -1)) {
      facts.violate("D4", `version ${version} is one ask's`, device, name);
    }
    document.makers.set(version, maker);
    const { ifVersion } = asked.args;
    if (typeof ifVersion === "number" && version !== ifVersion + 1) {
      facts.violate("D4", `ifVersion ${ifVersion} makes the version after it, not ${version}`, device, name);
    }
    // A repeat with a key answers as it did at first.
    if (asked.key === undefined) this.#read(device, { version, state }, place);
    else this.#same(device, { version, state });
  }

  #welcome(id: string, desired: { version: number; state?: Record<string, unknown> } | undefined): void {
    const connection = this.#facts.connections.get(id);
    if (!connection || !desired) return;
    this.#tell(id, desired, desired.state !== undefined);
    if (connection.peer.sort !== "device") return;
    this.#atLeast(connection.peer.device, desired.version, connection.openedAt, id);
  }

  #tell(id: string, { version, state }: Frame | { version: number; state?: unknown }, whole: boolean): void {
    const facts = this.#facts;
    const connection = facts.connections.get(id);
    if (connection?.peer.sort !== "device") return;
    const before = this.#told.get(id);
    if (before && (version < before.version || (version === before.version && before.whole))) {
      facts.violate("D6", "over a connection each desired version goes once, and they grow", id);
    }
    this.#told.set(id, { connection, version, whole });
    if (state !== undefined) this.#same(connection.peer.device, { version, state });
  }

  #read(device: string, document: { version: number; state: unknown }, asked: number): void {
    this.#same(device, document);
    this.#atLeast(device, document.version, asked, device);
  }

  /** [I1] What was known when it was asked for is not lost. */
  #atLeast(device: string, version: number, asked: number, name: string): void {
    const facts = this.#facts;
    const { known } = this.#document(device);
    for (let at = known.length - 1; at >= 0; at--) {
      if (known[at].place >= asked) continue;
      if (known[at].version > version && !facts.mayBeDeleted(device, -1)) {
        facts.violate("I1", `desired version ${known[at].version} was known, and is ${version} now`, device, name);
      }
      break;
    }
    if ((known.at(-1)?.version ?? -1) < version) known.push({ version, place: facts.place });
  }

  #same(device: string, { version, state }: { version: number; state: unknown }): void {
    if (this.#facts.mayBeDeleted(device, -1)) return;
    const { states } = this.#document(device);
    const text = JSON.stringify(state);
    const before = states.get(version);
    if (before !== undefined && before !== text) {
      this.#facts.violate("D2", `version ${version} is one document`, device);
    }
    states.set(version, text);
  }

  #document(device: string): Document {
    const key = `${device} ${this.#facts.life(device)?.createdAt}`;
    const known = this.#documents.get(key);
    if (known) return known;
    const document: Document = { states: new Map(), makers: new Map(), known: [] };
    this.#documents.set(key, document);
    return document;
  }
}
