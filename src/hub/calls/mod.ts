/** Every call, who may make it and what it does; and the one way to make one. */
import type { Credential } from "../../protocol/credential.ts";
import { type Outcome, refuse } from "../../protocol/fault.ts";
import { type Role, roleOpens } from "../../protocol/words.ts";
import type { ArgsOf, CallName, ValueOf } from "../call.ts";
import { identify, type Operator } from "../access/identity.ts";
import type { Turn } from "../turn.ts";
import * as access from "./access.ts";
import * as audit from "./audit.ts";
import * as blobs from "./blobs.ts";
import * as commands from "./commands.ts";
import * as control from "./control.ts";
import * as devices from "./devices.ts";
import * as facets from "./facets.ts";
import * as fleet from "./fleet.ts";
import * as hub from "./hub.ts";
import * as jobs from "./jobs.ts";
import * as reads from "./reads.ts";
import * as samples from "./samples.ts";
import * as table from "./table.ts";
import * as things from "./things.ts";
import * as views from "./views.ts";
import { auditRefusedCall, refuseDevice } from "../access/audit.ts";
import { once } from "./once.ts";

interface ForOperators<N extends CallName> {
  /** The least role. A call may ask for more where its command or field does. */
  who: Role;
  run(turn: Turn, by: Operator, args: ArgsOf<N>, key?: string): Outcome<ValueOf<N>>;
  /** What a repeat with the same key answers, where the first answer has moved on [C20]. */
  again?(turn: Turn, value: ValueOf<N>): Outcome<ValueOf<N>>;
}

/** Calls that look at the credential themselves. */
interface ForAnybody<N extends CallName> {
  /** `device`: the two that a device's token opens [I3]; `anybody`: those that make or end an operator's way in. */
  who: "anybody" | "device";
  run(turn: Turn, credential: Credential, args: ArgsOf<N>, key?: string): Outcome<ValueOf<N>>;
}

export const CALLS: { [N in CallName]: ForOperators<N> | ForAnybody<N> } = {
  me: { who: "device", run: access.me },
  admit: { who: "device", run: access.admit },
  claim: { who: "anybody", run: access.claim },
  open_session: { who: "anybody", run: access.openSession },
  close_session: { who: "anybody", run: access.closeSession },
  create_ticket: { who: "viewer", run: access.createTicket },
  create_token: { who: "admin", run: access.createToken },
  list_tokens: { who: "admin", run: access.listTokens },
  delete_token: { who: "admin", run: access.deleteToken },

  create_device: { who: "admin", run: devices.createDevice },
  list_devices: { who: "viewer", run: devices.listDevices },
  get_facets: { who: "viewer", run: facets.getFacets },
  get_device: { who: "viewer", run: devices.getDevice },
  change_device: { who: "admin", run: devices.changeDevice },
  delete_device: { who: "admin", run: devices.deleteDevice },
  list_device_tokens: { who: "admin", run: devices.listTokens },
  create_device_token: { who: "admin", run: devices.createToken },
  delete_device_token: { who: "admin", run: devices.deleteToken },

  send_command: { who: "operator", run: commands.sendCommand, again: commands.currentRecord },
  cancel_command: { who: "operator", run: commands.cancelCommand },
  get_command: { who: "viewer", run: commands.getCommand },
  list_commands: { who: "viewer", run: commands.listCommands },
  list_fleet_commands: { who: "viewer", run: fleet.listCommands },
  start_job: { who: "operator", run: jobs.startJob, again: jobs.currentJob },
  try_job: { who: "operator", run: jobs.tryJob },
  get_job: { who: "viewer", run: jobs.getJob },
  list_jobs: { who: "viewer", run: jobs.listJobs },
  list_job_results: { who: "viewer", run: jobs.listResults },
  stop_job: { who: "operator", run: jobs.stopJob },
  retry_job: { who: "operator", run: jobs.retryJob, again: jobs.currentJob },
  select: { who: "operator", run: control.select },
  lease: { who: "operator", run: control.lease },
  estop: { who: "operator", run: control.estop },
  estop_many: { who: "operator", run: control.estopMany },
  get_desired: { who: "viewer", run: commands.getDesired },
  desire: { who: "operator", run: commands.desire },
  get_property: { who: "viewer", run: things.getProperty },
  set_property: { who: "operator", run: things.setProperty },

  post_telemetry: { who: "device", run: samples.postTelemetry },
  get_history: { who: "viewer", run: reads.getHistory },
  get_history_table: { who: "viewer", run: table.getHistoryTable },
  list_events: { who: "viewer", run: reads.listEvents },
  list_fleet_events: { who: "viewer", run: fleet.listEvents },
  list_blobs: { who: "viewer", run: blobs.listBlobs },
  get_blob: { who: "viewer", run: blobs.getBlob },
  list_kinds: { who: "viewer", run: reads.listKinds },
  get_kind: { who: "viewer", run: reads.getKind },
  list_audit: { who: "admin", run: audit.listAudit },
  list_views: { who: "viewer", run: views.listViews },
  get_view: { who: "viewer", run: views.getView },
  put_view: { who: "viewer", run: views.putView },
  delete_view: { who: "viewer", run: views.deleteView },
  get_hub: { who: "viewer", run: hub.getHub },
  get_metrics: { who: "viewer", run: hub.getMetrics },
};

/** A call by REST: the caller is not known yet. */
export function call<N extends CallName>(
  turn: Turn,
  credential: Credential,
  name: N,
  args: ArgsOf<N>,
  key?: string,
): Outcome<ValueOf<N>> {
  const entry = CALLS[name];
  if (entry.who === "device") return entry.run(turn, credential, args, key);
  const caller = identify(turn, credential);
  if (!caller.ok) return entry.who === "anybody" ? entry.run(turn, credential, args, key) : caller;
  if (caller.value.sort === "device") return refuseDevice(turn, caller.value, name, deviceIn(args));
  return entry.who === "anybody"
    ? entry.run(turn, credential, args, key)
    : perform(turn, caller.value, name, args, key);
}

const deviceIn = (args: object): string | undefined => (args as { device?: string }).device;

/** A call by an operator who is known [I5]; with a key, only once [C20]. */
export function perform<N extends CallName>(
  turn: Turn,
  by: Operator,
  name: N,
  args: ArgsOf<N>,
  key?: string,
): Outcome<ValueOf<N>> {
  const entry = CALLS[name] as ForOperators<N>;
  if (!roleOpens(by.role, entry.who)) {
    auditRefusedCall(turn, by, name, deviceIn(args));
    return refuse("forbidden", `This needs the role ${entry.who}`);
  }
  const run = () => entry.run(turn, by, args, key);
  return key === undefined ? run() : once(turn, { by, name, args, key, again: entry.again }, run);
}
