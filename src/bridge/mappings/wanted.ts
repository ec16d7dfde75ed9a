/** Desired state, told to the device by the commands that bring it about, and answered once it is reported [N46]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import type { Mapping } from "./mapping.ts";
import type { Values } from "./fill.ts";
import { isNear } from "./reading.ts";
import type { Published } from "./way.ts";

export type Applied = NonNullable<FrameOf<"state">["applied"]>;
export type Desire = Mapping["desires"][string];
/** What brings it about, or why nothing does. */
export type Told = { ok: true; publishes: Published[] } | { ok: false; code: string; message: string };
type Fault = NonNullable<Applied["errors"]>[number];

const MOST_ERRORS = 64;

export class Wanted {
  readonly #mapping: Mapping;
  /** The version that was taken last. */
  #version = 0;
  #state: Values = {};
  #errors: Fault[] = [];
  #isAnswered = true;

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** A version that is known is not told again: whoever pressed the button since then meant it. */
  told(
    version: number,
    state: Values,
    known: Values,
    tell: (desire: Desire, value: unknown) => Told,
  ): { publishes: Published[]; applied?: Applied } {
    if (version === this.#version) return { publishes: [] };
    this.#version = version;
    this.#state = state;
    this.#errors = [];
    this.#isAnswered = false;
    const publishes: Published[] = [];
    for (const [field, value] of inOrder(state, this.#mapping.desires)) {
      if (this.#is(field, value, known)) continue;
      const told = this.#publishesFor(field, value, tell);
      if (told.ok) publishes.push(...told.publishes);
      else this.#errors.push({ field: field.slice(0, 256), code: told.code, message: told.message });
    }
    if (this.#errors.length > 0) return { publishes, applied: this.#answer() };
    return { publishes, applied: this.heard(known) };
  }

  /** An answer, where all of it is reported now. */
  heard(known: Values): Applied | undefined {
    if (this.#isAnswered || this.#version === 0) return undefined;
    const isThere = Object.entries(this.#state).every(([field, value]) => this.#is(field, value, known));
    return isThere ? this.#answer() : undefined;
  }

  #answer(): Applied {
    this.#isAnswered = true;
    const errors = this.#errors.slice(0, MOST_ERRORS);
    return { version: this.#version, ok: errors.length === 0, ...(errors.length > 0 && { errors }) };
  }

  #is(field: string, value: unknown, known: Values): boolean {
    const { tolerance } = this.#mapping;
    return Object.hasOwn(known, field) &&
      isNear(known[field], value, Object.hasOwn(tolerance, field) ? tolerance[field] : 0);
  }

  #publishesFor(field: string, value: unknown, tell: (desire: Desire, value: unknown) => Told): Told {
    const { desires } = this.#mapping;
    return Object.hasOwn(desires, field)
      ? tell(desires[field], value)
      : { ok: false, code: "unsupported", message: "This device cannot be told what this should be." };
  }
}

/** As the mapping has them: of two that exclude each other the last one counts. */
function inOrder(state: Values, desires: object): [string, unknown][] {
  const order = Object.keys(desires);
  return Object.entries(state).sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
}
