/** What is remembered: every table with its row, which the `rows.ts` of a folder describes. */
import type { OutboxRow } from "../protocol/outbox.ts";
import type { CommandRecord, EventView } from "../protocol/record.ts";
import type { SavedView } from "../protocol/saved_view.ts";
import type { AuditRow, ClaimRow, DeviceTokenRow, GrantRow, OperatorTokenRow } from "./access/rows.ts";
import type { BridgedRow, DroppedRow } from "./bridge/rows.ts";
import type { ReplayRow } from "./calls/rows.ts";
import type { PendingRow } from "./commands/rows.ts";
import type { SelectionRow } from "./control/rows.ts";
import type { BlobPartRow, BlobRow, DeviceRow, FormerRow, KindRow, TraceRow } from "./devices/rows.ts";
import type { CheckpointRow, ErasureRow, HourlyRow, JournalRow, PageRow, SettlingRow } from "./history/rows.ts";
import type { JobRow, JobTargetRow } from "./jobs/rows.ts";

/** Every table with its row. A row's key is its `id`. */
export interface Rows {
  device: DeviceRow;
  trace: TraceRow;
  device_token: DeviceTokenRow;
  operator_token: OperatorTokenRow;
  session: GrantRow;
  ticket: GrantRow;
  claim: ClaimRow;
  command: CommandRecord;
  pending: PendingRow;
  job: JobRow;
  job_target: JobTargetRow;
  former: FormerRow;
  selection: SelectionRow;
  replay: ReplayRow;
  event: EventView;
  audit: AuditRow;
  journal: JournalRow;
  page: PageRow;
  hourly: HourlyRow;
  settling: SettlingRow;
  erasure: ErasureRow;
  checkpoint: CheckpointRow;
  blob: BlobRow;
  blob_part: BlobPartRow;
  kind: KindRow;
  view: SavedView;
  outbox: OutboxRow | DroppedRow | BridgedRow;
}
export type Table = keyof Rows;
