/** The parts of the settings, each with an address. */
import { Info, Keyboard, KeyRound, Palette } from "lucide-react";
import type { Way } from "../../shell/nav.ts";
import { SETTINGS } from "../../words/settings.ts";

export const SETTINGS_WAYS: readonly Way[] = [
  { to: "/settings", label: SETTINGS.appearance, icon: Palette, needs: "viewer" },
  { to: "/settings/keys", label: SETTINGS.keys, icon: Keyboard, needs: "viewer" },
  { to: "/settings/tokens", label: SETTINGS.tokens, icon: KeyRound, needs: "admin" },
  { to: "/settings/about", label: SETTINGS.about, icon: Info, needs: "viewer" },
];
