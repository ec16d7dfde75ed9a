/** What a trace has told so far, put in order for the checks. */
import type { AnyKind, Command } from "../../../src/kind/kind.ts";
import type { CommandRecord, DeviceView } from "../../../src/protocol/record.ts";
import { type Frame, type Happening, type Peer, type TraceEvent, Violation } from "../trace.ts";

/** A socket, as its peer knows it. */
export interface ConnectionFact {
  id: string;
  peer: Peer;
  /** The place of its beginning and of its end in the trace. */
  openedAt: number;
  closedAt: number | null;
  /** The hub's time at its welcome; null without one. */
  welcomedAt: number | null;
  /** The hub's time at the welcome of the connection that took its device over, and that welcome's place in the trace. */
  takenOver: { at: number; place: number } | null;
  /** When somebody knew for certain that its credential is revoked, and that word's place in the trace. */
  revoked: { at: number; place: number } | null;
}

/** A command, as far as anybody outside knows it. */
export interface CommandFact {
  id: string;
  /** The newest record that was seen, and where the first one was. */
  record: CommandRecord | null;
  seenAt: number;
  /** Where it was first seen to be that far: sent, received, final. */
  known: [number, number, number];
  final: CommandRecord | null;
  /** Where its late word was first seen. */
  lateAt: number;
  /** Its frames, as devices got them. */
  told: { connection: ConnectionFact; sentAt: number; attempt: number; frame: Frame }[];
  /** What devices said of its outcome, whoever they are. */
  results: { connection: ConnectionFact; frame: Frame; place: number }[];
  /** Where a device first heard that its outcome is stored. */
  storedAt: number | null;
  acted: number;
  /** Its lane went on at this hub's time: it must be final by then [C5]. */
  finishedBy: number;
}

export interface AskFact {
  place: number;
  asked: Extract<Happening, { type: "asked" }>;
}

/** A device from its creation to its deletion; a later one of the same id is another. */
export interface LifeFact {
  device: string;
  kind: string;
  createdAt: number;
  /** The connection whose welcome is the newest. */
  newest: ConnectionFact | null;
  machines: Set<string>;
}

export class Facts {
  readonly slack: number;
  readonly #kinds: ReadonlyMap<string, AnyKind>;
  readonly events: TraceEvent[] = [];
  readonly connections = new Map<string, ConnectionFact>();
  readonly commands = new Map<string, CommandFact>();
  readonly asks = new Map<string, AskFact>();
  /** Newest last. */
  readonly lives = new Map<string, LifeFact[]>();
  /** Where somebody first asked for a device's deletion and was not refused, and the newest such ask. */
  readonly deletions = new Map<string, { first: number; newest: number }>();
  /** Open sockets by the token that opened them. */
  readonly byToken = new Map<string, ConnectionFact[]>();
  /** Where each frame of a lane was sent, and by whom. */
  readonly steering = new Map<number, { place: number; operator: string }>();
  readonly revokedTokens = new Map<string, { at: number; place: number }>();
  /** When the hub ended without a word. */
  readonly crashes: number[] = [];
  isCalm = false;
  #stopsAll = false;
  readonly #stopped = new Set<string>();

  constructor(slack: number, kinds: readonly AnyKind[]) {
    this.slack = slack;
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
  }

  /** The kind of a device, where the watcher knows it. */
  kindOf(device: string): AnyKind | undefined {
    return this.#kinds.get(this.life(device)?.kind ?? "");
  }

  specOf(device: string, name: string): Command | undefined {
    const commands = this.kindOf(device)?.commands;
    return commands && Object.hasOwn(commands, name) ? commands[name] : undefined;
  }

  /** The place of the event that is being read. */
  get place(): number {
    return this.events.length - 1;
  }

  /** Takes in what follows from the event alone. */
  take(event: TraceEvent): void {
    this.events.push(event);
    switch (event.type) {
      case "opening":
        return this.#opening(event.connection, event.peer);
      case "closed":
      case "refused": {
        const connection = this.connections.get(event.connection);
        if (connection) connection.closedAt ??= this.place;
        return;
      }
      case "told":
        if (event.frame.type === "welcome") this.#welcomed(event.connection, event.frame.time);
        return;
      case "looked":
        if (event.frame.type === "stream") this.#steer(event.connection, event.frame.n);
        return;
      case "asked":
        this.asks.set(event.ask, { place: this.place, asked: event });
        if (event.call === "estop") this.#stopped.add(event.args.device as string);
        if (event.call === "estop_many") this.#stopsAll = true;
        if (event.call === "delete_device") this.#mayBeDeleted(event.args.device as string);
        return;
      case "answered":
        if (event.ok) this.#done(event.ask, event.value);
        return;
      case "crashed":
        this.crashes.push(event.at);
        return;
      case "calmed":
        this.isCalm = true;
    }
  }

  command(id: string): CommandFact {
    const known = this.commands.get(id);
    if (known) return known;
    const fact: CommandFact = {
      id,
      record: null,
      seenAt: this.place,
      known: [Infinity, Infinity, Infinity],
      final: null,
      lateAt: Infinity,
      told: [],
      results: [],
      storedAt: null,
      acted: 0,
      finishedBy: Infinity,
    };
    this.commands.set(id, fact);
    return fact;
  }

  life(device: string): LifeFact | undefined {
    return this.lives.get(device)?.at(-1);
  }

  /** Was the device, or may it have been, deleted after the place in the trace? */
  mayBeDeleted(device: string, since: number): boolean {
    return (this.deletions.get(device)?.newest ?? -1) > since;
  }

  /** Has somebody ever asked for an emergency stop of this device? */
  mayBeLatched(peer: Peer | string): boolean {
    const device = typeof peer === "string" ? peer : peer.sort === "device" ? peer.device : "";
    return this.#stopsAll || this.#stopped.has(device);
  }

  /** A view tells of a life, also of one whose beginning nobody was told. */
  seeDevice(view: Partial<DeviceView>): void {
    if (view.id === undefined || view.createdAt === undefined || view.kind === undefined) return;
    const lives = this.lives.get(view.id) ?? [];
    this.lives.set(view.id, lives);
    if (lives.some(({ createdAt }) => createdAt === view.createdAt)) return;
    lives.push({ device: view.id, kind: view.kind, createdAt: view.createdAt, newest: null, machines: new Set() });
    lives.sort((one, other) => one.createdAt - other.createdAt);
  }

  /** Ends the run, with the last events that name one of these. */
  violate(invariant: string, expected: string, ...names: (string | undefined)[]): never {
    const wanted = names.filter((name) => name !== undefined).map((name) => JSON.stringify(name));
    const concerns = this.events.filter((event) => {
      const text = JSON.stringify(event);
      return event.type === "crashed" || event.type === "started" || wanted.some((name) => text.includes(name));
    });
    throw new Violation(invariant, expected, [...concerns.slice(-MOST_SHOWN), this.events.at(-1)!]);
  }

  #opening(id: string, peer: Peer): void {
    const connection: ConnectionFact = {
      id,
      peer,
      openedAt: this.place,
      closedAt: null,
      welcomedAt: null,
      takenOver: null,
      revoked: this.revokedTokens.get(peer.token) ?? null,
    };
    this.connections.set(id, connection);
    const others = this.byToken.get(peer.token);
    if (others) others.push(connection);
    else this.byToken.set(peer.token, [connection]);
  }

  /** [P6] Of two connections the one is the newer that the hub welcomed later. */
  #welcomed(id: string, at: number): void {
    const connection = this.connections.get(id);
    if (!connection || connection.peer.sort !== "device" || connection.welcomedAt !== null) return;
    connection.welcomedAt = at;
    const life = this.life(connection.peer.device);
    if (!life) return;
    life.machines.add(connection.peer.machine);
    const { newest } = life;
    const { place } = this;
    if (newest && newest.welcomedAt! > at) connection.takenOver ??= { at: newest.welcomedAt!, place };
    else {
      // Of two in one millisecond nobody can tell.
      if (newest && newest.welcomedAt! < at) newest.takenOver ??= { at, place };
      life.newest = connection;
    }
  }

  #steer(id: string, n: number): void {
    const peer = this.connections.get(id)?.peer;
    if (peer?.sort === "operator") this.steering.set(n, { place: this.place, operator: peer.operator });
  }

  #mayBeDeleted(device: string): void {
    const known = this.deletions.get(device);
    this.deletions.set(device, { first: known?.first ?? this.place, newest: this.place });
  }

  #done(ask: string, value: unknown): void {
    const asked = this.asks.get(ask)?.asked;
    if (asked?.call === "create_device") this.seeDevice((value as { device: DeviceView }).device ?? {});
    if (asked?.call === "delete_token" || asked?.call === "delete_device_token") {
      this.#revoke(asked.args.token as string);
    }
    if (asked?.call === "delete_device") {
      for (const connection of this.connections.values()) {
        const { peer } = connection;
        const isOf = peer.sort === "device" && peer.device === asked.args.device;
        if (isOf && connection.openedAt < this.asks.get(ask)!.place) this.#revoke(peer.token);
      }
    }
  }

  #revoke(token: string): void {
    const revoked = { at: this.events.at(-1)!.at, place: this.place };
    if (!this.revokedTokens.has(token)) this.revokedTokens.set(token, revoked);
    for (const connection of this.byToken.get(token) ?? []) connection.revoked ??= revoked;
  }
}

const MOST_SHOWN = 30;

/** What of a life of the hub's own is in an answer: every record, every view. */
export function recordsIn(value: unknown): CommandRecord[] {
  if (isRecord(value)) return [value];
  return itemsOf(value).filter(isRecord);
}

export function viewsIn(value: unknown): DeviceView[] {
  if (isView(value)) return [value];
  const made = (value as { device?: unknown } | null)?.device;
  if (isView(made)) return [made];
  return itemsOf(value).filter(isView);
}

const itemsOf = (value: unknown): unknown[] => {
  const items = (value as { items?: unknown } | null | undefined)?.items;
  return Array.isArray(items) ? items : [];
};
const has = (value: unknown, ...names: string[]) =>
  typeof value === "object" && value !== null && names.every((name) => Object.hasOwn(value, name));
const isRecord = (value: unknown): value is CommandRecord => has(value, "id", "effect", "status", "expiresAt");
const isView = (value: unknown): value is DeviceView => has(value, "id", "kind", "presence", "createdAt");
