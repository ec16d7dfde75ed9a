/** How many of the devices that are meant are of which kind [R17]. */
import { useEffect, useState } from "react";
import type { Facets } from "../../protocol/facets.ts";
import type { KindCount } from "../form/bulk.ts";
import { devicesFound } from "./export.ts";
import type { Kinds } from "./kinds.ts";
import { path, rest } from "./rest.ts";

/** Whom an act is for: found by these queries, and that many. */
export interface Meant {
  queries: readonly string[];
  total: number;
  /** Chosen one by one, not by what is looked for; the queries find them all the same. */
  ids?: readonly string[];
  /** Few enough to be named: those who are found now, and nobody who comes later [J15]. */
  isFixed?: boolean;
}

export interface Counted {
  /** Most devices first. */
  counts: readonly KindCount[];
  /** The kind of each, where they are named. */
  kindOf: ReadonlyMap<string, string>;
}

/** Null until all are counted, also where that failed: then nothing is chosen from. */
export function useCounted({ queries: [q], ids, isFixed, queries }: Meant, kinds: Kinds): Counted | null {
  const [counted, setCounted] = useState<Counted | null>(null);
  useEffect(() => {
    let isWanted = true;
    (ids || isFixed ? countNamed(queries, kinds) : countFound(q, kinds)).then(
      (counted) => isWanted && setCounted(counted),
      () => {}, // The banner tells of a hub that is away.
    );
    return () => void (isWanted = false);
  }, [q, ids, kinds]);
  return counted;
}

async function countFound(q: string, kinds: Kinds): Promise<Counted> {
  const found = await rest<Facets>("GET", `${path.facets}?${new URLSearchParams({ q })}`);
  const counts = found.kind.flatMap(({ value, count }): KindCount[] => {
    const kind = kinds.get(value);
    return kind ? [{ kind, devices: count }] : [];
  });
  return { counts: sorted(counts), kindOf: new Map() };
}

async function countNamed(queries: readonly string[], kinds: Kinds): Promise<Counted> {
  const { devices } = await devicesFound(queries);
  const counts = [...kinds.values()].map((kind) => ({
    kind,
    devices: devices.filter((device) => device.kind === kind.kind).length,
  }));
  return { counts: sorted(counts), kindOf: new Map(devices.map(({ id, kind }) => [id, kind])) };
}

const sorted = (counts: readonly KindCount[]): KindCount[] =>
  counts.filter(({ devices }) => devices > 0).sort((one, other) => other.devices - one.devices);

export const withKind = (q: string, ...kinds: string[]): string => `${q} kind:${kinds.join(",")}`.trim();
