/** Light, dark, or as the system says. */
import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";

const THEMES = ["auto", "light", "dark"] as const;
type Theme = typeof THEMES[number];
const ICONS = { auto: Monitor, light: Sun, dark: Moon };
/** `public/theme.js` reads it before the first paint. */
const KEY = "signalbox.theme";

function kept(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

function keep(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Forbidden storage: it holds until the page is left.
  }
}

export function ThemeButton() {
  const [theme, setTheme] = useState(kept);
  const Icon = ICONS[theme];
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  const click = () => {
    keep(next);
    setTheme(next);
  };
  return (
    <button
      type="button"
      className="button quiet small square"
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
      onClick={click}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
