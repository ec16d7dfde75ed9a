/** JSON Pointers in fragment form, and zod's issues as faults that carry them [F8]. */
import type { z } from "zod";
import type { Fault, FaultCode } from "./fault.ts";

type Path = readonly PropertyKey[];

/** `["data", "a/b"]` → `#/data/a~1b`. */
export const pointer = (path: Path): string =>
  "#" + path.map((part) => "/" + encodeURI(String(part).replaceAll("~", "~0").replaceAll("/", "~1"))).join("");

const MOST = 5;

/** The fault that a failed parse is, pointing from the root under which `under` lies. */
export function faultOf(error: z.ZodError, code: FaultCode, under: Path = []): Fault {
  const errors = error.issues.flatMap(places).slice(0, MOST)
    .map(({ path, detail }) => ({ pointer: pointer([...under, ...path]), detail }));
  const first = errors[0];
  const where = first.pointer.slice(2).split("/").pop();
  return { code, message: where ? `${where}: ${first.detail}` : first.detail, pointer: first.pointer, errors };
}

function places(issue: z.core.$ZodIssue): { path: Path; detail: string }[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...issue.path, key], detail: "there is no such key here" }));
  }
  return [{ path: issue.path, detail: issue.message }];
}
