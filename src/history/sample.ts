/** What a device told at one time. */

export type Doc = Record<string, unknown>;

export interface Sample {
  /** In ms since the epoch. */
  at: number;
  data: Doc;
  /** The device named a time that cannot be: this one is the arrival's [T3]. */
  clock?: "wrong";
  /** By how much that time was ahead of the arrival, or behind where it is negative, in ms; it is not kept. */
  off?: number;
}
