/** Sockets and timers of a Deno process, as the hub wants them. */
import type { Connection } from "../hub/connections/connection.ts";
import { lastWords } from "../hub/mqtt/tell.ts";
import { isPublishOf } from "../mqtt/framing.ts";
import type { Credential } from "../protocol/credential.ts";
import type { Path } from "../protocol/handshake.ts";
import { CLOSE } from "../protocol/close.ts";
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import { isPing } from "../protocol/frame.ts";
import type { Log } from "../hub/log.ts";
import { Alarm } from "./alarm.ts";
import { closeInAPause } from "./deno_close.ts";
import type { Line } from "./hearing.ts";
import { randomBytes } from "./crypto.ts";
import type { Runner } from "./runner.ts";
import type { Shell } from "./shell.ts";

interface Open extends Line {
  socket: WebSocket;
  /** What is said before the handshake is over; null once it is. */
  early: (string | Uint8Array<ArrayBuffer>)[] | null;
  attachment: Connection | null;
  pingedAt: number | null;
}

/** Who asked for a socket and is gone before it opened is never heard of again, so the wait for it ends, in ms. */
const OPENS_WITHIN = 5_000;
/** A peer that neither sends nor answers the protocol's own pings is gone after so many seconds. */
const IDLE_TIMEOUT = 120;
/** What there is to say of a connection that ended without a word. */
const LOST = 1006;
const RESTARTING = refuse("internal", "The hub is restarting", { status: 503, retryAfter: 1 });

export class DenoSockets {
  readonly #open = new Map<string, Open>();
  readonly #log: Log;
  readonly #vitals: Shell["vitals"];
  #runner!: Runner;
  #isEnding = false;
  readonly #wake = new Alarm(() => this.#runner.handle({ type: "wake" }));
  readonly #flush = new Alarm(() => this.#runner.handle({ type: "flush" }));
  /** Who asked for a socket that has not opened yet, and until when it may, the first one first. */
  readonly #opening = new Map<string, number>();
  readonly #overdue = new Alarm(() => this.#dropOverdue());

  constructor(log: Log, vitals: Shell["vitals"]) {
    this.#log = log;
    this.#vitals = vitals;
  }

  /** The runner that decides for these sockets. */
  run(start: (shell: Shell) => Runner): Runner {
    this.#runner = start(this.#shell());
    return this.#runner;
  }

  async connect(
    path: Path,
    credential: Credential,
    request: Request,
    protocol: string | null,
  ): Promise<Outcome<Response>> {
    if (this.#isEnding) return RESTARTING;
    const connection = crypto.randomUUID();
    let response: Response | undefined;
    const entered = await this.#runner.submit({ type: "connect", path, credential, connection }, () => {
      response = this.#upgrade(path, connection, request, protocol);
    });
    return entered.ok ? ok(response!) : entered;
  }

  /** Ends every connection and lets no further one in; goes on when the peers have agreed. */
  async closeAll(code: number, reason: string): Promise<void> {
    this.#isEnding = true;
    const agreed: Promise<unknown>[] = [];
    for (const [connection, { socket, attachment }] of [...this.#open]) {
      const words = lastWords(attachment);
      if (words && socket.readyState === WebSocket.OPEN) socket.send(words as Uint8Array<ArrayBuffer>);
      this.#open.delete(connection);
      agreed.push(new Promise((resolve) => socket.addEventListener("close", resolve)));
      close(socket, code, reason);
      this.#runner.handle({ type: "closed", connection, code });
    }
    for (const alarm of [this.#wake, this.#flush, this.#overdue]) alarm.end();
    await Promise.all(agreed);
  }

  #upgrade(path: Path, connection: string, request: Request, protocol: string | null): Response {
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_TIMEOUT });
    // Not by its `protocol` option: that one finds nothing in a list without blanks after its commas.
    if (protocol !== null) response.headers.set("Sec-WebSocket-Protocol", protocol);
    socket.binaryType = "arraybuffer";
    const open: Open = { connection, last: null, socket, early: [], attachment: null, pingedAt: null };
    this.#open.set(connection, open);
    this.#opening.set(connection, Date.now() + OPENS_WITHIN);
    this.#overdue.by(Date.now() + OPENS_WITHIN);
    socket.onopen = () => {
      this.#opening.delete(connection);
      if (!this.#open.has(connection)) return socket.close(CLOSE.going_away);
      for (const said of open.early ?? []) socket.send(said);
      open.early = null;
    };
    socket.onmessage = path === "mqtt"
      ? ({ data }) => this.#heardMqtt(open, data)
      : ({ data }) => this.#heard(open, data);
    socket.onclose = ({ code }) => this.#gone(connection, code);
    // An error of an open socket is followed by its close.
    socket.onerror = () => {};
    return response;
  }

  #dropOverdue(): void {
    for (const [connection, until] of this.#opening) {
      if (until > Date.now()) return this.#overdue.by(until);
      this.#opening.delete(connection);
      this.#gone(connection, LOST);
    }
  }

  #heard(open: Open, data: unknown): void {
    const { connection } = open;
    if (typeof data !== "string") {
      return void this.#runner.handle({ type: "binary", connection, bytes: new Uint8Array(data as ArrayBuffer) });
    }
    // [F1] Answered here: a proof of life changes nothing that is not computed when somebody all.
    if (isPing(data) && this.#open.has(connection)) {
      open.pingedAt = Date.now();
      if (open.last) this.#runner.catchUp();
      // What was heard may have ended it.
      if (this.#open.has(connection)) open.socket.send("pong");
    } else if (data.startsWith(TELEMETRY)) this.#runner.hear(open, data);
    else this.#runner.handle({ type: "text", connection, text: data });
  }

  /** [M2] No text of it means anything, `ping` included. */
  #heardMqtt(open: Open, data: unknown): void {
    const { connection } = open;
    if (typeof data === "string") return void this.#runner.handle({ type: "text", connection, text: data });
    const bytes = new Uint8Array(data as ArrayBuffer);
    if (isPublishOf("telemetry", bytes)) this.#runner.hearBytes(open, bytes);
    else this.#runner.handle({ type: "binary", connection, bytes });
  }

  #gone(connection: string, code: number): void {
    if (!this.#open.has(connection)) return;
    // Known until then: what it carries, and when it last pinged, are still asked for.
    this.#runner.handle({ type: "closed", connection, code });
    this.#open.delete(connection);
  }

  #shell(): Shell {
    return {
      now: Date.now,
      connections: () => [...this.#open.values()].flatMap(({ attachment }) => attachment ?? []),
      attach: (connection) => {
        const open = this.#open.get(connection.id);
        if (open) open.attachment = connection;
      },
      send: (connection, text) => {
        const open = this.#open.get(connection);
        if (open?.early) open.early.push(text);
        else if (open?.socket.readyState === WebSocket.OPEN) open.socket.send(text);
      },
      sendBytes: (connection, bytes) => {
        const open = this.#open.get(connection);
        if (open?.early) open.early.push(bytes as Uint8Array<ArrayBuffer>);
        else if (open?.socket.readyState === WebSocket.OPEN) open.socket.send(bytes as Uint8Array<ArrayBuffer>);
      },
      close: (connection, code, reason) => {
        const open = this.#open.get(connection);
        this.#open.delete(connection);
        if (open) close(open.socket, code, reason);
      },
      pingedAt: (connection) => this.#open.get(connection)?.pingedAt ?? null,
      backlog: (connection) => this.#open.get(connection)?.socket.bufferedAmount ?? 0,
      random: randomBytes,
      schedule: (wakeAt, flushAt) => {
        this.#wake.set(wakeAt);
        this.#flush.set(flushAt);
      },
      log: this.#log,
      elapsed: () => performance.now(),
      vitals: this.#vitals,
    };
  }
}

/** Nobody waits for what follows from it. */
const TELEMETRY = '{"type":"telemetry"';

function close(socket: WebSocket, code: number, reason: string): void {
  // Before the handshake is over there is nobody to tell.
  if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close(code, reason);
  else closeInAPause(socket, code, reason);
}
