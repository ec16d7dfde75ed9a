/** Blobs: one at a time, whole, and again on each connection until the hub has it [B7]. */
import type { FrameOf } from "../protocol/from_device.ts";
import { MAX_BLOB } from "../protocol/words.ts";
import type { Clock } from "./clock.ts";
import { CommandFailed } from "./handlers.ts";
import type { Limits, Pace } from "./pace.ts";
import { sha256 } from "./sha256.ts";

export interface BlobsOptions {
  clock: Clock;
  send(data: string | Uint8Array): void;
  /** Bytes that were sent and have not left yet. */
  ahead(): number;
  /** Unlike any that an earlier life of this device made. */
  prefix: string;
}

interface Upload {
  header: FrameOf<"blob">;
  bytes: Uint8Array;
  /** How many of the bytes went out on this connection; null before the header did. */
  sent: number | null;
  /** How often it came to the hub otherwise than it left. */
  broken: number;
  resolve(id: string): void;
  reject(error: CommandFailed): void;
}

interface Hub {
  limits: Limits;
  pace: Pace;
}

/** Samples, answers and pings wait behind no more than this: a picture on a thin line takes long. */
const MOST_AHEAD = 128 * 1024;
const LOOK_AGAIN_MS = 50;
/** What arrives broken this often will not arrive. */
const MOST_BROKEN = 3;

export class Blobs {
  readonly #options: BlobsOptions;
  readonly #queue: Upload[] = [];
  #hub: Hub | null = null;
  #later: (() => void) | null = null;
  #made = 0;

  constructor(options: BlobsOptions) {
    this.#options = options;
  }

  /** As they are now: what the caller does with them afterwards is not sent. */
  add(mime: string, bytes: Uint8Array, command?: string): Promise<string> {
    const upload = Promise.withResolvers<string>();
    // Whoever does not wait for it hears of its trouble all the same, and must not be ended by it.
    upload.promise.catch(() => {});
    if (bytes.length < 1 || bytes.length > MAX_BLOB) {
      upload.reject(new CommandFailed("too_large", `a blob has 1 to ${MAX_BLOB} bytes`));
      return upload.promise;
    }
    const id = `${this.#options.prefix}-${++this.#made}`;
    const kept = bytes.slice();
    const about = { id, mime, size: kept.length, sha256: sha256(kept), ...(command !== undefined && { command }) };
    this.#queue.push({ ...upload, header: { type: "blob", ...about }, bytes: kept, sent: null, broken: 0 });
    this.#pump();
    return upload.promise;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  welcomed(hub: Hub): void {
    this.#hub = hub;
    if (this.#queue.length > 0) this.#queue[0].sent = null;
    this.#pump();
  }

  down(): void {
    this.#hub = null;
    this.#later?.();
    this.#later = null;
  }

  stored(id: string): void {
    this.#take(id)?.resolve(id);
    this.#pump();
  }

  /** The hub does not want it, or did not get it whole; what `passes` is sent again. */
  refused(id: string, { code, message }: { code: string; message: string }, passes: boolean): void {
    const [first] = this.#queue;
    if (first?.header.id !== id) return;
    if (code === "broken_blob") first.broken += 1;
    if (passes && first.broken < MOST_BROKEN) first.sent = null;
    else this.#take(id)!.reject(new CommandFailed(code, message));
    this.#pump();
  }

  close(): void {
    this.down();
    for (const { reject } of this.#queue.splice(0)) reject(new CommandFailed("cancelled", "The device was closed"));
  }

  #take(id: string): Upload | undefined {
    return this.#queue[0]?.header.id === id ? this.#queue.shift() : undefined;
  }

  #pump(): void {
    if (this.#later) return;
    while (this.#hub && this.#hasNext) {
      const ms = this.#mustWait(this.#hub);
      if (ms > 0) return this.#pumpIn(ms);
      this.#options.send(nextOf(this.#queue[0], this.#hub.limits.maxFrame));
    }
  }

  #pumpIn(ms: number): void {
    this.#later = this.#options.clock.after(ms, () => {
      this.#later = null;
      this.#pump();
    });
  }

  /** Milliseconds until the next frame may go. */
  #mustWait({ pace }: Hub): number {
    const { ahead, clock } = this.#options;
    if (ahead() > MOST_AHEAD) return LOOK_AGAIN_MS;
    return pace.pausedFor(clock.now()) || pace.take(clock.now());
  }

  get #hasNext(): boolean {
    const [first] = this.#queue;
    return first !== undefined && (first.sent === null || first.sent < first.bytes.length);
  }
}

/** The header, then the bytes. */
function nextOf(upload: Upload, maxFrame: number): string | Uint8Array {
  const { header, bytes, sent } = upload;
  upload.sent = sent === null ? 0 : Math.min(bytes.length, sent + maxFrame);
  return sent === null ? JSON.stringify(header) : bytes.subarray(sent, upload.sent);
}
