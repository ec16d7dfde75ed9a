/** What is said of a map's tiles and of whoever has them. */
export const MAP = {
  show: (host: string) => `Show a map from ${host}`,
  hide: "Without the map",
  /** Before somebody chooses it. */
  wouldSee: (host: string, hub: string) =>
    `${host} then sees which places are looked at, the network address that they are looked at from, and the address of this hub, ${hub}.`,
  kept: "Kept in this browser.",
  sees: (host: string) => `The map is from ${host}, which sees the places that are looked at.`,
  from: (host: string) => `Map: ${host}`,
  none: (host: string) => `No map here: ${host} does not answer, or refuses.`,
  partly: (host: string) => `Parts of the map are missing: ${host} does not answer for them, or refuses.`,
  forbidden: (host: string) =>
    `No map here: this page may not ask ${host}. Reload it; if that changes nothing, a proxy before the hub sends a policy of its own.`,
} as const;

export const MAP_CHOICE = {
  label: "Map of trackers",
  from: (host: string) => `From ${host}`,
  /** Instead of the host, which stands above. */
  it: "It",
  plain: { title: "No map", sentence: "A track over a grid of metres. Nobody but this hub is asked for anything." },
} as const;

/** What is looked at, and how it is moved. */
export const GROUND = {
  group: "What is looked at: arrow keys move it, + and − zoom, 0 shows the whole track",
  closer: "Zoom in",
  farther: "Zoom out",
  whole: "Whole track",
  fingers: "Two fingers move and zoom it.",
  /** Told, too, when it was zoomed by keys. */
  bar: (metres: string) => `The bar is ${metres} long`,
} as const;
