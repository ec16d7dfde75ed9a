/** The store on `node:sqlite`: the contract, and what a folder of a machine can do to it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { storeContract } from "../contract/store.ts";
import { openStore, StoreError, storeIn } from "../../src/store/node_sqlite.ts";

storeContract("node:sqlite", () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-store-"));
  return Promise.resolve({
    open: async (act) => {
      const store = await Promise.try(openStore, folder, 0);
      return await Promise.try(act, store).finally(() => store.close());
    },
    alter: (...statements) => {
      const database = new DatabaseSync(join(folder, "signalbox.sqlite"));
      statements.forEach((statement) => database.exec(statement));
      return Promise.resolve(database.close());
    },
    dispose: () => Promise.resolve(rmSync(folder, { recursive: true })),
  });
});

it("[T6] what somebody was told is synced with its commit, mere samples with the next one that is", () => {
  const database = new DatabaseSync(":memory:");
  const store = storeIn(database, "memory", 0);
  const modes: unknown[] = [];
  database.function("note", () => (modes.push(database.prepare("PRAGMA synchronous").get()), 0));
  for (const [name, how] of [["made", "INSERT"], ["changed", "UPDATE"]]) {
    database.exec(`CREATE TRIGGER ${name} AFTER ${how} ON claim BEGIN SELECT note(); END`);
  }
  const claim = { put: "claim", row: { id: "claim", digest: "d", at: 0 } } as const;
  for (const durability of ["full", "normal", "normal", "full"] as const) store.commit([claim], durability);
  const [NORMAL, FULL] = [1, 2];
  expect(modes).toEqual([FULL, NORMAL, NORMAL, FULL].map((synchronous) => ({ synchronous })));
  store.close();
});

describe("a folder", () => {
  const folders: string[] = [];
  const folder = () => {
    folders.push(mkdtempSync(join(tmpdir(), "signalbox-store-")));
    return folders.at(-1)!;
  };
  afterEach(() => folders.splice(0).forEach((made) => rmSync(made, { recursive: true })));
  const file = (folder: string) => join(folder, "signalbox.sqlite");
  const sentence = (folder: string): string => {
    try {
      openStore(folder, 0).close();
    } catch (error) {
      expect(error).toBeInstanceOf(StoreError);
      return (error as Error).message;
    }
    throw new Error("it opened");
  };

  it("is made where it is missing, with those above it", () => {
    const deep = join(folder(), "a", "b ü");
    openStore(deep, 0).close();
    expect(existsSync(file(deep))).toBe(true);
  });

  it("[S3] that cannot be made is refused with one sentence", () => {
    const made = folder();
    writeFileSync(join(made, "file"), "");
    expect(sentence(join(made, "file", "data"))).toMatch(
      /^The data folder .+file\/data cannot be used \(.+\): make it/,
    );
  });

  it("[S3] with a folder in the database's place is refused with one sentence", () => {
    const made = folder();
    mkdirSync(file(made));
    expect(sentence(made)).toMatch(/^The data folder .+ cannot be used \(.+\): make it writable, or set another/);
  });

  it("[S3] in use by another hub is refused with one sentence, and free as soon as that one ended", () => {
    const made = folder();
    const first = openStore(made, 0);
    expect(sentence(made)).toMatch(/^Another Signalbox uses the data in .+: end that one, or set another/);
    first.commit([], "full");
    first.close();
    openStore(made, 0).close();
  });

  it("[S3] whose file is no database is refused with one sentence, and the file is left alone", () => {
    for (
      const text of ["these are not the rows you are looking for".repeat(100), "SQLite format 3\0 and then nothing"]
    ) {
      const made = folder();
      writeFileSync(file(made), text);
      expect(sentence(made)).toMatch(/^The file signalbox\.sqlite in .+ is no database that Signalbox can read: .+\.$/);
      expect(readFileSync(file(made), "utf8")).toBe(text);
    }
  });

  it("an empty file is a new database, as after a crash in the first moment", () => {
    const made = folder();
    writeFileSync(file(made), "");
    openStore(made, 0).close();
  });

  it("that was refused can be read by another program at once", () => {
    const made = folder();
    openStore(made, 0).close();
    const look = () => new DatabaseSync(file(made));
    const newer = look();
    newer.exec("INSERT INTO migration (id, at) VALUES (999, 0)");
    newer.close();
    expect(sentence(made)).toMatch(/newer Signalbox/);
    const reader = look();
    expect(reader.prepare("SELECT count(*) AS count FROM device").get()).toEqual({ count: 0 });
    reader.close();
  });
});
