/** What the hub holds at hand. All of it can be read back from the store and the connections' own values. */
import { type AnyKind, type Command, defineKind } from "../kind/kind.ts";
import { type Carried, samplesIn } from "../history/carried.ts";
import { Unpacked } from "../history/unpacked.ts";
import type { MapView } from "../protocol/hub_view.ts";
import type { CommandRecord } from "../protocol/record.ts";
import type { Presence } from "../protocol/words.ts";
import {
  type Connection,
  type DeviceConnection,
  type Guest,
  isBridge,
  type OperatorConnection,
} from "./connections/connection.ts";
import { type Head, headOf } from "./access/audit.ts";
import { Deadlines } from "./deadlines.ts";
import type { Lane } from "./control/lanes.ts";
import { Outbox, wasServed } from "./bridge/outbox.ts";
import type { Reader } from "./ports.ts";
import type { JobRow } from "./jobs/rows.ts";
import type { PendingRow } from "./commands/rows.ts";
import type { DeviceTokenRow } from "./access/rows.ts";
import type { DeviceRow, TraceRow } from "./devices/rows.ts";
import type { ErasureRow } from "./history/rows.ts";
import { sinceOf } from "./history/erasures.ts";
import { type JournalSize, NO_JOURNAL, replayJournal } from "./history/journal.ts";
import { keepValues } from "./history/samples.ts";
import type { TurnedAway } from "./connections/turned_away.ts";
import type { Settling } from "./history/settle.ts";
import { timeOfId } from "./id.ts";
import { Watches } from "./watching/watches.ts";

export interface Device {
  row: DeviceRow;
  trace: TraceRow;
  kind: AnyKind;
  /** A time-ordered id: what history has from before it is of another device that had this one's [Q12]. */
  since: string;
  /** What the journal has of it: read from here, and from the rows only at a start. */
  unpacked: Unpacked;
  /** The connection that speaks for it now. */
  connection: DeviceConnection | null;
  /** What it told in this window before what its connection carries, and beyond what a sleeping socket keeps [T7]. */
  spilled: readonly Carried[];
  /** Its tokens; null until somebody asks for them. */
  tokens: readonly DeviceTokenRow[] | null;
  /** Its presence when it was last looked over, to see that it changed [P5]. */
  presence: Presence | null;
  /** Its commands that are not final, in the order of acceptance. */
  open: OpenCommand[];
  /** Its real-time lanes that somebody drives, by name; only here, and only while it is connected [L]. */
  lanes: Map<string, Lane>;
}

export interface OpenCommand {
  record: CommandRecord;
  pending: PendingRow;
  spec: Command;
}

/** A job of which something may still move. */
export interface OpenJob {
  row: JobRow;
  /** When its operator was last told of it, and whether there is more to tell [J14]; losing these is harmless. */
  shownAt: number;
  isDirty: boolean;
}

export interface HubOptions {
  kinds: readonly AnyKind[];
  build: string;
  /** Digest of `SIGNALBOX_ADMIN_TOKEN`, or null where none is set. */
  adminDigest: string | null;
  /** How long samples wait to be written together, in ms: unsequenced ones [T7], and sequenced ones [T6]. */
  window: number;
  sequencedWindow: number;
  /** Bytes of samples that may wait in memory alone, beyond what their sockets keep in a sleep [T7]. */
  spill: number;
  /** Do beginnings and ends of connections wait for the window's flush? Only where memory outlives what is idle [P8]. */
  gathersTraces: boolean;
  /** Bytes of the journal at which it is repacked. */
  journalSize: number;
  /** Bytes of history that one step of settling reads and unpacks [Q11]. */
  settleSize: number;
  /** How often presence is looked over while nobody watches, in ms; null for only where something hangs on it [P5]. */
  idleSweep: number | null;
  /** A claim code younger than this many ms is not made anew at a start [I9]. */
  claimLife: number;
  /** Is there a bridge to a broker, which is owed what happens [N20-N29]? */
  bridge?: boolean;
  /** The map that its panel may offer [S7]. */
  map?: MapView | null;
}

export class Memory {
  readonly kinds: ReadonlyMap<string, AnyKind>;
  readonly devices = new Map<string, Device>();
  readonly #connections = new Map<string, Connection>();
  readonly #operators = new Map<string, OperatorConnection>();
  /** Those who have not said who they are [M2], the one that waits longest first. */
  readonly guests = new Map<string, Guest>();
  readonly commands = new Map<string, OpenCommand>();
  readonly jobs = new Map<string, OpenJob>();
  readonly watches = new Watches();
  readonly deadlines = new Deadlines();
  /** Devices with samples that no flush has written yet, and when the flush is due. */
  unflushed = new Set<string>();
  /** What lies in the journal, and the devices that told something there since their traces were written. */
  journal: JournalSize = NO_JOURNAL;
  unsaved = new Set<string>();
  /** How many checkpoints there are. */
  checkpoints = 0;
  /** The day of a kind whose history is being settled [Q4]. */
  settling: Settling | null = null;
  /** Deleted devices of whose history something is left, the one that was deleted first before the others [Q12]. */
  erasures: readonly ErasureRow[] = [];
  /** When there is something to settle, to erase or to forget. */
  upkeepAt = Infinity;
  flushAt: number | null = null;
  /** Devices whose connections began or ended since their traces were written, and tokens that were used [P8]. */
  untraced = new Set<string>();
  readonly used = new Map<string, Device>();
  /** Bytes of what all devices spilled. */
  spilledBytes = 0;
  /** When the next flush is expected: what comes until then waits for it, so that a window asks for one wake-up. */
  beat: number | null = null;
  /** When this memory began; null until then. */
  startedAt: number | null = null;
  /** When presence was last looked over [P5]; null until this memory did so once. */
  sweptAt: number | null = null;
  /** Does a command that is open, or a latch's stop, hang on whether its device is still connected? */
  isAtStake = false;
  /** Devices without a socket that still count as there, by the samples that they post [P4]. */
  readonly posting = new Set<string>();
  /** Devices that somebody drives under a lease. */
  readonly leased = new Set<string>();
  /** Rows past their time are dropped at this time. */
  pruneAt = 0;
  /** Wrong claim codes within the last minute [I9]. */
  wrongCodes: number[] = [];
  /** The newest id's time and counter, so that ids grow even within a millisecond. */
  lastId: { at: number; counter: number } = { at: 0, counter: 0 };
  /** The end of the audit's chain [A5]. */
  head: Head;
  /** By who was refused: the rows of the minute that began then, and how many were left out [A3]. */
  readonly refusals = new Map<string, { since: number; rows: number; more: number }>();
  readonly turnedAway: TurnedAway = new Map();
  /** What is owed to the broker; null where there is no bridge, and never was one [N21, N28]. */
  readonly outbox: Outbox | null;
  readonly options: HubOptions;

  constructor(options: HubOptions, reader: Reader, connections: Iterable<Connection>) {
    this.options = options;
    this.kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
    // Every call that makes a lasting id ends in the audit: the newest row there bounds them all.
    const [newest] = reader.list("audit", { limit: 1, newest: true });
    if (newest) this.noteId(newest.id);
    this.head = headOf(newest);
    this.#loadDevices(reader);
    this.outbox = options.bridge || wasServed(reader) ? new Outbox(this, reader) : null;
    this.#loadCommands(reader);
    for (const row of reader.list("job", { owner: "open" })) this.addJob(row);
    for (const connection of connections) this.#takeBack(connection);
  }

  /** Later ids are above this one, whatever the clock does. */
  noteId(id: string): void {
    const noted = timeOfId(id);
    const { at, counter } = this.lastId;
    if (noted.at > at || (noted.at === at && noted.counter > counter)) this.lastId = noted;
  }

  kindOf(name: string): AnyKind {
    return this.kinds.get(name) ?? retired(name);
  }

  addDevice(row: DeviceRow, trace: TraceRow): Device {
    const kind = this.kindOf(row.kind);
    const device: Device = {
      row,
      trace,
      kind,
      since: sinceOf(this.erasures, row.id),
      unpacked: new Unpacked(),
      connection: null,
      spilled: [],
      tokens: null,
      presence: null,
      open: [],
      lanes: new Map(),
    };
    this.devices.set(row.id, device);
    if (trace.posting !== null) this.posting.add(row.id);
    if (row.lease) this.leased.add(row.id);
    return device;
  }

  addJob(row: JobRow): OpenJob {
    const job = { row, shownAt: 0, isDirty: false };
    this.jobs.set(row.id, job);
    return job;
  }

  /** The connection's value as it is now. */
  know(connection: Connection): void {
    this.#connections.set(connection.id, connection);
    if (connection.sort === "device") return;
    if (connection.sort === "guest") return void this.guests.set(connection.id, connection);
    this.#operators.set(connection.id, connection);
    if (this.outbox?.isServed && isBridge(connection)) this.outbox.know(connection);
  }

  forget(connection: string): void {
    this.#connections.delete(connection);
    this.#operators.delete(connection);
    this.guests.delete(connection);
  }

  get connections(): ReadonlyMap<string, Connection> {
    return this.#connections;
  }

  /** Asked for with each frame that anybody may want to see: never by looking through the fleet. */
  operators(): OperatorConnection[] {
    return [...this.#operators.values()];
  }

  /** What this device's connection carries is written at this time or sooner. */
  flushBy(device: string, at: number): void {
    this.unflushed.add(device);
    this.#flushAt(at);
  }

  /** That its connection began or ended is written at this time or sooner [P8]. */
  traceBy(device: string, at: number): void {
    this.untraced.add(device);
    this.#flushAt(at);
  }

  /** Likewise that one of its tokens was used. */
  useBy(device: Device, token: string, at: number): void {
    this.used.set(token, device);
    this.#flushAt(at);
  }

  #flushAt(at: number): void {
    this.flushAt = Math.min(this.flushAt ?? at, at, this.beat ?? at);
  }

  #loadDevices(reader: Reader): void {
    this.erasures = reader.list("erasure");
    for (const { id } of this.erasures) this.noteId(id);
    const traces = new Map(reader.list("trace").map((trace) => [trace.id, trace]));
    const checkpoints = reader.list("checkpoint");
    this.checkpoints = checkpoints.length;
    for (const trace of checkpoints.flatMap(({ traces }) => traces)) {
      const known = traces.get(trace.id)?.saved ?? sinceOf(this.erasures, trace.id);
      if (trace.saved > known) traces.set(trace.id, trace);
    }
    for (const row of reader.list("device")) {
      const trace = traces.get(row.id) ?? freshTrace(row.id);
      this.addDevice({ ...FREE, ...row }, trace);
      if (trace.saved !== "") this.noteId(trace.saved);
    }
    for (const { generation } of reader.list("settling")) this.noteId(generation);
    replayJournal(this, reader);
  }

  #loadCommands(reader: Reader): void {
    for (const pending of reader.list("pending")) {
      const record = reader.get("command", pending.id);
      const device = this.devices.get(pending.device);
      if (!record || !device) continue;
      const open = { record, pending, spec: specOf(device.kind, record) };
      device.open.push(open);
      this.commands.set(record.id, open);
      this.deadlines.add(deadlineOf(record), record.id);
    }
  }

  /** A connection that outlived this memory. One that was taken over meanwhile is not the device's any more [P6]. */
  #takeBack(connection: Connection): void {
    if (connection.sort !== "device") {
      this.know(connection);
      return;
    }
    const device = this.devices.get(connection.device);
    if (!device || device.row.epoch !== connection.epoch) return;
    this.know(connection);
    device.connection = connection;
    this.posting.delete(connection.device);
    this.#beganAgain(device, connection);
    device.trace.seen = Math.max(device.trace.seen ?? 0, connection.evidence);
    if (connection.boot !== null) device.trace.boot = bootOf(connection, connection.boot);
    keepValues(device.trace, samplesIn(connection.carried));
    if (device.open.length > 0 || device.row.estop) this.isAtStake = true;
    if (connection.resendAt !== null) this.deadlines.add(connection.resendAt, connection.device);
    if (connection.flushAt !== null) this.flushBy(connection.device, connection.flushAt);
    if (connection.blob?.key) this.deadlines.add(connection.blob.until, connection.device);
  }

  /** The memory that knew that it began may have been lost before that was written. */
  #beganAgain(device: Device, { openedAt }: DeviceConnection): void {
    const { seen, gone, posting } = device.trace;
    if (!this.options.gathersTraces || (seen !== null && gone === null && posting === null)) return;
    device.trace = { ...device.trace, gone: null, posting: null };
    this.traceBy(device.row.id, openedAt + this.options.window);
  }
}

/** How a device stands whom nobody drives or stopped; rows of earlier versions say nothing of it. */
export const FREE = { lease: null, fence: 0, estop: null };

/** What is kept of a boot's scope. */
export const bootOf = ({ seq, unkept = [] }: DeviceConnection, id: string): TraceRow["boot"] => ({
  id,
  seq,
  ...(unkept.length > 0 && { unkept }),
});

export const freshTrace = (id: string): TraceRow => ({
  id,
  saved: "",
  seen: null,
  posting: null,
  gone: null,
  firmware: null,
  boot: null,
  values: {},
});

/** When the ledger has to decide about a command that is not final, should nothing more come [C3, C8]. */
export function deadlineOf(record: CommandRecord): number {
  if (record.status === "accepted") return record.expiresAt;
  const due = record.dueAt ?? record.expiresAt;
  return record.effect === "once" ? due : Math.max(due, record.expiresAt);
}

/** Is it not sent yet, or was sent over a connection that is gone and is to go again [C8, C15, C16]? */
export const waits = ({ connection }: Device, { record, pending, spec }: OpenCommand): boolean =>
  record.status === "accepted" ||
  (spec.effect !== "once" && record.cancelAt === undefined && !pending.isSpent &&
    pending.over !== (connection?.id ?? null) &&
    !connection?.working.includes(record.id));

/** What a command was declared as; one that its kind no longer has ends by its deadlines. */
export function specOf(kind: AnyKind, record: { name: string; effect: Command["effect"] }): Command {
  const spec: Command | undefined = Object.hasOwn(kind.commands, record.name) ? kind.commands[record.name] : undefined;
  return spec ?? { ...kind.commands.identify, effect: record.effect };
}

/** Stands in for a kind whose file is gone: its devices stay visible, and send and take what every kind has. */
const retired = (name: string): AnyKind =>
  defineKind({ name, version: 0, title: `${name} (no longer known)`, telemetry: {}, state: {}, commands: {} });
