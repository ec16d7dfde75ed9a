/** A canvas is painted with colours as they were: it is made anew when the theme changes. */
import { useSyncExternalStore } from "react";

const dark = matchMedia("(prefers-color-scheme: dark)");

function subscribe(told: () => void): () => void {
  const chosen = new MutationObserver(told);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast"] });
  dark.addEventListener("change", told);
  return () => {
    chosen.disconnect();
    dark.removeEventListener("change", told);
  };
}

const themeNow = (): string => {
  const { theme, contrast = "" } = document.documentElement.dataset;
  return (theme ?? (dark.matches ? "dark" : "light")) + contrast;
};

export const useTheme = (): string => useSyncExternalStore(subscribe, themeNow);
