/** JSON Pointers in fragment form, and faults that carry them [F8]. */
import type { z } from "zod";
import type { Fault, FaultCode } from "./fault.ts";

export type Path = readonly PropertyKey[];

/** Something wrong at a place. */
export interface Wrong {
  path: Path;
  detail: string;
}

/** `["data", "a/b"]` → `#/data/a~1b`. */
export const pointer = (path: Path): string => "#" + path.map((part) => "/" + token(String(part))).join("");

/** Half a surrogate pair has no encoding, and `#` would begin another fragment. */
const token = (part: string): string =>
  encodeURI(part.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")).replaceAll("#", "%23");

const MOST = 5;

/** One fault for all that is wrong, which is not nothing; paths are counted from `under`. */
export function faultAt(code: FaultCode, wrongs: readonly Wrong[], under: Path = []): Fault {
  const errors = wrongs.slice(0, MOST).map(({ path, detail }) => ({ pointer: pointer([...under, ...path]), detail }));
  const [{ path, detail }] = wrongs;
  const where = nameOf([...under, ...path]);
  return { code, message: where === "" ? detail : `${where}: ${detail}`, pointer: errors[0].pointer, errors };
}

/** The last name in a path, with the places in a list behind it: `window/1`. */
const nameOf = (path: Path): string => path.slice(path.findLastIndex((part) => typeof part === "string")).join("/");

/** The fault that a failed parse is. */
export const faultOf = (error: z.ZodError, code: FaultCode, under: Path = []): Fault =>
  faultAt(code, error.issues.flatMap(wrongsOf), under);

export const unknownKeys = (keys: readonly string[], path: Path = []): Wrong[] =>
  keys.map((key) => ({ path: [...path, key], detail: "there is no such key here" }));

const wrongsOf = (issue: z.core.$ZodIssue): Wrong[] =>
  issue.code === "unrecognized_keys"
    ? unknownKeys(issue.keys, issue.path)
    : [{ path: issue.path, detail: issue.message }];
