/** A whole hub on a driven clock, with sockets made of arrays: what the tests of the core talk to. */
import { pack, unpack } from "../../src/hub/connections/attachment.ts";
import type { ArgsOf, CallName, ValueOf } from "../../src/hub/call.ts";
import type { Connection } from "../../src/hub/connections/connection.ts";
import type { HubOptions } from "../../src/hub/options.ts";
import type { Store } from "../../src/hub/ports.ts";
import { randomBytes } from "../../src/platform/crypto.ts";
import { Runner } from "../../src/platform/runner.ts";
import type { Shell } from "../../src/platform/shell.ts";
import type { Credential } from "../../src/protocol/credential.ts";
import { type StreamQuery, streamQuery } from "../../src/protocol/event_stream.ts";
import type { Outcome } from "../../src/protocol/fault.ts";
import type { Path } from "../../src/protocol/handshake.ts";
import { TO_BRIDGE } from "../../src/protocol/outbox.ts";
import { TO_DEVICE, TO_OPERATOR } from "../../src/protocol/outgoing.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { ADMIN, OPTIONS } from "../support/options.ts";
import type { ZodType } from "zod";

// deno-lint-ignore no-explicit-any
export type Frame = any;

export { ADMIN };
const NOON = Date.UTC(2026, 10, 23, 12);

interface World {
  /** Lose all memory after every event, as a hibernation does. */
  isForgetful: boolean;
  /** A bug does not fail the test: the hub is made anew and goes on, as in the world. */
  survivesBugs: boolean;
  store: Store;
  /** When it starts. */
  now: number;
}

type Given = Partial<World & HubOptions>;

export function signalbox(
  { isForgetful = false, survivesBugs = false, store = openMemory(), now = NOON, ...options }: Given = {},
): Signalbox {
  return new Signalbox({ isForgetful, survivesBugs, store, now }, { ...OPTIONS, ...options });
}

export class Signalbox {
  now: number;
  readonly peers = new Map<string, Peer>();
  readonly tokens = new Map<string, string>();
  readonly logs: { event: string; fields?: Record<string, unknown> }[] = [];
  readonly store: Store;
  #runner: Runner;
  #wakeAt: number | null = null;
  #flushAt: number | null = null;
  #connections = 0;
  readonly #isForgetful: boolean;
  readonly #survivesBugs: boolean;
  #options: HubOptions;

  constructor({ isForgetful, survivesBugs, store, now }: World, options: HubOptions) {
    this.now = now;
    this.store = store;
    this.#isForgetful = isForgetful;
    this.#survivesBugs = survivesBugs;
    this.#options = options;
    this.#runner = new Runner(options, store, this.#shell());
    this.#runner.start();
  }

  /** When the hub wants to be woken. */
  get wakeAt(): number | null {
    return this.#wakeAt;
  }

  handle(event: Parameters<Runner["handle"]>[0], opened?: () => void): Outcome<unknown> {
    const outcome = this.#runner.handle(event, opened);
    if (event.type === "closed") this.peers.delete(event.connection);
    if (this.#isForgetful) this.evict();
    return outcome;
  }

  ready(): ReturnType<Runner["ready"]> {
    return this.#runner.ready();
  }

  /** It sleeps: the alarm stays set, a timer is gone. */
  evict(): void {
    this.#runner.evict();
    this.#flushAt = null;
  }

  /** The process dies and starts again: sockets are gone, the store is what it was. */
  crash(): void {
    this.peers.clear();
    this.#runner = new Runner(this.#options, this.store, this.#shell());
    this.#runner.start();
  }

  /** The program is exchanged for another one, and the sockets stay, as on Workers. */
  become(options: Partial<HubOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#runner = new Runner(this.#options, this.store, this.#shell());
    this.#runner.start();
  }

  /** Time passes; what was asked to be woken is woken on time. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (let rounds = 0; rounds < 10_000; rounds++) {
      const wakeAt = this.#wakeAt ?? Infinity;
      const flushAt = this.#flushAt ?? Infinity;
      const next = Math.min(wakeAt, flushAt);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      if (wakeAt <= flushAt) {
        this.#wakeAt = null;
        this.handle({ type: "wake" });
      } else {
        this.#flushAt = null;
        this.handle({ type: "flush" });
      }
    }
    this.now = until;
  }

  call<N extends CallName>(
    name: N,
    args: ArgsOf<N>,
    by: string | Credential = ADMIN,
    key?: string,
  ): Outcome<ValueOf<N>> {
    const credential: Credential = typeof by === "string" ? { sort: "token", token: by } : by;
    return this.handle({ type: "call", name, args, credential, key }) as Outcome<ValueOf<N>>;
  }

  /** The call's value; a refusal fails the test. */
  ask<N extends CallName>(name: N, args: ArgsOf<N>, by?: string): ValueOf<N> {
    const outcome = this.call(name, args, by);
    if (!outcome.ok) throw new Error(`${name}: ${outcome.fault.code}: ${outcome.fault.message}`);
    return outcome.value;
  }

  /** A new device; its token is remembered. */
  enroll(id: string, kind: string): string {
    const { token } = this.ask("create_device", { id, kind });
    this.tokens.set(id, token);
    return token;
  }

  /** A device's socket, after its welcome. */
  device(id: string, kind = "relay"): Peer {
    if (!this.tokens.has(id)) this.enroll(id, kind);
    return this.connect("device", { sort: "token", token: this.tokens.get(id)! });
  }

  operator(role: "viewer" | "operator" | "admin" = "operator"): Peer {
    const { token } = this.ask("create_token", { name: `A ${role}`, role });
    return this.connect("operator", { sort: "token", token });
  }

  /** The hub's own bridge to a broker, after its welcome. */
  bridge(): Peer {
    return this.connect("operator", { sort: "bridge" });
  }

  connect(path: "device" | "operator", credential: Credential): Peer {
    const { peer, outcome } = this.tryConnect(path, credential);
    if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
    peer.take("welcome");
    return peer;
  }

  tryConnect(path: Path, credential: Credential): { peer: Peer; outcome: Outcome<unknown> } {
    const sort = credential.sort === "bridge" ? "bridge" : path;
    const peer = new Peer(this, `c${++this.#connections}`, sort);
    const outcome = this.handle(
      { type: "connect", path, credential, connection: peer.id },
      () => this.peers.set(peer.id, peer),
    );
    return { peer, outcome };
  }

  /** A stream of server-sent events; its frames are those of an operator's socket. */
  stream(ask: Partial<StreamQuery> = {}, by: string | Credential = ADMIN): Peer {
    const { peer, outcome } = this.tryStream(ask, by);
    if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
    return peer;
  }

  tryStream(ask: Partial<StreamQuery>, by: string | Credential): { peer: Peer; outcome: Outcome<unknown> } {
    const peer = new Peer(this, `s${++this.#connections}`, "operator");
    const credential: Credential = typeof by === "string" ? { sort: "token", token: by } : by;
    const outcome = this.handle(
      { type: "stream", credential, connection: peer.id, ask: { ...streamQuery.parse({}), ...ask } },
      () => this.peers.set(peer.id, peer),
    );
    return { peer, outcome };
  }

  record(id: string) {
    return this.ask("get_command", { command: id });
  }

  view(id: string) {
    return this.ask("get_device", { device: id });
  }

  #shell(): Shell {
    const peer = (id: string) => this.peers.get(id);
    return {
      now: () => this.now,
      // What survives is what an attachment can hold.
      connections: () => [...this.peers.values()].flatMap(({ attachment }) => attachment ? [survivor(attachment)] : []),
      attach: (connection) => {
        const holder = peer(connection.id);
        if (holder) holder.attachment = survivor(connection);
      },
      send: (id, text) => peer(id)?.hear(text),
      sendBytes: (id, bytes) => peer(id)?.hearBytes(bytes),
      close: (id, code, reason) => peer(id)?.shut(code, reason),
      pingedAt: (id) => peer(id)?.pingedAt ?? null,
      backlog: (id) => peer(id)?.backlog ?? null,
      random: randomBytes,
      schedule: (wakeAt, flushAt) => {
        this.#wakeAt = wakeAt;
        this.#flushAt = flushAt;
      },
      vitals: () => ({ runtime: "test" }),
      log: (event, fields) => {
        this.logs.push({ event, fields });
        const isBug = event === "event_failed" && fields?.code === "internal";
        if (isBug && !this.#survivesBugs) throw new Error(String(fields.stack));
      },
    };
  }
}

/** A sleeping socket keeps JSON. */
const survivor = (connection: Connection): Connection => unpack(pack(connection));

const SCHEMAS = { device: TO_DEVICE, operator: TO_OPERATOR, bridge: { ...TO_OPERATOR, ...TO_BRIDGE }, mqtt: {} };

/** The far end of a socket. */
export class Peer {
  readonly id: string;
  readonly frames: Frame[] = [];
  readonly bytes: Uint8Array[] = [];
  attachment: Connection | null = null;
  closed: { code: number; reason: string } | null = null;
  /** When the runtime answered its last ping by itself. */
  pingedAt: number | null = null;
  /** Null where the runtime does not tell. */
  backlog: number | null = 0;
  readonly #box: Signalbox;
  readonly #schemas: Record<string, ZodType>;

  constructor(box: Signalbox, id: string, sort: Path | "bridge") {
    this.#box = box;
    this.id = id;
    this.#schemas = SCHEMAS[sort];
  }

  /** What the hub sends is what the descriptions say that it sends, in every test. */
  hear(text: string): void {
    if (text === "pong") return void this.frames.push(text);
    const frame = JSON.parse(text);
    const fits = this.#schemas[frame.type]?.safeParse(frame);
    if (!fits?.success) throw new Error(`no frame of PROTOCOL.md: ${text}\n${fits?.error.message}`);
    this.frames.push(frame);
  }

  /** Only MQTT is spoken in bytes. */
  hearBytes(bytes: Uint8Array): void {
    this.bytes.push(bytes.slice());
  }

  send(frame: Frame): void {
    this.text(JSON.stringify(frame));
  }

  text(text: string): void {
    this.#box.handle({ type: "text", connection: this.id, text });
  }

  binary(bytes = Uint8Array.of(1, 2, 3)): void {
    this.#box.handle({ type: "binary", connection: this.id, bytes });
  }

  /** The cable is pulled, or the peer closes. */
  drop(code = 1006): void {
    this.#box.handle({ type: "closed", connection: this.id, code });
  }

  shut(code: number, reason: string): void {
    this.closed = { code, reason };
    this.#box.peers.delete(this.id);
  }

  /** A request with a reply. */
  ask(frame: Frame): Frame {
    this.send({ id: "1", ...frame });
    return this.take("reply");
  }

  /** Takes the next frame of a type out of what has arrived. */
  take(type: string): Frame {
    const at = this.frames.findIndex((frame) => frame === type || frame.type === type);
    if (at < 0) throw new Error(`no ${type} among ${JSON.stringify(this.frames)}`);
    return this.frames.splice(at, 1)[0];
  }

  /** Everything of a type that has arrived. */
  all(type: string): Frame[] {
    const taken = this.frames.filter((frame) => frame.type === type);
    for (const frame of taken) this.frames.splice(this.frames.indexOf(frame), 1);
    return taken;
  }
}

/** Both ways of living: with its memory, and losing it after every event. */
export const LIVES = [{ life: "awake", isForgetful: false }, {
  life: "evicted after every event",
  isForgetful: true,
}] as const;
