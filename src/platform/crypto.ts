/** Digests and randomness as every runtime has them, at once. */
import * as node from "node:crypto";

/** The one digest of credentials, blobs and the audit's rows, in hex. */
export function sha256(of: string | readonly Uint8Array[]): string {
  // In one call, which costs a quarter, where there is such a call.
  if (typeof of === "string" && typeof node.hash === "function") return node.hash("sha256", of, "hex");
  const hash = node.createHash("sha256");
  for (const part of typeof of === "string" ? [of] : of) hash.update(part);
  return hash.digest("hex");
}

/** Ids take a few bytes each: they are drawn many at once. What is to stay secret is drawn by itself. */
const POOL = 1_024;
const FEW = 8;
let pool = new Uint8Array(0);
let drawn = 0;

/** What a runtime has of randomness; a test that must repeat itself brings its own. */
export function randomBytes(bytes: number): Uint8Array {
  if (bytes > FEW) return draw(bytes);
  if (drawn + bytes > pool.length) [pool, drawn] = [draw(POOL), 0];
  return pool.subarray(drawn, drawn += bytes);
}

const draw = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
