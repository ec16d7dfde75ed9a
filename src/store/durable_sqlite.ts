/** SQLite in a Durable Object: what is sent after a write waits for it by itself. */
import type { Store } from "../hub/ports.ts";
import { StoreError } from "./migrations.ts";
import { openSqlite } from "./sqlite.ts";

export { StoreError };

/** The part of `DurableObjectStorage` that is used here. */
export interface DurableStorage {
  sql: {
    exec(text: string, ...values: unknown[]): { toArray(): Record<string, unknown>[]; readonly rowsWritten: number };
    readonly databaseSize: number;
  };
  transactionSync(act: () => void): void;
}

export const openDurableStore = (storage: DurableStorage, now: number): Store =>
  openSqlite(
    {
      // The runtime keeps what it prepared by its text.
      prepare: (text) => ({
        run: (...values) => storage.sql.exec(text, ...values).rowsWritten,
        all: (...values) => storage.sql.exec(text, ...values).toArray(),
      }),
      transaction: (act) => storage.transactionSync(act),
      size: () => storage.sql.databaseSize,
      close: () => {},
    },
    "this Durable Object",
    now,
  );
