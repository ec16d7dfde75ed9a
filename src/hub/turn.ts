/** One event's turn: what it writes, sends and closes. Nothing leaves the hub before all of it is durable. */
import { CLOSE, type CloseName } from "../protocol/close.ts";
import type { Fault } from "../protocol/fault.ts";
import { encode } from "../protocol/frame.ts";
import type { CommandRecord } from "../protocol/record.ts";
import type { ToBridge } from "../protocol/outbox.ts";
import type { ToDevice } from "../protocol/to_device.ts";
import type { ToOperator } from "../protocol/to_operator.ts";
import { headOf, linked } from "./access/audit.ts";
import { type By, HUB } from "./access/by.ts";
import type { Connection } from "./connections/connection.ts";
import type { Device } from "./devices/device.ts";
import { isMere } from "./durability.ts";
import type { Effect } from "./effect.ts";
import { ID_RANDOM, idOf, letters } from "./id.ts";
import { noteEvidence } from "./control/lease.ts";
import type { LogEvent } from "./log.ts";
import type { Memory } from "./memory.ts";
import { farewell, publishTo, type Speaker } from "./mqtt/tell.ts";
import type { Reason } from "../mqtt/reasons.ts";
import type { Doc } from "../history/sample.ts";
import type { Env, Reader, Write } from "./ports.ts";
import type { Rows, Table } from "./rows.ts";
import { showFrame } from "./watching/show.ts";
import { Tally } from "./metrics/tally.ts";

/** The code of a close that nothing is wrong with. */
const ORDERLY = 1000;

const UNMARKED = new Uint8Array(ID_RANDOM);

export class Turn {
  /** When what is decided happened. */
  now: number;
  readonly memory: Memory;
  readonly reader: Reader;
  readonly env: Env;
  readonly writes: Write[] = [];
  readonly effects: Effect[] = [];
  /** Connection values that changed; the shell keeps them with their sockets. */
  readonly attached = new Map<string, Connection>();
  /** Devices of which something visible changed. */
  readonly touched = new Set<string>();
  /** Commands of jobs that became final, and are not counted yet [J3]. */
  readonly ended: CommandRecord[] = [];
  /** What is counted of this turn once it stands. */
  readonly tally = new Tally();
  /** What a peer was refused last, for an answer that it gets besides. */
  refused: Fault | null = null;
  /** The connection whose request this turn answers. */
  asker: string | null = null;
  /** Where a row's write is; made with the first one, since most turns write nothing. */
  #positions: Map<string, number> | null = null;
  /** Rows that were noted, and not written otherwise since. */
  #notes: Set<string> | null = null;
  #vowed = false;
  /** The newest connection value that this turn made. */
  #draft: Connection | null = null;

  constructor(memory: Memory, reader: Reader, env: Env) {
    this.now = env.now;
    this.memory = memory;
    this.reader = reader;
    this.env = env;
  }

  /** Writes a row; the last word about it in this turn counts. */
  put<T extends Table>(table: T, row: Rows[T]): void {
    this.#write(`${table} ${row.id}`, { put: table, row } as Write);
  }

  /** Writes a row of which nothing is new but what is nobody's promise: when a token was used last. */
  note<T extends Table>(table: T, row: Rows[T]): void {
    const key = `${table} ${row.id}`;
    const isOnlyNoted = !this.#positions?.has(key) || this.#isNote(table, row.id);
    this.put(table, row);
    if (isOnlyNoted) (this.#notes ??= new Set()).add(key);
  }

  drop(table: Table, id: string): void {
    this.#write(`${table} ${id}`, { drop: table, id });
  }

  erase(table: Table, owner: string): void {
    this.writes.push({ erase: table, owner });
  }

  clear(table: Table, from: string, below: string): void {
    this.writes.push({ clear: table, from, below });
  }

  prune(): void {
    this.writes.push({ prune: this.now });
  }

  /** Somebody is told that these writes last: `stored`, where samples alone would not need to [T6]. */
  vow(): void {
    this.#vowed = true;
  }

  /** Only what nobody was told about may be lost to a power cut; what was dropped for its age goes again. */
  get durability(): "full" | "normal" {
    return !this.#vowed && this.writes.every((write) => isMere(write, this.#isNote)) ? "normal" : "full";
  }

  /**
   * A value of this connection that may be changed in place until the turn ends: a copy, once. The one before is as it
   * was, for if the turn cannot be stored the connection goes on with that.
   */
  draft<C extends Connection>(connection: C): C {
    if (connection === this.#draft || connection === this.attached.get(connection.id)) return connection;
    const draft = { ...connection };
    this.attach(draft);
    return draft;
  }

  /** The connection's new value, which nobody else has. */
  attach(connection: Connection): void {
    this.#draft = connection;
    this.memory.know(connection);
    this.attached.set(connection.id, connection);
    if (connection.sort !== "device") return;
    const device = this.memory.devices.get(connection.device);
    if (device) device.connection = connection;
  }

  /** Cuts a connection: it is no longer known, whatever still arrives over it. */
  close(connection: Connection, name: CloseName, reason = "", inMqtt?: Reason): void {
    if (connection.sort === "device" && connection.mqtt) farewell(this, connection as Speaker, name, inMqtt);
    this.forget(connection);
    this.effects.push({ do: "close", connection: connection.id, code: CLOSE[name], reason });
    this.tally.end(name);
  }

  /** The peer took its leave [M10]. */
  hangUp(connection: Connection): void {
    this.forget(connection);
    this.effects.push({ do: "close", connection: connection.id, code: ORDERLY, reason: "" });
    this.tally.end("closed");
  }

  forget(connection: Connection): void {
    if (connection.sort === "operator") {
      noteEvidence(this, connection);
      this.memory.outbox?.forget(connection, this.now);
    }
    this.memory.forget(connection.id);
    this.memory.watches.closeAll(connection.id);
    this.attached.delete(connection.id);
  }

  /** `shown` is what watchers of this device's frames see instead, where it holds a secret [C19]. */
  toDevice(device: Device, frame: ToDevice, shown: ToDevice = frame): void {
    const { connection } = device;
    if (!connection) return;
    if (frame.type === "stored" && "seq" in frame) this.tally.stored += 1;
    if (connection.mqtt === undefined) this.#send(connection.id, encode(frame));
    else if (!publishTo(this, connection as Speaker, frame)) return;
    showFrame(this, device, "out", shown);
  }

  toOperator(connection: { id: string }, frame: ToOperator | ToBridge): void {
    if (frame.type === "snapshot" || frame.type === "changes") this.tally.merged += 1;
    this.#send(connection.id, encode(frame));
  }

  /** A merged frame that was written once for many. */
  tellChanges(operator: string, text: string): void {
    this.tally.merged += 1;
    this.#send(operator, text);
  }

  sendBytes(connection: string, bytes: Uint8Array): void {
    this.effects.push({ do: "send_bytes", connection, bytes });
  }

  pong(connection: Connection): void {
    this.#send(connection.id, "pong");
  }

  /** Something visible of this device changed. */
  touch(device: string): void {
    this.touched.add(device);
  }

  settled(command: CommandRecord): void {
    this.effects.push({ do: "settled", command });
    if (command.job !== undefined) this.ended.push(command);
  }

  /** [A1] */
  audit(by: By | null, what: string, target: string, outcome = "done", detail?: Doc): void {
    // An operator is more than its name: the digest of its credential, for one, is nobody's to read.
    const { id, name, sort = "operator" } = by ?? HUB;
    const who = sort === "operator" ? { id, name } : { id, name, sort };
    const entry = { id: this.id(), at: this.now, who, what, target, outcome, ...(detail && { detail }) };
    const row = linked(this.memory.head, entry, this.env.sha256);
    this.memory.head = headOf(row);
    this.put("audit", row);
  }

  log(event: LogEvent, fields: Doc = {}): void {
    this.effects.push({ do: "log", event, fields });
  }

  /** A new id, above all earlier ones. */
  id(): string {
    return this.#next(this.env.random(ID_RANDOM));
  }

  #next(random: Uint8Array): string {
    const { lastId } = this.memory;
    this.memory.lastId = this.now > lastId.at
      ? { at: this.now, counter: 0 }
      : { ...lastId, counter: lastId.counter + 1 };
    return idOf(this.memory.lastId, random);
  }

  /** A point in time above all earlier ids, which nobody is told and no other hub has to tell from its own. */
  mark(): string {
    return this.#next(UNMARKED);
  }

  /** 160 bits that nobody can guess. */
  secret(): string {
    return letters(this.env.random(32));
  }

  #send(connection: string, text: string): void {
    this.effects.push({ do: "send", connection, text });
  }

  #isNote = (table: Table, id: string): boolean => this.#notes !== null && this.#notes.has(`${table} ${id}`);

  #write(key: string, write: Write): void {
    this.#notes?.delete(key);
    this.#positions ??= new Map();
    const position = this.#positions.get(key);
    if (position === undefined) this.#positions.set(key, this.writes.push(write) - 1);
    else this.writes[position] = write;
  }
}
