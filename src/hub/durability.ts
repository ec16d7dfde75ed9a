/** Which writes are a promise to anybody, and so have to outlive a power cut. */
import type { Write } from "./ports.ts";
import type { Table } from "./rows.ts";

/** Tables whose rows are no promise to anybody. */
const MERE: readonly Table[] = ["journal", "page", "hourly", "settling", "erasure", "checkpoint", "trace", "blob_part"];

/** Or whose rows may come back: whoever had them knows them again, and what was to be erased is erased again. */
const COMES_AGAIN: readonly Table[] = ["outbox", "page", "hourly", "event", "command", "blob", "blob_part"];

/** Is it one that nobody was told about? `isNote` knows rows of which nothing is new that anybody relies on. */
export const isMere = (write: Write, isNote: (table: Table, id: string) => boolean): boolean =>
  "prune" in write || ("put" in write && (MERE.includes(write.put) || isNote(write.put, write.row.id))) ||
  ("clear" in write && MERE.includes(write.clear)) || ("drop" in write && COMES_AGAIN.includes(write.drop));
