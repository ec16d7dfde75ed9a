/** What can be asked of the hub, by REST or by an operator's socket: each call's arguments and what it answers. */
import type { z } from "zod";
import type * as body from "../protocol/body.ts";
import type {
  BlobView,
  CommandRecord,
  DesiredDocument,
  DeviceView,
  EstopView,
  EventView,
  LastValue,
  LeaseView,
  OperatorView,
  SelectionView,
  Stretch,
} from "../protocol/record.ts";
import type { JobResult, jobRetry, JobTrial, JobView, newJob, resultsPage } from "../protocol/job.ts";
import type { newSavedView, SavedView } from "../protocol/saved_view.ts";
import type { Facets } from "../protocol/facets.ts";
import type { HubView } from "../protocol/hub_view.ts";
import type { KindDocument } from "../kind/schema.ts";
import type { Role } from "../protocol/words.ts";
import type { Doc } from "../history/sample.ts";
import type { AuditRow } from "./access/rows.ts";

/** One page of a list [R3]. */
export interface List<T> {
  items: T[];
  next: string | null;
  total: number;
}

export interface TokenView {
  tokenId: string;
  createdAt: number;
  lastUsedAt: number | null;
}

export type OperatorTokenView = OperatorView & { createdAt: number; lastUsedAt: number | null };
export type Me = { type: "operator" } & OperatorView | { type: "device"; id: string; name: string };

/** A field's history [R]; what a point holds depends on the class. */
export interface History {
  field: string;
  class: "gauge" | "counter" | "state";
  unit: string | null;
  /** Seconds from one point to the next. */
  resolution: number;
  /** What it covers, in ms: whole minutes or hours where it is made of such [R6]. */
  from: number;
  to: number;
  points: unknown[][];
  /** Of a state: `[value,seconds,times]`. */
  totals?: unknown[][];
}

/** Several fields of a device side by side [Q8]. */
export interface HistoryTable {
  /** `of` is what the column has of its field, where that is not the value itself; `unit` is null where there is none. */
  columns: { field: string; of?: string; unit: string | null }[];
  /** Each begins with its time, in ms; a cell without a value is undefined. */
  rows: unknown[][];
  /** What the rows cover, in ms; `next` is where the rest begins, if there is any. */
  from: number;
  to: number;
  next?: { from: number; to: number; resolution: Fineness };
}
export type Fineness = typeof body.FINENESS[number];

type Infer<S extends z.ZodType> = z.infer<S>;
type NewJob = Omit<Infer<typeof newJob>, "dryRun">;
type OfDevice<A = unknown> = { device: string } & A;

export interface Calls {
  me: { args: { upgrade?: boolean }; value: Me };
  /** [R2] May the caller make a call that asks for this role? Before anything that was sent along is looked at. */
  admit: { args: { who: Role | "device"; call: string; device?: string }; value: null };
  list_kinds: { args: Record<never, never>; value: { items: KindDocument[] } };
  get_kind: { args: { kind: string }; value: KindDocument };

  create_device: { args: Infer<typeof body.newDevice>; value: { device: DeviceView; token: string; tokenId: string } };
  list_devices: { args: body.PageArgs; value: List<DeviceView> };
  get_facets: { args: Infer<typeof body.facetsOf>; value: Facets };
  get_device: { args: OfDevice; value: DeviceView };
  change_device: { args: OfDevice<{ patch: Infer<typeof body.devicePatch> }>; value: DeviceView };
  delete_device: { args: OfDevice; value: null };
  list_device_tokens: { args: OfDevice; value: List<TokenView> };
  create_device_token: { args: OfDevice; value: { tokenId: string; token: string } };
  delete_device_token: { args: OfDevice<{ token: string }>; value: null };

  send_command: { args: OfDevice<Infer<typeof body.newCommand>>; value: CommandRecord };
  cancel_command: { args: { command: string }; value: CommandRecord };
  get_command: { args: { command: string }; value: CommandRecord };
  list_fleet_commands: { args: Infer<typeof body.fleetCommands>; value: Stretch<CommandRecord> };
  list_commands: { args: OfDevice<body.PageArgs>; value: List<CommandRecord> };

  start_job: { args: NewJob; value: JobView };
  /** What it would do now; nothing is sent or kept [J11]. */
  try_job: { args: NewJob; value: JobTrial };
  get_job: { args: { job: string }; value: JobView };
  list_jobs: { args: body.PageArgs; value: List<JobView> };
  list_job_results: { args: { job: string } & Infer<typeof resultsPage>; value: List<JobResult> };
  stop_job: { args: { job: string }; value: JobView };
  retry_job: { args: { job: string } & Infer<typeof jobRetry>; value: JobView };
  select: { args: OfDevice<Infer<typeof body.newSelection>>; value: SelectionView };
  lease: { args: OfDevice<Infer<typeof body.leaseAction>>; value: LeaseView };
  estop: { args: OfDevice<Estop>; value: EstopView };
  /** Every device that the query finds now, or of those that are named [E10]. */
  estop_many: { args: { query?: string; devices?: string[] } & Estop; value: { devices: string[]; total: number } };

  get_desired: { args: OfDevice; value: DesiredDocument };
  /** With `state` it replaces whole and needs `ifVersion`; with `patch` it merges [D4]. `under` is where that lies in the request. */
  desire: {
    args: OfDevice<{ state?: Doc; patch?: Doc; ifVersion?: number | "any"; under?: readonly string[] }>;
    value: DesiredDocument;
  };
  get_property: { args: OfDevice<{ field: string }>; value: LastValue };
  /** A desired patch of one field [W2]. */
  set_property: {
    args: OfDevice<{ field: string; value: unknown; ifVersion?: number | "any" }>;
    value: DesiredDocument;
  };

  /** The `telemetry` frame without `type`, from the device itself. */
  post_telemetry: {
    args: OfDevice<{ body: Infer<typeof body.samples> }>;
    value: { accepted: number; refused?: Refused[] };
  };
  get_history: { args: OfDevice<Infer<typeof body.range>>; value: History };
  get_history_table: { args: OfDevice<Infer<typeof body.tableRange>>; value: HistoryTable };
  list_events: { args: OfDevice<body.PageArgs>; value: List<EventView> };
  list_fleet_events: { args: Infer<typeof body.fleetEvents>; value: Stretch<EventView> };
  list_blobs: { args: OfDevice<body.PageArgs>; value: List<BlobView> };
  get_blob: { args: OfDevice<{ blob: string }>; value: BlobView & { bytes: Uint8Array } };

  list_views: { args: Infer<typeof body.viewsPage>; value: List<SavedView> };
  get_view: { args: { view: string }; value: SavedView };
  put_view: { args: { view: string } & Infer<typeof newSavedView>; value: SavedView };
  delete_view: { args: { view: string }; value: null };

  create_token: { args: Infer<typeof body.newToken>; value: OperatorView & { token: string } };
  list_tokens: { args: body.PageArgs; value: List<OperatorTokenView> };
  delete_token: { args: { token: string }; value: null };
  create_ticket: { args: Record<never, never>; value: { ticket: string; expiresAt: number } };
  /** `secret` is for the cookie; the body that is shown leaves it out. */
  open_session: { args: Infer<typeof body.newSession>; value: OperatorView & Session };
  close_session: { args: Record<never, never>; value: null };
  claim: { args: Infer<typeof body.claim>; value: OperatorView & { token: string } & Session };

  /** Where some rows are asked for nobody counts them [A9]. */
  list_audit: { args: Infer<typeof body.auditPage>; value: Stretch<AuditRow> & { total?: number } };
  get_hub: { args: Record<never, never>; value: HubView };
  get_metrics: { args: Record<never, never>; value: Metric[] };
}

interface Estop {
  action: "set" | "clear";
  reason?: string;
}

export interface Refused {
  code: string;
  message: string;
  pointer?: string;
}

export interface Session {
  session: { secret: string; expiresAt: number };
}

/** What the hub counts, in the words of Prometheus: gauges as they are, counters since its program began. */
export interface Metric {
  name: string;
  help: string;
  type: "gauge" | "counter" | "histogram";
  /** A histogram has several values of one name, told apart by what is put behind it. */
  values: { suffix?: "_bucket" | "_sum" | "_count"; labels: Record<string, string>; value: number }[];
}

export type CallName = keyof Calls;
export type ArgsOf<N extends CallName> = Calls[N]["args"];
export type ValueOf<N extends CallName> = Calls[N]["value"];
