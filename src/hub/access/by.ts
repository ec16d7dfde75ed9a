/** Who did it, in the ledger and the audit. */
import type { Device } from "../devices/device.ts";

export interface By {
  id: string;
  name: string;
  /** What it is, where it is no operator. */
  sort?: "operator" | "device" | "nobody";
}

/** The hub itself, where it decided so. */
export const HUB: By = { id: "hub", name: "Signalbox" };

/** Somebody whom the hub does not know. */
export const NOBODY: By = { id: "", name: "", sort: "nobody" };

/** A device as the one who did it. */
export const asDevice = ({ row: { id, name } }: Device): By => ({ id, name, sort: "device" });
