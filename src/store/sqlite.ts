/** The store over SQLite, on every runtime that has one: a table per record, a row as JSON. */
import type { Group, Store, Write } from "../hub/ports.ts";
import type { Table } from "../hub/rows.ts";
import { TABLES } from "../hub/retention.ts";
import { migrate } from "./migrations.ts";
import { tableIn, type TableInSqlite } from "./table.ts";

export type Value = string | number | null | Uint8Array;

/** Prepared when it is first used, and then once. */
export interface Statement {
  /** Answers how many rows that wrote. */
  run(...values: Value[]): number;
  all(...values: Value[]): Record<string, unknown>[];
}

interface Steps {
  begin(): void;
  commit(): void;
  rollback(): void;
}

/** What an SQLite has to offer. */
export interface Sql {
  prepare(text: string): Statement;
  /** All or nothing. */
  transaction(act: () => void): void;
  /** The same in steps, where the runtime has them. */
  steps?: Steps;
  /** For the transactions that follow, where the runtime leaves the choice. */
  durability?(mode: "full" | "normal"): void;
  /** Bytes of the database. */
  size(): number;
  close(): void;
}

/** Opens the store, after bringing its tables up to date. `now` is noted with each migration. */
export function openSqlite(sql: Sql, where: string, now: number): Store {
  migrate(sql, where, now);
  const tables = Object.fromEntries(Object.keys(TABLES).map((name) => [name, tableIn(sql, name as Table)]));
  let rows = 0;
  const perform = (writes: readonly Write[]) => writes.reduce((sum, write) => sum + performIn(tables, write), 0);
  const { steps } = sql;
  return {
    // A table's rows are what was put there.
    get: (table, id) => tables[table].get(id) as never,
    list: (table, page = {}) => tables[table].list(page) as never,
    heads: (table, page = {}) => tables[table].heads(page) as never,
    slice: (table, id, from, length) => tables[table].slice(id, from, length),
    count: (table, owner, from) => tables[table].count(owner, from),
    commit(writes, durability) {
      sql.durability?.(durability);
      let written = 0;
      const act = () => void (written = perform(writes));
      // One statement is all or nothing by itself.
      if (writes.length === 1 && !("prune" in writes[0])) act();
      else sql.transaction(act);
      rows += written;
    },
    ...(steps && {
      begin() {
        sql.durability?.("full");
        return beginGroup(steps, perform, (written) => rows += written);
      },
    }),
    rows: () => rows,
    size: () => sql.size(),
    close: () => sql.close(),
  };
}

function beginGroup(
  { begin, commit, rollback }: Steps,
  perform: (writes: readonly Write[]) => number,
  count: (written: number) => void,
): Group {
  let written = 0;
  const orUndo = (act: () => void) => {
    try {
      act();
    } catch (error) {
      rollback();
      throw error;
    }
  };
  begin();
  return {
    write: (writes) => orUndo(() => written += perform(writes)),
    commit() {
      orUndo(commit);
      count(written);
    },
  };
}

/** Answers how many rows it wrote or dropped. */
function performIn(tables: Record<string, TableInSqlite>, write: Write): number {
  if ("put" in write) return tables[write.put].put(write.row);
  if ("drop" in write) return tables[write.drop].drop(write.id);
  if ("erase" in write) return tables[write.erase].erase(write.owner);
  if ("clear" in write) return tables[write.clear].clear(write.from, write.below);
  return Object.values(tables).reduce((rows, table) => rows + table.prune(write.prune), 0);
}
