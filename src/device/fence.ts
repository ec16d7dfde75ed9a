/** Whose word counts: the highest fence seen since the device started, in commands and lanes alike [G7, L5]. */
export class Fence {
  #highest = 0;

  /** Is it not an older driver's? What has no fence is not held against it. */
  admits(fence: number | undefined): boolean {
    if (fence === undefined) return true;
    this.#highest = Math.max(this.#highest, fence);
    return fence === this.#highest;
  }
}
