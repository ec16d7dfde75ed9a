/** `stored` for what has a number, at most once a second [T6]. */

const EVERY_MS = 1_000;

export class Settling {
  readonly #send: (frame: { type: "stored"; seq: number }) => void;
  #seq = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (frame: { type: "stored"; seq: number }) => void) {
    this.#send = send;
  }

  stored(seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send({ type: "stored", seq: this.#seq });
    }, EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
