/** What a hub that has ended left in its database: rows of each table, and bytes. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Kept {
  bytes: number;
  rows: Record<string, number>;
}

/** A hub that is still writing takes files away meanwhile. */
export const sizeOf = (folder: string): number =>
  readdirSync(folder)
    .reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);

export function keptIn(folder: string): Kept {
  const [file] = readdirSync(folder).filter((name) => name.endsWith(".sqlite"));
  const database = new DatabaseSync(join(folder, file));
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    const rows = tables.map(({ name }): [string, number] => {
      const [{ count }] = database.prepare(`SELECT count(*) AS count FROM "${name}"`).all() as { count: number }[];
      return [String(name), Number(count)];
    });
    return { bytes: sizeOf(folder), rows: Object.fromEntries(rows) };
  } finally {
    database.close();
  }
}
