/** Signalbox on Cloudflare: a Worker that refuses early, and a Durable Object that is the hub and may sleep. */
import { DurableObject } from "cloudflare:workers";
import { KINDS } from "../../devices/mod.ts";
import { createApp, type HubPort } from "../app.ts";
import type { Connection } from "../hub/connection.ts";
import type { Credential } from "../protocol/credential.ts";
import { ok, type Outcome } from "../protocol/fault.ts";
import { openDurableStore } from "../store/durable_sqlite.ts";
import { BUILD } from "./build.ts";
import { logLine } from "./log.ts";
import { Runner, sha256, type Shell } from "./runner.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface Env {
  SHARD: DurableObjectNamespace<Shard>;
  PANEL: Fetcher;
}

/** The directory and every device are in one object until sharding comes; tokens already name the device to route by. */
const slotOf = (_device: string): string => "0";

export default {
  fetch(request: Request, env: Env): Promise<Response> | Response {
    const settings = readSettings(env as unknown as Record<string, string>);
    if (!settings.ok) return misconfigured(settings.sentence);
    return env.SHARD.getByName(slotOf("")).fetch(request);
  },
};

function misconfigured(sentence: string): Response {
  console.error(logLine("settings_refused", { sentence }));
  return new Response(sentence, { status: 500 });
}

/** How long a merged frame may keep the object awake, in ms. */
const LONGEST_TIMER = 1_000;
const MINUTE = 60_000;

export class Shard extends DurableObject<Env> implements Shell {
  readonly #sockets = new Map<string, WebSocket>();
  readonly #start: () => Runner;
  #started: Runner | null = null;
  readonly #app: ReturnType<typeof createApp>;
  #alarmAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const read = readSettings(env as unknown as Record<string, string>);
    if (!read.ok) throw new Error(read.sentence);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    for (const socket of ctx.getWebSockets()) this.#know(socket);
    // Only a sooner wake-up is written: each alarm that is set counts as a row.
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
    });
    const store = openDurableStore(ctx.storage, Date.now());
    this.#start = () => new Runner(optionsOf(read.value), store, this);
    this.#app = createApp({
      hub: this.#port(),
      kinds: KINDS,
      build: BUILD,
      origins: read.value.origins,
      trustProxy: read.value.trustProxy,
      now: Date.now,
      log: this.log,
    });
  }

  override fetch(request: Request): Promise<Response> | Response {
    return this.#app.fetch(request);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const connection = this.#know(socket);
    if (connection === null) return;
    if (typeof message === "string") this.#runner.handle({ type: "text", connection, text: message });
    else this.#runner.handle({ type: "binary", connection });
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // The runtime leaves the answer to the peer's close to us.
    hangUp(socket);
    this.#gone(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#gone(socket, 1006);
  }

  override alarm(): void {
    this.#alarmAt = null;
    this.#runner.handle({ type: "wake" });
  }

  #gone(socket: WebSocket, code: number): void {
    const connection = this.#know(socket);
    if (connection === null) return;
    this.#runner.handle({ type: "closed", connection, code });
    this.#sockets.delete(connection);
  }

  /**
   * The hub of this waking, made at its first event: a socket whose end is that event is not among the open ones any
   * more, and what it carried would be lost.
   */
  get #runner(): Runner {
    return this.#started ??= this.#start();
  }

  /** The id of a socket's connection; null once the hub has ended it. */
  #know(socket: WebSocket): string | null {
    const connection = connectionOf(socket);
    if (connection) this.#sockets.set(connection.id, socket);
    return connection?.id ?? null;
  }

  #port(): HubPort {
    return {
      call: (...args) => this.#runner.call(...args),
      settled: (command, seconds) => this.#runner.settled(command, seconds),
      ready: () => this.#runner.ready(),
      connect: (path, credential, _request, protocol) => this.#connect(path, credential, protocol),
    };
  }

  #connect(path: "device" | "operator", credential: Credential, protocol: string | null): Promise<Outcome<Response>> {
    const connection = crypto.randomUUID();
    const { 0: client, 1: server } = new WebSocketPair();
    const entered = this.#runner.handle({ type: "connect", path, credential, connection }, () => {
      this.ctx.acceptWebSocket(server);
      this.#sockets.set(connection, server);
    });
    if (!entered.ok) return Promise.resolve(entered);
    const headers = protocol === null ? undefined : { "Sec-WebSocket-Protocol": protocol };
    return Promise.resolve(ok(new Response(null, { status: 101, webSocket: client, headers })));
  }

  // What the hub asks of this runtime.

  now = (): number => Date.now();
  connections = (): Connection[] => [...this.#sockets.values()].flatMap((socket) => connectionOf(socket) ?? []);
  attach = (connection: Connection): void => this.#sockets.get(connection.id)?.serializeAttachment(connection);
  backlog = (): number => 0;
  log = (event: string, fields?: Record<string, unknown>): void => console.log(logLine(event, fields));

  send = (connection: string, text: string): void => {
    try {
      this.#sockets.get(connection)?.send(text);
    } catch {
      // The peer is gone; its close is on the way.
    }
  };

  close = (connection: string, code: number, reason: string): void => {
    const socket = this.#sockets.get(connection);
    this.#sockets.delete(connection);
    if (!socket) return;
    // Until its peer agrees it stays among the open ones, and would be taken up again after a sleep.
    socket.serializeAttachment(null);
    hangUp(socket, code, reason);
  };

  pingedAt = (connection: string): number | null => {
    const socket = this.#sockets.get(connection);
    return socket ? this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null : null;
  };

  schedule = (wakeAt: number | null, flushAt: number | null): void => {
    if (wakeAt !== null && (this.#alarmAt === null || wakeAt < this.#alarmAt)) {
      this.#alarmAt = wakeAt;
      void this.ctx.storage.setAlarm(wakeAt);
    }
    if (flushAt === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#runner.handle({ type: "flush" });
    }, Math.min(LONGEST_TIMER, Math.max(0, flushAt - Date.now())));
  };
}

function hangUp(socket: WebSocket, code?: number, reason?: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // It was closed meanwhile.
  }
}

const connectionOf = (socket: WebSocket) => socket.deserializeAttachment() as Connection | null;

const optionsOf = ({ adminToken }: Settings) => ({
  kinds: KINDS,
  build: BUILD,
  adminDigest: adminToken === null ? null : sha256(adminToken),
  window: MINUTE,
  sequencedWindow: 4_000,
  idleSweep: MINUTE,
  claimLife: 60 * MINUTE,
});
