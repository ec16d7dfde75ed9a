/** Somebody who watches, by PROTOCOL.md alone: nothing here is the hub's own code, so that both are not wrong together. */
import { expect } from "vitest";
import type { Frame, Peer, Signalbox } from "./signalbox.ts";

export interface Definition {
  id: string;
  query?: string;
  window?: [from: number, count: number];
  sort?: string;
  fields?: string[];
  rate?: number;
  device?: string;
}

interface Watch {
  definition: Definition;
  revision: number;
  /** When the newest `changes` came. */
  changedAt: number;
  order: string[];
  devices: Map<string, Frame>;
  total: number;
  counts: Record<string, number>;
  /** The newest revision that it said it has seen; null before it says so for the first time. */
  seen: number | null;
}

export class Screen {
  readonly peer: Peer;
  readonly watches = new Map<string, Watch>();
  readonly #box: Signalbox;
  /** Does it send `seen`? */
  readonly #confirms: boolean;
  #wrong: unknown = null;
  frames = 0;

  constructor(box: Signalbox, confirms: boolean) {
    this.#box = box;
    this.#confirms = confirms;
    this.peer = box.operator();
    const hear = this.peer.hear.bind(this.peer);
    this.peer.hear = (text) => {
      try {
        hear(text);
        const frame = this.peer.frames.at(-1);
        if (frame?.type === "snapshot") this.#snapshot(frame);
        if (frame?.type === "changes") this.#changes(frame);
      } catch (error) {
        // What a socket throws ends only itself: it is thrown again where it is asked for.
        this.#wrong ??= error;
      }
    };
  }

  watch(definition: Definition): void {
    const before = this.watches.get(definition.id);
    this.watches.set(definition.id, {
      definition,
      revision: 0,
      changedAt: -Infinity,
      order: [],
      devices: new Map(),
      total: 0,
      counts: {},
      seen: null,
    });
    const reply = this.peer.ask({ type: "watch", ...definition });
    if (reply.ok) return;
    // What was refused changes nothing.
    if (before) this.watches.set(definition.id, before);
    else this.watches.delete(definition.id);
  }

  unwatch(id: string): void {
    this.watches.delete(id);
    this.peer.ask({ type: "unwatch", id });
  }

  /** It has caught up, and says so. */
  confirm(): void {
    for (const [id, watch] of this.#confirms ? this.watches : []) {
      this.peer.send({ type: "seen", watch: id, revision: watch.revision });
      watch.seen = watch.revision;
    }
  }

  #snapshot({ watch: id, revision, devices, total, counts }: Frame): void {
    const watch = this.watches.get(id)!;
    // Without memory the hub begins anew, and knows of no `seen` [O4].
    Object.assign(watch, { revision, total, counts, seen: watch.seen === null ? null : 0, changedAt: -Infinity });
    watch.order = devices.map(({ id }: Frame) => id);
    watch.devices = new Map(devices.map((device: Frame) => [device.id, device]));
    this.frames += 1;
  }

  #changes({ watch: id, revision, devices, order, gone, total, counts }: Frame): void {
    const watch = this.watches.get(id)!;
    const { now } = this.#box;
    expect(revision, "[O3] no gap").toBe(watch.revision + 1);
    expect(now - watch.changedAt, "[O3] at most `rate` a second").toBeGreaterThanOrEqual(
      1000 / (watch.definition.rate ?? 4),
    );
    if (watch.seen !== null) expect(revision - watch.seen, "[O6] at most eight unseen").toBeLessThanOrEqual(8);
    expect(this.peer.backlog, "[O8] nothing for who does not read").toBe(0);
    Object.assign(watch, { revision, changedAt: now });
    for (const device of gone ?? []) expect(watch.devices.delete(device), "[O3] who goes was there").toBe(true);
    for (const [device, patch] of Object.entries<Frame>(devices)) {
      watch.devices.set(device, merged(watch.devices.get(device) ?? {}, patch));
    }
    watch.order = order ?? watch.order;
    watch.total = total ?? watch.total;
    watch.counts = counts ?? watch.counts;
    expect([...watch.devices.keys()].sort(), "[O3] it has whoever is in the window").toEqual([...watch.order].sort());
    this.frames += 1;
  }

  /** Nothing that came was wrong. */
  isWell(): void {
    if (this.#wrong) throw this.#wrong;
  }

  /** What it shows is what REST answers, in the same order. */
  isTrue(): void {
    this.isWell();
    for (const { definition, order, devices, total, counts } of this.watches.values()) {
      const shown = order.map((id) => said(devices.get(id)));
      expect({ definition, shown, total, counts }).toEqual({ definition, ...expected(this.#box, definition) });
    }
  }
}

function expected(box: Signalbox, { query, sort = "id", window = [0, 100], fields, device }: Definition) {
  const found: Frame[] = box.ask("list_devices", { q: query ?? "", limit: 500 }).items.filter(({ id }) =>
    device === undefined || id === device
  );
  const counts: Record<string, number> = { new: 0, online: 0, suspect: 0, sleeping: 0, offline: 0 };
  for (const { presence } of found) counts[presence] += 1;
  const [from, count] = device === undefined ? window : [0, 1];
  const shown = sorted(found, sort).slice(from, from + count).map((view) =>
    said(device !== undefined ? parts(view) : fields ? named(view, fields) : view)
  );
  return { shown, total: found.length, counts };
}

/** [O5] Telemetry, state and presence are all that can be left out, and all are shown where nothing is said. */
const parts = (view: Frame): Frame => view;

/** [O2] */
function named(view: Frame, fields: string[]): Frame {
  const part = (of: Frame) => Object.fromEntries(Object.entries(of).filter(([name]) => fields.includes(name)));
  const inside = Object.entries({
    telemetry: part(view.telemetry),
    reported: part(view.reported),
    reportedAt: part(view.reportedAt),
  }).filter(([, of]) => Object.keys(of).length > 0);
  return { ...Object.fromEntries(inside), ...part(view), id: view.id };
}

/** [O11] */
function sorted(views: Frame[], sort: string): Frame[] {
  const [, sign, field] = /^(-?)(.*)$/.exec(sort)!;
  const presences = ["online", "suspect", "sleeping", "offline", "new"];
  const key = (view: Frame) => {
    const own = ["id", "name", "kind", "seen", "createdAt"].includes(field) ? view[field] : undefined;
    const value = field === "presence" ? presences.indexOf(view.presence) : own ?? view.telemetry[field]?.value ??
      view.reported[field];
    if (typeof value !== "string") return typeof value === "boolean" ? Number(value) : value;
    const text = value.toLowerCase();
    return field === "name" ? text.replace(/\d+/g, (digits) => digits.padStart(128, "0")) : text;
  };
  const compare = (one: Frame, other: Frame) => {
    const [a, b] = [key(one), key(other)];
    if (a === b || (a ?? b) === undefined) return one.id < other.id ? -1 : 1;
    if ((a ?? null) === null || (b ?? null) === null) return (a ?? null) === null ? 1 : -1;
    return (a < b ? -1 : 1) * (sign === "-" ? -1 : 1);
  };
  return [...views].sort(compare);
}

/** RFC 7396. */
function merged(target: Frame, patch: Frame): Frame {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Frame = typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** Without what a merge-patch cannot say: nulls. */
const said = (value: Frame): Frame =>
  typeof value !== "object" || value === null || Array.isArray(value) ? value : Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== null).map(([key, part]) => [key, said(part)]),
  );
