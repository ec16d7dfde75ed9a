/** The kit as an operator of a real hub, who sees the device's frames over the hub's shoulder [O2, O5, O7]. */
import { WebSocket } from "ws";
import type { AnyKind, Command } from "../../kind/kind.ts";
import { decode } from "../../protocol/frame.ts";
import type { NotSent, Side } from "./side.ts";
import { Transcript } from "./transcript.ts";

type Doc = Record<string, unknown>;
/** What comes from the hub is looked into, not checked: it is not the hub that is being tried. */
// deno-lint-ignore no-explicit-any
type Frame = { type: string } & Record<string, any>;
type Reply<T = Frame> = { ok: true; value: T } | { ok: false; error: { code: string; message: string } };

/** Letters of a frame that a watch shows, and what it shows of one that has none. */
const LONGEST_SHOWN = 4_096;
const BINARY = /^\((\d+) bytes\)$/;
/** [G2] A lease lapses after fifteen seconds without a text. */
const ALIVE_EVERY_MS = 5_000;

export interface Seat {
  url: string;
  token: string;
  device: string;
  kind: AnyKind;
  /** As the hub knows it. */
  reported: Doc;
}

export class AsOperator implements Side {
  readonly as = "operator";
  readonly transcript = new Transcript();
  readonly reported: Doc;
  readonly #device: string;
  readonly #kind: AnyKind;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  readonly #alive: ReturnType<typeof setInterval>;
  /** Of the lease, where the kind asks for one and nobody else drives [G4]. */
  #fence: number | undefined;
  #laneRefusal: string | undefined;
  #ids = 0;

  private constructor({ device, kind, reported }: Seat, socket: WebSocket) {
    this.#device = device;
    this.#kind = kind;
    this.reported = reported;
    this.#socket = socket;
    // The connection that stands is the first one that is heard of.
    this.transcript.connection = 1;
    socket.on("message", (data) => this.#hear(String(data)));
    this.#alive = setInterval(() => this.#send("ping"), ALIVE_EVERY_MS);
    socket.on("close", (code) => {
      clearInterval(this.#alive);
      this.#waiting.forEach((end) => end(lost(code)));
    });
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
    await operator.#lead();
    return operator;
  }

  /** [G1] Who drives already is not driven away: what the hub then says of each command is told instead. */
  async #lead(): Promise<void> {
    if (!this.#kind.lease) return;
    const lease = await this.#ask({ type: "lease", action: "take" });
    if (lease.ok) this.#fence = lease.value.fence;
  }

  async command(name: string, params: Doc): Promise<{ id: string } | NotSent> {
    const selected = await this.#select(name, params);
    if (!selected.ok) return notSent(selected);
    const reply = await this.#ask({ type: "command", name, params, ...this.#under(), ...selected.value });
    return reply.ok ? { id: reply.value.id } : notSent(reply);
  }

  /** [C22] */
  async #select(name: string, params: Doc): Promise<Reply<{ select?: string }>> {
    if (!(this.#kind.commands[name] as Command).select) return { ok: true, value: {} };
    const reply = await this.#ask({ type: "select", name, params });
    return reply.ok ? { ok: true, value: { select: reply.value.select } } : reply;
  }

  async cancel(id: string): Promise<void> {
    await this.#ask({ type: "cancel", command: id }, {});
  }

  async desire(patch: Doc): Promise<{ version: number } | NotSent> {
    const reply = await this.#ask({ type: "desire", patch });
    return reply.ok ? { version: reply.value.version } : notSent(reply);
  }

  stream(name: string, data: Doc, n: number): void {
    this.#send(JSON.stringify({ type: "stream", device: this.#device, name, data, n, ...this.#under() }));
  }

  laneRefusal(): string | undefined {
    const said = this.#laneRefusal;
    this.#laneRefusal = undefined;
    return said;
  }

  /** [G4] */
  #under(): { fence?: number } {
    return this.#fence === undefined ? {} : { fence: this.#fence };
  }

  #send(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  async close(): Promise<void> {
    if (this.#fence !== undefined) await this.#ask({ type: "lease", action: "release" });
    await new Promise<void>((resolve) => {
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
      this.#send(JSON.stringify({ ...frame, id, ...about }));
    });
  }

  #hear(text: string): void {
    const decoded = decode(text);
    if (!decoded.ok) return;
    const frame = decoded.value as Frame;
    if (frame.type === "reply") {
      this.#waiting.get(frame.id)?.(frame as unknown as Reply);
      this.#waiting.delete(frame.id);
    } else if (frame.type === "error" && frame.of === "stream") this.#laneRefusal = refusal(frame.code, frame.message);
    else if (frame.type === "frame" && frame.device === this.#device) this.#overhear(frame.direction, frame.text);
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
  refused: refusal(code, message),
  isForbiddenNow: code === "interlock",
});

const refusal = (code: unknown, message: unknown): string => `the hub refused it: ${code}: ${message}`;

const lost = (code: number): Reply => ({
  ok: false,
  error: { code: "closed", message: `the hub ended the connection (${code})` },
});
