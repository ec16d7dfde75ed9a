/** Which deleted devices are still to be erased, and what of the rows is theirs [Q12]. */
import type { ErasureRow } from "./rows.ts";

/** What is older than this is of a device that is deleted; of one that never was, nothing is. */
export const sinceOf = (erasures: readonly ErasureRow[], device: string): string =>
  erasures.findLast((erasure) => erasure.device === device)?.id ?? "";

/** The same for everybody who is to be erased: each has many rows, and the rows of several lie together. */
export class Erased {
  readonly #since: ReadonlyMap<string, string>;

  constructor(erasures: readonly ErasureRow[]) {
    this.#since = new Map(erasures.map(({ device, id }) => [device, id]));
  }

  has(device: string, generation: string): boolean {
    return generation < (this.#since.get(device) ?? "");
  }
}
