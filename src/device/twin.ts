/** Desired state: given to the device one version after the other, and answered [D3, D6]. */
import { messageOf } from "./handlers.ts";
import type { Applied } from "./said.ts";

type Doc = Record<string, unknown>;
type Why = { code: string; message: string };

/** What a device says to a desired document: nothing when it took all of it, else the fields that it refused. */
export type Refusals<F extends string = string> = { [N in F]?: Why };

export interface TwinOptions {
  take(state: Doc, version: number): void | Refusals | Promise<void | Refusals>;
  answer(applied: Applied): void;
  thrown(error: unknown): void;
}

/** What the hub takes of an answer: longer ones would be refused whole. */
const MOST_ERRORS = 64;
const LONGEST_TEXT = 256;

export class Twin {
  /** The answer given last. */
  applied: Applied | null = null;
  readonly #options: TwinOptions;
  #newest: { version: number; state: Doc } | null = null;
  /** The version that was taken last, or is being taken. */
  #version = 0;
  #isBusy = false;

  constructor(options: TwinOptions) {
    this.#options = options;
  }

  /** A document that is known already, as after each reconnect, is not taken again. */
  desired(version: number, state: Doc): void {
    if (version === this.#version) {
      this.#newest = null;
      return;
    }
    this.#newest = { version, state };
    if (!this.#isBusy) this.#work();
  }

  /** [D6] A `welcome` that names no state: what was not begun yet may not be wanted any more. */
  hold(): void {
    this.#newest = null;
  }

  /** One at a time; what came meanwhile is skipped for the newest. */
  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#newest; next; next = this.#newest) {
      this.#newest = null;
      this.#version = next.version;
      this.applied = { version: next.version, ...await this.#take(next) };
      this.#options.answer(this.applied);
    }
    this.#isBusy = false;
  }

  async #take({ version, state }: { version: number; state: Doc }): Promise<Omit<Applied, "version">> {
    try {
      const refusals = await this.#options.take(state, version) ?? {};
      const refused = Object.entries(refusals).filter((entry): entry is [string, Why] => entry[1] !== undefined);
      return refused.length === 0 ? { ok: true } : { ok: false, errors: errorsOf(refused) };
    } catch (error) {
      this.#options.thrown(error);
      const why = { code: "hardware_fault", message: messageOf(error) };
      return { ok: false, errors: errorsOf(Object.keys(state).map((field) => [field, why])) };
    }
  }
}

const errorsOf = (refused: [field: string, why: Why][]): Applied["errors"] =>
  refused.slice(0, MOST_ERRORS).map(([field, { code, message }]) => ({
    field,
    code: code.slice(0, LONGEST_TEXT),
    message: message.slice(0, LONGEST_TEXT),
  }));
