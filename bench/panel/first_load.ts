/** What a browser has to load before the panel's first sight: the script of its page, and all that it imports at once. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface FirstLoad {
  /** Below the panel's folder. */
  files: string[];
  /** As the hub sends them, without their headers. */
  bytes: number;
}

/** Of a panel that was built into this folder. */
export function firstLoadOf(folder: string): FirstLoad {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const files = new Set<string>();
  const add = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const next of importsOf(readFileSync(join(folder, file), "utf8"))) add(`assets/${next}`);
  };
  for (const file of scriptsOf(page)) add(file);
  const sizes = [...files].map((file) => gzipSync(readFileSync(join(folder, file))).length);
  return { files: [...files], bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

export const isBuilt = (folder: string): boolean => existsSync(join(folder, "index.html"));

/** Those that it runs and those that it is told to have ready. */
export const scriptsOf = (page: string): string[] =>
  [...page.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\/([^"]+\.js)"/g)].map(([, file]) => file);

/** What a built file imports from beside it before it runs; what it may load later is no part of that. */
export const importsOf = (script: string): string[] =>
  [...script.matchAll(/(?:\bimport|\bfrom)\s*["']\.\/([\w.-]+\.js)["']/g)].map(([, file]) => file);
