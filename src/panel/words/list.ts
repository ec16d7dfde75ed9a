/** The list of devices: what stands around its rows and in them. */
import { numberIn } from "./locale.ts";
import { asSentence } from "./road.ts";
import { ageOf, countOf, wholeMomentOf } from "./format.ts";

export const LIST = {
  devices: "Devices",
  add: "Add device",
  choosePage: "Select the rows that are seen",
  rangeAway: "The row where the range began is too far away to select all between.",
  tooMany: (most: number) =>
    `At most ${most} devices are selected one by one. Look for what they have in common, and select all that match.`,
  dropped: (count: number) =>
    `The selection of ${countOf(count, "device", "devices")} was dropped, because the search changed.`,
} as const;

export const LIST_KEYS = {
  group: "In the list of devices",
  next: "Next row",
  before: "Row before",
  choose: "Select the row, or not",
  range: "Select all rows up to this one",
} as const;

export const ROW = {
  stale: (ms: number) => `Stale: last told ${ageOf(ms)} ago`,
  told: (title: string, at: number) => `${title}, told ${wholeMomentOf(at)}`,
  never: "never",
  pending: "Commands that are not final",
  choose: (name: string) => `Select ${name}`,
  left: "It left this part of the list. What is shown is what was last heard of it here.",
} as const;

export const COLUMNS = {
  presence: "Presence",
  name: "Name",
  kind: "Kind",
  values: "Values",
  age: "Age",
  tags: "Tags",
  firmware: "Firmware",
  flags: "Flags",
  created: "Added",
  seen: "Last seen",
  pending: "Pending",
} as const;

export const FOUND = {
  /** What is found beside what there is. */
  some: (total: number, fleet: number | null) =>
    fleet === null ? countOf(total, "device", "devices") : `${numberIn(total)} of ${numberIn(fleet)} shown`,
  all: (total: number) => countOf(total, "device", "devices"),
  filters: "Filters",
  drop: (term: string) => `Remove ${term}`,
  clear: "Clear",
  bad: (why: string) => asSentence(why),
  before: "The list below is what was found before.",
  moved: (count: number) => `${numberIn(count)} moved – show`,
  movedTitle: "Rows stay where they are while you point at them, have the focus there or selected some.",
  withAll: (isAll: boolean, total: number) => `With ${isAll ? "all" : "these"} ${numberIn(total)}`,
  columns: "Columns",
  fieldsOf: (kind: string) => `Fields of ${kind}`,
  usual: "As at first",
  dense: "Dense rows",
} as const;

export const LAYOUT = { label: "Layout", table: "Table", cards: "Cards" } as const;

export const SORTING = {
  by: (title: string) => `By ${title.toLowerCase()}`,
  turn: "The other way round",
} as const;

export const ACTS = {
  bar: "Selected devices",
  count: (count: number) => `${numberIn(count)} selected`,
  all: (total: number) => `Select all ${numberIn(total)} that match`,
  clear: "Clear the selection",
  command: "Command…",
  stop: "Stop…",
  tag: "Tag…",
  remove: "Delete…",
  commandAll: (these: string) => `Command ${these}…`,
  stopAll: (these: string) => `Stop ${these}…`,
} as const;

export const EXPORT = {
  label: "Export",
  csv: "CSV file",
  json: "JSON file",
  curl: "Copy as curl",
  busy: "Fetching…",
  done: (count: number) => `${countOf(count, "device is", "devices are")} in the file.`,
  cut: (most: number) => `Only the first ${numberIn(most)} devices are in the file. A program can read them all.`,
} as const;

export const TAGGING = {
  title: (count: number) => `Tag ${countOf(count, "device", "devices")}`,
  add: "Add",
  drop: "Take away",
  hint: "Tags with a space or a comma between them.",
  nothing: "Say a tag to add or to take away.",
  wrong: (tag: string) => `${tag} is no tag: letters, digits, . _ : - are, up to 64 of them.`,
  go: (count: number) => `Tag ${countOf(count, "device", "devices")}`,
  done: (count: number) => `${countOf(count, "device has", "devices have")} other tags now.`,
  same: (count: number) => `${countOf(count, "device", "devices")} had them so already.`,
  undo: "Undo",
  undone: (count: number) => `${countOf(count, "device has its", "devices have their")} tags from before again.`,
} as const;

export const DELETING = {
  title: (count: number) => `Delete ${countOf(count, "device", "devices")}`,
  what:
    "Their history, events, files and commands are erased, and their tokens open nothing any more. Nothing brings them back.",
  others: (count: number) => `and ${countOf(count, "other", "others")}`,
  go: (count: number) => `Delete ${countOf(count, "device", "devices")}`,
  done: (count: number) => `${countOf(count, "device is", "devices are")} deleted.`,
} as const;

export const RUNNING = {
  cancel: "Cancel",
  close: "Close",
  stop: "Stop here",
  finding: "Finding them…",
  label: "How far it is",
  progress: (done: number, all: number) => `${numberIn(done)} of ${numberIn(all)}`,
  failed: (count: number, why: string) => `${countOf(count, "device", "devices")} could not be changed: ${why}`,
  stopped: (left: number) => `Stopped before ${countOf(left, "device", "devices")} had a turn.`,
  number: "the number of devices",
} as const;

export const SEARCH = {
  label: "Search devices",
  example: "Search, or tag:roof -kind:lock",
  clear: "Clear the search",
  kind: "Kind",
  allKinds: "All kinds",
  byPresence: "Filter by presence",
  all: "All",
} as const;

export const EMPTY = {
  title: "No devices yet",
  mayAdd: "Give a device a name and a token; it appears here as soon as it sends its first value.",
  mayNot: "As soon as an administrator adds a device, it appears here.",
  add: "Add a device",
  bad: "The search is not understood",
  none: "No device matches",
  nothing: "Nothing fits {q}.",
} as const;

export const STOPPING = {
  title: "Emergency stop",
  label: "Reason",
  stop: (total: number) => `Stop ${countOf(total, "device", "devices")}`,
  stopped: (total: number) =>
    `${countOf(total, "device is", "devices are")} latched. The list says of each whether it confirmed.`,
  chosen: "Every selected device is stopped at once",
  all: "Every device of this hub is stopped at once",
  found: "Every device that {q} finds is stopped at once",
  follows: ", and no command acts on it until somebody clears it. A kind without a stop is latched at the hub only.",
  noSafety: "This goes over a network: it is no safety function.",
  clearInstead: "Clear the stops of these instead…",
  clearTitle: "Clear emergency stops",
  clear: "Clear the stops",
  cleared: (total: number) => `${countOf(total, "emergency stop is", "emergency stops are")} cleared.`,
  clearChosen: "Those of the selected devices that are latched are cleared. ",
  clearAll: "Those of all devices that are latched are cleared. ",
  clearFound: "Those of {q} that are latched are cleared. ",
  afterClear: "What was cancelled stays cancelled; what is desired is sent at once.",
} as const;

export const NEW_JOB = {
  title: (total: number) => `Command ${countOf(total, "device", "devices")}`,
  devices: "Devices",
  all: (total: number) => `All of them, ${numberIn(total)}`,
  some: (kind: string, count: number) => `${kind}, ${numberIn(count)}`,
  counting: "Counting…",
  command: "Command",
  having: (some: number, all: number) => `, ${numberIn(some)} of ${numberIn(all)}`,
  choose: "Choose a command.",
  mixed: "These kinds want different values for it: choose one kind above.",
  carefully: "How carefully",
  rate: "Per second",
  rateHint: "devices",
  canary: "Try first on",
  canaryHint: "devices, if any",
  stopAt: "Stop over %",
  stopAtHint: "failures",
  whole: "A whole number from 1 on.",
  see: "See what it would do",
} as const;

export const TRIAL = {
  to: "To {whom}",
  wouldStop: (share: number) => `More than ${Math.round(share * 100)} % would fail now, so it would stop on the way.`,
  first: (count: number) => `${countOf(count, "device goes", "devices go")} first. `,
  takes: (duration: string) => `The turns take about ${duration}. `,
  fixed: "The list of devices is fixed when it starts: these, or none.",
  moved: "Nothing was started: by now the search finds another number of devices. Go back and look again.",
  number: "the number of devices",
  start: (total: number) => `Start: ${countOf(total, "device", "devices")}`,
} as const;
