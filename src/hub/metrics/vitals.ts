/** What a runtime knows of itself; what it cannot know is left out. Bytes, seconds, and times in ms. */
export interface Vitals {
  /** Its name and version. */
  runtime: string;
  /** When the process started. */
  startedAt?: number;
  cpu?: number;
  resident?: number;
  heap?: number;
  /** How large the database is, and what its disk has left. */
  database?: number;
  free?: number;
  /** How many rows were written or dropped since the program began; of the runtime, what it adds to the store's. */
  rows?: number;
}
