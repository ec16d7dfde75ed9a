/** Numbered steps from an empty database to today's, forward only; which were made is written in the database itself. */
import { TABLES } from "../hub/retention.ts";
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
  // `journal`, `page`, `hourly` and `checkpoint` take the place of `samples`.
  (sql) => {
    tables(sql);
    sql.prepare("DROP TABLE IF EXISTS samples").run();
  },
  // `pending` is found by its key alone, and the end of `audit` in the order of its keys.
  (sql) => {
    const rows = sql.prepare("SELECT id, row FROM pending").all();
    sql.prepare("DROP TABLE pending").run();
    sql.prepare("DROP INDEX IF EXISTS audit_expires").run();
    tables(sql);
    const put = sql.prepare("INSERT INTO pending (id, row) VALUES (?, ?)");
    for (const { id, row } of rows) put.run(id as string, row as string);
  },
  // `view` is new.
  tables,
  // `outbox` is new.
  tables,
  // `erasure` is new.
  tables,
];

/** Makes the tables that are not there yet. */
function tables(sql: Sql): void {
  for (const [name, { owner, expires, endsInOrder, hasBytes }] of Object.entries(TABLES)) {
    const columns = [
      "id TEXT PRIMARY KEY",
      "row TEXT NOT NULL",
      ...(hasBytes ? ["bytes BLOB NOT NULL"] : []),
      ...(owner ? ["owner TEXT NOT NULL"] : []),
      ...(expires ? ["expires INTEGER"] : []),
    ];
    sql.prepare(`CREATE TABLE IF NOT EXISTS ${name} (${columns.join(", ")}) WITHOUT ROWID`).run();
    if (owner) sql.prepare(`CREATE INDEX IF NOT EXISTS ${name}_owner ON ${name} (owner, id)`).run();
    if (!expires || endsInOrder) continue;
    sql.prepare(`CREATE INDEX IF NOT EXISTS ${name}_expires ON ${name} (expires) WHERE expires IS NOT NULL`).run();
  }
}

export function migrate(sql: Sql, where: string, now: number): void {
  // Durable Objects have no user_version.
  sql.prepare("CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)").run();
  const made = Number(sql.prepare("SELECT coalesce(max(id), 0) AS made FROM migration").all()[0].made);
  if (made > STEPS.length) {
    throw new StoreError(
      `The database in ${where} was written by a newer Signalbox (schema ${made}; this one knows ${STEPS.length}): start that version again.`,
    );
  }
  STEPS.slice(made).forEach((step, index) =>
    sql.transaction(() => {
      step(sql);
      sql.prepare("INSERT INTO migration (id, at) VALUES (?, ?)").run(made + index + 1, now);
    })
  );
}
