/** What stands on a device's page that is not the kind's. */
import { countOf, durationOf } from "./format.ts";
import { numberIn } from "./locale.ts";

export const TABS = {
  label: "Of this device",
  overview: "Overview",
  charts: "Charts",
  commands: "Commands",
  live: "Live",
  settings: "Settings",
} as const;

export const DEVICE = {
  all: "All devices",
  absent: "There is no such device",
  absentHint: "Nothing is known as {id}. It may have been deleted.",
  hidden: "This device cannot be shown",
  since: "since",
  lastSeen: "last seen",
  firmware: "Firmware",
  driver: (name: string) => `${name} drives it`,
  youDrive: "You drive it",
  unknownKind: (kind: string) =>
    `The hub does not know the kind ${kind}, so there is nothing to draw of it. It may come back with its file.`,
} as const;

/** More than so many are counted and not named. */
const MOST_NAMED = 3;

export const LOOKERS = {
  others: (names: readonly string[]) => `${listed(names)} also ${names.length === 1 ? "has" : "have"} this open`,
  driving: (name: string) => `${name} (driving)`,
  windows: (name: string, windows: number) => windows === 1 ? name : `${name}, in ${numberIn(windows)} windows`,
  /** A sign-in may be shared: these need not be the same person's. */
  own: (others: number) => `Open in ${countOf(others, "other window", "other windows")} with your sign-in`,
} as const;

function listed(names: readonly string[]): string {
  const named = names.length > MOST_NAMED ? [...names.slice(0, 2), `${numberIn(names.length - 2)} more`] : names;
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}

export const COMMANDS = {
  title: "Commands",
  none: "Nothing has been asked of it yet.",
  all: (total: number) => `All ${numberIn(total)} commands`,
  older: "Older",
  underWay: "Under way",
  filter: "By outcome",
  every: "All",
  standings: { open: "Under way", done: "Succeeded", failed: "Failed", unknown: "Unknown", ended: "Withdrawn" },
  noMatch: "Nothing like this among those that were read.",
  shown: (shown: number, read: number, total: number) =>
    shown === total
      ? countOf(total, "command", "commands")
      : `${numberIn(shown)} of ${numberIn(read)} read; ${numberIn(total)} in all`,
  progress: "How far it is",
  retry: "Retry",
  retryAsking: "Retry…",
  answered: (value: string) => `Answered ${value}`,
  sentAgain: (title: string) => `${title} is sent again.`,
  partOf: "It was part of",
  aJob: "a job",
  cancel: "Cancel",
  curl: "Copy as curl",
} as const;

export const SETTINGS = {
  naming: "Name and tags",
  name: "Name",
  tags: "Tags",
  tagsHint: "With spaces between. A tag finds devices: tag:roof.",
  save: "Save",
  saved: "Saved",
  told: "Saved.",
  tokens: "Tokens",
  tokensHint:
    "At most two, so that the next one is in place before the old one goes. Revoking one cuts its connection at once.",
  madeAndUsed: "Made {made}, used {used}",
  madeOnly: "Made {made}, never used",
  theToken: "The new token",
  once: "It is shown this once.",
  kept: "I have kept it",
  newToken: "New token",
  revoke: "Revoke…",
  keep: "Keep it",
  revokeNow: "Revoke and cut",
  danger: "Danger zone",
  deleting: "Delete",
  deletingHint:
    "Its history, its commands and its tokens are erased, and its connection is cut. This cannot be undone.",
  deleted: (name: string) => `${name} is deleted.`,
} as const;

export const BLOBS = {
  title: "Pictures and files",
  none: "It has sent none yet.",
  pictureOf: (moment: string) => `Picture of ${moment}`,
  save: (id: string) => `Save ${id}`,
} as const;

export const EVENTS = { title: "Events", none: "Nothing has happened yet." } as const;

export const VALUE = {
  none: "no value yet",
  /** It speaks, and nothing of it was taken for a value. */
  nothingYet: "It is connected, and has told no value yet. {live} shows what it sends, and what the hub refuses of it.",
  /** By so many ms ahead, or behind where that is below zero. */
  wrongClock: (off: number | undefined) =>
    off === undefined
      ? "· its clock is wrong"
      : `· its clock is ${lagOf(Math.abs(off) / 1000)} ${off > 0 ? "fast" : "slow"}`,
  wrongClockTitle: "The device’s clock is wrong, so the time is that of arrival.",
} as const;

const YEAR = 365.25 * 86_400;

/** A clock that was never set is in 1970, and nobody counts those days. */
const lagOf = (seconds: number): string =>
  seconds < 2 * YEAR ? durationOf(seconds) : `${numberIn(Math.floor(seconds / YEAR))} years`;
