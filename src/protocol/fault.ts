/** Every fault code, its HTTP status, whose fault it is and whether trying again can help [X]. */

/** Who has to change something before the same request can succeed. */
export type Whose = "caller" | "hub" | "link" | "device";

interface FaultRow {
  status: number;
  retryable: boolean;
  whose: Whose;
  title: string;
}

const row = (status: number, whose: Whose, retryable: boolean, title: string): FaultRow => ({
  status,
  whose,
  retryable,
  title,
});

/** The one table that REST, sockets, the device library and the documents share. */
export const FAULTS = {
  bad_json: row(400, "caller", false, "The text is not JSON, or is nested too deep"),
  bad_frame: row(400, "caller", false, "The frame does not have the shape of its type"),
  bad_request: row(400, "caller", false, "The request does not have the shape that this address asks for"),
  unauthenticated: row(401, "caller", false, "The credential is missing, unknown or revoked"),
  forbidden: row(403, "caller", false, "This identity may not do that"),
  not_found: row(404, "caller", false, "There is no such thing"),
  conflict: row(409, "caller", false, "Something else is already in that place, or has moved on"),
  offline: row(409, "link", true, "The device is not connected"),
  interlock: row(409, "device", true, "An interlock forbids this now"),
  lease_required: row(409, "caller", false, "This device is driven under a lease"),
  lease_lost: row(409, "caller", false, "Another operator holds the lease"),
  estop: row(409, "caller", false, "The emergency stop is latched"),
  too_large: row(422, "caller", false, "This is larger than the receiver takes"),
  unknown_type: row(422, "caller", false, "There is no frame of this type in this direction"),
  unknown_kind: row(422, "caller", false, "There is no such kind"),
  unknown_command: row(422, "caller", false, "The kind has no such command"),
  invalid_params: row(422, "caller", false, "The params do not fit the command"),
  invalid_telemetry: row(422, "caller", false, "The data does not fit the kind"),
  invalid_state: row(422, "caller", false, "The state does not fit the kind"),
  invalid_blob: row(422, "caller", false, "The kind has no blobs of this media type"),
  broken_blob: row(422, "link", true, "The blob came otherwise than its header announced it"),
  rate_limited: row(429, "caller", true, "Too many requests"),
  queue_full: row(429, "device", true, "Too many commands wait for this device"),
  storage_unavailable: row(503, "hub", true, "The store does not take writes now"),
  internal: row(500, "hub", true, "The hub failed"),
  expired: row(200, "link", true, "The command was not sent in time, and never will be"),
  unknown_outcome: row(200, "link", false, "The command was sent; whether it acted is not known"),
  cancelled: row(200, "caller", false, "The command was cancelled"),
  superseded: row(200, "caller", false, "A newer command took its place"),
  busy: row(200, "device", true, "The device is doing something else"),
  refused: row(200, "device", false, "The device refused"),
  out_of_range: row(200, "device", false, "The device cannot go there"),
  unsupported: row(200, "device", false, "The device cannot do that"),
  obstructed: row(200, "device", true, "Something is in the way"),
  jammed: row(200, "device", false, "The mechanism is stuck"),
  low_battery: row(200, "device", false, "The battery is too low"),
  hardware_fault: row(200, "device", false, "The device is broken"),
} as const satisfies Record<string, FaultRow>;

export type FaultCode = keyof typeof FAULTS;

/** A refusal as a value. `status` is given only where it differs from the table's (412, 413, 428). */
export interface Fault {
  code: FaultCode;
  message: string;
  pointer?: string;
  errors?: { pointer: string; detail: string }[];
  status?: number;
  /** Seconds. */
  retryAfter?: number;
  /** Id of the record that this refusal left in the ledger [C1]. */
  command?: string;
}

/** Expected outcomes are values; `throw` is for bugs. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; fault: Fault };

export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const refuse = (
  code: FaultCode,
  message: string,
  extra: Omit<Fault, "code" | "message"> = {},
): { ok: false; fault: Fault } => ({ ok: false, fault: { code, message, ...extra } });

export const statusOf = (fault: Fault): number => fault.status ?? FAULTS[fault.code].status;

export const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(FAULTS, code);
