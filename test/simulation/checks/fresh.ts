/** Interlocks over what is not fresh: nothing goes that no fresh word of the device allows [C24]. */
import type { Condition } from "../../../src/kind/interlock.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import type { Facts } from "./facts.ts";

/** A word of a device: over which connection, when, and where in the trace. */
interface Word {
  connection: string;
  at: number;
  place: number;
  value: unknown;
}

/** What a connection's device said, in order, and up to where the hub has answered, and so has heard. */
interface Line {
  pings: number[];
  pongs: number;
  results: Map<string, number>;
  heard: number;
  isDoubtful: boolean;
}

/** A word may be under way for so long. */
const UNDER_WAY = 25_000;

export class Freshness {
  readonly #facts: Facts;
  /** By device and field. */
  readonly #words = new Map<string, Word[]>();
  readonly #lines = new Map<string, Line>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "said") this.#said(event.connection, event.frame, event.at);
    else if (event.type === "told") this.#told(event.connection, event.frame);
  }

  #said(id: string, frame: Frame, at: number): void {
    const peer = this.#facts.connections.get(id)?.peer;
    if (peer?.sort !== "device") return;
    const { place } = this.#facts;
    if (frame.type === "ping") this.#line(id).pings.push(place);
    else if (frame.type === "result") {
      // The first `stored` answers the first of them: of one that was said again the hub may not have heard.
      const { results } = this.#line(id);
      if (!results.has(frame.id)) results.set(frame.id, place);
    } else if (frame.type === "state") {
      for (const [field, value] of Object.entries(frame.reported ?? {})) {
        const name = `${peer.device} ${field}`;
        const words = this.#words.get(name) ?? [];
        this.#words.set(name, words);
        words.push({ connection: id, at, place, value });
      }
    }
  }

  /** Over one connection the hub hears in order: what it answers, it has heard with all that was before. */
  #told(id: string, frame: Frame): void {
    const line = this.#lines.get(id);
    // Some of what was said over it was refused, and not every such frame is named [F10].
    if (frame.type === "error") this.#line(id).isDoubtful = true;
    if (line && frame.type === "pong") line.heard = Math.max(line.heard, line.pings[line.pongs++] ?? -1);
    if (line && frame.type === "stored") {
      line.heard = Math.max(line.heard, line.results.get(frame.id) ?? -1);
      line.results.delete(frame.id);
    }
    if (frame.type === "command") this.#sent(id, frame);
  }

  #sent(id: string, frame: Frame): void {
    const facts = this.#facts;
    const connection = facts.connections.get(id);
    if (connection?.peer.sort !== "device" || connection.welcomedAt === null) return;
    const { device } = connection.peer;
    const kind = facts.kindOf(device);
    const since = connection.welcomedAt - (kind?.stale ?? 0) * 1000 - UNDER_WAY;
    const until = frame.expires - Math.round(frame.ttl * 1000) + facts.slack;
    for (const { commands, when } of kind?.interlocks ?? []) {
      if (!commands.includes(frame.name) || this.#mayBeAllowed(id, device, when, since, until)) continue;
      facts.violate("C24", "what an interlock forbids is not sent, nor what it cannot tell", frame.id, id);
    }
  }

  /** May the hub have known a value under which the condition does not hold? Only asked of a single field. */
  #mayBeAllowed(id: string, device: string, when: Condition, since: number, until: number): boolean {
    if (!("field" in when) || !("is" in when)) return true;
    const line = this.#lines.get(id);
    const heard = line && !line.isDoubtful ? line.heard : -1;
    const words = (this.#words.get(`${device} ${when.field}`) ?? []).filter(({ at }) => at >= since && at <= until);
    // The last one that it had heard for certain took the place of all before it.
    const certain = words.findLastIndex(({ connection, place }) => connection === id && place < heard);
    return words.slice(Math.max(0, certain)).some(({ value }) => value !== when.is);
  }

  #line(id: string): Line {
    const known = this.#lines.get(id);
    if (known) return known;
    const line: Line = { pings: [], pongs: 0, results: new Map(), heard: -1, isDoubtful: false };
    this.#lines.set(id, line);
    return line;
  }
}
