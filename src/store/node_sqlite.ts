/** SQLite in a folder of this machine. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Store } from "../hub/ports.ts";
import { StoreError } from "./migrations.ts";
import { openSqlite, type Sql } from "./sqlite.ts";

export { StoreError };

/** Opens the database in a folder, which is made where it is missing. Throws a `StoreError` where it cannot. */
export function openStore(folder: string, now: number): Store {
  try {
    mkdirSync(folder, { recursive: true });
    return open(join(folder, "signalbox.sqlite"), folder, now);
  } catch (error) {
    throw storeError(folder, error);
  }
}

/** A store that nobody keeps, for tests. */
export const openMemory = (): Store => open(":memory:", "memory", 0);

const open = (path: string, where: string, now: number): Store => storeIn(new DatabaseSync(path), where, now);

/** The store in a database that is open already, and ends with it. */
export function storeIn(database: DatabaseSync, where: string, now: number): Store {
  try {
    // The lock is the operating system's, so it ends with the process however that ends.
    database.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN EXCLUSIVE; COMMIT",
    );
    return openSqlite(sqlOf(database), where, now);
  } catch (error) {
    // Whoever looks into it next must not find it locked.
    database.close();
    throw error;
  }
}

function sqlOf(database: DatabaseSync): Sql {
  const prepared = new Map<string, StatementSync>();
  let mode = "full";
  const statement = (text: string): StatementSync => {
    const known = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, known);
    return known;
  };
  const pragma = (name: string): number => Number(statement(`PRAGMA ${name}`).get()![name]);
  return {
    run: (text, ...values) => Number(statement(text).run(...values).changes),
    all: (text, ...values) => statement(text).all(...values),
    transaction(act) {
      database.exec("BEGIN IMMEDIATE");
      try {
        act();
        database.exec("COMMIT");
      } catch (error) {
        // A failed commit may have ended the transaction by itself.
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    },
    durability(wanted) {
      if (wanted !== mode) database.exec(`PRAGMA synchronous = ${wanted.toUpperCase()}`);
      mode = wanted;
    },
    size: () => pragma("page_count") * pragma("page_size"),
    close: () => database.close(),
  };
}

/** Why the data in a folder cannot be used, as a sentence for whoever starts the hub [S3]. A bug of ours stays one. */
export function storeError(folder: string, error: unknown): unknown {
  if (error instanceof StoreError || error instanceof TypeError || error instanceof RangeError) return error;
  return new StoreError(sentenceFor(folder, error));
}

function sentenceFor(folder: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/locked|busy/i.test(text)) {
    return `Another Signalbox uses the data in ${folder}: end that one, or set another SIGNALBOX_DATA.`;
  }
  if (error instanceof SyntaxError || /not a database|malformed|corrupt/i.test(text)) {
    return `The file signalbox.sqlite in ${folder} is no database that Signalbox can read: ${text}.`;
  }
  return `The data folder ${folder} cannot be used (${text}): make it writable, or set another SIGNALBOX_DATA.`;
}
