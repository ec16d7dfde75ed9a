/** The settings: of this browser, of who may come in, and about the hub. */
import type { Theme } from "../live/preferences.ts";

export const THEME_WORDS: Record<Theme, { title: string; sentence: string }> = {
  system: { title: "System", sentence: "As this computer is set." },
  light: { title: "Light", sentence: "For bright rooms." },
  dark: { title: "Dark", sentence: "For dim ones, and for long shifts." },
  contrast: { title: "High contrast", sentence: "Stronger edges and inks; light or dark as this computer is set." },
};
