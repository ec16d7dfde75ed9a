/** What one watch shows: a snapshot, then merge-patches, told device by device and once a frame [O3, O4]. */
import { mergePatch } from "../../protocol/merge.ts";
import type { DeviceView } from "../../protocol/record.ts";
import type { Counts, ReplyError, ToOperator } from "../../protocol/to_operator.ts";

export type Shown = Partial<DeviceView> & { id: string };

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
}

type Frame = Extract<ToOperator, { type: "snapshot" | "changes" }>;
/** `gap`: something was missed; the caller watches again [O4]. `late`: of a definition that was replaced. */
export type Applied = "applied" | "gap" | "late";
/** Runs it once, soon: the next animation frame in a browser. */
export type Soon = (run: () => void) => void;

const NO_COUNTS: Counts = { new: 0, online: 0, suspect: 0, sleeping: 0, offline: 0 };
const EMPTY: Outline = { isLoading: true, from: 0, order: [], total: 0, counts: NO_COUNTS, error: null };

export class WatchStore {
  #devices = new Map<string, Shown>();
  #outline: Outline = EMPTY;
  #revision: number | null = null;
  #from = 0;
  #isAsked = false;
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
  accepted({ window }: Definition): void {
    this.#from = window?.[0] ?? 0;
  }

  refused(error: ReplyError): void {
    this.#isAsked = false;
    this.#change({ error, isLoading: false });
  }

  apply(frame: Frame): Applied {
    return frame.type === "snapshot" ? this.#snapshot(frame) : this.#changes(frame);
  }

  #snapshot({ revision, total, counts, devices }: Extract<Frame, { type: "snapshot" }>): Applied {
    const order = devices.map(({ id }) => id!);
    for (const id of this.#devices.keys()) if (!order.includes(id)) this.#drop(id);
    for (const device of devices) this.#put(device as Shown);
    this.#revision = revision;
    this.#isAsked = false;
    this.#change({ isLoading: false, from: this.#from, order, total, counts, error: null });
    return "applied";
  }

  #changes({ revision, devices, order, gone = [], total, counts }: Extract<Frame, { type: "changes" }>): Applied {
    if (this.#revision === null || revision !== this.#revision + 1) return this.#isAsked ? "late" : "gap";
    this.#revision = revision;
    for (const id of gone) this.#drop(id);
    for (const [id, patch] of Object.entries(devices)) {
      this.#put({ ...mergePatch(this.#devices.get(id) ?? {}, patch) as Shown, id });
    }
    const kept = order ?? (gone.length > 0 ? this.#outline.order.filter((id) => !gone.includes(id)) : undefined);
    if (kept || total !== undefined || counts) {
      this.#change({ ...(kept && { order: kept }), ...(total !== undefined && { total }), ...(counts && { counts }) });
    }
    return "applied";
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
