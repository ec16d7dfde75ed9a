/** The settings: of this browser, of who may come in, and about the hub. */
import type { Preferences, Theme } from "../live/preferences.ts";
import type { Temperature, UnitSystem, Zone } from "./locale.ts";

interface Worded {
  title: string;
  sentence: string;
}

export const THEME_WORDS: Record<Theme, Worded> = {
  system: { title: "System", sentence: "As this computer is set." },
  light: { title: "Light", sentence: "For bright rooms." },
  dark: { title: "Dark", sentence: "For dim ones, and for long shifts." },
  contrast: { title: "High contrast", sentence: "Stronger edges and inks; light or dark as this computer is set." },
};

export const DENSITY_WORDS: Record<Preferences["density"], Worded> = {
  normal: { title: "Normal", sentence: "Room between the rows." },
  dense: { title: "Dense", sentence: "More rows on a screen." },
};

export const ZONE_WORDS: Record<Zone, Worded> = {
  local: { title: "Local time", sentence: "The zone of this computer." },
  utc: { title: "UTC", sentence: "The same for everybody, and said so." },
};

export const TEMPERATURE_WORDS: Record<Temperature, Worded> = {
  celsius: { title: "°C", sentence: "Celsius, as most devices tell it." },
  fahrenheit: { title: "°F", sentence: "Fahrenheit." },
};

export const UNIT_WORDS: Record<UnitSystem, Worded> = {
  metric: { title: "Metric", sentence: "m/s, mm, hPa, L, kg." },
  imperial: { title: "Imperial", sentence: "mph, in, inHg, gal, lb." },
};

export const KEYS_WORDS = {
  on: { title: "On", sentence: "A key alone does something where nobody types." },
  off: { title: "Off", sentence: "Only keys with Ctrl or Cmd do." },
} as const;

export const SETTINGS = {
  title: "Settings",
  parts: "Parts of the settings",
  appearance: "Appearance",
  keys: "Keys",
  tokens: "Tokens",
  about: "About",
  ofThisBrowser: "Kept in this browser, for whoever uses it. What is typed and sent stays in the device’s own units.",
  theme: "Theme",
  density: "Density",
  zone: "Times",
  temperature: "Temperatures",
  units: "Other measures",
  example: "So it looks",
  singleKeys: "Single keys",
} as const;

export const ABOUT = {
  version: "Version",
  runtime: "Runs on",
  since: "Counts since",
  address: "Address",
  bridge: "MQTT bridge",
  you: "You are",
  youAre: (name: string, role: string) => `${name}, ${role}`,
  reference: "By other ways",
  references: [
    { href: "/docs", title: "Calls and frames", sentence: "What programs and devices say to this hub." },
    { href: "/docs/kinds", title: "Kinds of devices", sentence: "What each measures, takes and answers." },
    { href: "/api/openapi.json", title: "OpenAPI", sentence: "Every call by REST, for tools." },
    { href: "/api/asyncapi.json", title: "AsyncAPI", sentence: "Every frame of the sockets, for tools." },
  ],
} as const;
