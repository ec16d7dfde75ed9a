/** How many of the devices that a query finds are of which kind [O10]. */
import { useEffect, useState } from "react";
import type { KindCount } from "../form/bulk.ts";
import type { Kinds } from "./kinds.ts";
import { type Page, path, rest } from "./rest.ts";

/** Null until all are counted, also where that failed: then nothing is chosen from. Most devices first. */
export function useKindCounts(q: string, kinds: Kinds): readonly KindCount[] | null {
  const [counts, setCounts] = useState<readonly KindCount[] | null>(null);
  useEffect(() => {
    let isWanted = true;
    const count = async () => {
      const counted = await Promise.all([...kinds.values()].map(async (kind): Promise<KindCount> => {
        const search = new URLSearchParams({ q: withKind(q, kind.kind), limit: "1" });
        const { total } = await rest<Page<unknown>>("GET", `${path.devices}?${search}`);
        return { kind, devices: total };
      }));
      const found = counted.filter(({ devices }) => devices > 0);
      if (isWanted) setCounts(found.sort((one, other) => other.devices - one.devices));
    };
    count().catch(() => {}); // The banner tells of a hub that is away.
    return () => void (isWanted = false);
  }, [q, kinds]);
  return counts;
}

export const withKind = (q: string, ...kinds: string[]): string => `${q} kind:${kinds.join(",")}`.trim();
