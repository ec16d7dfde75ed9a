/** What the hub holds at hand. All of it can be read back from the store and the connections' own values. */
import { type AnyKind, defineKind } from "../kind/kind.ts";
import { Unpacked } from "../history/unpacked.ts";
import { type Connection, type Guest, isBridge, type OperatorConnection } from "./connections/connection.ts";
import { type Head, headOf } from "./access/audit.ts";
import { Deadlines } from "./deadlines.ts";
import type { Device } from "./devices/device.ts";
import type { DeviceRow, TraceRow } from "./devices/rows.ts";
import { Outbox, wasServed } from "./bridge/outbox.ts";
import type { OpenCommand } from "./commands/open.ts";
import type { HubOptions } from "./options.ts";
import type { Reader } from "./ports.ts";
import type { OpenJob } from "./jobs/job.ts";
import type { JobRow } from "./jobs/rows.ts";
import { sinceOf } from "./history/erasures.ts";
import { type JournalSize, NO_JOURNAL } from "./history/journal.ts";
import type { ErasureRow } from "./history/rows.ts";
import type { TurnedAway } from "./connections/turned_away.ts";
import { recallCommands, recallDevices, takeBack } from "./recall.ts";
import type { Settling } from "./history/settle.ts";
import { timeOfId } from "./id.ts";
import { Watches } from "./watching/watches.ts";

export class Memory {
  readonly options: HubOptions;
  readonly kinds: ReadonlyMap<string, AnyKind>;

  // Who is there, and what is under way.
  readonly devices = new Map<string, Device>();
  readonly #connections = new Map<string, Connection>();
  readonly #operators = new Map<string, OperatorConnection>();
  /** Those who have not said who they are [M2], the one that waits longest first. */
  readonly guests = new Map<string, Guest>();
  readonly commands = new Map<string, OpenCommand>();
  readonly jobs = new Map<string, OpenJob>();
  readonly watches = new Watches();
  readonly deadlines = new Deadlines();
  /** Devices without a socket that still count as there, by the samples that they post [P4]. */
  readonly posting = new Set<string>();
  /** Devices that somebody drives under a lease. */
  readonly leased = new Set<string>();
  /** Does a command that is open, or a latch's stop, hang on whether its device is still connected? */
  isAtStake = false;
  /** What is owed to the broker; null where there is no bridge, and never was one [N21, N28]. */
  readonly outbox: Outbox | null;

  // What waits for the next flush.
  /** When it is due, and devices with samples that none has written yet. */
  flushAt: number | null = null;
  unflushed = new Set<string>();
  /** Devices whose connections began or ended since their traces were written, and tokens that were used [P8]. */
  untraced = new Set<string>();
  readonly used = new Map<string, Device>();
  /** Bytes of what all devices spilled. */
  spilledBytes = 0;
  /** When the next flush is expected: what comes until then waits for it, so that a window asks for one wake-up. */
  beat: number | null = null;

  // What lies in the store, to be worked on.
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
  /** Rows past their time are dropped at this time. */
  pruneAt = 0;

  // How far time and ids came.
  /** When this memory began; null until then. */
  startedAt: number | null = null;
  /** When presence was last looked over [P5]; null until this memory did so once. */
  sweptAt: number | null = null;
  /** The newest id's time and counter, so that ids grow even within a millisecond. */
  lastId: { at: number; counter: number } = { at: 0, counter: 0 };

  // What was decided, and who was refused.
  /** The end of the audit's chain [A5]. */
  head: Head;
  /** By who was refused: the rows of the minute that began then, and how many were left out [A3]. */
  readonly refusals = new Map<string, { since: number; rows: number; more: number }>();
  readonly turnedAway: TurnedAway = new Map();
  /** Wrong claim codes within the last minute [I9]. */
  wrongCodes: number[] = [];

  constructor(options: HubOptions, reader: Reader, connections: Iterable<Connection>) {
    this.options = options;
    this.kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
    // Every call that makes a lasting id ends in the audit: the newest row there bounds them all.
    const [newest] = reader.list("audit", { limit: 1, newest: true });
    if (newest) this.noteId(newest.id);
    this.head = headOf(newest);
    recallDevices(this, reader);
    this.outbox = options.bridge || wasServed(reader) ? new Outbox(this, reader) : null;
    recallCommands(this, reader);
    for (const row of reader.list("job", { owner: "open" })) this.addJob(row);
    for (const connection of connections) takeBack(this, connection);
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
}

/** Stands in for a kind whose file is gone: its devices stay visible, and send and take what every kind has. */
const retired = (name: string): AnyKind =>
  defineKind({ name, version: 0, title: `${name} (no longer known)`, telemetry: {}, state: {}, commands: {} });
