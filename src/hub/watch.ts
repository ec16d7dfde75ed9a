/** What an operator watches [O2-O6]: a window on a sorted list, kept up to date with merged frames. */
import type { JobView } from "../protocol/job.ts";
import { diff } from "../protocol/merge.ts";
import { ok, type Outcome } from "../protocol/fault.ts";
import { ages, matches, parseQuery, type Query } from "../protocol/query.ts";
import { type BlobView, type CommandRecord, type DeviceView, type EventView, isFinal } from "../protocol/record.ts";
import type { ToDevice } from "../protocol/to_device.ts";
import type { Counts, ToOperator } from "../protocol/to_operator.ts";
import type { OperatorConnection, WatchDefinition } from "./connection.ts";
import type { Device, Memory } from "./memory.ts";
import { compareKeys, type SortKey, sortKey } from "./sort.ts";
import type { Turn } from "./turn.ts";
import { project, queriedOf, viewOf } from "./view.ts";

/** A watch's memory. Losing it is harmless: the next snapshot makes it anew [O4]. */
export interface Watch {
  connection: string;
  definition: WatchDefinition;
  query: Query;
  revision: number;
  sentAt: number;
  /** The newest revision that the operator confirmed; null when it never does [O6]. */
  seen: number | null;
  /** Everything that matches, with where it sorts and what it counts as. */
  members: Map<string, Member>;
  order: string[];
  /** What the operator has of each device in its window. */
  shown: Map<string, Partial<DeviceView>>;
  dirty: Set<string>;
  sent: { total: number; counts: Counts; window: string[] };
}

interface Member {
  key: SortKey;
  presence: DeviceView["presence"];
}

/** Frames that may wait for their `seen` [O6]. */
const MOST_UNSEEN = 8;
/** Bytes that may wait for a slow reader before frames are merged for it, and before it is closed [O8]. */
const SLOW = 256 * 1024;
const TOO_SLOW = 4 * 1024 * 1024;
const PATIENCE = 30_000;

/** Opens or replaces a watch and sends its snapshot. */
export function openWatch(turn: Turn, connection: OperatorConnection, definition: WatchDefinition): Outcome<Watch> {
  const query = parseQuery(definition.query ?? "", "query");
  if (!query.ok) return query;
  const watch: Watch = {
    connection: connection.id,
    definition,
    query: query.value,
    revision: 0,
    sentAt: 0,
    seen: definition.confirms ? 0 : null,
    members: new Map(),
    order: [],
    shown: new Map(),
    dirty: new Set(),
    sent: { total: 0, counts: noCounts(), window: [] },
  };
  const { watches } = turn.memory;
  if (!watches.has(connection.id)) watches.set(connection.id, new Map());
  watches.get(connection.id)!.set(definition.id, watch);
  return ok(watch);
}

export function sendSnapshot(turn: Turn, watch: Watch): void {
  if (!showsDevices(watch)) return;
  const devices = watch.definition.device ? [watch.definition.device] : turn.memory.devices.keys();
  for (const id of devices) place(turn, watch, id);
  reorder(watch);
  const window = windowOf(watch);
  for (const id of window) watch.shown.set(id, show(turn, watch, id));
  watch.sent = { total: watch.members.size, counts: countsOf(watch), window };
  send(turn, watch, {
    type: "snapshot",
    watch: watch.definition.id,
    revision: watch.revision + 1,
    total: watch.sent.total,
    counts: watch.sent.counts,
    devices: window.map((id) => watch.shown.get(id)!),
  });
}

/** After a turn: what changed is noted with every watch that could show it. */
export function markTouched(turn: Turn): void {
  if (turn.touched.size === 0) return;
  for (const watch of all(turn.memory)) {
    const { device } = watch.definition;
    if (device === undefined) { for (const id of turn.touched) watch.dirty.add(id); }
    else if (turn.touched.has(device)) watch.dirty.add(device);
  }
}

/** [O13] Notes what passing time alone brings into a watch, or takes out of it. */
export function markAged(turn: Turn): void {
  for (const watch of all(turn.memory)) {
    if (!ages(watch.query)) continue;
    for (const [id, device] of turn.memory.devices) {
      if (isWatched(turn, watch, device) !== watch.members.has(id)) watch.dirty.add(id);
    }
  }
}

/** When the next merged frame is due, or null. Those that wait for a `seen` wait for no clock. */
export function nextFlush(memory: Memory): number | null {
  let next: number | null = null;
  for (const watch of all(memory)) {
    if (watch.dirty.size === 0 || isUnseen(watch)) continue;
    const due = dueAt(watch);
    if (next === null || due < next) next = due;
  }
  return next;
}

/** Sends every merged frame that is due. */
export function flushWatches(turn: Turn): void {
  for (const watch of all(turn.memory)) {
    if (watch.dirty.size === 0 || isUnseen(watch) || dueAt(watch) > turn.now) continue;
    if (isSlow(turn, watch)) {
      watch.sentAt = turn.now;
      turn.tally.skipped += 1;
    } else sendChanges(turn, watch);
  }
}

const dueAt = (watch: Watch) => watch.sentAt + 1000 / watch.definition.rate;
const isUnseen = (watch: Watch) => watch.seen !== null && watch.revision - watch.seen >= MOST_UNSEEN;

function sendChanges(turn: Turn, watch: Watch): void {
  let moved = false;
  for (const id of watch.dirty) moved = place(turn, watch, id) || moved;
  if (moved) reorder(watch);
  const window = moved ? windowOf(watch) : watch.sent.window;
  const devices = changedDevices(turn, watch, window);
  const gone = watch.sent.window.filter((id) => !window.includes(id));
  for (const id of gone) watch.shown.delete(id);
  const before = watch.sent;
  watch.sent = { total: watch.members.size, counts: moved ? countsOf(watch) : before.counts, window };
  watch.dirty.clear();
  const change = {
    ...(!isSame(before.window, window) && { order: window }),
    ...(gone.length > 0 && { gone }),
    ...(before.total !== watch.sent.total && { total: watch.sent.total }),
    ...(!isSame(before.counts, watch.sent.counts) && { counts: watch.sent.counts }),
  };
  if (Object.keys(devices).length === 0 && Object.keys(change).length === 0) return;
  send(turn, watch, { type: "changes", watch: watch.definition.id, revision: watch.revision + 1, devices, ...change });
}

/** A patch for each device that stays, the whole of each that enters. */
function changedDevices(turn: Turn, watch: Watch, window: string[]): Record<string, Record<string, unknown>> {
  const devices: Record<string, Record<string, unknown>> = {};
  for (const id of window) {
    const before = watch.shown.get(id);
    if (before && !watch.dirty.has(id)) continue;
    const after = show(turn, watch, id);
    const patch = before ? diff(before, after) : after;
    watch.shown.set(id, after);
    if (patch !== undefined) devices[id] = patch as Record<string, unknown>;
  }
  return devices;
}

/** Puts a device where it belongs in this watch; true when the order or the counts may have changed. */
function place(turn: Turn, watch: Watch, id: string): boolean {
  const device = turn.memory.devices.get(id);
  const before = watch.members.get(id);
  if (!device || !isWatched(turn, watch, device)) return watch.members.delete(id);
  const view = viewOf(turn, device);
  const member = { key: sortKey(view, watch.definition.sort), presence: view.presence };
  watch.members.set(id, member);
  return !before || before.presence !== member.presence || before.key !== member.key;
}

const isWatched = (turn: Turn, { definition, query }: Watch, device: Device): boolean =>
  definition.device === undefined
    ? matches(query, queriedOf(turn, device), turn.now)
    : definition.device === device.row.id;

function reorder(watch: Watch): void {
  const isDescending = watch.definition.sort?.startsWith("-") ?? false;
  watch.order = [...watch.members].map(([id, { key }]) => ({ id, key }))
    .sort((one, other) => compareKeys(one, other, isDescending)).map(({ id }) => id);
}

function windowOf({ order, definition: { window: [from, count] } }: Watch): string[] {
  return order.slice(from, from + count);
}

const noCounts = (): Counts => ({ new: 0, online: 0, suspect: 0, sleeping: 0, offline: 0 });

function countsOf(watch: Watch): Counts {
  const counts = noCounts();
  for (const { presence } of watch.members.values()) counts[presence]++;
  return counts;
}

const show = (turn: Turn, watch: Watch, id: string) =>
  project(viewOf(turn, turn.memory.devices.get(id)!), watch.definition);
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function send(turn: Turn, watch: Watch, frame: Extract<ToOperator, { type: "snapshot" | "changes" }>): void {
  watch.revision = frame.revision;
  watch.sentAt = turn.now;
  turn.toOperator({ id: watch.connection }, frame);
}

/** Every watch that shows devices. */
function* all(memory: Memory): Iterable<Watch> {
  for (const watches of memory.watches.values()) {
    for (const watch of watches.values()) if (showsDevices(watch)) yield watch;
  }
}

/** [R8] A stream may be for events and commands only. */
const showsDevices = ({ definition: { device, include } }: Watch): boolean =>
  device !== undefined || include === undefined || include.some((part) => part !== "events" && part !== "commands");

/** [O8] The connection as it goes on; null once it asked and asked and never read an answer. */
export function stillReads(turn: Turn, { id }: OperatorConnection): OperatorConnection | null {
  isSlow(turn, { connection: id });
  return turn.memory.connections.get(id) as OperatorConnection | undefined ?? null;
}

/** [O8] May nothing more be put before this reader now? One that never reads is closed. */
function isSlow(turn: Turn, { connection: id }: { connection: string }): boolean {
  const connection = turn.memory.connections.get(id);
  if (connection?.sort !== "operator") return true;
  const waiting = turn.env.backlog(id);
  if (waiting <= SLOW) {
    if (connection.slowSince !== null) turn.attach({ ...connection, slowSince: null });
    return false;
  }
  const since = connection.slowSince ?? turn.now;
  if (waiting > TOO_SLOW || turn.now - since > PATIENCE) turn.close(connection, "slow_consumer");
  else if (connection.slowSince === null) turn.attach({ ...connection, slowSince: since });
  return true;
}

/** Every step of a command goes to whoever sent it by itself and whoever watches its device's commands [O5, O7]. */
export function showCommand(turn: Turn, command: CommandRecord): void {
  for (const connection of turn.memory.operators()) {
    // Whoever asks hears of the acceptance by its reply.
    const isTold = connection.id === turn.asker && command.status === "accepted";
    // [J14] Of a job there would be thousands.
    const isOwn = connection.operator.id === command.by.id && command.job === undefined && !connection.isStream;
    // [R8] In a stream a command is one line.
    const isDue = !connection.isStream || isFinal(command.status);
    if (!isTold && isDue && (isOwn || includes(turn, connection, command.device, "commands"))) {
      push(turn, connection, { type: "command", command });
    }
  }
}

/** [J14] To whoever made it. */
export function showJob(turn: Turn, job: JobView): void {
  for (const connection of turn.memory.operators()) {
    if (connection.operator.id === job.by.id && !connection.isStream) push(turn, connection, { type: "job", job });
  }
}

export function showEvent(turn: Turn, event: EventView): void {
  for (const connection of turn.memory.operators()) {
    if (includes(turn, connection, event.device, "events")) push(turn, connection, { type: "event", ...event });
  }
}

/** [B8] */
export function showBlob(turn: Turn, blob: BlobView): void {
  for (const connection of turn.memory.operators()) {
    if (includes(turn, connection, blob.device, "events")) push(turn, connection, { type: "blob", ...blob });
  }
}

const LONGEST_SHOWN = 4_096;

/** The raw frames of one device, for whoever asked to see them [O5]. */
export function showFrame(turn: Turn, device: Device, direction: "in" | "out", frame: ToDevice | string): void {
  if (turn.memory.watches.size === 0) return;
  for (const connection of turn.memory.operators()) {
    for (const watch of connection.watches) {
      if (watch.device !== device.row.id || !watch.include?.includes("frames")) continue;
      const text = (typeof frame === "string" ? frame : JSON.stringify(frame)).slice(0, LONGEST_SHOWN);
      push(turn, connection, { type: "frame", watch: watch.id, device: device.row.id, direction, at: turn.now, text });
    }
  }
}

/** Does it watch this device, or a query that finds it now [R8], with these? */
const includes = (turn: Turn, connection: OperatorConnection, device: string, what: "commands" | "events"): boolean =>
  connection.watches.some(({ id, device: watched, include }) =>
    include?.includes(what) && (watched === undefined ? finds(turn, connection, id, device) : watched === device)
  );

function finds(turn: Turn, { id }: OperatorConnection, name: string, of: string): boolean {
  const watch = turn.memory.watches.get(id)?.get(name);
  const device = turn.memory.devices.get(of);
  return watch !== undefined && device !== undefined && matches(watch.query, queriedOf(turn, device), turn.now);
}

/** What cannot be merged: never an unbounded queue, so a reader that is slow misses it [O8]. */
function push(turn: Turn, connection: OperatorConnection, frame: ToOperator): void {
  if (isSlow(turn, { connection: connection.id })) turn.tally.skipped += 1;
  else turn.toOperator(connection, frame);
}
