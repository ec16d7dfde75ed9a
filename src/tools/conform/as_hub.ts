/** The kit as the hub of one device: what it says to it and hears of it, which may be what no hub does [C12, Z]. */
import type { RawData, WebSocket } from "ws";
import { CLOSE } from "../../protocol/close.ts";
import type { FrameOf } from "../../protocol/from_device.ts";
import { mergePatch } from "../../protocol/merge.ts";
import { DEFAULT_DEVICE_FRAME, MAX_BLOB, MAX_FRAME } from "../../protocol/words.ts";
import { Announced } from "./announced.ts";
import { type Door, Entrance, idOf } from "./entrance.ts";
import { Settling } from "./settling.ts";
import type { Side, Wire } from "./side.ts";
import { Transcript } from "./transcript.ts";

type Doc = Record<string, unknown>;

export class AsHub implements Side, Wire {
  readonly as = "hub";
  readonly transcript = new Transcript();
  readonly reported = {};
  readonly #door: Door;
  readonly #entrance: Entrance;
  /** Keeps the ids of this run apart from those that the device remembers of another. */
  readonly #run = Math.random().toString(36).slice(2, 10);
  readonly #withheld = new Set<string>();
  readonly #waiters = new Set<() => void>();
  #socket: WebSocket | undefined;
  #blob: Announced | undefined;
  #maxFrame = DEFAULT_DEVICE_FRAME;
  #ids = 0;
  /** [G3] Of the newest lease, as far as it was told. */
  #fence = 1;
  #desired: { version: number; state: Doc } = { version: 0, state: {} };
  /** Since when it is gone, and after how many ms it knocked again. */
  #goneAt = performance.now();
  #backAfter: number | undefined;

  constructor(door: Door) {
    this.#door = door;
    door.findings.unseen("blobs", "it sent none");
    this.#entrance = new Entrance(door, {
      asked: () => this.#backAfter ??= performance.now() - this.#goneAt,
      turnedAway: () => this.#knocked(),
      opened: (socket) => this.#opened(socket),
    });
  }

  /** Returns the port. */
  listen(): Promise<number> {
    return this.#entrance.listen();
  }

  get wire(): Wire {
    return this;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === 1;
  }

  get maxFrame(): number {
    return this.#maxFrame;
  }

  frame(name: string, params: Doc, more: Doc = {}): { type: "command"; id: string } & Doc {
    this.#ids += 1;
    const { kind } = this.#door;
    const ttl = kind.commands[name]?.ttl.default ?? 10;
    const expires = Date.now() + ttl * 1000;
    if (typeof more.fence === "number") this.#fence = Math.max(this.#fence, more.fence);
    const fence = kind.lease && name !== "stop" ? { fence: this.#fence } : {};
    return { type: "command", id: `${this.#run}-${this.#ids}`, name, params, ttl, expires, ...fence, ...more };
  }

  send(frame: Doc | string): void {
    this.#socket?.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  command(name: string, params: Doc): Promise<{ id: string } | { refused: string }> {
    if (!this.isOpen) return Promise.resolve({ refused: "the device is not connected any more" });
    const frame = this.frame(name, params);
    this.send(frame);
    return Promise.resolve({ id: frame.id });
  }

  cancel(id: string): Promise<void> {
    this.send({ type: "cancel", id });
    return Promise.resolve();
  }

  desire(patch: Doc): Promise<{ version: number }> {
    const { version, state } = this.#desired;
    this.#desired = { version: version + 1, state: mergePatch(state, patch) as Doc };
    this.send({ type: "desired", ...this.#desired });
    return Promise.resolve({ version: version + 1 });
  }

  stream(name: string, data: Doc, n: number): void {
    this.send({ type: "stream", name, data, n, fence: this.#fence });
  }

  withhold(id: string): void {
    this.#withheld.add(id);
  }

  cut(): void {
    const socket = this.#socket;
    this.#gone();
    socket?.terminate();
  }

  end(code: number): void {
    const socket = this.#socket;
    this.#entrance.isRevoked = code === CLOSE.revoked;
    this.#gone();
    socket?.close(code, "conform");
  }

  #gone(): void {
    this.#socket = undefined;
    this.#goneAt = performance.now();
    this.#backAfter = undefined;
  }

  back(ms: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve(this.#backAfter);
      };
      const timer = setTimeout(done, ms);
      this.#waiters.add(done);
      if (this.#backAfter !== undefined) done();
    });
  }

  close(): Promise<void> {
    this.#socket?.close(CLOSE.going_away);
    return this.#entrance.close();
  }

  #opened(socket: WebSocket): void {
    this.#socket?.close(CLOSE.taken_over);
    this.#socket = socket;
    this.#maxFrame = DEFAULT_DEVICE_FRAME;
    this.#blob = undefined;
    this.transcript.connection += 1;
    const settle = new Settling((frame) => socket.send(JSON.stringify(frame)));
    socket.on("message", (data, isBinary) => this.#socket === socket && this.#hear(data, isBinary, settle));
    socket.on("error", () => {});
    socket.on("close", () => {
      settle.stop();
      if (this.#socket === socket) this.#gone();
    });
    this.send({
      type: "welcome",
      protocol: 1,
      device: idOf(this.#door.token),
      time: Date.now(),
      heartbeat: this.#door.kind.heartbeat,
      limits: { maxFrame: MAX_FRAME, rate: 100, burst: 500, maxBlob: MAX_BLOB },
      desired: this.#desired,
    });
    this.#knocked();
  }

  #knocked(): void {
    for (const done of this.#waiters) done();
  }

  #hear(data: RawData, isBinary: boolean, settle: Settling): void {
    if (isBinary) return this.#bytes(data as Uint8Array);
    const { what } = this.transcript.text(String(data));
    if (what.sort === "ping") this.send("pong");
    if (what.sort !== "frame") return;
    const { frame } = what;
    if (frame.type === "hello" && frame.maxFrame) {
      this.#maxFrame = Math.min(MAX_FRAME, Math.max(this.#maxFrame, frame.maxFrame));
    }
    if (frame.type === "blob") this.#announced(frame);
    if (frame.type === "result" && !this.#withheld.has(frame.id)) this.send({ type: "stored", id: frame.id });
    if ("seq" in frame && frame.seq !== undefined) settle.stored(frame.seq);
  }

  #announced(frame: FrameOf<"blob">): void {
    const { findings, kind } = this.#door;
    if (this.#blob) findings.red("blobs", `${frame.id} was announced before ${this.#blob.header.id} was whole`);
    this.#blob = new Announced(frame);
    const refusal = this.#blob.refusal(kind.blobs);
    if (refusal) findings.red("blobs", refusal);
  }

  #bytes(bytes: Uint8Array): void {
    this.transcript.binary(bytes.length);
    this.#blob?.take(bytes);
    if (!this.#blob?.isWhole) return;
    const flaw = this.#blob.flaw();
    if (flaw) this.#door.findings.red("blobs", flaw);
    else this.#door.findings.green("blobs");
    this.send({ type: "stored", blob: this.#blob.header.id });
    this.#blob = undefined;
  }
}
