/** The kinds that this hub knows, read once after signing in [K4]. */
import type { KindDocument } from "../../kind/schema.ts";
import { hub } from "./connection.ts";
import { rest } from "./rest.ts";
import { useValue, valueOf } from "./value.ts";

export type Kinds = ReadonlyMap<string, KindDocument>;

const kinds = valueOf<Kinds>(new Map());

async function read(): Promise<void> {
  try {
    const { items } = await rest<{ items: KindDocument[] }>("GET", "/api/v1/kinds");
    kinds.set(new Map(items.map((kind) => [kind.kind, kind])));
  } catch {
    // The banner says that the hub is away; the next connection asks again.
  }
}

/** A hub that was renewed may know more. */
export const followKinds = () => hub.onOpen(() => void read());

export const useKinds = (): Kinds => useValue(kinds);
export const useKind = (name: string | undefined): KindDocument | undefined =>
  useValue(kinds, (known) => name === undefined ? undefined : known.get(name));
