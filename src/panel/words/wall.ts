/** What a screen on a wall says. */
import { numberIn } from "./locale.ts";

export const WALL = {
  title: "Wall",
  show: "Show on a wall",
  all: "All devices",
  counts: "Devices by presence",
  tiles: "Devices, those that want a look first",
  devices: "devices",
  stopped: "Emergency stop",
  none: "No device matches.",
  empty: "There are no devices yet.",
  leave: "Leave the wall",
  whole: "Full screen",
  part: "Leave the full screen",
  before: "Page before",
  next: "Next page",
  hold: "Stay on this page",
  go: "Go on through the pages",
  page: (from: number, to: number, total: number) => `${numberIn(from)} to ${numberIn(to)} of ${numberIn(total)}`,
  sleeps: "This screen may go dark: a browser keeps one awake over https only.",
  stale: (age: string) => `Stale: last told ${age} ago`,
  since: (age: string) => `for ${age}`,
} as const;

export const WALL_KEYS = {
  group: "On a wall",
  next: WALL.next,
  before: WALL.before,
} as const;
