/** What the lists of the whole fleet say. */
import { numberIn } from "./locale.ts";

export const EVENTS = {
  title: "Events",
  lead: "What happened at the devices, newest first.",
  when: "When",
  device: "Device",
  what: "Event",
  data: "Data",
  none: "Nothing has happened yet",
  noneFound: "Nothing has happened at these devices",
  noneText: "A device tells of an event as its kind names it: a press, a leak, a door that was forced.",
  search: "Which devices",
  placeholder: "All devices, or tag:roof",
  read: "The events",
  all: "All events",
} as const;

export const COMMANDS = {
  title: "Commands",
  lead: "What was asked of the devices, and what became of it. Newest first.",
  when: "When",
  device: "Device",
  what: "Command",
  by: "By",
  outcome: "Outcome",
  took: "Took",
  none: "Nothing has been asked yet",
  noneFound: "No such command",
  noneText: "A command is sent from the page of a device, by a job, or by a program.",
  filter: "Filter by outcome",
  read: "The commands",
  failing: "Commands that failed",
  failingNone: "None of the newest commands failed.",
  all: "All commands",
} as const;

export const OLDER = "Older";
export const SOME = (count: number) => `${numberIn(count)} shown, there are older ones`;
export const WHOLE = (count: number) => `${numberIn(count)} in all`;

/** What can be asked for, in the words of the protocol. */
export const OUTCOMES = [
  { word: "All", statuses: undefined },
  { word: "Under way", statuses: "accepted,sent,received" },
  { word: "Succeeded", statuses: "succeeded" },
  { word: "Not done", statuses: "failed,rejected,expired,unknown" },
  { word: "Withdrawn", statuses: "cancelled,superseded" },
] as const;
export const NOT_DONE = OUTCOMES[3].statuses;
