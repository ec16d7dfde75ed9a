/** Desired state: given to the device one version after the other, and answered [D3, D6]. */
import { messageOf } from "./inbox.ts";
import type { Applied } from "./outbox.ts";

type Doc = Record<string, unknown>;

/** What a device says to a desired document: nothing when it took all of it, else the fields that it refused. */
export type Refusals<F extends string = string> = { [N in F]?: { code: string; message: string } };

export interface TwinOptions {
  take(state: Doc, version: number): void | Refusals | Promise<void | Refusals>;
  answer(applied: Applied): void;
  thrown(error: unknown): void;
}

export class Twin {
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

  /** One at a time; what came meanwhile is skipped for the newest. */
  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#newest; next; next = this.#newest) {
      this.#newest = null;
      this.#version = next.version;
      this.#options.answer({ version: next.version, ...await this.#take(next) });
    }
    this.#isBusy = false;
  }

  async #take({ version, state }: { version: number; state: Doc }): Promise<Omit<Applied, "version">> {
    try {
      const refusals = Object.entries(await this.#options.take(state, version) ?? {});
      if (refusals.length === 0) return { ok: true };
      return { ok: false, errors: refusals.map(([field, why]) => ({ field, code: why!.code, message: why!.message })) };
    } catch (error) {
      this.#options.thrown(error);
      const message = messageOf(error);
      const errors = Object.keys(state).map((field) => ({ field, code: "hardware_fault", message }));
      return { ok: false, errors: errors.slice(0, 64) };
    }
  }
}
