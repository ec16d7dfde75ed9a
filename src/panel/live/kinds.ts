/** The kinds that this hub knows, read once after signing in [K4]. */
import type { KindDocument } from "../../kind/schema.ts";
import { hub } from "./connection.ts";
import { rest } from "./rest.ts";
import { session } from "./session.ts";
import { useValue, valueOf } from "./value.ts";

export type Kinds = ReadonlyMap<string, KindDocument>;

const kinds = valueOf<Kinds>(new Map());

async function read(): Promise<boolean> {
  try {
    const { items } = await rest<{ items: KindDocument[] }>("GET", "/api/v1/kinds");
    kinds.set(new Map(items.map((kind) => [kind.kind, kind])));
    return true;
  } catch {
    // The banner says that the hub is away; the next connection asks again.
    return false;
  }
}

/**
 * Read beside the first connection, since a list asks for what its kinds tell, and after each other one, since a hub that
 * was renewed may know more.
 */
export function followKinds(): void {
  let wasIn = false;
  let isRead: Promise<boolean> | null = null;
  session.subscribe(() => {
    const isIn = session.get().state === "in";
    if (isIn && !wasIn) isRead = read();
    wasIn = isIn;
  });
  hub.onOpen(async () => {
    const early = isRead;
    isRead = null;
    if (!await early) await read();
  });
}

/** The kind of a device, or all of them while it is not known which that is. */
export function kindsOf(known: Kinds, device: { kind: string } | undefined): Iterable<KindDocument> {
  const kind = device && known.get(device.kind);
  return kind ? [kind] : known.values();
}

export const useKinds = (): Kinds => useValue(kinds);
export const useKind = (name: string | undefined): KindDocument | undefined =>
  useValue(kinds, (known) => name === undefined ? undefined : known.get(name));
