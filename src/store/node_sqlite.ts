/** SQLite in a folder of this machine. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Store } from "../hub/ports.ts";
import { StoreError } from "./migrations.ts";
import { openSqlite, type Sql, type Statement } from "./sqlite.ts";

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
  const prepare = (text: string): Statement => {
    let made: StatementSync | undefined;
    const statement = () => made ??= database.prepare(text);
    return {
      run: (...values) => Number(statement().run(...values).changes),
      all: (...values) => statement().all(...values),
    };
  };
  const [begin, commit, rollback] = ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"].map(prepare);
  const steps = {
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    // A failed commit may have ended the transaction by itself.
    rollback: () => void (database.isTransaction && rollback.run()),
  };
  const size = prepare("SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size");
  let mode = "full";
  return {
    prepare,
    transaction(act) {
      steps.begin();
      try {
        act();
        steps.commit();
      } catch (error) {
        steps.rollback();
        throw error;
      }
    },
    steps,
    durability(wanted) {
      // Never prepared: this one acts when it is compiled.
      if (wanted !== mode) database.exec(`PRAGMA synchronous = ${wanted.toUpperCase()}`);
      mode = wanted;
    },
    size: () => Number(size.all()[0].size),
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
