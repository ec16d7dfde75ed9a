/** What stands around every screen. */
export const NAV = {
  main: "Main",
  brand: "Signalbox, home",
  home: "Home",
  devices: "Devices",
  events: "Events",
  commands: "Commands",
  jobs: "Jobs",
  kinds: "Kinds",
  audit: "Audit",
  settings: "Settings",
} as const;

export const SHELL = {
  theme: (title: string) => `Theme: ${title.toLowerCase()}`,
  themeFromTo: (now: string, next: string) => `Theme: ${now.toLowerCase()}. Change to ${next.toLowerCase()}`,
  signOut: "Sign out",
  signOutOf: (name: string) => `Sign out ${name}`,
  connection: "About this connection",
  insecure: "This connection is not encrypted (http). Fine on this network if you trust it; use https anywhere else.",
  newer: "A new version of the panel is here.",
  loadNewer: "Load it",
  find: "Find…",
  more: "More",
  notFound: "There is no such page.",
  allDevices: "All devices",
  notFoundTitle: "Not found",
  failedTitle: "Failed",
  failed: (why: string) => `This screen failed to draw: ${why}`,
  loadAgain: "Load it again",
} as const;

export const TOAST = {
  label: "Message",
  undo: "Undo",
  undoKey: "Undo what the message at the foot tells of",
  undone: "Undone.",
  dismiss: "Dismiss",
  withUndo: (text: string) => `${text} It can be undone for 8 seconds.`,
  notUndone: (why: string) => `It could not be undone. ${why}`,
} as const;

export const KEY_GROUPS = { anywhere: "Anywhere", goTo: "Go to" } as const;

export const KEYS = {
  title: "Keys",
  palette: "Find anything: devices, pages, commands",
  search: "Search",
  help: "Show these keys",
  offSwitch: "Single keys can be switched off in the",
} as const;

export const PALETTE = {
  escape: "Esc",
  label: "Find anything",
  placeholder: "A device, a page, a command",
  commandsOf: (device: string) => `Commands of ${device}`,
  pages: "Pages",
  devices: "Devices",
  preferences: "Preferences",
  add: "Add a device",
  simulator: "Simulated devices",
  docs: "Calls and frames, for programs",
  here: "This screen",
  showAll: (count: string, q: string) => `All ${count} that match “${q}”`,
  changed: (what: string) => `${what}.`,
  theme: (title: string) => `Theme: ${title.toLowerCase()}`,
  zone: (title: string) => `Times: ${title}`,
  temperature: (title: string) => `Temperatures: ${title}`,
  units: (title: string) => `Measures: ${title.toLowerCase()}`,
  density: (title: string) => `Density: ${title.toLowerCase()}`,
  keys: "Keys of this screen",
  copyCurl: "Copy this page’s call as curl",
  copied: "Copied.",
  notCopied: "Copying was not possible here.",
  sent: (title: string, device: string) => `${title} was sent to ${device}.`,
  underWay: (title: string, device: string) => `${title} is under way to ${device} already, so it was not sent again.`,
  nothing: "Nothing is called so.",
  results: (count: number) => count === 1 ? "1 result" : `${count} results`,
} as const;

export const PAUSE = {
  label: "Pause",
  pause: "Pause updates",
  resume: "Resume updates",
  key: "Pause or resume updates",
  paused: "Updates are paused.",
  resumed: "Updates go on.",
  waiting: (count: string, of: number) =>
    of === 0 ? "Nothing waits." : of === 1 ? "1 update waits." : `${count} updates wait.`,
} as const;

export const BANNER = {
  cut: "Not connected to the hub.",
  none: "No live data yet.",
  old: (age: string) => `What you see is ${age} old.`,
  retryIn: (seconds: number | null) => `Trying again in ${seconds} s.`,
  trying: "Trying now.",
  tryNow: "Try now",
  again: "Connect again",
} as const;

export const HEALTH = "How the hub is";
