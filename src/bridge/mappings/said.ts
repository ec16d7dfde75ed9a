/** What the device said, and what of it the hub has yet to be told. */
import type { DeviceFrame, FrameOf } from "../../protocol/from_device.ts";
import type { ErrorFrame } from "../../protocol/to_device.ts";
import type { Values } from "./fill.ts";
import { isNear } from "./reading.ts";
import type { Applied } from "./wanted.ts";

/** What is the same is said again after so long, so that its age is known. */
const AGAIN = 60_000;
/** Samples and events that wait for a connection. */
const MOST_WAITING = 32;

type Waiting = { frame: FrameOf<"telemetry"> | FrameOf<"event">; since: number };

export class Said {
  isOpen = false;
  /** The state that it reported, this time. */
  readonly known: Values = {};
  readonly #live = new Set<string>();
  /** When the hub was told of a field last, on this connection. */
  readonly #told = new Map<string, number>();
  #changed = new Set<string>();
  #waiting: Waiting[] = [];
  /** Fields that the hub refused: each goes in a frame of its own, where it harms no other [N47]. */
  readonly #apart = new Set<string>();

  state(state: Values): void {
    for (const [field, value] of Object.entries(state)) {
      if (!Object.hasOwn(this.known, field) || !isNear(this.known[field], value)) this.#told.delete(field);
      this.known[field] = value;
      this.#live.add(field);
      this.#changed.add(field);
    }
  }

  /** Kept by the broker: it counts until the device itself says something of it [N43]. */
  keptState(state: Values): void {
    const older = Object.entries(state).filter(([field]) => !this.#live.has(field));
    for (const [field, value] of older) {
      if (!Object.hasOwn(this.known, field) || !isNear(this.known[field], value)) this.#told.delete(field);
      this.known[field] = value;
      this.#changed.add(field);
    }
  }

  sample(data: Values, now: number, at?: number): void {
    const together = Object.entries(data).filter(([field]) => !this.#apart.has(field));
    const alone = Object.entries(data).filter(([field]) => this.#apart.has(field));
    for (const entries of [together, ...alone.map((entry) => [entry])]) {
      if (entries.length === 0) continue;
      const frame = { type: "telemetry" as const, data: Object.fromEntries(entries), ...(at !== undefined && { at }) };
      this.#wait({ frame, since: now });
    }
  }

  event(name: string, data: Values, now: number): void {
    this.#wait({ frame: { type: "event", name, data }, since: now });
  }

  /** What can be told now; the answer to a desired document goes with it. */
  frames(now: number, applied?: Applied): DeviceFrame[] {
    if (!this.isOpen) return [];
    const due = [...this.#changed].filter((field) => now - (this.#told.get(field) ?? -Infinity) >= AGAIN);
    this.#changed = new Set();
    for (const field of due) this.#told.set(field, now);
    const together = due.filter((field) => !this.#apart.has(field));
    const alone = due.filter((field) => this.#apart.has(field));
    const state = (fields: string[], more: { applied?: Applied } = {}): FrameOf<"state"> => ({
      type: "state",
      reported: Object.fromEntries(fields.map((field) => [field, this.known[field]])),
      ...more,
    });
    const frames: DeviceFrame[] = this.#waiting.map(({ frame, since }) => withAge(frame, now - since));
    this.#waiting = [];
    for (const field of alone) frames.push(state([field]));
    if (together.length > 0 || applied) frames.push(state(together, applied && { applied }));
    return frames;
  }

  open(now: number, applied?: Applied): DeviceFrame[] {
    this.isOpen = true;
    this.#told.clear();
    this.#changed = new Set(Object.keys(this.known));
    return this.frames(now, applied);
  }

  close(): void {
    this.isOpen = false;
  }

  /** It is away: what it reported before is not known to be so still. */
  end(): void {
    this.close();
    for (const field of Object.keys(this.known)) delete this.known[field];
    this.#live.clear();
    this.#changed.clear();
    this.#waiting = [];
  }

  refused({ of, pointer = "" }: ErrorFrame, now: number): DeviceFrame[] {
    const field = /^#\/(?:data|reported)\/([a-z][a-z0-9_]*)/.exec(pointer)?.[1];
    if (field === undefined || this.#apart.has(field) || this.#apart.size >= 256) return [];
    this.#apart.add(field);
    if (of !== "state") return [];
    this.#told.clear();
    this.#changed = new Set(Object.keys(this.known).filter((one) => one !== field));
    return this.frames(now);
  }

  #wait(waiting: Waiting): void {
    if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift();
    this.#waiting.push(waiting);
  }
}

function withAge(frame: Waiting["frame"], ms: number): DeviceFrame {
  return ms <= 0 || frame.at !== undefined ? frame : { ...frame, ago: ms / 1000 };
}
