/** The store over SQLite, on every runtime that has one: a table per record, a row as JSON. */
import { type Page, type Rows, type Store, type Table, TABLES, type Write } from "../hub/ports.ts";
import { migrate } from "./migrations.ts";

type Value = string | number | null | Uint8Array;

/** What an SQLite has to offer. */
export interface Sql {
  /** Answers how many rows that wrote. */
  run(text: string, ...values: Value[]): number;
  all(text: string, ...values: Value[]): Record<string, unknown>[];
  /** All or nothing. */
  transaction(act: () => void): void;
  /** For the transactions that follow, where the runtime leaves the choice. */
  durability?(mode: "full" | "normal"): void;
  /** Bytes of the database. */
  size(): number;
  close(): void;
}

/** Rows past their time that one commit drops from each table: a long absence must not stall an event. */
const MOST_PRUNED = 1_000;

/** Opens the store, after bringing its tables up to date. `now` is noted with each migration. */
export function openSqlite(sql: Sql, where: string, now: number): Store {
  migrate(sql, where, now);
  let rows = 0;
  return {
    get: (table, id) => rowsOf(table, sql.all(`SELECT ${columnsOf(table)} FROM ${table} WHERE id = ?`, id))[0],
    list: (table, page = {}) => list(sql, table, columnsOf(table), page),
    heads: (table, page = {}) => list(sql, table, "row", page),
    slice: (table, id, from, length) => slice(sql, table, id, from, length),
    count: (table, owner) => count(sql, table, owner),
    commit(writes, durability) {
      sql.durability?.(durability);
      let written = 0;
      sql.transaction(() => writes.forEach((write) => written += perform(sql, write)));
      rows += written;
    },
    rows: () => rows,
    size: () => sql.size(),
    close: () => sql.close(),
  };
}

const columnsOf = (table: Table): string => TABLES[table].hasBytes ? "row, bytes" : "row";

const rowsOf = <T extends Table>(_table: T, found: Record<string, unknown>[]): Rows[T][] =>
  found.map(({ row, bytes }) => ({
    ...JSON.parse(row as string),
    // An `ArrayBuffer` or a view, as the runtime likes.
    ...(bytes !== undefined && { bytes: new Uint8Array(bytes as ArrayBuffer) }),
  }));

function list<T extends Table>(
  sql: Sql,
  table: T,
  columns: string,
  { owner, from, below, limit, newest }: Page,
): Rows[T][] {
  const terms = [["owner = ?", owner], ["id >= ?", from], ["id < ?", below]].filter(([, value]) => value !== undefined);
  const where = terms.length > 0 ? `WHERE ${terms.map(([term]) => term).join(" AND ")}` : "";
  const text = `SELECT ${columns} FROM ${table} ${where} ORDER BY id ${newest ? "DESC" : "ASC"} LIMIT ?`;
  return rowsOf(table, sql.all(text, ...terms.map(([, value]) => value as string), limit ?? -1));
}

function slice(sql: Sql, table: Table, id: string, from: number, length: number): Uint8Array {
  const [row] = sql.all(`SELECT substr(bytes, ?, ?) AS bytes FROM ${table} WHERE id = ?`, from + 1, length, id);
  return new Uint8Array(row.bytes as ArrayBuffer);
}

function count(sql: Sql, table: Table, owner?: string): number {
  const where = owner === undefined ? "" : "WHERE owner = ?";
  const [row] = sql.all(`SELECT count(*) AS count FROM ${table} ${where}`, ...(owner === undefined ? [] : [owner]));
  return Number(row.count);
}

/** Answers how many rows it wrote or dropped. */
function perform(sql: Sql, write: Write): number {
  if ("put" in write) return put(sql, write.put, write.row);
  if ("drop" in write) return sql.run(`DELETE FROM ${write.drop} WHERE id = ?`, write.id);
  if ("erase" in write) return sql.run(`DELETE FROM ${write.erase} WHERE owner = ?`, write.owner);
  if ("clear" in write) {
    return sql.run(`DELETE FROM ${write.clear} WHERE id >= ? AND id < ?`, write.from, write.below);
  }
  return prune(sql, write.prune);
}

function put<T extends Table>(sql: Sql, table: T, row: Rows[T]): number {
  const { owner, expires, hasBytes } = TABLES[table];
  const { bytes, ...rest } = row as Rows[T] & { bytes?: Uint8Array };
  const columns: [string, Value][] = [["id", row.id], ["row", JSON.stringify(hasBytes ? rest : row)]];
  if (hasBytes) columns.push(["bytes", bytes!]);
  if (owner) columns.push(["owner", owner(row)]);
  if (expires) columns.push(["expires", expires(row)]);
  const names = columns.map(([name]) => name).join(", ");
  const places = columns.map(() => "?").join(", ");
  return sql.run(`INSERT OR REPLACE INTO ${table} (${names}) VALUES (${places})`, ...columns.map(([, value]) => value));
}

function prune(sql: Sql, now: number): number {
  let rows = 0;
  for (const [table, { expires }] of Object.entries(TABLES)) {
    if (!expires) continue;
    rows += sql.run(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires <= ? ORDER BY expires, id LIMIT ${MOST_PRUNED})`,
      now,
    );
  }
  return rows;
}
