/** What devices are called and of which kind they are, where a list of the fleet knows their ids alone [R3]. */
import { useEffect } from "react";
import type { DeviceView } from "../../protocol/record.ts";
import { hub } from "./connection.ts";
import { type Page, path, rest } from "./rest.ts";
import { queriesOf } from "./selection.ts";
import { useValue, valueOf } from "./value.ts";

export type Called = Pick<DeviceView, "name" | "kind">;

/** One that was renamed is called so again after so long, in ms. */
const KEPT = 60_000;

const called = valueOf<ReadonlyMap<string, Called>>(new Map());
/** When each was asked about; who is gone is not asked about again and again. */
const asked = new Map<string, number>();

async function ask(ids: readonly string[]): Promise<void> {
  const now = performance.now();
  const wanted = new Set(ids.filter((id) => now - (asked.get(id) ?? -Infinity) > KEPT));
  for (const id of wanted) asked.set(id, now);
  for (const q of queriesOf({ isAll: false, ids: wanted }, "")) {
    try {
      const search = new URLSearchParams({ q, limit: "500" });
      const { items } = await rest<Page<DeviceView>>("GET", `${path.devices}?${search}`);
      called.set(new Map([...called.get(), ...items.map(({ id, name, kind }) => [id, { name, kind }] as const)]));
    } catch {
      // Until the hub is there again they are called by their ids.
      for (const id of wanted) asked.delete(id);
    }
  }
}

/** Those that are known by now. */
export function useCalled(ids: readonly string[]): ReadonlyMap<string, Called> {
  const key = [...new Set(ids)].sort().join();
  useEffect(() => {
    const begin = () => void ask(key === "" ? [] : key.split(","));
    begin();
    return hub.onOpen(begin);
  }, [key]);
  return useValue(called);
}
