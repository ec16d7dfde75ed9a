/** The kit as an operator of a real hub, who sees the device's frames over the hub's shoulder [O2, O5, O7]. */
import { WebSocket } from "ws";
import { decode } from "../../protocol/frame.ts";
import type { NotSent, Side } from "./side.ts";
import { Transcript } from "./transcript.ts";

type Doc = Record<string, unknown>;
/** What comes from the hub is looked into, not checked: it is not the hub that is being tried. */
// deno-lint-ignore no-explicit-any
type Frame = { type: string } & Record<string, any>;
type Reply = { ok: true; value: Frame } | { ok: false; error: { code: string; message: string } };

/** Letters of a frame that a watch shows, and what it shows of one that has none. */
const LONGEST_SHOWN = 4_096;
const BINARY = /^\((\d+) bytes\)$/;

export interface Seat {
  url: string;
  token: string;
  device: string;
  /** As the hub knows it. */
  reported: Doc;
}

export class AsOperator implements Side {
  readonly as = "operator";
  readonly transcript = new Transcript();
  readonly reported: Doc;
  readonly #device: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  #ids = 0;

  private constructor({ device, reported }: Seat, socket: WebSocket) {
    this.#device = device;
    this.reported = reported;
    this.#socket = socket;
    // The connection that stands is the first one that is heard of.
    this.transcript.connection = 1;
    socket.on("message", (data) => this.#hear(String(data)));
    socket.on("close", (code) => this.#waiting.forEach((end) => end(lost(code))));
  }

  /** Goes on when the watch stands: nothing of the device is missed from then on. */
  static async open(seat: Seat): Promise<AsOperator> {
    const address = new URL("/operator", seat.url);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, { headers: { Authorization: `Bearer ${seat.token}` } });
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    const operator = new AsOperator(seat, socket);
    const watch = await operator.#ask({ type: "watch", include: ["frames"] });
    if (!watch.ok) throw new Error(watch.error.message);
    return operator;
  }

  async command(name: string, params: Doc): Promise<{ id: string } | NotSent> {
    const reply = await this.#ask({ type: "command", name, params });
    return reply.ok ? { id: reply.value.id } : notSent(reply);
  }

  async cancel(id: string): Promise<void> {
    await this.#ask({ type: "cancel", command: id }, {});
  }

  async desire(patch: Doc): Promise<{ version: number } | NotSent> {
    const reply = await this.#ask({ type: "desire", patch });
    return reply.ok ? { version: reply.value.version } : notSent(reply);
  }

  stream(name: string, data: Doc, n: number): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ type: "stream", device: this.#device, name, data, n }));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState === WebSocket.CLOSED) return resolve();
      this.#socket.once("close", () => resolve());
      this.#socket.close(1000);
    });
  }

  #ask(frame: Frame, about: Doc = { device: this.#device }): Promise<Reply> {
    this.#ids += 1;
    const id = `conform-${this.#ids}`;
    return new Promise((resolve) => {
      if (this.#socket.readyState !== WebSocket.OPEN) return resolve(lost(1006));
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ ...frame, id, ...about }));
    });
  }

  #hear(text: string): void {
    const decoded = decode(text);
    if (!decoded.ok) return;
    const frame = decoded.value as Frame;
    if (frame.type === "reply") {
      this.#waiting.get(frame.id)?.(frame as unknown as Reply);
      this.#waiting.delete(frame.id);
    } else if (frame.type === "frame" && frame.device === this.#device) this.#overhear(frame.direction, frame.text);
  }

  #overhear(direction: "in" | "out", text: string): void {
    // What is so long was cut off when it was shown.
    if (text.length >= LONGEST_SHOWN) return;
    const bytes = BINARY.exec(text);
    if (direction === "in" && bytes) return this.transcript.binary(Number(bytes[1]));
    if (direction === "in") return void this.transcript.text(text);
    const told = decode(text);
    if (told.ok && told.value.type === "welcome") this.transcript.connection += 1;
  }
}

const notSent = ({ error: { code, message } }: Extract<Reply, { ok: false }>): NotSent => ({
  refused: `the hub refused it: ${code}: ${message}`,
});

const lost = (code: number): Reply => ({
  ok: false,
  error: { code: "closed", message: `the hub ended the connection (${code})` },
});
