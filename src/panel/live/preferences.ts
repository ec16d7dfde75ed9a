/** How somebody likes the panel: kept in this browser, told to whoever shows it. `public/theme.js` reads it before the first paint. */
import { setLocale, type Temperature, type UnitSystem, type Zone } from "../words/locale.ts";
import { useValue, type Value, valueOf } from "./value.ts";

export const THEMES = ["system", "light", "dark", "contrast"] as const;
export type Theme = typeof THEMES[number];

export interface Preferences {
  theme: Theme;
  /** `dense` has lower rows. */
  density: "normal" | "dense";
  /** Of the list of devices, where there is room for both. */
  layout: "table" | "cards";
  zone: Zone;
  temperature: Temperature;
  units: UnitSystem;
  /** Single keys do something; Ctrl and Cmd with K always do [WCAG 2.1.4]. */
  keys: boolean;
  /** The origin whose tiles were chosen for the map of trackers [S7]; empty for none. */
  map: string;
}

const FIRST: Preferences = {
  theme: "system",
  density: "normal",
  layout: "table",
  zone: "local",
  temperature: "celsius",
  units: "metric",
  keys: true,
  map: "",
};

const among = (...values: readonly unknown[]) => (value: unknown): boolean => values.includes(value);

const ALLOWED: { [name in keyof Preferences]: (value: unknown) => boolean } = {
  theme: among(...THEMES),
  density: among("normal", "dense"),
  layout: among("table", "cards"),
  zone: among("local", "utc"),
  temperature: among("celsius", "fahrenheit"),
  units: among("metric", "imperial"),
  keys: among(true, false),
  map: (value) => typeof value === "string",
};

/** `public/theme.js` has it too. */
export const KEY = "signalbox.preferences";

/** What was kept, as far as it is still known; the rest as it is at first. */
export function readPreferences(text: string | null): Preferences {
  let kept: unknown = null;
  try {
    kept = JSON.parse(text ?? "null");
  } catch {
    // Somebody else's, or broken: as at first.
  }
  if (typeof kept !== "object" || kept === null) return FIRST;
  const good = Object.entries(kept).filter(([name, value]) =>
    Object.hasOwn(ALLOWED, name) && ALLOWED[name as keyof Preferences](value)
  );
  return { ...FIRST, ...Object.fromEntries(good) };
}

const value = valueOf(FIRST);
export const preferences: Pick<Value<Preferences>, "get" | "subscribe"> = value;
export const usePreferences = (): Preferences => useValue(preferences);

export function prefer(some: Partial<Preferences>): void {
  take({ ...value.get(), ...some });
  try {
    localStorage.setItem(KEY, JSON.stringify(value.get()));
  } catch {
    // Forbidden storage: it holds until the page is left.
  }
}

function take(next: Preferences): void {
  // The words come first: who is told by the value reads them.
  setLocale({ zone: next.zone, temperature: next.temperature, units: next.units });
  value.set(next);
  show();
}

/** The style sheets look at attributes of the root; without `data-theme` they follow the system. */
function show(): void {
  const { theme, density } = value.get();
  const { dataset } = document.documentElement;
  if (theme === "light" || theme === "dark") dataset.theme = theme;
  else delete dataset.theme;
  if (theme === "contrast" || matchMedia(MORE).matches) dataset.contrast = "more";
  else delete dataset.contrast;
  if (density === "dense") dataset.density = density;
  else delete dataset.density;
}

const MORE = "(prefers-contrast: more)";

/** Once, when the page begins: what is kept, and what is changed elsewhere from then on. */
export function followPreferences(): void {
  const read = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  take(readPreferences(read()));
  matchMedia(MORE).addEventListener("change", show);
  // Another window of the panel.
  addEventListener("storage", ({ key, newValue }) => key === KEY && take(readPreferences(newValue)));
}

/** What changes texts that are on the screen: those that show it are drawn anew by it. */
export const textsKey = ({ zone, temperature, units }: Preferences): string => `${zone} ${temperature} ${units}`;
