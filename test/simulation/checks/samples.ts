/** What devices tell: nothing that was stored is lost, nothing is stored twice, nothing was made up [I17, T5, T6]. */
import type { DeviceView, EventView } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import { type Facts, viewsIn } from "./facts.ts";

/** What a device's connection says in one scope of its `seq`. */
interface Speech {
  device: string;
  /** Its boot is known: what it repeats can be told from what is new. */
  scoped: boolean;
  /** The greatest `seq` that it said. */
  highest: number;
  unstored: { seq: number; uptime?: number; event?: number }[];
}

interface Told {
  life: number | undefined;
  /** Some `seq` had no boot, or two machines took turns: repeats cannot be told from what is new. */
  isVague: boolean;
  /** The greatest that was said at all. */
  said: number;
  /** The greatest that was stored, each with where that was known, and by which rule. */
  stored: { uptime: number; place: number; rule: "T6" | "M7" }[];
  /** Each with the numbers under which it was said: what was refused may go again under another. */
  events: Map<number, { stored: "T6" | "M7" | null; refused: boolean; seqs: Set<unknown> }>;
}

export class Samples {
  readonly #facts: Facts;
  readonly #speeches = new Map<string, Speech>();
  readonly #devices = new Map<string, Told>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "said") this.#said(event.connection, event.frame);
    else if (event.type === "told" && event.frame.type === "stored") this.#stored(event.connection, event.frame.seq);
    else if (event.type === "acknowledged") this.#acknowledged(event.connection, event.frame);
    else if (event.type === "told" && event.frame.type === "error") {
      this.#refused(event.connection, event.frame.seq);
      if (event.frame.of === "hello") this.#unscoped(event.connection);
    } else if (event.type === "answered" && event.ok) {
      const place = this.#facts.asks.get(event.ask)?.place ?? -1;
      for (const view of viewsIn(event.value)) this.#read(view, place);
    }
  }

  /** All events of a device, as the ledger has them at the end. */
  endEvents(device: string, rows: readonly EventView[]): void {
    const told = this.#devices.get(device);
    if (!told || told.isVague || this.#facts.mayBeDeleted(device, -1)) return;
    const counts = new Map<number, number>();
    for (const { data } of rows) counts.set(data.n as number, (counts.get(data.n as number) ?? 0) + 1);
    for (const [n, count] of counts) {
      if (!told.events.has(n)) this.#facts.violate("I17", `event ${n} was never said`, device);
      if (count > told.events.get(n)!.seqs.size) {
        this.#facts.violate("T5", `event ${n} is stored ${count} times`, device);
      }
    }
    for (const [n, { stored, refused }] of told.events) {
      if (stored && !refused && !counts.has(n)) {
        this.#facts.violate(stored, `event ${n} was stored, and is lost`, device);
      }
    }
  }

  #said(id: string, frame: Frame): void {
    const peer = this.#facts.connections.get(id)?.peer;
    if (peer?.sort !== "device") return;
    const speech = this.#speeches.get(id) ?? { device: peer.device, scoped: false, highest: -1, unstored: [] };
    this.#speeches.set(id, speech);
    if (frame.type === "hello" && frame.boot !== undefined) speech.scoped = true;
    const uptime = frame.type === "telemetry" ? frame.data?.uptime : undefined;
    const event = frame.type === "event" && frame.name === "alarm" ? frame.data?.n : undefined;
    if (typeof frame.seq === "number") {
      speech.highest = Math.max(speech.highest, frame.seq);
      speech.unstored.push({ seq: frame.seq, uptime, event });
    }
    if (uptime === undefined && event === undefined) return;
    const told = this.#device(peer.device);
    if (typeof frame.seq === "number" && !speech.scoped) told.isVague = true;
    if ((this.#facts.life(peer.device)?.machines.size ?? 0) > 1) told.isVague = true;
    if (uptime !== undefined) told.said = Math.max(told.said, uptime);
    if (event === undefined) return;
    const known = told.events.get(event) ?? { stored: null, refused: false, seqs: new Set() };
    told.events.set(event, known);
    known.seqs.add(frame.seq);
  }

  #stored(id: string, seq: unknown): void {
    const speech = this.#speeches.get(id);
    if (typeof seq !== "number") return;
    if (!speech || seq > speech.highest) this.#facts.violate("T6", `stored ${seq} names a seq that was said`, id);
    const told = this.#device(speech!.device);
    let uptime = told.stored.at(-1)?.uptime ?? -1;
    for (const said of speech!.unstored) {
      if (said.seq > seq) continue;
      if (said.uptime !== undefined) uptime = Math.max(uptime, said.uptime);
      // It may have been said in an earlier life of the device.
      const event = said.event === undefined ? undefined : told.events.get(said.event);
      if (event) event.stored = "T6";
    }
    speech!.unstored = speech!.unstored.filter((said) => said.seq > seq);
    told.stored.push({ uptime, place: this.#facts.place, rule: "T6" });
  }

  /** [M7] It needs no `seq` to be durable. */
  #acknowledged(id: string, { type, name, data }: Frame): void {
    const peer = this.#facts.connections.get(id)?.peer;
    if (peer?.sort !== "device") return;
    const told = this.#device(peer.device);
    if (type === "telemetry" && typeof data?.uptime === "number") {
      const uptime = Math.max(data.uptime, told.stored.at(-1)?.uptime ?? -1);
      told.stored.push({ uptime, place: this.#facts.place, rule: "M7" });
    }
    const event = type === "event" && name === "alarm" ? told.events.get(data.n) : undefined;
    if (event) event.stored ??= "M7";
  }

  /** [T6] What an `error` named is not stored. */
  #refused(id: string, seq: unknown): void {
    const speech = this.#speeches.get(id);
    const event = speech?.unstored.find((said) => said.seq === seq)?.event;
    const told = event === undefined ? undefined : this.#device(speech!.device).events.get(event);
    // Said again under the same number by who did not listen, it is settled as a repeat.
    if (told) told.refused = true;
    if (speech) speech.unstored = speech.unstored.map((said) => said.seq === seq ? { seq: said.seq } : said);
  }

  /** What it said since its hello was in no boot's scope after all. */
  #unscoped(id: string): void {
    const speech = this.#speeches.get(id);
    if (!speech) return;
    speech.scoped = false;
    if (speech.unstored.length > 0) this.#device(speech.device).isVague = true;
  }

  #read(view: DeviceView, asked: number): void {
    const uptime = view.telemetry.uptime?.value;
    const told = this.#device(view.id);
    if (told.isVague || this.#facts.mayBeDeleted(view.id, -1)) return;
    if (typeof uptime === "number" && uptime > told.said) {
      this.#facts.violate("I17", "no sample that nobody said", view.id);
    }
    const stored = told.stored.findLast(({ place }) => place < asked);
    if (stored && stored.uptime >= 0 && (typeof uptime !== "number" || uptime < stored.uptime)) {
      this.#facts.violate(stored.rule, `uptime ${stored.uptime} was stored, and now it is ${uptime}`, view.id);
    }
  }

  #device(device: string): Told {
    const life = this.#facts.life(device)?.createdAt;
    const known = this.#devices.get(device);
    if (known && known.life === life) return known;
    const told: Told = { life, isVague: known?.isVague ?? false, said: -1, stored: [], events: new Map() };
    this.#devices.set(device, told);
    return told;
  }
}
