/** The numbers of a device in their scope: a repeat is the same again, on a later connection [T5]. */
import { isDeepStrictEqual } from "node:util";

type Doc = Record<string, unknown>;

export class Sequence {
  #connection = 0;
  #boot: string | undefined;
  /** On this connection and in this scope. */
  #last = -1;
  /** What each number stood for, by boot. */
  readonly #told = new Map<string, Map<number, Doc>>();

  hello(connection: number, boot: string | undefined): void {
    this.#on(connection);
    if (boot !== this.#boot) this.#last = -1;
    this.#boot = boot;
  }

  /** What is wrong with this number, if anything. */
  next(connection: number, seq: number, frame: Doc): string | undefined {
    this.#on(connection);
    if (seq <= this.#last) return `${seq} came after ${this.#last} on the same connection`;
    this.#last = seq;
    return this.#boot === undefined ? undefined : this.#again(this.#boot, seq, timeless(frame));
  }

  /** Without a hello the connection is the scope. */
  #on(connection: number): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.#boot = undefined;
    this.#last = -1;
  }

  #again(boot: string, seq: number, said: Doc): string | undefined {
    const told = this.#told.get(boot) ?? new Map<number, Doc>();
    this.#told.set(boot, told);
    const before = told.get(seq);
    const highest = Math.max(-1, ...told.keys());
    if (before && !isDeepStrictEqual(before, said)) return `${seq} stood for something else before, in the same boot`;
    if (!before && seq < highest) return `${seq} is new and came after ${highest}, in the same boot`;
    told.set(seq, said);
  }
}

/** `ago` is counted at each sending; what it is about stays. */
function timeless({ ago: _, samples, ...rest }: Doc): Doc {
  if (!Array.isArray(samples)) return rest;
  return { ...rest, samples: samples.map((sample) => timeless(sample as Doc)) };
}
