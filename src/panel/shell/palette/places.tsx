/** Where the palette leads, and what of one's own it changes. */
import { useRouter } from "@tanstack/react-router";
import { BookOpen, FlaskConical, Keyboard, Plus, SlidersHorizontal, Terminal, Tv } from "lucide-react";
import { curlGet } from "../../live/curl.ts";
import { prefer, type Preferences, usePreferences } from "../../live/preferences.ts";
import { copy } from "../../parts/copy.tsx";
import { mayAs, useMe } from "../../parts/me.ts";
import { THEME_ICONS } from "../../parts/theme.tsx";
import { toast } from "../../parts/toast.tsx";
import { SETTINGS_WAYS } from "../../screens/settings/ways.ts";
import { DENSITY_WORDS, TEMPERATURE_WORDS, THEME_WORDS, UNIT_WORDS, ZONE_WORDS } from "../../words/settings.ts";
import { NAV, PALETTE } from "../../words/shell.ts";
import { WALL } from "../../words/wall.ts";
import { type Way, WAYS } from "../nav.ts";
import { callOf } from "../rest_call.ts";
import { openHelp } from "../shortcuts.tsx";
import type { Item } from "./item.ts";

const SIZE = 16;

/** Not always there, because they are rarely gone to. */
const RARE_WAYS: readonly Way[] = [
  { to: "/add", label: PALETTE.add, icon: Plus, needs: "admin" },
  { to: "/simulator", label: PALETTE.simulator, icon: FlaskConical, needs: "admin" },
];

export function usePlaces(): Item[] {
  const router = useRouter();
  const me = useMe();
  const preferences = usePreferences();
  const pages = [
    ...[...WAYS, ...RARE_WAYS].map((way) => ({ ...way, detail: undefined })),
    ...SETTINGS_WAYS.map((way) => ({ ...way, detail: NAV.settings })),
  ]
    .filter(({ needs }) => mayAs(me, needs))
    .map(({ to, label, icon: Icon, detail }, index) => ({
      id: `page-${index}`,
      group: PALETTE.pages,
      title: label,
      detail,
      icon: <Icon size={SIZE} aria-hidden="true" />,
      run: () => void router.navigate({ to }),
    }));
  const docs = {
    id: "docs",
    group: PALETTE.pages,
    title: PALETTE.docs,
    icon: <BookOpen size={SIZE} aria-hidden="true" />,
    run: () => void globalThis.open("/docs", "_blank", "noreferrer"),
  };
  // What is looked for now is what is to be seen there.
  const { q } = router.state.location.search as { q?: unknown };
  const wall = {
    id: "wall",
    group: PALETTE.pages,
    title: WALL.show,
    icon: <Tv size={SIZE} aria-hidden="true" />,
    run: () => void router.navigate({ to: "/wall", search: typeof q === "string" ? { q } : {} }),
  };
  return [...pages, wall, docs, ...hereOf(router.state.location), ...preferencesOf(preferences)];
}

function hereOf({ pathname, search }: { pathname: string; search: Record<string, unknown> }): Item[] {
  const call = callOf(pathname, search);
  const keys = {
    id: "keys",
    group: PALETTE.here,
    title: PALETTE.keys,
    icon: <Keyboard size={SIZE} aria-hidden="true" />,
    run: openHelp,
  };
  if (call === null) return [keys];
  const curl = {
    id: "curl",
    group: PALETTE.here,
    title: PALETTE.copyCurl,
    detail: `GET ${call}`,
    icon: <Terminal size={SIZE} aria-hidden="true" />,
    run: () => void copy(curlGet(call)).then((isCopied) => toast(isCopied ? PALETTE.copied : PALETTE.notCopied)),
  };
  return [curl, keys];
}

type Words = Record<string, { title: string }>;

/** Each value that is not the present one. */
function preferencesOf(now: Preferences): Item[] {
  const of = <T extends keyof Preferences>(name: T, words: Words, title: (one: string) => string): Item[] =>
    Object.entries(words).filter(([value]) => value !== now[name]).map(([value, word]) => {
      const Icon = name === "theme" ? THEME_ICONS[value as Preferences["theme"]] : SlidersHorizontal;
      return {
        id: `${name}-${value}`,
        group: PALETTE.preferences,
        title: title(word.title),
        icon: <Icon size={SIZE} aria-hidden="true" />,
        run() {
          const before = { [name]: now[name] };
          prefer({ [name]: value });
          toast(PALETTE.changed(title(word.title)), () => prefer(before));
        },
      };
    });
  return [
    ...of("theme", THEME_WORDS, PALETTE.theme),
    ...of("zone", ZONE_WORDS, PALETTE.zone),
    ...of("temperature", TEMPERATURE_WORDS, PALETTE.temperature),
    ...of("units", UNIT_WORDS, PALETTE.units),
    ...of("density", DENSITY_WORDS, PALETTE.density),
  ];
}
