/** Every screen of the panel, as the demo shows it: for pictures, and for what all of them have to keep. */
export interface ScreenShown {
  /** Names its pictures. */
  name: string;
  path: string;
  /** There when it is drawn. */
  ready: string;
}

export const SCREENS: readonly ScreenShown[] = [
  { name: "home", path: "/", ready: "main .hub-facts" },
  { name: "devices", path: "/devices", ready: "[role=grid], [role=table], .list" },
  { name: "devices-filtered", path: "/devices?q=kind:env-sensor", ready: "main" },
  { name: "add", path: "/add?kind=env-sensor", ready: "main .choices" },
  { name: "device", path: "/devices/office-heating", ready: ".tile" },
  { name: "device-commands", path: "/devices/office-heating/commands", ready: ".ledger" },
  { name: "device-live", path: "/devices/office-heating/live", ready: ".frame-list" },
  { name: "device-settings", path: "/devices/office-heating/settings", ready: ".device-settings" },
  { name: "jobs", path: "/jobs", ready: "main h1" },
  { name: "tokens", path: "/settings/tokens", ready: "main h1" },
  { name: "audit", path: "/audit", ready: "main .sheet" },
];
