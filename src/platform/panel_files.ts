/** The built panel, from the folder that `deno task panel` writes. */
import { staticFiles } from "../http/static.ts";
import type { MapView } from "../protocol/hub_view.ts";

const BUILT = new URL("../../dist/panel/", import.meta.url);

export const panelFiles = (map: MapView | null) => staticFiles(read, map);

async function read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(new URL(path, BUILT));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) return null;
    throw error;
  }
}
