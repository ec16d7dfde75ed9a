/** The port `Store` as plainly as it can be written, with what a power cut and a full disk do to it. */
import type { Page, Store, WithBytes, Write } from "../../src/hub/ports.ts";
import type { Rows, Table } from "../../src/hub/rows.ts";
import { TABLES } from "../../src/hub/retention.ts";

/** A row as its table keeps it. Text, so that nobody who reads shares it with anybody who writes. */
interface Kept {
  text: string;
  bytes?: Uint8Array;
  owner?: string;
  expires?: number | null;
}

/** How one row was before a write. */
interface Undo {
  rows: KeptTable;
  id: string;
  before: Kept | undefined;
}

/** Rows past their time that one commit drops from each table. */
const MOST_PRUNED = 1_000;

export class MemoryStore implements Store {
  /** Told before a commit's first write and after its last one; what it throws is the commit's failure, or the end. */
  watcher: ((when: "before" | "after") => void) | null = null;
  readonly #tables = new Map(
    (Object.keys(TABLES) as Table[]).map((name) => [name as string, new KeptTable(TABLES[name].expires !== undefined)]),
  );
  /** Commits that a power cut may still undo, oldest first. */
  #unsynced: Undo[][] = [];

  get<T extends Table>(table: T, id: string): Rows[T] | undefined {
    const kept = this.#table(table).get(id);
    return kept && read(kept);
  }

  list<T extends Table>(table: T, page: Page = {}): Rows[T][] {
    return this.#table(table).page(page).map((kept) => read<T>(kept));
  }

  heads<T extends WithBytes>(table: T, page: Page = {}): Omit<Rows[T], "bytes">[] {
    return this.#table(table).page(page).map(({ text }) => JSON.parse(text));
  }

  slice(table: WithBytes, id: string, from: number, length: number): Uint8Array {
    return this.#table(table).get(id)!.bytes!.slice(from, from + length);
  }

  count(table: Table, owner?: string, from?: string): number {
    return this.#table(table).count(owner, from);
  }

  commit(writes: readonly Write[], durability: "full" | "normal"): void {
    const undos: Undo[] = [];
    this.watcher?.("before");
    try {
      for (const write of writes) this.#perform(write, undos);
    } catch (error) {
      takeBack(undos);
      throw error;
    }
    if (durability === "normal") this.#unsynced.push(undos);
    else this.#unsynced = [];
    this.watcher?.("after");
  }

  close(): void {}

  /** How many commits a power cut may undo. */
  get unsynced(): number {
    return this.#unsynced.length;
  }

  /** The power goes: of what was not synced the first `kept` commits happened to reach the disk, and no others. */
  cutPower(kept: number): void {
    for (const undos of this.#unsynced.splice(kept).reverse()) takeBack(undos);
    this.#unsynced = [];
  }

  #table(name: string): KeptTable {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`There is no table ${name}`);
    return table;
  }

  #perform(write: Write, undos: Undo[]): void {
    if ("put" in write) this.#set(this.#table(write.put), write.row.id, keep(write.put, write.row), undos);
    else if ("drop" in write) this.#set(this.#table(write.drop), write.id, undefined, undos);
    else if ("erase" in write) {
      const rows = this.#table(write.erase);
      for (const id of rows.owned(write.owner)) this.#set(rows, id, undefined, undos);
    } else if ("clear" in write) {
      const rows = this.#table(write.clear);
      for (const id of rows.between(write.from, write.below)) this.#set(rows, id, undefined, undos);
    } else {
      for (const rows of this.#tables.values()) {
        for (const id of rows.due(write.prune)) this.#set(rows, id, undefined, undos);
      }
    }
  }

  #set(rows: KeptTable, id: string, kept: Kept | undefined, undos: Undo[]): void {
    if (typeof id !== "string") throw new Error("A row without a key");
    undos.push({ rows, id, before: rows.get(id) });
    rows.set(id, kept);
  }
}

function takeBack(undos: readonly Undo[]): void {
  for (const { rows, id, before } of undos.toReversed()) rows.set(id, before);
}

function keep<T extends Table>(name: T, row: Rows[T]): Kept {
  const { owner, expires, hasBytes } = TABLES[name];
  const indexed = { owner: owner?.(row), expires: expires?.(row) };
  if (!hasBytes) return { text: JSON.stringify(row), ...indexed };
  const { bytes, ...rest } = row as Rows["blob_part"];
  return { text: JSON.stringify(rest), bytes: bytes.slice(), ...indexed };
}

const read = <T extends Table>({ text, bytes }: Kept): Rows[T] =>
  bytes ? { ...JSON.parse(text), bytes: bytes.slice() } : JSON.parse(text);

/** Rows in the order of their keys, found by their owner too. */
class KeptTable {
  readonly #rows = new Map<string, Kept>();
  readonly #keys = new Keys();
  readonly #owners = new Map<string, Keys>();
  readonly #expires: boolean;
  /** No row's time comes sooner. */
  #earliest = Infinity;

  constructor(expires: boolean) {
    this.#expires = expires;
  }

  get(id: string): Kept | undefined {
    return this.#rows.get(id);
  }

  set(id: string, kept: Kept | undefined): void {
    const before = this.#rows.get(id);
    if (before?.owner !== kept?.owner) {
      if (before?.owner !== undefined) this.#ownerKeys(before.owner).delete(id);
      if (kept?.owner !== undefined) this.#ownerKeys(kept.owner).add(id);
    }
    if (!before && kept) this.#keys.add(id);
    if (before && !kept) this.#keys.delete(id);
    if (kept) this.#rows.set(id, kept);
    else this.#rows.delete(id);
    this.#earliest = Math.min(this.#earliest, kept?.expires ?? Infinity);
  }

  page({ owner, from, below, limit, newest }: Page): Kept[] {
    const keys = owner === undefined ? this.#keys : this.#owners.get(owner);
    return keys ? keys.page(from, below, limit ?? Infinity, newest ?? false).map((id) => this.#rows.get(id)!) : [];
  }

  count(owner?: string, from?: string): number {
    const keys = owner === undefined ? this.#keys : this.#owners.get(owner);
    return from === undefined ? keys?.size ?? 0 : keys?.page(from, undefined, Infinity, false).length ?? 0;
  }

  owned(owner: string): string[] {
    return this.#owners.get(owner)?.page(undefined, undefined, Infinity, false) ?? [];
  }

  between(from: string, below: string): string[] {
    return this.#keys.page(from, below, Infinity, false);
  }

  /** Keys of rows whose time has come, as many as go at once. */
  due(now: number): string[] {
    if (!this.#expires || this.#earliest > now) return [];
    const ids: string[] = [];
    this.#earliest = Infinity;
    for (const [id, { expires }] of this.#rows) {
      if (expires === null || expires === undefined) continue;
      if (expires <= now && ids.length < MOST_PRUNED) ids.push(id);
      else this.#earliest = Math.min(this.#earliest, expires);
    }
    return ids;
  }

  #ownerKeys(owner: string): Keys {
    const known = this.#owners.get(owner);
    if (known) return known;
    const keys = new Keys();
    this.#owners.set(owner, keys);
    return keys;
  }
}

/** A sorted list: new keys are nearly always the greatest. */
class Keys {
  readonly #sorted: string[] = [];

  get size(): number {
    return this.#sorted.length;
  }

  add(key: string): void {
    const last = this.#sorted.at(-1);
    if (last === undefined || last < key) this.#sorted.push(key);
    else this.#sorted.splice(this.#place(key), 0, key);
  }

  delete(key: string): void {
    this.#sorted.splice(this.#place(key), 1);
  }

  page(from: string | undefined, below: string | undefined, limit: number, newest: boolean): string[] {
    const first = from === undefined ? 0 : this.#place(from);
    const end = below === undefined ? this.#sorted.length : this.#place(below);
    if (!newest) return this.#sorted.slice(first, Math.min(end, first + limit));
    return this.#sorted.slice(Math.max(first, end - limit), Math.max(first, end)).reverse();
  }

  /** Where the first key is that is not below this one. */
  #place(key: string): number {
    let low = 0, high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
