/** The tiles below a track: asked for as they come into sight, and never a broken picture where one does not come [S7]. */
import { useEffect, useReducer, useRef, useState } from "react";
import type { MapView } from "../../../protocol/hub_view.ts";
import { type Box, depthOf, type Sight, type Tile, tilesIn } from "./sight.ts";

/** Depths that are only passed on the way are not asked for; in ms. */
const PASSING = 150;
/** From depths that are further away nothing is kept in the picture. */
const NEAR = 3;

export interface Drawn {
  tiles: readonly (Tile & { url: string; isHere: boolean })[];
  /** Of what is seen; `none` where nobody gives it, `forbidden` where the page may not ask. */
  state: "whole" | "asking" | "partly" | "none" | "forbidden";
  isAnyHere: boolean;
  told(url: string, isHere: boolean): void;
  retry(): void;
}

export const addressOf = ({ tiles }: MapView, { z, x, y }: Pick<Tile, "z" | "x" | "y">): string =>
  tiles.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));

/** Without a map there are none, and nothing is asked for. */
export function useTiles(map: MapView | null, sight: Sight, box: Box): Drawn {
  const wanted = depthOf(sight, map?.zoom ?? 0);
  const depth = useSettled(wanted);
  /** By address: whether it came. */
  const fates = useRef(new Map<string, boolean>());
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const isForbidden = useForbidden(map);
  const seen = (z: number) =>
    map === null || Math.abs(sight.zoom - z) > NEAR && z !== wanted ? [] : tilesIn(sight, box, z).map((tile) => {
      const url = addressOf(map, tile);
      return { ...tile, url, isHere: fates.current.get(url) === true };
    });
  const asked = seen(depth);
  const here = asked.filter(({ isHere }) => isHere);
  const failed = asked.filter(({ url }) => fates.current.get(url) === false);
  // What was seen before stays below until all of the new ones are there.
  const whole = useRef(depth);
  const below = whole.current === depth ? [] : seen(whole.current).filter(({ isHere }) => isHere);
  if (depth === wanted && here.length === asked.length) whole.current = depth;
  const tiles = [...below, ...(depth === wanted ? asked.filter((tile) => !failed.includes(tile)) : here)];
  return {
    tiles,
    state: stateOf(asked.length, here.length, failed.length, isForbidden),
    isAnyHere: tiles.some(({ isHere }) => isHere),
    told(url, isHere) {
      fates.current.set(url, isHere);
      redraw();
    },
    retry() {
      for (const [url, isHere] of fates.current) if (!isHere) fates.current.delete(url);
      redraw();
    },
  };
}

function stateOf(asked: number, here: number, failed: number, isForbidden: boolean): Drawn["state"] {
  if (here === asked) return "whole";
  if (failed > 0 && isForbidden) return "forbidden";
  if (failed === asked) return "none";
  return failed > 0 && here > 0 ? "partly" : "asking";
}

/** Aerial pictures come as JPEG, and drawn maps do not. */
export const isPhoto = ({ tiles }: MapView): boolean => /\.jpe?g\b/i.test(tiles);

export const Tiles = ({ map, tiles, told }: { map: MapView } & Pick<Drawn, "tiles" | "told">) => (
  <div className="ground-tiles" data-photo={isPhoto(map)} aria-hidden="true">
    {tiles.map(({ url, column, isHere, left, top, width, height }) => (
      <img
        key={`${column} ${url}`}
        src={url}
        alt=""
        draggable={false}
        decoding="async"
        // No cookie goes there and none comes from there, also where it is another port of the hub's own machine.
        crossOrigin="anonymous"
        // Whoever gives tiles away wants to know to whom; which page it is, is nobody's business.
        referrerPolicy="strict-origin"
        data-here={isHere}
        style={{ left, top, width, height }}
        onLoad={() => told(url, true)}
        onError={() =>
          told(url, false)}
      />
    ))}
  </div>
);

/** The value once it has been the same for a moment. */
function useSettled(value: number): number {
  const [settled, settle] = useState(value);
  useEffect(() => {
    if (value === settled) return;
    const timer = setTimeout(() => settle(value), PASSING);
    return () => clearTimeout(timer);
  }, [value, settled]);
  return settled;
}

/** Did the page's own policy refuse it? Only the browser knows. */
function useForbidden(map: MapView | null): boolean {
  const origin = map && new URL(map.tiles).origin;
  const [forbidden, forbid] = useState<string | null>(null);
  useEffect(() => {
    const told = ({ blockedURI }: SecurityPolicyViolationEvent) => {
      if (URL.canParse(blockedURI) && new URL(blockedURI).origin === origin) forbid(origin);
    };
    document.addEventListener("securitypolicyviolation", told);
    return () => document.removeEventListener("securitypolicyviolation", told);
  }, [origin]);
  return origin !== null && forbidden === origin;
}
