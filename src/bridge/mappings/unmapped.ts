/** Which places of a payload a mapping has nothing for [N47]. */
import { isObject } from "../../protocol/merge.ts";

const DEEPEST = 4;
const MOST = 256;
/** Places whose answer is remembered. */
const MOST_KNOWN = 512;

/** The places of a payload that hold a value, as a person looks for them: `/ENERGY/Power`; of lists the whole. */
export function leavesOf(payload: unknown): string[] {
  const leaves: string[] = [];
  const walk = (value: unknown, at: string, depth: number) => {
    if (leaves.length >= MOST) return;
    if (isObject(value) && depth < DEEPEST) {
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1);
      }
    } else if (at !== "") leaves.push(at.slice(0, 256));
  };
  walk(payload, "", 0);
  return leaves;
}

/** Says of a place whether anything of these rules looks there. */
export function usesOf(rules: object): (leaf: string) => boolean {
  const places = new Set<string>();
  collect(rules, places);
  const patterns = [...places].map((place) => place.split("/"));
  const known = new Map<string, boolean>();
  return (leaf) => {
    const before = known.get(leaf);
    if (before !== undefined) return before;
    const steps = leaf.split("/");
    // A place within a leaf, of a list, uses it; a place above it has all of it.
    const isUsed = patterns.some((pattern) =>
      pattern.slice(0, steps.length).every((step, index) => step === "*" || step === steps[index])
    );
    if (known.size < MOST_KNOWN) known.set(leaf, isUsed);
    return isUsed;
  };
}

/** Every text in it that is a place. */
function collect(part: unknown, places: Set<string>): void {
  if (typeof part === "string") {
    if (part.startsWith("/")) places.add(part);
  } else if (typeof part === "object" && part !== null) {
    for (const [key, inner] of Object.entries(part)) {
      if (key.startsWith("/")) places.add(key);
      collect(inner, places);
    }
  }
}
