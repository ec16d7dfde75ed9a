/** What the protocol's words mean to a person: presence, faults, close codes. Sentence case, no blame. */
import type { CloseName } from "../../protocol/close.ts";
import type { FaultCode } from "../../protocol/fault.ts";
import type { Presence } from "../../protocol/words.ts";
import { NO_ANSWER, NOT_CONNECTED } from "../live/fault.ts";

export const PRESENCE: Record<Presence, { word: string; sentence: string }> = {
  new: { word: "New", sentence: "It never connected." },
  online: { word: "Online", sentence: "It is connected and gives signs of life." },
  suspect: { word: "Suspect", sentence: "It is overdue: connected, and silent for longer than it promised." },
  sleeping: { word: "Sleeping", sentence: "It sleeps and will come back by itself." },
  offline: { word: "Offline", sentence: "It is not connected." },
};

export const PRESENCES = Object.keys(PRESENCE) as Presence[];

/** Reasons of going offline, as the hub names them: mostly close names [P1]. */
const REASONS: Record<string, string> = {
  heartbeat_lost: "its heartbeat stopped",
  taken_over: "a newer connection took its place",
  connection_lost: "the connection was lost",
  closed: "it closed the connection",
  going_away: "it said that it is going away",
  revoked: "its token was revoked",
  rate_limited: "it sent too much",
  too_many_bad_frames: "it sent too many bad frames",
  too_big: "it sent a frame that is too big",
  protocol_error: "it sent what is not MQTT as the hub speaks it",
  bad_text: "it sent text that is not UTF-8",
  binary_not_expected: "it sent a binary frame that nobody asked for",
  internal: "the hub failed at what it sent",
  restarting: "the hub restarted",
  hub_restarted: "the hub restarted",
  overloaded: "the hub had too much to do",
  silent: "nothing was heard from it",
};
export const reasonInWords = (reason: string): string => REASONS[reason] ?? reason.replaceAll("_", " ");

const FLAGS: Record<string, string> = {
  "clone suspected":
    "Two devices seem to use its token: connections took over from each other three times in a minute.",
};
export const flagInWords = (flag: string): string => FLAGS[flag] ?? flag.replaceAll("_", " ");

type Known = FaultCode | typeof NOT_CONNECTED | typeof NO_ANSWER;

/** What a fault means and, where somebody can act, what helps. */
export const FAULT_WORDS: Record<Known, string> = {
  bad_json: "The hub could not read the request.",
  bad_frame: "The hub does not know this form of request. A reload brings the newest panel.",
  bad_request: "The hub does not understand this.",
  unauthenticated: "The session is not valid any more. Sign in again.",
  forbidden: "Your role does not allow this.",
  not_found: "This does not exist any more.",
  conflict: "Something else is in that place, or it moved on in the meantime.",
  offline: "The device is not connected, so nothing was sent.",
  interlock: "An interlock forbids this now.",
  lease_required: "This device is driven by one at a time. Take control first.",
  lease_lost: "You do not drive this device any more, so nothing was sent.",
  estop: "The emergency stop is set. Clear it first.",
  too_large: "This is more than the device takes in one frame.",
  unknown_type: "This hub cannot do that yet.",
  unknown_kind: "This hub does not know that kind.",
  unknown_command: "This kind of device has no such command.",
  invalid_params: "The values do not fit the command.",
  invalid_telemetry: "The data does not fit the kind.",
  invalid_state: "The value does not fit the field.",
  invalid_blob: "The device may not send files of this type.",
  broken_blob: "The file did not arrive as it was announced. The device sends it again.",
  rate_limited: "Too many requests. Wait a little, then try again.",
  queue_full: "Too many commands wait for this device already.",
  storage_unavailable: "The hub cannot write to its store now, so nothing was accepted.",
  internal: "The hub failed at this. Its log says why.",
  expired: "It was not sent in time, and will not be sent any more.",
  unknown_outcome: "It was sent, and no outcome came. It may have acted: check it.",
  cancelled: "It was cancelled.",
  superseded: "A newer command took its place.",
  busy: "The device is doing something else.",
  refused: "The device refused.",
  out_of_range: "The device cannot go there.",
  unsupported: "The device cannot do that.",
  obstructed: "Something is in the way.",
  jammed: "The mechanism is stuck.",
  low_battery: "The device's battery is too low for that.",
  hardware_fault: "The device is broken.",
  [NOT_CONNECTED]: "There is no connection to the hub, so nothing was sent.",
  [NO_ANSWER]: "The connection ended before the hub answered. It may have been accepted.",
};

/** A code that the kind declared itself is its own best word: `invalid_pin` → `Invalid pin.` */
export function faultInWords(code: string): string {
  if (Object.hasOwn(FAULT_WORDS, code)) return FAULT_WORDS[code as Known];
  const words = code.replaceAll("_", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Why the panel's own connection ended. */
export const CLOSE_WORDS: Record<CloseName, string> = {
  going_away: "The hub closed the connection.",
  binary_not_expected: "The hub did not understand what the panel sent.",
  protocol_error: "The panel spoke otherwise than the hub expects.",
  refused: "The hub did not let the panel in.",
  bad_text: "The hub could not read what the panel sent.",
  too_big: "The panel sent more than the hub takes in one frame.",
  internal: "The hub failed.",
  restarting: "The hub is restarting.",
  overloaded: "The hub has too much to do.",
  slow_consumer: "This browser did not keep up.",
  heartbeat_lost: "The hub heard nothing from this browser.",
  rate_limited: "The panel asked too much at once.",
  token_expired: "The session has to be renewed.",
  resync: "The hub asked for a fresh start.",
  signed_out: "You signed out, here or in another window.",
  revoked: "Your access was revoked.",
  taken_over: "A newer connection took this one's place.",
  too_many_connections: "You have too many connections open. Close other windows of the panel.",
  too_many_bad_frames: "The hub did not understand the panel. A reload brings the newest one.",
};

export const closeInWords = (name: string): string =>
  Object.hasOwn(CLOSE_WORDS, name) ? CLOSE_WORDS[name as CloseName] : "The connection was lost.";

export const ROLES = {
  viewer: "Reads everything, changes nothing.",
  operator: "Reads, sends commands, sets what is desired.",
  admin: "Everything, also devices and tokens.",
} as const;
