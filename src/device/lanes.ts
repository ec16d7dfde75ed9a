/** Real-time lanes: the newest frame, no frame twice, and a stop by itself when they stop [L5, L6]. */
import type { AnyKind, CommandNames, ParamsOf } from "../kind/kind.ts";
import type { Clock } from "./clock.ts";
import type { Fence } from "./fence.ts";
import type { FromHubOf } from "./from_hub.ts";

/** What a handler knows of a frame, beside its data. */
export interface StreamContext {
  readonly n: number;
  readonly fence?: number;
}

/** What the device does with each frame of a lane. */
export type StreamHandlers<K extends AnyKind> = {
  [N in CommandNames<K> as K["specs"][N]["effect"] extends "stream" ? N : never]?: (
    data: ParamsOf<K, N>,
    context: StreamContext,
  ) => void;
};
export type AnyStreamHandler = (data: never, context: StreamContext) => void;

export interface LanesOptions {
  clock: Clock;
  kind: AnyKind;
  handlers: Record<string, AnyStreamHandler | undefined>;
  fence: Fence;
  tell(frame: { type: "streamed"; name: string; n: number }): void;
  silent(name: string): void;
  thrown(name: string, error: unknown): void;
}

interface Lane {
  /** Of whoever drove last. */
  fence: number;
  /** The newest frame acted on; null while nobody drives. */
  n: number | null;
  toldAt: number;
  /** Takes back the dead-man's switch; null while nobody drives. */
  stop: (() => void) | null;
  /** Takes back the next answer, while it waits for its time. */
  answer: (() => void) | null;
}

/** Between two answers: ten a second, or four in the time after which the hub sends nothing more. */
const ANSWER_EVERY_MS = 100;

export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<string, Lane>();

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  stream({ name, data, n, fence = 0 }: FromHubOf<"stream">): void {
    const { handlers, kind, thrown, fence: newest } = this.#options;
    const isLane = Object.hasOwn(kind.commands, name) && kind.commands[name].effect === "stream";
    const handler = isLane && Object.hasOwn(handlers, name) && handlers[name];
    if (!handler) return;
    const checked = kind.check.params(name, data);
    if (!checked.ok) return thrown(name, new Error(checked.fault.message));
    const lane = this.#lane(name);
    const isNewDriver = fence > lane.fence;
    if (!newest.admits(fence) || (!isNewDriver && lane.n !== null && n <= lane.n)) return;
    try {
      handler(checked.value as never, { n, ...(fence > 0 && { fence }) });
    } catch (error) {
      return thrown(name, error);
    }
    Object.assign(lane, { fence, n });
    this.#watch(name, lane);
    lane.answer ??= this.#answer(name, lane);
  }

  /** A new connection: whoever drives now begins anew, and the device still stops by itself. */
  rewind(): void {
    for (const lane of this.#lanes.values()) lane.n = null;
  }

  /** For good: what was being driven stops now. */
  close(): void {
    for (const [name, lane] of this.#lanes) {
      lane.answer?.();
      if (lane.stop) this.#stop(name, lane);
    }
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name) ?? { fence: 0, n: null, toldAt: -Infinity, stop: null, answer: null };
    this.#lanes.set(name, lane);
    return lane;
  }

  #watch(name: string, lane: Lane): void {
    lane.stop?.();
    lane.stop = this.#options.clock.after(this.#deadman(name) * 1000, () => this.#stop(name, lane));
  }

  #stop(name: string, lane: Lane): void {
    const { silent, thrown } = this.#options;
    lane.stop?.();
    Object.assign(lane, { n: null, stop: null });
    try {
      silent(name);
    } catch (error) {
      thrown(name, error);
    }
  }

  /** The first frame is answered at once, whatever comes within a moment by its newest. */
  #answer(name: string, lane: Lane): (() => void) | null {
    const { clock } = this.#options;
    const every = Math.min(ANSWER_EVERY_MS, this.#deadman(name) * 250);
    const wait = lane.toldAt + every - clock.now();
    if (wait > 0) return clock.after(wait, () => this.#tell(name, lane));
    this.#tell(name, lane);
    return null;
  }

  #tell(name: string, lane: Lane): void {
    Object.assign(lane, { toldAt: this.#options.clock.now(), answer: null });
    if (lane.n !== null) this.#options.tell({ type: "streamed", name, n: lane.n });
  }

  #deadman(name: string): number {
    // [K9] Every lane has one.
    return this.#options.kind.commands[name].deadman!;
  }
}
