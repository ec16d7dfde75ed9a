/** Light, dark, high contrast, or as the system says. */
import { Contrast, type LucideIcon, Monitor, Moon, Sun } from "lucide-react";
import { prefer, type Theme, THEMES, usePreferences } from "../live/preferences.ts";
import { SHELL } from "../words/shell.ts";
import { THEME_WORDS } from "../words/settings.ts";

export const THEME_ICONS: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon, contrast: Contrast };

export function ThemeButton() {
  const { theme } = usePreferences();
  const Icon = THEME_ICONS[theme];
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  return (
    <button
      type="button"
      className="button quiet small square"
      aria-label={SHELL.themeFromTo(THEME_WORDS[theme].title, THEME_WORDS[next].title)}
      title={SHELL.theme(THEME_WORDS[theme].title)}
      onClick={() => prefer({ theme: next })}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
