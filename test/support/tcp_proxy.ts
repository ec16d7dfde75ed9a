/** A line between a client and a broker that can be broken in whatever way lines break. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { Buffer } from "node:buffer";

/**
 * `well`: everything passes; `away`: nobody listens; `mute`: connections open, and nothing comes back; `frozen`: what is
 * said is held in either direction, and comes once it thaws; `hung`: CONNACK comes, and nothing after it; `deaf`:
 * everything comes but PUBACK.
 */
export type Line = "well" | "away" | "mute" | "frozen" | "hung" | "deaf";

interface Pair {
  near: Socket;
  far: Socket;
  /** Whole packets are looked at, so what is left of a split one waits. */
  rest: Buffer;
  held: (() => void)[];
}

/** The first byte of one, and types of what comes back. */
const PINGREQ = 0xc0;
const CONNACK = 2;
const PUBACK = 4;

export class TcpProxy {
  /** How often somebody came. */
  connections = 0;
  /** How often whoever came asked whether somebody is there, held or not. */
  pings = 0;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #target: () => number;
  #line: Line = "well";

  private constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer((near) => this.#opens(near));
  }

  static async start(target: number | (() => number)): Promise<TcpProxy> {
    const proxy = new TcpProxy(typeof target === "number" ? () => target : target);
    await new Promise<void>((listening) => proxy.#server.listen(0, "127.0.0.1", listening));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** From now on, for those who are there too; what was held before comes now, where it may. */
  become(line: Line): void {
    this.#line = line;
    if (line === "away") this.cut();
    if (line === "frozen") return;
    for (const pair of this.#pairs) for (const act of pair.held.splice(0)) act();
  }

  /** Whoever is connected is not any more. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    this.#pairs.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
  }

  #opens(near: Socket): void {
    near.on("error", () => {});
    if (this.#line === "away") return void near.resetAndDestroy();
    this.connections += 1;
    const far = connect(this.#target(), "127.0.0.1");
    far.on("error", () => near.destroy());
    const pair: Pair = { near, far, rest: Buffer.alloc(0), held: [] };
    this.#pairs.add(pair);
    near.on("data", (bytes: Buffer) => {
      if (bytes[0] === PINGREQ) this.pings += 1;
      this.#soon(pair, () => far.write(bytes));
    });
    far.on("data", (bytes: Buffer) => this.#soon(pair, () => this.#back(pair, bytes)));
    near.on("close", () => {
      this.#pairs.delete(pair);
      far.destroy();
    });
    far.on("close", () => near.destroy());
  }

  #soon(pair: Pair, act: () => void): void {
    if (this.#line === "frozen") pair.held.push(act);
    else act();
  }

  #back(pair: Pair, bytes: Buffer): void {
    pair.rest = Buffer.concat([pair.rest, bytes]);
    for (;;) {
      const length = packetLength(pair.rest);
      if (length === null) return;
      const packet = pair.rest.subarray(0, length);
      pair.rest = pair.rest.subarray(length);
      if (this.#passes(packet[0] >> 4)) pair.near.write(packet);
    }
  }

  #passes(type: number): boolean {
    if (this.#line === "mute") return false;
    if (this.#line === "hung") return type === CONNACK;
    return this.#line !== "deaf" || type !== PUBACK;
  }
}

/** Of the packet that begins there, or null where it is not whole yet. */
function packetLength(bytes: Buffer): number | null {
  let length = 0;
  for (let n = 1; n <= 4 && n < bytes.length; n++) {
    length += (bytes[n] & 127) * 128 ** (n - 1);
    if (bytes[n] < 128) return bytes.length >= 1 + n + length ? 1 + n + length : null;
  }
  return null;
}
