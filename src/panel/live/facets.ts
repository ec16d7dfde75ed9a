/** What the devices of a query are, in numbers, while somebody types the next term of it [R17]. */
import { useEffect, useState } from "react";
import type { Facets } from "../../protocol/facets.ts";
import { path, rest } from "./rest.ts";

/** Whoever types word after word asks once, in ms. */
const PAUSE = 150;
/** Whoever goes back and forth asks once, in ms. */
const KEPT = 10_000;

const known = new Map<string, { at: number; facets: Promise<Facets | null> }>();

function facetsOf(query: string): Promise<Facets | null> {
  const now = performance.now();
  for (const [of, { at }] of known) if (at < now - KEPT) known.delete(of);
  const before = known.get(query);
  if (before) return before.facets;
  const facets = rest<Facets>("GET", `${path.facets}?${new URLSearchParams({ q: query })}`).catch(() => {
    // A query that the hub does not read, or a hub that is away: the box says the one, the banner the other.
    known.delete(query);
    return null;
  });
  known.set(query, { at: now, facets });
  return facets;
}

/** Null until they are here, and where nothing is asked; those of the query before stay until then. */
export function useFacets(query: string | null): Facets | null {
  const [facets, setFacets] = useState<Facets | null>(null);
  useEffect(() => {
    if (query === null) return;
    let isWanted = true;
    const take = (facets: Facets | null) => isWanted && setFacets(facets);
    const timer = setTimeout(() => void facetsOf(query).then(take), known.has(query) || !facets ? 0 : PAUSE);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [query]);
  return facets;
}
