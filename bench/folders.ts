/** Folders for data that nobody wants after the bench, however that ends. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

export async function folder(within = tmpdir()): Promise<string> {
  const made = await mkdtemp(join(within, "signalbox-bench-"));
  folders.push(made);
  return made;
}

export const forgetFolders = () => Promise.all(folders.map((made) => rm(made, { recursive: true, force: true })));
