/** The audit in words: what was done to what, and how it went. Pure. */
import type { AuditView } from "../../protocol/record.ts";
import { sentence } from "../form/field.ts";
import { dateIn, dayOf, yearOf } from "./locale.ts";
import { faultInWords } from "./words.ts";

export type AuditEntry = AuditView;

const DEEDS: Record<string, string> = {
  claim: "Claimed the hub",
  sign_in: "Signed in",
  sign_out: "Signed out",
  refused_call: "Tried what is not theirs to do",
  create_token: "Made an operator token",
  delete_token: "Deleted an operator token",
  create_device: "Added the device",
  change_device: "Changed the device",
  delete_device: "Deleted the device",
  create_device_token: "Made a token for the device",
  delete_device_token: "Deleted a token of the device",
  desire: "Changed what is desired",
  cancel: "Asked to cancel a command",
  lease: "Control lease",
  select: "Selected a command",
  save_view: "Saved the view",
  delete_view: "Deleted the view",
  estop: "Emergency stop",
  estop_many: "Emergency stop of many",
  start_job: "Started a job",
  stop_job: "Stopped the job",
  end_job: "Ended the job",
  clone_suspected: "Suspects two devices with one token",
  set_aside: "Set aside what its kind no longer takes",
  result_conflict: "Told another outcome than before",
  result_refused: "Told an outcome that nobody asked it for",
};

export const DEED_NAMES: readonly string[] = Object.keys(DEEDS);

/** Whatever else is in the audit is a command, by its own name. */
export const deedInWords = (what: string): string =>
  Object.hasOwn(DEEDS, what) ? DEEDS[what] : `Command: ${sentence(what).toLowerCase()}`;

export interface OutcomeWords {
  word: string;
  /** Why, where it was refused. */
  sentence?: string;
  isRefused: boolean;
}

const OUTCOMES: Record<string, string> = {
  done: "Done",
  accepted: "Accepted",
  unshared: "No longer shared",
  stopped: "Stopped",
  driven: "Driven",
  taken: "Taken",
  forced: "Taken from somebody",
  released: "Released",
  lapsed: "Lapsed",
  latched: "Latched",
  "latched already": "Latched already",
  confirmed: "Confirmed by the device",
  cleared: "Cleared",
  "kept the first": "The first one stays",
};

export const OUTCOME_NAMES: readonly string[] = Object.keys(OUTCOMES);

/** Where the sentence for whoever is refused is not the one for whoever reads of it. */
const REFUSALS: Record<string, string> = {
  unauthenticated: "What was given opens nothing.",
  forbidden: "The role, or being a device, does not allow it.",
  not_found: "There was nothing of that name.",
};

/** What is no word of the audit is the code of a fault. */
export const outcomeInWords = (outcome: string): OutcomeWords =>
  Object.hasOwn(OUTCOMES, outcome) ? { word: OUTCOMES[outcome], isRefused: false } : {
    word: "Refused",
    sentence: Object.hasOwn(REFUSALS, outcome) ? REFUSALS[outcome] : faultInWords(outcome),
    isRefused: true,
  };

export type Target =
  | { sort: "device"; id: string; isGone: boolean }
  | { sort: "view"; id: string; name: string }
  | { sort: "operator" | "text" | "job"; id: string }
  | { sort: "command"; id: string; device: string };

/** Nobody's name is empty. */
export const whoInWords = ({ who }: AuditEntry): string => who.sort === "nobody" ? "Somebody unknown" : who.name;

/** Null where it is whoever did it, or nothing that there is. */
export function targetOf({ what, target, who, detail }: AuditEntry): Target | null {
  if (target === "") return null;
  switch (what) {
    case "claim":
    case "sign_in":
    case "sign_out":
      return null;
    case "result_refused":
      return { sort: "text", id: target };
    case "save_view":
    case "delete_view":
      return { sort: "view", id: target, name: typeof detail?.name === "string" ? detail.name : target };
    // A query.
    case "estop_many":
      return { sort: "text", id: target };
    case "create_token":
    case "delete_token":
      return { sort: "operator", id: target };
    case "start_job":
    case "stop_job":
    case "end_job":
      return { sort: "job", id: target };
    case "result_conflict":
      return { sort: "command", id: target, device: who.id };
    default:
      return { sort: "device", id: target, isGone: what === "delete_device" };
  }
}

/** Operators are named where they act or are made, and are an id elsewhere: of a deleted one only these are left. */
export function operatorNames(entries: readonly AuditEntry[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { who, what, target, detail } of entries) {
    if (what === "create_token" && typeof detail?.name === "string") names.set(target, detail.name);
    if (what === "sign_in" || what === "claim") names.set(who.id, who.name);
  }
  return names;
}

/** The day as a heading: `Today`, `Yesterday`, `Monday 23 November`, and with its year where that is another. */
export function dayInWords(at: number, now: number): string {
  const day = dayOf(at);
  if (day === dayOf(now)) return "Today";
  if (day === dayOf(now, -1)) return "Yesterday";
  return dateIn(yearOf(at) === yearOf(now) ? "weekday" : "dayOfYear", at);
}

export const AUDIT = {
  title: "Audit",
  what: "The audit",
  lead: "Who did what. The hub took an accepted command; what became of it is on the device’s page.",
  none: "Nothing has been done yet",
  noneHint: "Signing in, adding a device, sending a command: each is kept here for a year.",
  time: "Time",
  who: "Who",
  deed: "What",
  on: "On",
  outcome: "Outcome",
  detail: "Detail",
  entry: (moment: string, n: number) => `${moment}, entry ${n}`,
  aJob: "a job",
  aCommandOf: (device: string) => `a command of ${device}`,
} as const;
