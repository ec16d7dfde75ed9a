/** How often what nobody asked for is told: ten a second at most [N14]. */

const MOST = 10;
const SECOND = 1_000;

export class Telling {
  #since = -Infinity;
  #told = 0;

  may(now = Date.now()): boolean {
    if (now - this.#since >= SECOND || now < this.#since) {
      this.#since = now;
      this.#told = 0;
    }
    this.#told += 1;
    return this.#told <= MOST;
  }
}
