/** The audit: its filters, its files, and how it is verified. */
import { numberIn } from "./locale.ts";
import { countOf, wholeMomentOf } from "./format.ts";

export const AUDIT_FILTER = {
  label: "Filters",
  who: "Who",
  whoHint: "A name or an id",
  what: "What",
  anything: "Anything",
  commands: "Commands",
  decisions: "Decisions",
  target: "On",
  targetHint: "A device or another id",
  outcome: "Outcome",
  anyOutcome: "Any outcome",
  refused: "Refused",
  when: "When",
  anyTime: "Any time",
  hour: "The last hour",
  day: "The last 24 hours",
  week: "The last 7 days",
  month: "The last 30 days",
  /** Which, its chip says. */
  chosen: "Chosen time",
  between: "From … to …",
  clear: "Clear",
  drop: (chip: string) => `Remove ${chip}`,
  chip: (name: string, value: string) => `${name}: ${value}`,
  since: (from: number) => `Since ${wholeMomentOf(from)}`,
  until: (to: number) => `Until ${wholeMomentOf(to)}`,
  fromTo: (from: number, to: number) => `${wholeMomentOf(from)} to ${wholeMomentOf(to)}`,
  nobody: "Somebody unknown",
  none: "Nothing like that was decided",
  noneYet: "Nothing like that among the newest entries",
  noneHint: "The filters above hide everything else.",
  further: "Look further back",
  some: (count: number) => `${countOf(count, "entry", "entries")} shown, there may be older ones`,
  whole: (count: number) => `${countOf(count, "entry", "entries")} in all`,
} as const;

export const AUDIT_ONLY = {
  label: "Show only",
  who: (name: string) => `By ${name}`,
  what: (deed: string) => `“${deed}”`,
  target: (name: string) => `On ${name}`,
  outcome: (outcome: string) => `Outcome ${outcome}`,
  entry: "entry",
  hash: "hash",
} as const;

export const AUDIT_FILE = {
  label: "Export",
  csv: "CSV file",
  json: "JSON file",
  curl: "Copy as curl",
  busy: "Fetching…",
  done: (count: number) => `${countOf(count, "entry is", "entries are")} in the file.`,
  cut: (most: number) => `Only the newest ${numberIn(most)} entries are in the file. A program can read them all.`,
} as const;

export const AUDIT_VERIFY = {
  label: "Verify",
  sentence: "Each entry holds the hash of the one before it. From a copy of this project, this recomputes all of them:",
  copy: "Copy the command",
  head: "Keep the newest entry’s hash where nobody of this hub can change it, and expect it next time:",
  copyHead: "Copy the head",
} as const;
