/** The list of devices: what stands around its rows and in them. */
import { ageOf, wholeMomentOf } from "./format.ts";

export const ROW = {
  stale: (ms: number) => `Stale: last told ${ageOf(ms)} ago`,
  told: (title: string, at: number) => `${title}, told ${wholeMomentOf(at)}`,
  never: "never",
  pending: "Commands that are not final",
} as const;
