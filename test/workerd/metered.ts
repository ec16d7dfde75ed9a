/** A Durable Object's storage that says what went through it: rows as the runtime counts them, and bytes that came out. */
import type { DurableStorage } from "../../src/store/durable_sqlite.ts";

export interface Reads {
  /** As the runtime counts them. */
  rows: number;
  /** That came out of SQL. */
  bytes: number;
  /** Of the whole rows that a part came out of, each once: SQLite reads a row from its beginning. */
  touched: number;
}

export class Metered implements DurableStorage {
  /** Rows written, by statement and table: what they were for. */
  readonly written = new Map<string, number>();
  #rows = 0;
  #bytes = 0;
  /** The tables and keys of rows of which something came out. */
  readonly #touched = new Set<string>();
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  readonly sql = {
    exec: (text: string, ...values: unknown[]) => {
      const cursor = this.#storage.sql.exec(text, ...values);
      const { rowsWritten } = cursor;
      if (rowsWritten > 0) this.write(purposeOf(text, values), rowsWritten);
      return {
        rowsWritten,
        toArray: () => {
          const rows = cursor.toArray();
          this.#rows += cursor.rowsRead;
          const table = /FROM (\w+)/.exec(text)![1];
          for (const row of rows) {
            for (const value of Object.values(row)) this.#bytes += sizeOf(value);
            this.#touched.add(`${table} ${idOf(row) ?? values.at(-1)}`);
          }
          return rows as Record<string, unknown>[];
        },
      };
    },
    databaseSize: 0,
  };

  transactionSync(act: () => void): void {
    this.#storage.transactionSync(act);
  }

  write(purpose: string, rows: number): void {
    this.written.set(purpose, (this.written.get(purpose) ?? 0) + rows);
  }

  /** What was read since the last time. */
  takeReads(): Reads {
    const sizes = [...this.#touched].map((key) =>
      this.#sizeOf(key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1))
    );
    const reads = { rows: this.#rows, bytes: this.#bytes, touched: sizes.reduce((sum, size) => sum + size, 0) };
    [this.#rows, this.#bytes] = [0, 0];
    this.#touched.clear();
    return reads;
  }

  #sizeOf(table: string, id: string): number {
    const [row] = this.#storage.sql.exec(`SELECT * FROM ${table} WHERE id = ?`, id).toArray();
    return row ? Object.values(row).reduce((sum: number, value) => sum + sizeOf(value), 0) : 0;
  }

  rows(purpose: string): number {
    return this.written.get(purpose) ?? 0;
  }

  /** What was written since the last time. */
  take(): Map<string, number> {
    const taken = new Map(this.written);
    this.written.clear();
    return taken;
  }
}

const idOf = ({ row }: Record<string, unknown>): string | undefined =>
  typeof row === "string" ? JSON.parse(row).id : undefined;

const sizeOf = (value: unknown): number =>
  typeof value === "string" ? value.length : value instanceof ArrayBuffer ? value.byteLength : 8;

function purposeOf(text: string, [id]: unknown[]): string {
  const [verb] = text.split(" ");
  const table = /(?:INTO|FROM) (\w+)/.exec(text)?.[1] ?? "tables";
  const tier = table === "page" ? `${String(id).split(".")[0]} page` : table;
  return verb === "DELETE" ? `${tier} dropped` : tier;
}
