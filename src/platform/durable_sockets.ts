/** Sockets, alarm and timer of a Durable Object that may sleep, as the hub wants them. */
import { pack, unpack } from "../hub/connections/attachment.ts";
import type { Connection } from "../hub/connections/connection.ts";
import type { Credential } from "../protocol/credential.ts";
import type { Path } from "../protocol/handshake.ts";
import { ok, type Outcome } from "../protocol/fault.ts";
import type { Log } from "../hub/log.ts";
import { randomBytes } from "./crypto.ts";
import type { Runner } from "./runner.ts";
import type { Shell } from "./shell.ts";

/** How long a merged frame may keep the object awake, in ms. */
const LONGEST_TIMER = 1_000;

export class DurableSockets {
  readonly #ctx: DurableObjectState;
  readonly #log: Log;
  readonly #sockets = new Map<string, WebSocket>();
  /** The other way round: reading an attachment for each frame would cost as much as the frame. */
  readonly #ids = new WeakMap<WebSocket, string>();
  #runner!: Runner;
  #alarmAt: number | null = null;
  /** How many were set: each counts as a row written. */
  #alarms = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, log: Log) {
    this.#ctx = ctx;
    this.#log = log;
    // [F1] Answered by the runtime, and nobody wakes.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    for (const socket of ctx.getWebSockets()) this.#know(socket);
    // Only a sooner wake-up is written: each alarm that is set counts as a row.
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
    });
  }

  /** The runner that decides for these sockets. */
  run(make: (shell: Shell) => Runner): Runner {
    this.#runner = make(this.#shell());
    return this.#runner;
  }

  /** `tags` are the runtime's, by which a socket is known without its connection. */
  connect(
    path: Path,
    credential: Credential,
    protocol: string | null,
    tags: string[] = [],
  ): Promise<Outcome<Response>> {
    const connection = crypto.randomUUID();
    const { 0: client, 1: server } = new WebSocketPair();
    const entered = this.#runner.handle({ type: "connect", path, credential, connection }, () => {
      this.#ctx.acceptWebSocket(server, tags);
      this.#note(connection, server);
    });
    if (!entered.ok) return Promise.resolve(entered);
    const headers = protocol === null ? undefined : { "Sec-WebSocket-Protocol": protocol };
    return Promise.resolve(ok(new Response(null, { status: 101, webSocket: client, headers })));
  }

  heard(socket: WebSocket, message: string | ArrayBuffer): void {
    const connection = this.#know(socket);
    if (connection === null) return;
    if (typeof message === "string") this.#runner.handle({ type: "text", connection, text: message });
    else this.#runner.handle({ type: "binary", connection, bytes: new Uint8Array(message) });
  }

  gone(socket: WebSocket, code: number): void {
    // The end may be what woke this object: such a socket is not among the open ones any more.
    const connection = this.#know(socket);
    if (connection === null) return;
    this.#runner.handle({ type: "closed", connection, code });
    this.#forget(connection);
  }

  rang(): void {
    this.#alarmAt = null;
    this.#runner.handle({ type: "wake" });
  }

  /** The id of a socket's connection; null once the hub has ended it. */
  #know(socket: WebSocket): string | null {
    const connection = this.#ids.get(socket) ?? connectionOf(socket)?.id ?? null;
    if (connection !== null) this.#note(connection, socket);
    return connection;
  }

  #note(connection: string, socket: WebSocket): void {
    this.#sockets.set(connection, socket);
    this.#ids.set(socket, connection);
  }

  #forget(connection: string): WebSocket | undefined {
    const socket = this.#sockets.get(connection);
    this.#sockets.delete(connection);
    if (socket) this.#ids.delete(socket);
    return socket;
  }

  #shell(): Shell {
    return {
      now: Date.now,
      connections: () => [...this.#sockets.values()].flatMap((socket) => connectionOf(socket) ?? []),
      attach: (connection) => this.#sockets.get(connection.id)?.serializeAttachment(pack(connection)),
      send: (connection, text) => this.#send(connection, text),
      sendBytes: (connection, bytes) => this.#send(connection, bytes),
      close: (connection, code, reason) => {
        const socket = this.#forget(connection);
        if (!socket) return;
        // Until its peer agrees it stays among the open ones, and would be taken up again after a sleep.
        socket.serializeAttachment(null);
        hangUp(socket, code, reason);
      },
      pingedAt: (connection) => {
        const socket = this.#sockets.get(connection);
        return socket ? this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null : null;
      },
      // Workers do not tell [O8].
      backlog: () => null,
      random: randomBytes,
      schedule: (wakeAt, flushAt) => {
        this.#setAlarm(wakeAt);
        this.#setTimer(flushAt);
      },
      log: this.#log,
      vitals: () => ({ runtime: "workerd", rows: this.#alarms }),
    };
  }

  #send(connection: string, message: string | Uint8Array): void {
    try {
      this.#sockets.get(connection)?.send(message);
    } catch {
      // The peer is gone; its close is on the way.
    }
  }

  #setAlarm(at: number | null): void {
    if (at === null || (this.#alarmAt !== null && this.#alarmAt <= at)) return;
    this.#alarmAt = at;
    this.#alarms += 1;
    void this.#ctx.storage.setAlarm(at);
  }

  #setTimer(at: number | null): void {
    if (at === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#runner.handle({ type: "flush" });
    }, Math.min(LONGEST_TIMER, Math.max(0, at - Date.now())));
  }
}

/** Where the runtime leaves it to us this is also the answer to the peer's own close. */
export function hangUp(socket: WebSocket, code?: number, reason?: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // It was closed meanwhile.
  }
}

function connectionOf(socket: WebSocket): Connection | null {
  const bytes: Uint8Array | null = socket.deserializeAttachment();
  return bytes && unpack(bytes);
}
