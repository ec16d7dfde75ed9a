/** The emergency stop: once somebody was told of it nothing passes but stop and query, and only a clear ends it [I12]. */
import { type CommandRecord, type DeviceView, type EstopView } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import { type AskFact, type Facts, recordsIn, viewsIn } from "./facts.ts";

interface Latch {
  /** The hub's time from which on it holds for certain, and where in the trace that was known. */
  at: number;
  place: number;
  /** A stop may have succeeded since. */
  mayBeConfirmed: boolean;
}

/** How long a clear that nobody heard the answer of may still be under way. */
const LINGERS = 90_000;

export class Estops {
  readonly #facts: Facts;
  readonly #latches = new Map<string, Latch>();
  /** Where a clear of each device was asked for last, and until when one may still come. */
  readonly #clears = new Map<string, { place: number; until: number }>();
  #clearAll = { place: -1, until: -Infinity };
  /** When each device said last that something succeeded. */
  readonly #succeeded = new Map<string, number>();
  /** Connections whose first command is still to come, and must be a stop. */
  readonly #begun = new Map<string, Latch>();
  readonly #overMqtt = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    switch (event.type) {
      case "asked":
        if (isClear(event)) this.#clearing(event.args.device as string | undefined, event.at);
        // A device of that name may be another one after it.
        if (event.call === "delete_device") this.#clearing(event.args.device as string, event.at);
        return;
      case "answered":
        return this.#answered(event);
      case "let_in":
        return void this.#overMqtt.add(event.connection);
      case "said":
        if (event.frame.type === "result" && event.frame.ok) this.#confirming(event.connection, event.frame.id);
        return;
      case "told":
        if (event.frame.type === "welcome") this.#welcome(event.connection, event.frame);
        else {
          this.#told(event.connection, event.frame);
          if (event.frame.type === "stream") this.#steered(event.connection, event.frame);
        }
    }
  }

  #answered(event: Extract<TraceEvent, { type: "answered" }>): void {
    const ask = this.#facts.asks.get(event.ask);
    if (!ask || !event.ok) return;
    const { call, args } = ask.asked;
    if (call === "estop" && args.action === "set") {
      const { at } = event.value as EstopView;
      this.#latched(args.device as string, ask, at, at);
    } else if (call === "estop_many" && args.action === "set") {
      for (const device of (event.value as { devices: string[] }).devices) this.#latched(device, ask, event.at, 0);
    } else this.#granted(event.ask, ask, event.value);
    for (const view of viewsIn(event.value)) this.#view(view, ask.place);
    for (const record of recordsIn(event.value)) this.#record(record, ask.place);
  }

  /** `since` is when it was latched at the earliest: it may have been before. */
  #latched(device: string, { place }: AskFact, at: number, since: number): void {
    const { now } = this;
    // A clear that was asked for since, or that is still under way somewhere, may have ended it already.
    const clear = this.#clears.get(device);
    const isSure = [clear, this.#clearAll].every((clear) => !clear || (clear.place < place && clear.until < now));
    if (!isSure || this.#facts.mayBeDeleted(device, place)) return;
    const known = this.#latches.get(device);
    if (known) return;
    const mayBeConfirmed = (this.#succeeded.get(device) ?? -1) >= since;
    this.#latches.set(device, { at, place: this.#facts.place, mayBeConfirmed });
  }

  #clearing(device: string | undefined, at: number): void {
    const clear = { place: this.#facts.place, until: at + LINGERS };
    if (device === undefined) {
      this.#clearAll = clear;
      this.#latches.clear();
    } else {
      this.#clears.set(device, clear);
      this.#latches.delete(device);
    }
  }

  /** [E4] */
  #granted(name: string, { asked, place }: AskFact, value: unknown): void {
    const latch = this.#latches.get(asked.args.device as string);
    if (!latch || latch.place > place) return;
    const isNew = asked.key === undefined;
    if (isNew && ["lease", "desire", "select"].includes(asked.call)) this.#refuse(`${asked.call} is refused`, name);
    const [record] = asked.call === "send_command" && isNew ? recordsIn(value) : [];
    if (record && record.name !== "stop" && record.effect !== "query") this.#refuse(`${record.name} is refused`, name);
  }

  /** [E6, E7] */
  #view(view: DeviceView, asked: number): void {
    const latch = this.#latches.get(view.id);
    if (latch && latch.place < asked && !view.estop) {
      this.#facts.violate("I12", "a latch ends by a clear and by nothing else", view.id);
    }
  }

  /** [E3] */
  #record({ id, device, status, name, effect, createdAt }: CommandRecord, asked: number): void {
    const latch = this.#latches.get(device);
    const isFree = name === "stop" || effect === "query" || status !== "accepted";
    if (latch && latch.place < asked && createdAt < latch.at && !isFree) this.#refuse("what waits is cancelled", id);
  }

  #confirming(id: string, command: string): void {
    if ((this.#facts.command(command).told[0]?.frame.name ?? "stop") !== "stop") return;
    const peer = this.#facts.connections.get(id)?.peer;
    if (peer?.sort !== "device") return;
    this.#succeeded.set(peer.device, this.now);
    const latch = this.#latches.get(peer.device);
    if (latch) latch.mayBeConfirmed = true;
  }

  #welcome(id: string, frame: Frame): void {
    const latch = this.#latches.get(frame.device);
    if (!latch || frame.time <= latch.at) return;
    if (frame.desired?.state !== undefined) this.#refuse("nothing desired is told", id);
    const reaches = this.#facts.specOf(frame.device, "stop") !== undefined;
    if (reaches && !latch.mayBeConfirmed) this.#begun.set(id, latch);
  }

  #told(id: string, frame: Frame): void {
    const peer = this.#facts.connections.get(id)?.peer;
    if (peer?.sort !== "device") return;
    const latch = this.#latches.get(peer.device);
    if (!latch) return;
    // [M8] Where it waits for its subscription, or for room, it is the first command all the same.
    if (this.#overMqtt.has(id) && frame.type !== "command") return;
    const first = this.#begun.get(id);
    this.#begun.delete(id);
    // Straight after the welcome, whatever the device has said since [E2].
    if (first === latch && frame.name !== "stop") {
      this.#facts.violate("I12", "a connection under a latch begins with a stop", id, peer.device);
    }
    if (frame.type !== "command") return;
    const sentAt = frame.expires - Math.round(frame.ttl * 1000);
    const isFree = frame.name === "stop" || this.#facts.specOf(peer.device, frame.name)?.effect === "query";
    if (sentAt > latch.at && !isFree) this.#refuse("nothing but stop and query is sent", frame.id, id);
  }

  /** [E4] */
  #steered(id: string, { n }: Frame): void {
    const peer = this.#facts.connections.get(id)?.peer;
    const latch = peer?.sort === "device" ? this.#latches.get(peer.device) : undefined;
    if (latch && latch.place < (this.#facts.steering.get(n)?.place ?? -1)) this.#refuse("lanes are silent", id);
  }

  #refuse(what: string, ...names: string[]): never {
    return this.#facts.violate("I12", `under a latch ${what}`, ...names);
  }

  get now(): number {
    return this.#facts.events.at(-1)!.at;
  }
}

const isClear = ({ call, args }: Extract<TraceEvent, { type: "asked" }>) =>
  (call === "estop" || call === "estop_many") && args.action === "clear";
