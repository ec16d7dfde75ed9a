/** One connection after another, for ever: when to come back, and when a person has to look [Z]. */
import { addressOf, protocolsOf } from "./address.ts";
import { askedDelay, lastingDelay, retryDelay } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { type Ending, endingOfClose, mishap } from "./ending.ts";
import { type Heartbeat, heartbeat } from "./heartbeat.ts";
import { type Fetch, whyRefused } from "./probe.ts";

/** What the link is doing. */
export type Status =
  | { state: "connecting"; attempt: number }
  /** Welcomed by the hub, which knows it by this id. */
  | { state: "online"; device: string }
  | { state: "waiting"; seconds: number; reason: Ending }
  /** It will not try again: somebody has to change something first. */
  | { state: "stopped"; reason: Ending }
  | { state: "closed" };

/** The part of a standard WebSocket that is used; the `ws` package has it too. */
export interface Socket {
  send(data: string | Uint8Array): void;
  close(code?: number): void;
  /** Bytes that have not left yet. */
  readonly bufferedAmount?: number;
  onopen: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
}
export type SocketConstructor = new (url: string, protocols: string[]) => Socket;

export interface LinkOptions {
  url: string;
  token: string;
  /** There is a person who reads `status`: stop where waiting does not help. */
  attended: boolean;
  WebSocket: SocketConstructor;
  fetch?: Fetch;
  clock: Clock;
  random: () => number;
}

export interface LinkEvents {
  opened(): void;
  text(text: string): void;
  down(): void;
  status(status: Status): void;
}

/** Until the hub's `welcome`. */
const PATIENCE_MS = 20_000;
/** A connection that stood this long was a good one: failures are counted anew. */
const GOOD_MS = 30_000;

export class Link {
  status: Status = { state: "connecting", attempt: 1 };
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  readonly #address: { socket: string; me: string };
  readonly #protocols: string[];
  #socket: Socket | null = null;
  #timer = () => {};
  #heartbeat: Heartbeat | null = null;
  #failures = 0;
  #welcomedAt: number | null = null;

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#address = addressOf(options.url);
    this.#protocols = protocolsOf(options.token);
  }

  open(): void {
    const { clock, WebSocket } = this.#options;
    this.#say({ state: "connecting", attempt: this.#failures + 1 });
    // Whoever heard that may have closed it.
    if (this.status.state === "closed") return;
    const socket = new WebSocket(this.#address.socket, this.#protocols);
    let isOpen = false;
    this.#socket = socket;
    this.#timer = clock.after(PATIENCE_MS, () => this.#lose(mishap("no_welcome", "the hub did not answer in time")));
    socket.onopen = () => {
      isOpen = true;
      this.#events.opened();
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      this.#heartbeat?.heard();
      if (typeof data === "string" && data !== "pong") this.#events.text(data);
    };
    // There is nothing to read in an error, and a `close` follows; but Node 22 leaves it at that before the opening.
    socket.onerror = () => isOpen || this.#askWhy(socket);
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      if (isOpen) this.#lose(endingOfClose(code, reason));
      else this.#askWhy(socket);
    };
  }

  /** The hub's first frame came: from now on the link stands. */
  welcomed(device: string, heartbeatSeconds: number): void {
    const { clock } = this.#options;
    this.#timer();
    this.#heartbeat?.stop();
    this.#welcomedAt = clock.now();
    const lost = () => this.#lose(mishap("no_pong", "the hub did not answer a ping within 10 s"));
    this.#heartbeat = heartbeat(clock, heartbeatSeconds, () => this.send("ping"), lost);
    this.#say({ state: "online", device });
  }

  send(data: string | Uint8Array): void {
    this.#socket?.send(data);
  }

  /** Bytes that were sent and have not left yet; 0 where the socket does not tell. */
  get ahead(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Begins anew on another connection: what was said at the beginning of this one did not count. */
  again(why: string): void {
    this.#lose(mishap("not_greeted", why));
  }

  close(): void {
    if (this.status.state === "closed") return;
    this.#drop();
    this.#say({ state: "closed" });
  }

  async #askWhy(socket: Socket): Promise<void> {
    const { token, fetch, clock } = this.#options;
    this.#timer();
    // Once is enough. It goes on listening: an error that nobody hears ends a process of Node.
    socket.onerror = socket.onclose = () => {};
    const why = await whyRefused(this.#address.me, token, fetch, clock);
    // Closed meanwhile.
    if (this.#socket === socket) this.#lose(why);
  }

  #lose(reason: Ending): void {
    const { clock, attended } = this.#options;
    const stood = this.#welcomedAt === null ? 0 : clock.now() - this.#welcomedAt;
    this.#failures = stood >= GOOD_MS ? 1 : this.#failures + 1;
    this.#drop();
    if (reason.isLasting && attended) return this.#say({ state: "stopped", reason });
    const seconds = this.#delay(reason);
    this.#timer = clock.after(seconds * 1000, () => this.open());
    this.#say({ state: "waiting", seconds, reason });
  }

  #delay({ isLasting, retryAfter }: Ending): number {
    const { random } = this.#options;
    if (isLasting) return lastingDelay(random);
    return retryAfter === undefined
      ? retryDelay(this.#failures, random)
      : askedDelay(retryAfter, this.#failures, random);
  }

  /** Leaves the socket behind without waiting for its goodbye: on a dead link that would take minutes. */
  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#timer();
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    this.#welcomedAt = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
    this.#events.down();
  }

  #say(status: Status): void {
    this.status = status;
    this.#events.status(status);
  }
}
