/** One table in SQLite: its rows as JSON beside what they are found by; each statement is prepared once. */
import type { Page } from "../hub/ports.ts";
import type { Rows, Table } from "../hub/rows.ts";
import { type TableOf, TABLES } from "../hub/retention.ts";
import type { Sql, Value } from "./sqlite.ts";

/** A row of any table. */
export type Row = Rows[Table] & { bytes?: Uint8Array };

/** Rows past their time that one commit drops: a long absence must not stall an event. */
const MOST_PRUNED = 1_000;
/** Bytes are above every text. */
const ABOVE_ALL = Uint8Array.of(0);

export interface TableInSqlite {
  get(id: string): Row | undefined;
  list(page: Page): Row[];
  /** Without their bytes. */
  heads(page: Page): Row[];
  slice(id: string, from: number, length: number): Uint8Array;
  count(owner?: string, from?: string): number;
  /** Each of these answers how many rows it wrote or dropped. */
  put(row: Row): number;
  drop(id: string): number;
  erase(owner: string): number;
  clear(from: string, below: string): number;
  prune(now: number): number;
}

export function tableIn(sql: Sql, table: Table): TableInSqlite {
  const { owner, changesOwner, expires, endsInOrder, hasBytes } = TABLES[table] as TableOf<Row>;
  const columns: [name: string, valueOf: (row: Row) => Value][] = [
    ["id", ({ id }) => id],
    ["row", hasBytes ? ({ bytes: _, ...rest }) => JSON.stringify(rest) : (row) => JSON.stringify(row)],
  ];
  if (hasBytes) columns.push(["bytes", ({ bytes }) => bytes!]);
  if (owner) columns.push(["owner", owner]);
  if (expires) columns.push(["expires", expires]);
  const names = columns.map(([name]) => name).join(", ");
  const places = columns.map(() => "?").join(", ");
  const whole = hasBytes ? "row, bytes" : "row";

  // A row that is there is changed, not replaced: an index whose column stays as it is costs no page, and no row.
  const changes = columns.filter(([name]) => name !== "id" && (name !== "owner" || changesOwner))
    .map(([name]) => `${name} = excluded.${name}`).join(", ");
  const put = sql.prepare(
    `INSERT INTO ${table} (${names}) VALUES (${places}) ON CONFLICT (id) DO UPDATE SET ${changes}`,
  );
  const drop = sql.prepare(`DELETE FROM ${table} WHERE id = ?`);
  const erase = sql.prepare(`DELETE FROM ${table} WHERE owner = ?`);
  const clear = sql.prepare(`DELETE FROM ${table} WHERE id >= ? AND id < ?`);
  const stays = `SELECT id FROM ${table} WHERE expires > ?1 ORDER BY id LIMIT 1`;
  const past = endsInOrder
    ? `SELECT id FROM ${table} WHERE id < ifnull((${stays}), x'00') ORDER BY id LIMIT ${MOST_PRUNED}`
    : `SELECT id FROM ${table} WHERE expires <= ?1 ORDER BY expires, id LIMIT ${MOST_PRUNED}`;
  const prune = sql.prepare(`DELETE FROM ${table} WHERE id IN (${past})`);
  const get = sql.prepare(`SELECT ${whole} FROM ${table} WHERE id = ?`);
  const slice = sql.prepare(`SELECT substr(bytes, ?, ?) AS bytes FROM ${table} WHERE id = ?`);
  const count = sql.prepare(`SELECT count(*) AS count FROM ${table} WHERE id >= ?`);
  const countOf = sql.prepare(`SELECT count(*) AS count FROM ${table} WHERE owner = ? AND id >= ?`);
  const page = (columns: string, where: string, order: string) =>
    sql.prepare(`SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY id ${order} LIMIT ?`);
  const pages = (columns: string) => {
    const [all, ofOwner] = ["id >= ? AND id < ?", "id >= ? AND id < ? AND owner = ?"].map((where) => ({
      oldest: page(columns, where, "ASC"),
      newest: page(columns, where, "DESC"),
    }));
    return ({ owner, from = "", below, limit = -1, newest = false }: Page): Row[] => {
      const found = (owner === undefined ? all : ofOwner)[newest ? "newest" : "oldest"];
      const owned = owner === undefined ? [] : [owner];
      return found.all(from, below ?? ABOVE_ALL, ...owned, limit).map(rowOf);
    };
  };

  return {
    get: (id) => get.all(id).map(rowOf)[0],
    list: pages(whole),
    heads: pages("row"),
    slice: (id, from, length) => new Uint8Array(slice.all(from + 1, length, id)[0].bytes as ArrayBuffer),
    count: (owner, from = "") => Number((owner === undefined ? count.all(from) : countOf.all(owner, from))[0].count),
    put: (row) => put.run(...columns.map(([, valueOf]) => valueOf(row))),
    drop: (id) => drop.run(id),
    erase: (owner) => erase.run(owner),
    clear: (from, below) => clear.run(from, below),
    prune: (now) => expires ? prune.run(now) : 0,
  };
}

function rowOf({ row, bytes }: Record<string, unknown>): Row {
  const read = JSON.parse(row as string);
  // An `ArrayBuffer` or a view, as the runtime likes.
  return bytes === undefined ? read : { ...read, bytes: new Uint8Array(bytes as ArrayBuffer) };
}
