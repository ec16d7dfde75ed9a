/** The built panel, from the folder that `deno task panel` writes. */
import { staticFiles } from "../http/static.ts";

const BUILT = new URL("../../dist/panel/", import.meta.url);

export const panelFiles = () => staticFiles(read);

async function read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(new URL(path, BUILT));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) return null;
    throw error;
  }
}
