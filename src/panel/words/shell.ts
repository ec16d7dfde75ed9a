/** What stands around every screen. */
export const NAV = {
  main: "Main",
  brand: "Signalbox, home",
  home: "Home",
  devices: "Devices",
  jobs: "Jobs",
  tokens: "Tokens",
  audit: "Audit",
} as const;

export const SHELL = {
  theme: (title: string) => `Theme: ${title.toLowerCase()}`,
  themeFromTo: (now: string, next: string) => `Theme: ${now.toLowerCase()}. Change to ${next.toLowerCase()}`,
  signOut: "Sign out",
  signOutOf: (name: string) => `Sign out ${name}`,
  connection: "About this connection",
  insecure: "This connection is not encrypted (http). Fine on this network if you trust it; use https anywhere else.",
  notFound: "There is no such page.",
  allDevices: "All devices",
  notFoundTitle: "Not found",
  failedTitle: "Failed",
  failed: (why: string) => `This screen failed to draw: ${why}`,
  loadAgain: "Load it again",
} as const;
