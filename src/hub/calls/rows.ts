/** What is remembered of calls. */

/** The first answer to a call that carried an idempotency key [C20]. */
export interface ReplayRow {
  id: string;
  digest: string;
  at: number;
  value: unknown;
}
