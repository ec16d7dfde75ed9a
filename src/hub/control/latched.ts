/** What a latched emergency stop is to whoever looks, and whether it can reach the device [E2, E4, E7]. */
import type { EstopView } from "../../protocol/record.ts";
import type { Device } from "../devices/device.ts";

/** Has its kind a `stop` that needs to be told nothing? */
export const reaches = ({ commands, check }: Device["kind"]): boolean =>
  Object.hasOwn(commands, "stop") && check.params("stop", {}).ok;

export const estopView = ({ row: { estop }, kind }: Device): EstopView | null =>
  estop && { ...estop, reach: reaches(kind) ? "device" : "hub" };

export const estopSentence = ({ row }: Device): string =>
  `The emergency stop of ${row.name} is latched; somebody has to clear it first`;
