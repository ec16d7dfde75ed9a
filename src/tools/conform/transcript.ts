/** Everything that the device said, in order, and whoever waits for more of it. */
import type { Fault } from "../../protocol/fault.ts";
import { bytesOf, decode, isPing } from "../../protocol/frame.ts";
import { type DeviceFrame, type FrameOf, readDeviceFrame } from "../../protocol/from_device.ts";

/** One message of the device. */
export interface Said {
  /** Counted from 1. */
  connection: number;
  /** On a clock that never jumps, in ms. */
  at: number;
  bytes: number;
  what: { sort: "frame"; frame: DeviceFrame } | { sort: "bad"; fault: Fault } | { sort: "ping" } | { sort: "binary" };
}

export class Transcript {
  readonly said: Said[] = [];
  /** The present connection, or the last one; 0 before the first. */
  connection = 0;
  readonly #listeners = new Set<(said: Said) => void>();

  /** Returns what ends it. */
  listen(listener: (said: Said) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  text(text: string): Said {
    return this.#say(bytesOf(text), isPing(text) ? { sort: "ping" } : readFrame(text));
  }

  binary(bytes: number): void {
    this.#say(bytes, { sort: "binary" });
  }

  #say(bytes: number, what: Said["what"]): Said {
    const said = { connection: this.connection, at: performance.now(), bytes, what };
    this.said.push(said);
    for (const listener of this.#listeners) listener(said);
    return said;
  }

  /** The first that `take` makes something of: of those from `from` on, or of what comes within so many ms. */
  first<T>(take: (said: Said) => T | undefined, ms: number, from = this.said.length): Promise<T | undefined> {
    for (const said of this.said.slice(from)) {
      const taken = take(said);
      if (taken !== undefined) return Promise.resolve(taken);
    }
    return new Promise((resolve) => {
      const end = (taken?: T) => {
        clearTimeout(timer);
        stop();
        resolve(taken);
      };
      const timer = setTimeout(end, Math.max(0, ms));
      const stop = this.listen((said) => {
        const taken = take(said);
        if (taken !== undefined) end(taken);
      });
    });
  }

  /** The frames of a type from `from` on. */
  frames<T extends DeviceFrame["type"]>(type: T, from = 0): FrameOf<T>[] {
    return this.said.slice(from).flatMap((said) => frameIn(said, type) ?? []);
  }
}

export function frameIn<T extends DeviceFrame["type"]>({ what }: Said, type: T): FrameOf<T> | undefined {
  return what.sort === "frame" && what.frame.type === type ? what.frame as FrameOf<T> : undefined;
}

function readFrame(text: string): Said["what"] {
  const envelope = decode(text);
  const read = envelope.ok ? readDeviceFrame(envelope.value) : envelope;
  return read.ok ? { sort: "frame", frame: read.value } : { sort: "bad", fault: read.fault };
}
