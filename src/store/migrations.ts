/** Numbered steps from an empty database to today's, forward only; which were made is written in the database itself. */
import { TABLES } from "../hub/ports.ts";
import type { Sql } from "./sqlite.ts";

/** Why a database cannot be used, in one sentence for whoever starts the hub [S3]. */
export class StoreError extends Error {}

/** Each step runs once, in a transaction of its own. A step that was released never changes. */
const STEPS: readonly ((sql: Sql) => void)[] = [
  tables,
  // `kind` is new.
  tables,
  // `blob` and `blob_part` are new.
  tables,
  // `audit` is chained: a program that does not know that would write rows without a chain above [A5].
  () => {},
  // `job` and `job_target` are new.
  tables,
  // `selection` is new.
  tables,
  // `former` is new.
  tables,
];

/** Makes the tables that are not there yet. */
function tables(sql: Sql): void {
  for (const [name, { owner, expires, hasBytes }] of Object.entries(TABLES)) {
    const columns = [
      "id TEXT PRIMARY KEY",
      "row TEXT NOT NULL",
      ...(hasBytes ? ["bytes BLOB NOT NULL"] : []),
      ...(owner ? ["owner TEXT NOT NULL"] : []),
      ...(expires ? ["expires INTEGER"] : []),
    ];
    sql.run(`CREATE TABLE IF NOT EXISTS ${name} (${columns.join(", ")}) WITHOUT ROWID`);
    if (owner) sql.run(`CREATE INDEX IF NOT EXISTS ${name}_owner ON ${name} (owner, id)`);
    if (expires) sql.run(`CREATE INDEX IF NOT EXISTS ${name}_expires ON ${name} (expires) WHERE expires IS NOT NULL`);
  }
}

export function migrate(sql: Sql, where: string, now: number): void {
  // Durable Objects have no user_version.
  sql.run("CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)");
  const made = Number(sql.all("SELECT coalesce(max(id), 0) AS made FROM migration")[0].made);
  if (made > STEPS.length) {
    throw new StoreError(
      `The database in ${where} was written by a newer Signalbox (schema ${made}; this one knows ${STEPS.length}): start that version again.`,
    );
  }
  STEPS.slice(made).forEach((step, index) =>
    sql.transaction(() => {
      step(sql);
      sql.run("INSERT INTO migration (id, at) VALUES (?, ?)", made + index + 1, now);
    })
  );
}
