/** The looks of what was asked for: requested, the device has it, confirmed by its report, diverged, failed. Pure. */
import { isFinal } from "../../protocol/record.ts";
import type { Standing } from "../live/standing.ts";
import type { Travel } from "../live/travel.ts";

export type Look = "settled" | "requested" | "has" | "confirmed" | "diverged" | "failed";

interface Seen {
  travel: Travel | null;
  /** Does the device report what was asked? Undefined where it moved on. */
  isConfirmed: boolean | undefined;
  standing: Standing;
  /** The road's end is a moment ago. */
  isNews: boolean;
}

export function lookOf({ travel, isConfirmed, standing, isNews }: Seen): Look {
  const ofTravel = travel ? lookOfTravel(travel, isConfirmed, isNews) : "settled";
  if (ofTravel !== "settled") return ofTravel;
  switch (standing.state) {
    case "pending":
      return "requested";
    case "diverged":
      return "diverged";
    case "refused":
      return "failed";
    default:
      return "settled";
  }
}

function lookOfTravel({ ask, record }: Travel, isConfirmed: boolean | undefined, isNews: boolean): Look {
  if (!record) return ask?.fault ? "failed" : "requested";
  if (!isFinal(record.status)) return record.status === "received" ? "has" : "requested";
  if (record.status === "succeeded") {
    if (isConfirmed === false) return isNews ? "has" : "diverged";
    return isConfirmed && isNews ? "confirmed" : "settled";
  }
  const hasFailed = !["cancelled", "superseded"].includes(record.status);
  return hasFailed && isNews ? "failed" : "settled";
}

/** Beside the value, so that no look is told by its shape alone. */
export const LOOKS: Record<Look, string | null> = {
  settled: null,
  requested: "Asked",
  has: "Device has it",
  confirmed: "Confirmed",
  diverged: "Diverged",
  failed: "Not done",
};
