/** A device, as the hub has it at hand. */
import type { Carried } from "../../history/carried.ts";
import type { Unpacked } from "../../history/unpacked.ts";
import type { AnyKind } from "../../kind/kind.ts";
import type { Presence } from "../../protocol/words.ts";
import type { DeviceTokenRow } from "../access/rows.ts";
import type { OpenCommand } from "../commands/open.ts";
import type { DeviceConnection } from "../connections/connection.ts";
import type { Lane } from "../control/lanes.ts";
import type { DeviceRow, TraceRow } from "./rows.ts";

export interface Device {
  row: DeviceRow;
  trace: TraceRow;
  kind: AnyKind;
  /** A time-ordered id: what history has from before it is of another device that had this one's [Q12]. */
  since: string;
  /** What the journal has of it: read from here, and from the rows only at a start. */
  unpacked: Unpacked;
  /** The connection that speaks for it now. */
  connection: DeviceConnection | null;
  /** What it told in this window before what its connection carries, and beyond what a sleeping socket keeps [T7]. */
  spilled: readonly Carried[];
  /** Its tokens; null until somebody asks for them. */
  tokens: readonly DeviceTokenRow[] | null;
  /** Its presence when it was last looked over, to see that it changed [P5]. */
  presence: Presence | null;
  /** Its commands that are not final, in the order of acceptance. */
  open: OpenCommand[];
  /** Its real-time lanes that somebody drives, by name; only here, and only while it is connected [L]. */
  lanes: Map<string, Lane>;
}

/** How a device stands whom nobody drives or stopped; rows of earlier versions say nothing of it. */
export const FREE = { lease: null, fence: 0, estop: null };

/** What is kept of a boot's scope. */
export const bootOf = ({ seq, unkept = [] }: DeviceConnection, id: string): TraceRow["boot"] => ({
  id,
  seq,
  ...(unkept.length > 0 && { unkept }),
});

export const freshTrace = (id: string): TraceRow => ({
  id,
  saved: "",
  seen: null,
  posting: null,
  gone: null,
  firmware: null,
  boot: null,
  values: {},
});
