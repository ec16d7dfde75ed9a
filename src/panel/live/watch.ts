/** What one watch shows: a snapshot, then merge-patches, told device by device and once a frame [O3, O4]. */
import { mergePatch } from "../../protocol/merge.ts";
import type { DeviceView, LookerView } from "../../protocol/record.ts";
import type { Counts, ReplyError, ToOperator } from "../../protocol/to_operator.ts";
import { movedBetween } from "./moved.ts";
import { type Value, valueOf } from "./value.ts";

export type Shown = Partial<DeviceView> & {
  id: string;
  /** It is held on the screen, and gone from what is watched: nothing more is heard of it here. */
  isLeft?: true;
};

export interface Definition {
  query?: string;
  window?: [from: number, count: number];
  sort?: string;
  fields?: string[];
  rate?: number;
  device?: string;
  include?: string[];
}

/** The list without its devices: changes rarely, so the frame around the rows rarely renders. */
export interface Outline {
  /** No snapshot came yet. What a replaced definition showed stays until the next one. */
  isLoading: boolean;
  /** Where `order` begins in the whole list. */
  from: number;
  order: readonly string[];
  total: number;
  counts: Counts;
  error: ReplyError | null;
  /** What found these devices; another than was asked for last while the answer to that is on the way. */
  query: string;
  /** How many rows wait to stand elsewhere, because the order is held. */
  moved: number;
}

type Frame = Extract<ToOperator, { type: "snapshot" | "changes" }>;
/** `gap`: something was missed; the caller watches again [O4]. `late`: of a definition that was replaced. */
export type Applied = "applied" | "gap" | "late";
/** Runs it once, soon: the next animation frame in a browser. */
export type Soon = (run: () => void) => void;

const NO_COUNTS: Counts = { new: 0, online: 0, suspect: 0, sleeping: 0, offline: 0 };
const EMPTY: Outline = {
  isLoading: true,
  from: 0,
  order: [],
  total: 0,
  counts: NO_COUNTS,
  error: null,
  query: "",
  moved: 0,
};

export class WatchStore {
  /** Who looks at the device, where that was asked for [O16]. */
  readonly people: Value<readonly LookerView[]> = valueOf<readonly LookerView[]>([]);
  #devices = new Map<string, Shown>();
  #outline: Outline = EMPTY;
  #revision: number | null = null;
  #accepted: Pick<Definition, "query" | "window" | "sort"> = {};
  #drawn = "";
  #isAsked = false;
  #isHeld = false;
  /** The order as the hub has it, while the one on the screen is held. */
  #waiting: readonly string[] | null = null;
  #dirty = new Set<string>();
  #outlineDirty = false;
  #isScheduled = false;
  #ofDevice = new Map<string, Set<() => void>>();
  #ofOutline = new Set<() => void>();
  #soon: Soon;

  constructor(soon: Soon) {
    this.#soon = soon;
  }

  /** The definition was sent; until its snapshot comes, frames with a gap belong to the one before. */
  asked(): void {
    this.#isAsked = true;
  }

  /** The hub took the definition: the next snapshot is its answer [O1]. */
  accepted({ query, window, sort }: Definition): void {
    this.#accepted = { query, window, sort };
  }

  refused(error: ReplyError): void {
    this.#isAsked = false;
    this.#change({ error, isLoading: false });
  }

  apply(frame: Frame): Applied {
    return frame.type === "snapshot" ? this.#snapshot(frame) : this.#changes(frame);
  }

  /** [A2.7] Values go on; which rows there are, and in which order, waits. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.showMoved();
  }

  /** What waits takes its place now, also where the order is held from then on again. */
  showMoved(): void {
    const order = this.#waiting;
    if (!order) return;
    this.#waiting = null;
    for (const [id, { isLeft }] of this.#devices) if (isLeft || !order.includes(id)) this.#drop(id);
    this.#change({ order, moved: 0 });
  }

  #snapshot({ revision, total, counts, devices }: Extract<Frame, { type: "snapshot" }>): Applied {
    const order = devices.map(({ id }) => id!);
    const asked = JSON.stringify(this.#accepted);
    // Somebody who scrolls, sorts or searches asks for another order; a resync does not.
    const isHeld = this.#isHeld && asked === this.#drawn;
    this.#drawn = asked;
    for (const id of this.#devices.keys()) if (!order.includes(id)) this.#lose(id, isHeld);
    for (const device of devices) this.#put(device as Shown);
    this.#revision = revision;
    this.#isAsked = false;
    const { query = "", window } = this.#accepted;
    this.#change({ isLoading: false, from: window?.[0] ?? 0, total, counts, error: null, query });
    this.#order(order, isHeld);
    return "applied";
  }

  #changes({ revision, devices, order, gone = [], total, counts }: Extract<Frame, { type: "changes" }>): Applied {
    if (this.#revision === null || revision !== this.#revision + 1) return this.#isAsked ? "late" : "gap";
    this.#revision = revision;
    for (const id of gone) this.#lose(id, this.#isHeld);
    for (const [id, patch] of Object.entries(devices)) {
      const known = this.#devices.get(id);
      // One that comes back comes whole.
      this.#put({ ...mergePatch(known && !known.isLeft ? known : {}, patch) as Shown, id });
    }
    const before = this.#waiting ?? this.#outline.order;
    const kept = order ?? (gone.length > 0 ? before.filter((id) => !gone.includes(id)) : undefined);
    if (kept) this.#order(kept, this.#isHeld);
    if (total !== undefined || counts) {
      this.#change({ ...(total !== undefined && { total }), ...(counts && { counts }) });
    }
    return "applied";
  }

  #order(order: readonly string[], isHeld: boolean): void {
    const moved = isHeld ? movedBetween(this.#outline.order, order) : 0;
    this.#waiting = moved > 0 ? order : null;
    this.#change(moved > 0 ? { moved } : { order, moved });
  }

  /** What leaves while it is held stays on the screen, as what it is: no longer watched. */
  #lose(id: string, isHeld: boolean): void {
    const known = this.#devices.get(id);
    if (isHeld && known && this.#outline.order.includes(id)) this.#put({ ...known, isLeft: true });
    else this.#drop(id);
  }

  #put(device: Shown): void {
    this.#devices.set(device.id, device);
    this.#dirty.add(device.id);
    this.#schedule();
  }

  #drop(id: string): void {
    this.#devices.delete(id);
    this.#dirty.add(id);
    this.#schedule();
  }

  #change(outline: Partial<Outline>): void {
    this.#outline = { ...this.#outline, ...outline };
    this.#outlineDirty = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#soon(() => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const id of dirty) for (const told of this.#ofDevice.get(id) ?? []) told();
    if (!this.#outlineDirty) return;
    this.#outlineDirty = false;
    for (const told of this.#ofOutline) told();
  }

  get revision(): number {
    return this.#revision ?? 0;
  }

  device = (id: string): Shown | undefined => this.#devices.get(id);
  outline = (): Outline => this.#outline;

  subscribeDevice(id: string, told: () => void): () => void {
    if (!this.#ofDevice.has(id)) this.#ofDevice.set(id, new Set());
    const listeners = this.#ofDevice.get(id)!.add(told);
    return () => {
      listeners.delete(told);
      if (listeners.size === 0) this.#ofDevice.delete(id);
    };
  }

  subscribeOutline(told: () => void): () => void {
    this.#ofOutline.add(told);
    return () => this.#ofOutline.delete(told);
  }
}
