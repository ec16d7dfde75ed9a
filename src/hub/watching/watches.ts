/** Who watches what. A touched device is noted once for each beat, whether one watches or a hundred. */
import type { Query } from "../../protocol/query.ts";
import { Beat } from "./beat.ts";
import type { WatchDefinition } from "../connections/connection.ts";
import type { Watch } from "./feed.ts";
import { Lookers } from "./lookers.ts";
import type { Turn } from "../turn.ts";

interface Opened {
  query: Query;
  /** Null where no devices are to be shown. */
  watch: Watch | null;
  isRaw: boolean;
}

export class Watches {
  readonly lookers = new Lookers();
  /** By connection, then by the operator program's id. */
  readonly #opened = new Map<string, Map<string, Opened>>();
  /** By rate. */
  readonly #lists = new Map<number, Beat>();
  /** By device, then by rate: what happens to one device waits for nobody else's. */
  readonly #devices = new Map<string, Map<number, Beat>>();
  /** How many watch raw frames [O5]. */
  #raw = 0;
  /** Those that may have something to tell. */
  readonly #stirred = new Set<Beat>();

  /** Does nobody watch? */
  get isEmpty(): boolean {
    return this.#opened.size === 0;
  }

  /** How many there are. */
  get size(): number {
    let size = 0;
    for (const own of this.#opened.values()) size += own.size;
    return size;
  }

  /** Does anybody watch this one by itself? */
  hasWatched(device: string): boolean {
    return this.#devices.has(device);
  }

  get(connection: string, id: string): Watch | null {
    return this.#opened.get(connection)?.get(id)?.watch ?? null;
  }

  queryOf(connection: string, id: string): Query | undefined {
    return this.#opened.get(connection)?.get(id)?.query;
  }

  /** In the place of the one with its id. */
  open(turn: Turn, connection: string, definition: WatchDefinition, query: Query): Watch | null {
    const watch = showsDevices(definition) ? this.#join(turn, connection, definition, query) : null;
    this.close(connection, definition.id);
    const own = this.#opened.get(connection) ?? new Map<string, Opened>();
    const isRaw = definition.include?.includes("frames") ?? false;
    if (isRaw) this.#raw += 1;
    this.#opened.set(connection, own.set(definition.id, { query, watch, isRaw }));
    if (watch) this.lookers.join(watch);
    return watch;
  }

  #join(turn: Turn, connection: string, definition: WatchDefinition, query: Query): Watch {
    const beats = this.#beatsOf(definition);
    const beat = beats.get(definition.rate) ?? new Beat(definition.rate, turn.now);
    beats.set(definition.rate, beat);
    this.#stirred.add(beat);
    return beat.join(turn, connection, definition, query);
  }

  close(connection: string, id: string): void {
    const own = this.#opened.get(connection);
    const opened = own?.get(id);
    if (!own || !opened) return;
    own.delete(id);
    if (opened.isRaw) this.#raw -= 1;
    if (own.size === 0) this.#opened.delete(connection);
    if (!opened.watch) return;
    this.lookers.leave(opened.watch);
    this.#leave(opened.watch);
  }

  #leave(watch: Watch): void {
    const { beat, definition } = watch;
    beat.leave(watch);
    if (!beat.isDeserted) return;
    this.#stirred.delete(beat);
    this.#beatsOf(definition).delete(definition.rate);
    if (definition.device !== undefined && this.#beatsOf(definition).size === 0) {
      this.#devices.delete(definition.device);
    }
  }

  closeAll(connection: string): void {
    for (const id of [...this.#opened.get(connection)?.keys() ?? []]) this.close(connection, id);
  }

  /** What was touched. */
  mark(devices: ReadonlySet<string>): void {
    if (this.isEmpty || devices.size === 0) return;
    for (const beat of this.#lists.values()) this.#mark(beat, devices);
    if (this.#devices.size === 0) return;
    for (const id of devices) {
      for (const beat of this.#devices.get(id)?.values() ?? []) this.#mark(beat, [id]);
    }
  }

  #mark(beat: Beat, devices: Iterable<string>): void {
    for (const id of devices) beat.mark(id);
    this.#stirred.add(beat);
  }

  /** [O13] What passing time alone brings into a list, or takes out of it. */
  markAged(turn: Turn): void {
    for (const beat of this.#lists.values()) {
      const aged = beat.aged(turn);
      if (aged.length > 0) this.#mark(beat, aged);
    }
  }

  /** The operator confirmed something [O6]. */
  confirm(watch: Watch): void {
    watch.beat.settle(watch);
    this.#stirred.add(watch.beat);
  }

  /** When there is something to tell next, or null. */
  get due(): number | null {
    let next: number | null = null;
    for (const beat of this.#stirred) {
      const { due } = beat;
      if (due === null) this.#stirred.delete(beat);
      else if (next === null || due < next) next = due;
    }
    return next;
  }

  /** When somebody may be told what is heard now, now or later; null while nobody may. */
  nextTold(now: number): number | null {
    // Raw frames are seen as they come.
    if (this.#raw > 0) return now;
    let next: number | null = null;
    for (const { tells } of this.#beats()) {
      if (tells !== null && tells <= now) return now;
      if (tells !== null && (next === null || tells < next)) next = tells;
    }
    return next;
  }

  *#beats(): Generator<Beat> {
    yield* this.#lists.values();
    for (const beats of this.#devices.values()) yield* beats.values();
  }

  beatsDue(now: number): Beat[] {
    return [...this.#stirred].filter(({ due }) => due !== null && due <= now);
  }

  #beatsOf({ device }: WatchDefinition): Map<number, Beat> {
    if (device === undefined) return this.#lists;
    const beats = this.#devices.get(device) ?? new Map<number, Beat>();
    this.#devices.set(device, beats);
    return beats;
  }
}

/** [R8] A stream may be for events and commands only. */
const showsDevices = ({ device, include }: WatchDefinition): boolean =>
  device !== undefined || include === undefined || include.some((part) => part !== "events" && part !== "commands");
