/** One drives: fences only grow, each is one operator's, and an older one opens nothing [I11]. */
import type { CommandRecord, LeaseView } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import { type AskFact, type Facts, recordsIn, viewsIn } from "./facts.ts";

/** Without evidence of its holder [G2]. */
const LASTS = 15_000;
const UNDER_WAY = 30_000;

interface Driven {
  holders: Map<number, string>;
  /** The newest fence, with a hub's time at which it was given out already, and where that was known. */
  newest: { fence: number; at: number; place: number };
  /** The command frame that was sent last with a fence. */
  last: { fence: number; sentAt: number; id: string } | null;
  /** How long each fence that was taken by REST lasts at most; infinite where that cannot be told. */
  until: Map<number, number>;
}

export class Leases {
  readonly #facts: Facts;
  readonly #devices = new Map<string, Driven>();
  /** What each connection took. */
  readonly #taken = new Map<string, { driven: Driven; fence: number }[]>();
  /** Who asked for a lease of what, and never heard the answer. */
  readonly #open = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "told" && event.frame.type === "command") this.#told(event.connection, event.frame);
    else if (event.type === "told" && event.frame.type === "stream") this.#steered(event.connection, event.frame);
    else if (event.type === "shown" && event.frame.type === "command") this.#record(event.frame.command);
    else if (event.type === "closed") this.#closed(event.connection, event.at);
    else if (event.type === "unanswered") this.#unanswered(event.ask);
    else if (event.type === "answered" && event.ok) {
      const ask = this.#facts.asks.get(event.ask);
      if (!ask) return;
      if (ask.asked.call === "lease") this.#given(event.ask, ask, event.value as LeaseView);
      for (const view of viewsIn(event.value)) {
        if (view.lease) this.#holds(view.id, view.lease.fence, view.lease.holder!.id, view.lease.since);
      }
      for (const record of recordsIn(event.value)) this.#record(record);
    }
  }

  #given(name: string, { asked, place }: AskFact, { fence, holder, expiresAt }: LeaseView): void {
    const facts = this.#facts;
    const device = asked.args.device as string;
    if (!holder || expiresAt === null) return;
    if (holder.id !== asked.by.operator) facts.violate("I11", "who takes a lease is its holder", name, device);
    const driven = this.#of(device);
    if (driven.newest.place < place && fence < driven.newest.fence) {
      facts.violate("I11", `fence ${driven.newest.fence} was given out, and then ${fence}`, name, device);
    }
    this.#holds(device, fence, holder.id, expiresAt - LASTS);
    const isKnown = !this.#open.has(`${asked.by.operator} ${device}`);
    const before = driven.until.get(fence) ?? 0;
    driven.until.set(fence, isKnown && asked.connection === undefined ? Math.max(before, expiresAt) : Infinity);
    if (asked.connection === undefined || !isKnown) return;
    const taken = this.#taken.get(asked.connection) ?? [];
    this.#taken.set(asked.connection, taken);
    taken.push({ driven, fence });
  }

  /** [G2] The end of the connection is no evidence; what it had said may have been under way for a while. */
  #closed(id: string, at: number): void {
    for (const { driven, fence } of this.#taken.get(id) ?? []) driven.until.set(fence, at + LASTS + UNDER_WAY);
  }

  #unanswered(name: string): void {
    const asked = this.#facts.asks.get(name)?.asked;
    if (asked?.call !== "lease") return;
    this.#open.add(`${asked.by.operator} ${asked.args.device}`);
    const { until } = this.#of(asked.args.device as string);
    for (const fence of until.keys()) until.set(fence, Infinity);
  }

  /** `at` is a hub's time at which the fence had been given out. */
  #holds(device: string, fence: number, holder: string, at: number): void {
    const facts = this.#facts;
    const driven = this.#of(device);
    const other = driven.holders.get(fence);
    if (other !== undefined && other !== holder) facts.violate("I11", `fence ${fence} is one holder's`, device, holder);
    driven.holders.set(fence, holder);
    const { newest, last } = driven;
    if (fence > newest.fence) driven.newest = { fence, at, place: facts.place };
    else if (fence === newest.fence) newest.at = Math.min(newest.at, at);
    if (last && last.fence < fence && last.sentAt > at) this.#old(device, last.fence, fence, last.id);
  }

  #told(id: string, frame: Frame): void {
    const facts = this.#facts;
    const peer = facts.connections.get(id)?.peer;
    if (peer?.sort !== "device" || !facts.kindOf(peer.device)?.lease) return;
    // Under a latch everybody may ask what is the matter [E4].
    const isQuery = facts.specOf(peer.device, frame.name)?.effect === "query" && facts.mayBeLatched(peer);
    if (frame.name === "stop" || isQuery) return;
    if (frame.fence === undefined) return facts.violate("I11", "nothing is driven without a lease", frame.id, id);
    const driven = this.#of(peer.device);
    const sentAt = frame.expires - Math.round(frame.ttl * 1000);
    const { newest } = driven;
    if (frame.fence < newest.fence && sentAt > newest.at) this.#old(peer.device, frame.fence, newest.fence, frame.id);
    if (!driven.last || sentAt > driven.last.sentAt) driven.last = { fence: frame.fence, sentAt, id: frame.id };
  }

  /** [G4] A frame of a lane is its holder's, with the fence that was the newest when it was sent. */
  #steered(id: string, { n, fence }: Frame): void {
    const facts = this.#facts;
    const peer = facts.connections.get(id)?.peer;
    const sent = facts.steering.get(n);
    if (peer?.sort !== "device" || !sent || !facts.kindOf(peer.device)?.lease) return;
    if (fence === undefined) return facts.violate("I11", "nothing is driven without a lease", id);
    const { newest, holders } = this.#of(peer.device);
    if (newest.place < sent.place && fence < newest.fence) this.#old(peer.device, fence, newest.fence, id);
    const holder = holders.get(fence);
    if (holder !== undefined && holder !== sent.operator) facts.violate("I11", "only the holder drives", id, holder);
  }

  /** What was let in came from the holder, in its time. */
  #record(record: CommandRecord): void {
    const facts = this.#facts;
    const { fence, device, status, sentAt, name } = record;
    if (fence === undefined || sentAt === undefined || status === "rejected" || name === "stop") return;
    if (!facts.kindOf(device)?.lease || facts.mayBeLatched(device)) return;
    const driven = this.#of(device);
    const holder = driven.holders.get(fence);
    if (holder !== undefined && holder !== record.by.id) {
      facts.violate("I11", "only the holder's commands are sent", record.id, device);
    }
    if (sentAt >= (driven.until.get(fence) ?? Infinity)) {
      facts.violate("I11", "nothing is sent under a lease that lapsed", record.id, device);
    }
  }

  #old(device: string, fence: number, newer: number, id: string): never {
    return this.#facts.violate("I11", `fence ${fence} opens nothing any more since there is ${newer}`, id, device);
  }

  #of(device: string): Driven {
    const key = `${device} ${this.#facts.life(device)?.createdAt}`;
    const known = this.#devices.get(key);
    if (known) return known;
    const driven: Driven = {
      holders: new Map(),
      newest: { fence: 0, at: -Infinity, place: -1 },
      last: null,
      until: new Map(),
    };
    this.#devices.set(key, driven);
    return driven;
  }
}
