/** What of the world is looked at: Web Mercator, in which maps' tiles are drawn too. Pure. */
import type { Place } from "./projection.ts";

/** On the square of the whole world, from its north-west: 0 to 1 each. */
export interface Point {
  x: number;
  y: number;
}

export interface Sight {
  middle: Point;
  /** At 0 the world is one tile wide, and with each more twice as wide. */
  zoom: number;
}

/** The picture, in pixels. */
export interface Box {
  width: number;
  height: number;
}

/** A tile, and where it stands in the picture. */
export interface Tile {
  z: number;
  x: number;
  y: number;
  /** As `x`, but not around the world. */
  column: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

const SIDE = 256;
const AROUND = 40_075_016.7;
/** Where the square ends. */
const NORTHERNMOST = 85.051_128;
const [FARTHEST, NEAREST] = [1, 20];
/** As much of the picture may be filled: what lies at its edge is badly seen. */
const [BROAD, HIGH] = [0.86, 0.8];

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
const turned = (x: number) => x - Math.floor(x);
/** The short way around, also where the days meet. */
const apart = (x: number, from: number) => turned(x - from + 0.5) - 0.5;
const radians = (degrees: number) => degrees * Math.PI / 180;
const worldAt = (zoom: number) => SIDE * 2 ** zoom;

export function pointOf({ lat, lon }: Place): Point {
  const sine = Math.sin(radians(within(lat, -NORTHERNMOST, NORTHERNMOST)));
  return { x: turned(lon / 360 + 0.5), y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

const latitudeAt = (y: number) => Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI;

/** The farther from the equator, the larger everything is drawn. */
export const metresPerPixel = (lat: number, zoom: number): number => AROUND * Math.cos(radians(lat)) / worldAt(zoom);

export const scaleOf = ({ middle, zoom }: Sight): number => metresPerPixel(latitudeAt(middle.y), zoom);

/** Where a place is in the picture, in pixels from its upper left. */
export function placed(place: Place, { middle, zoom }: Sight, { width, height }: Box): Point {
  const point = pointOf(place);
  return {
    x: apart(point.x, middle.x) * worldAt(zoom) + width / 2,
    y: (point.y - middle.y) * worldAt(zoom) + height / 2,
  };
}

/** All of the places, but no fewer than `least` metres from south to north. `isWhole` for tiles, which are sharp so. */
export function sightOf(places: readonly Place[], { width, height }: Box, least: number, isWhole: boolean): Sight {
  const points = places.map(pointOf);
  const from = points[0].x;
  const [xs, ys] = [points.map(({ x }) => apart(x, from)), points.map(({ y }) => y)];
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const middle = { x: turned(from + (west + east) / 2), y: (north + south) / 2 };
  const fits = Math.log2(Math.min(width * BROAD / (east - west), height * HIGH / (south - north)) / SIDE);
  const most = Math.log2(height * metresPerPixel(latitudeAt(middle.y), 0) / least);
  const zoom = isWhole ? Math.min(Math.floor(fits), Math.round(most)) : Math.min(fits, most);
  return { middle, zoom: within(zoom, FARTHEST, NEAREST) };
}

/** What was so many pixels right of and below the middle comes into it. */
export function moved({ middle, zoom }: Sight, right: number, below: number): Sight {
  const world = worldAt(zoom);
  return { middle: { x: turned(middle.x + right / world), y: within(middle.y + below / world, 0, 1) }, zoom };
}

/** What is so many pixels right of and below the middle stays where it is. */
export function zoomed(sight: Sight, zoom: number, right = 0, below = 0): Sight {
  const next = within(zoom, FARTHEST, NEAREST);
  return moved({ ...moved(sight, right, below), zoom: next }, -right, -below);
}

/** A press of a button: the next whole one. */
export const nearer = ({ zoom }: Sight): number => Math.floor(zoom + 1.01);
export const farther = ({ zoom }: Sight): number => Math.ceil(zoom - 1.01);

/** The depth of the tiles that suit it best, of those that there are. */
export const depthOf = ({ zoom }: Sight, deepest: number): number => within(Math.round(zoom), 0, deepest);

/** The tiles of one depth that are seen, edge to edge; around the world they come again. */
export function tilesIn({ middle, zoom }: Sight, { width, height }: Box, z: number): Tile[] {
  const [many, side] = [2 ** z, worldAt(zoom) / 2 ** z];
  const [west, north] = [middle.x * many * side - width / 2, middle.y * many * side - height / 2];
  const tiles: Tile[] = [];
  for (let y = Math.max(0, Math.floor(north / side)); y < many && y * side < north + height; y++) {
    for (let column = Math.floor(west / side); column * side < west + width; column++) {
      const [left, top] = [Math.round(column * side - west), Math.round(y * side - north)];
      tiles.push({
        z,
        x: turned(column / many) * many,
        y,
        column,
        left,
        top,
        width: Math.round((column + 1) * side - west) - left,
        height: Math.round((y + 1) * side - north) - top,
      });
    }
  }
  return tiles;
}
