/** Settings of the map that the panel may offer, as they stand in the environment [S1, S7]. */
import { z } from "zod";
import type { MapView } from "../protocol/hub_view.ts";

const LONGEST = 500;
const DEEPEST = 19;
/** A name or IPv4 address: what a content policy can name. `*` and `;` stand in no such host. */
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/** Everything that varies stands behind the host, so that one host is all that a page may ask. */
function areTiles(text: string): boolean {
  if (text.length > LONGEST || !/^https?:\/\/[^{}\s]+\/\S+$/.test(text) || !URL.canParse(text)) return false;
  const { hostname, username, password, hash } = new URL(text);
  const places = text.match(/\{[^{}]*\}|[{}]/g)?.toSorted().join(" ");
  return HOST.test(hostname) && username + password + hash === "" && places === "{x} {y} {z}";
}

/** The words after "must be" of each refusal, without what was set: a key may stand in the address. */
export const MAP_SETTINGS = {
  SIGNALBOX_MAP_TILES: z.string()
    .refine(
      areTiles,
      "an address of tiles such as https://tile.example.org/{z}/{x}/{y}.png, with these three once each",
    )
    .nullable().default(null),
  SIGNALBOX_MAP_ATTRIBUTION: z.string().regex(/^[^\p{Cc}]{1,300}$/u, "one line of at most 300 characters")
    .nullable().default(null),
  SIGNALBOX_MAP_ZOOM: z.string().regex(/^(?:[1-9]|1\d|2[0-4])$/, "a whole number from 1 to 24").transform(Number)
    .default(DEEPEST),
};

export type MapTexts = { [N in keyof typeof MAP_SETTINGS]: z.infer<typeof MAP_SETTINGS[N]> };

/** Null where there is no map; a sentence where it cannot be meant so. `given` are the names that were set. */
export function mapSettings(texts: MapTexts, given: readonly string[]): MapView | string | null {
  if (texts.SIGNALBOX_MAP_TILES === null) {
    const name = given.find((name) => name.startsWith("SIGNALBOX_MAP_"));
    return name === undefined ? null : `${name} is of a map: set SIGNALBOX_MAP_TILES, or unset it.`;
  }
  return {
    tiles: texts.SIGNALBOX_MAP_TILES,
    attribution: texts.SIGNALBOX_MAP_ATTRIBUTION,
    zoom: texts.SIGNALBOX_MAP_ZOOM,
  };
}
