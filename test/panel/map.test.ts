/** A map for trackers: what is looked at, in Web Mercator, which tiles that are, whose they are, and who chose them [S7]. */
import { describe, expect, it, vi } from "vitest";
import {
  type Box,
  depthOf,
  farther,
  metresPerPixel,
  moved,
  nearer,
  placed,
  pointOf,
  scaleOf,
  type Sight,
  sightOf,
  tilesIn,
  zoomed,
} from "../../src/panel/faces/tracker/sight.ts";

vi.stubGlobal("location", new URL("http://hub.test:8000/"));
const { addressOf, isPhoto } = await import("../../src/panel/faces/tracker/tiles.tsx");
const { partsOf } = await import("../../src/panel/faces/tracker/attribution.tsx");
const { choiceOf } = await import("../../src/panel/live/map.ts");

const BOX: Box = { width: 480, height: 320 };
const BREMEN = { lat: 53.0758, lon: 8.8072 };
/** Around Bremen's market, as whole pixels of its zoom. */
const sight = (zoom: number): Sight => ({ middle: pointOf(BREMEN), zoom });

describe("Web Mercator", () => {
  it("puts places where every map of tiles has them", () => {
    expect(pointOf({ lat: 0, lon: 0 })).toEqual({ x: 0.5, y: expect.closeTo(0.5) });
    // As openstreetmap.org's own formula has it: tile 16/34371/21325 has this place.
    const { x, y } = pointOf(BREMEN);
    expect([Math.floor(x * 2 ** 16), Math.floor(y * 2 ** 16)]).toEqual([34_371, 21_325]);
    // The square ends where it is as high as wide, and what lies beyond stands at its edge.
    expect(pointOf({ lat: 90, lon: -180 })).toEqual({ x: 0, y: expect.closeTo(0) });
    expect(pointOf({ lat: -90, lon: 0 }).y).toBeCloseTo(1);
  });

  it("draws larger what is far from the equator", () => {
    expect(metresPerPixel(0, 0)).toBeCloseTo(156_543.03, 1);
    expect(metresPerPixel(60, 10)).toBeCloseTo(156_543.03 / 1024 / 2, 2);
    expect(scaleOf(sight(16))).toBeCloseTo(metresPerPixel(BREMEN.lat, 16), 6);
  });

  it("has the short way around the world where the days meet", () => {
    const at = { middle: pointOf({ lat: 0, lon: 179.99 }), zoom: 10 };
    const other = placed({ lat: 0, lon: -179.99 }, at, BOX);
    expect(other.x - BOX.width / 2).toBeCloseTo(0.02 / 360 * 256 * 1024, 3);
    const both = sightOf([{ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 }], BOX, 240, false);
    expect(placed({ lat: 0, lon: 179.9 }, both, BOX).x).toBeGreaterThan(0);
    expect(placed({ lat: 0, lon: -179.9 }, both, BOX).x).toBeLessThan(BOX.width);
  });
});

describe("all of a track", () => {
  const track = [{ lat: 53.07, lon: 8.8 }, { lat: 53.09, lon: 8.81 }, { lat: 53.08, lon: 8.85 }];
  it.each([false, true])("is in the picture with room around it, sharp where there are tiles: %j", (isWhole) => {
    const all = sightOf(track, BOX, 240, isWhole);
    for (const place of track) {
      const { x, y } = placed(place, all, BOX);
      expect(x > 24 && x < BOX.width - 24 && y > 24 && y < BOX.height - 24, JSON.stringify({ x, y })).toBe(true);
    }
    expect(Number.isInteger(all.zoom)).toBe(isWhole);
    // One level nearer, and something of it would be at the edge or outside.
    const near = { ...all, zoom: all.zoom + 1 };
    const [west, north] = [0.07, 0.1];
    expect(track.some((place) => {
      const { x, y } = placed(place, near, BOX);
      return x < BOX.width * west || x > BOX.width * (1 - west) || y < BOX.height * north ||
        y > BOX.height * (1 - north);
    })).toBe(true);
  });

  it("of one that is parked is so many metres, and of nothing too near or too far", () => {
    const parked = sightOf([BREMEN, BREMEN], BOX, 240, false);
    expect(scaleOf(parked) * BOX.height).toBeCloseTo(240);
    expect(sightOf([BREMEN], BOX, 240, true).zoom).toBe(17);
    expect(sightOf([BREMEN], BOX, 1, false).zoom).toBe(20);
    expect(sightOf([{ lat: 70, lon: -170 }, { lat: -50, lon: 10 }], { width: 90, height: 60 }, 240, false).zoom).toBe(
      1,
    );
  });
});

describe("what a hand does", () => {
  it("drags the ground along", () => {
    const before = placed(BREMEN, sight(14), BOX);
    const after = placed(BREMEN, moved(sight(14), 30, -20), BOX);
    expect([after.x - before.x, after.y - before.y]).toEqual([expect.closeTo(-30), expect.closeTo(20)]);
    expect(moved(sight(1), 0, 100_000).middle.y).toBe(1);
    expect(moved(sight(1), 512 - 200, 0).middle.x).toBeCloseTo(pointOf(BREMEN).x - 200 / 512);
  });

  it("zooms, and what lies below it stays there", () => {
    const place = { lat: 53.08, lon: 8.82 };
    const at = placed(place, sight(14), BOX);
    for (const zoom of [15.5, 12]) {
      const next = zoomed(sight(14), zoom, at.x - BOX.width / 2, at.y - BOX.height / 2);
      expect(next.zoom).toBe(zoom);
      expect(placed(place, next, BOX)).toEqual({ x: expect.closeTo(at.x), y: expect.closeTo(at.y) });
    }
    expect([zoomed(sight(3), -5).zoom, zoomed(sight(3), 40).zoom]).toEqual([1, 20]);
  });

  it("by a button is a whole step", () => {
    expect([14, 14.4, 14.995].map((zoom) => nearer(sight(zoom)))).toEqual([15, 15, 16]);
    expect([14, 14.4, 14.005].map((zoom) => farther(sight(zoom)))).toEqual([13, 14, 13]);
  });
});

describe("the tiles", () => {
  it("cover the picture without a seam, and no more than it", () => {
    for (const zoom of [16, 15.5, 16.49]) {
      const z = depthOf(sight(zoom), 19);
      const tiles = tilesIn(sight(zoom), BOX, z);
      const covered = tiles.reduce(
        (all, { left, top, width, height }) =>
          all + Math.max(0, Math.min(BOX.width, left + width) - Math.max(0, left)) *
            Math.max(0, Math.min(BOX.height, top + height) - Math.max(0, top)),
        0,
      );
      // Without a seam and without an overlap: exactly every pixel, once.
      expect(covered).toBe(BOX.width * BOX.height);
      expect(tiles.length).toBeLessThanOrEqual(16);
    }
  });

  it("hold the places that every map has in them", () => {
    const { x, y, left, top, width, height } = tilesIn(sight(16), BOX, 16).find(({ x, y }) =>
      x === 34_371 && y === 21_325
    )!;
    expect([x, y, width, height]).toEqual([34_371, 21_325, 256, 256]);
    const middle = { x: BOX.width / 2, y: BOX.height / 2 };
    expect(middle.x >= left && middle.x < left + width && middle.y >= top && middle.y < top + height).toBe(true);
  });

  it("come again around the world, end at the poles, and are enlarged below the deepest", () => {
    const all = tilesIn({ middle: { x: 0.01, y: 0 }, zoom: 1 }, BOX, 1);
    expect(new Set(all.map(({ x }) => x))).toEqual(new Set([0, 1]));
    expect(all.every(({ x, y }) => x >= 0 && x < 2 && y >= 0 && y < 2)).toBe(true);
    expect(new Set(all.map(({ column, y }) => `${column} ${y}`)).size).toBe(all.length);
    expect([depthOf(sight(18.6), 19), depthOf(sight(20), 19), depthOf(sight(17.2), 14)]).toEqual([19, 19, 14]);
    expect(tilesIn(sight(16), BOX, 14).map(({ width }) => width)).toContain(1024);
  });

  it("are asked for where the setting says", () => {
    const map = { tiles: "https://tile.example.org/wmts?row={y}&col={x}&matrix={z}", attribution: null, zoom: 19 };
    expect(addressOf(map, { z: 3, x: 5, y: 2 })).toBe("https://tile.example.org/wmts?row=2&col=5&matrix=3");
  });

  it("are a photograph where their address says JPEG, which no dark theme makes a negative of", () => {
    const of = (end: string) =>
      isPhoto({ tiles: `https://jpg.example.org/{z}/{x}/{y}${end}`, attribution: null, zoom: 19 });
    expect([".jpg", ".JPEG?key=a", "@2x.jpg90", ".png", "?format=image/jpeg", ""].map(of)).toEqual(
      [true, true, false, false, false, false],
    );
  });
});

describe("whose map it is", () => {
  it("is said with its links, and nothing else of it is more than text", () => {
    expect(partsOf("© [OpenStreetMap](https://www.openstreetmap.org/copyright) contributors")).toEqual([
      { text: "© " },
      { text: "OpenStreetMap", href: "https://www.openstreetmap.org/copyright" },
      { text: " contributors" },
    ]);
    for (const text of ["<b>Map</b>", "[Map](javascript:alert(1))", "[Map](//evil.example)", "[](https://x.example)"]) {
      expect(partsOf(text)).toEqual([{ text }]);
    }
  });
});

describe("[S7] the choice", () => {
  const map = { tiles: "https://tile.example.org:8443/{z}/{x}/{y}.png?key=abc", attribution: null, zoom: 19 };

  it("is of one origin: where the hub names another one later, nobody has chosen that", () => {
    expect(choiceOf(map, "https://tile.example.org:8443")).toMatchObject({
      host: "tile.example.org:8443",
      isChosen: true,
    });
    const others = ["", "https://tile.example.org", "http://tile.example.org:8443", "https://other.example:8443"];
    for (const chosen of others) expect(choiceOf(map, chosen).isChosen).toBe(false);
  });
});
