/** What the screens of kinds say. */
import type { CommandDocument, KindDocument } from "../../kind/schema.ts";
import { type FieldModel } from "../form/field.ts";
import { countOf, durationOf, numberOf } from "./format.ts";

export const KINDS = {
  title: "Kinds",
  lead: "What a device can be on this hub. Each kind is one file, from which its checks, forms and charts are made.",
  none: "No such kind",
  noneText: "It may have been taken out of the hub. Its devices stay visible.",
  all: "All kinds",
  devices: (count: number) => count === 0 ? "No devices" : countOf(count, "device", "devices"),
  telemetry: "Telemetry",
  telemetryLead: "What it measures. A device sends what it has: every field may be left out.",
  state: "State",
  stateLead: "What it reports that it is. What can be desired is kept for it while it is away.",
  commands: "Commands",
  commandsLead: "What can be asked of it.",
  events: "Events",
  eventsLead: "What may happen, kept one by one.",
  interlocks: "Interlocks",
  interlocksLead: "What its reported state forbids, and what an operator reads then.",
  field: "Field",
  value: "Value",
  history: "History",
  set: "Set by",
  desirable: "desired state",
  alone: "the device",
  example: "On the wire",
  documents: "Documents",
  page: "The whole page for printing and linking",
  schema: "JSON Schema",
  model: "W3C Thing Model",
  version: (version: number) => `version ${version}`,
  lease: "driven by one at a time",
} as const;

const SORTS: Record<FieldModel["sort"], string> = {
  toggle: "yes or no",
  choice: "one of",
  options: "any of",
  list: "list",
  number: "number",
  text: "text",
  group: "values that belong together",
  json: "JSON",
};

/** `number, −40 to 125 °C`, `one of off, heat`. */
export function valueOf({ sort, min, max, unit = "", options, parts, maxLength }: FieldModel): string {
  if (sort === "choice" || sort === "options") return `${SORTS[sort]} ${options!.join(", ")}`;
  if (sort === "group") return `${SORTS.group}: ${parts!.map(({ title }) => title.toLowerCase()).join(", ")}`;
  if (sort === "text" && maxLength !== undefined) return `${SORTS.text}, up to ${numberOf(maxLength)} characters`;
  if (sort !== "number") return SORTS[sort];
  const range = min !== undefined && max !== undefined
    ? `${numberOf(min)} to ${numberOf(max)}`
    : min !== undefined
    ? `from ${numberOf(min)}`
    : max !== undefined
    ? `up to ${numberOf(max)}`
    : "";
  const bounds = `${range} ${unit}`.trim();
  return bounds === "" ? SORTS.number : `${SORTS.number}, ${bounds}`;
}

const EFFECTS: Record<CommandDocument["effect"], string> = {
  set: "again does no harm",
  once: "never sent twice",
  query: "changes nothing",
  stream: "a stream of frames",
};
const DANGERS: Record<CommandDocument["danger"], string | null> = {
  none: null,
  confirm: "asks first",
  type: "its name has to be typed",
};

/** What matters about a command before it is sent, in a few words each. */
export const marksOf = ({ effect, danger, role, timeout, queue, select, confirms }: CommandDocument): string[] =>
  [
    EFFECTS[effect],
    DANGERS[danger],
    select ? "selected, then operated" : null,
    role === "operator" ? null : `needs the role ${role}`,
    `answers within ${durationOf(timeout)}`,
    queue ? "waits for an offline device" : "not for an offline device",
    confirms ? `confirmed by ${confirms.field}` : null,
  ].filter((mark) => mark !== null);

/** When it counts as what, in a sentence. */
export const presenceOf = ({ heartbeat, stale, sleeps }: KindDocument): string =>
  `A promise to ping is every ${durationOf(heartbeat)}; ${durationOf(stale)} of silence are ordinary without one${
    sleeps > 0 ? `, and it may sleep for ${durationOf(sleeps)}` : ""
  }.`;
