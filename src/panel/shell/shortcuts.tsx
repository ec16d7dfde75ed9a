/** The keys that work on every screen, and what they open: the palette, and the help that tells of all keys. */
import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { whenHere } from "../live/loaded.ts";
import { useValue, valueOf } from "../live/value.ts";
import { Dialog } from "../parts/dialog.tsx";
import { mayAs, useMe } from "../parts/me.ts";
import { KEY_GROUPS, KEYS, NAV } from "../words/shell.ts";
import { KeyTable } from "./key_table.tsx";
import { useShortcuts } from "./keys.ts";
import { WAYS } from "./nav.ts";
import { TypedAhead } from "./typed_ahead.tsx";

const load = () => import("./palette/palette.tsx");
const Palette = lazy(() => whenHere(load));
/** Once everything that is seen at first is there: who opens it types at once. In ms. */
const LATER = 3_000;

const open = valueOf<"palette" | "help" | null>(null);

export const openPalette = (): void => open.set("palette");
export const openHelp = (): void => open.set("help");
const close = () => open.set(null);

export function Shortcuts() {
  const router = useRouter();
  const me = useMe();
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => {}), LATER);
    return () => clearTimeout(timer);
  }, []);
  const ways = WAYS.filter(({ needs, key }) => key !== undefined && mayAs(me, needs));
  useShortcuts([
    { keys: "$mod+k", label: KEYS.palette, group: KEY_GROUPS.anywhere, run: openPalette },
    { keys: "/", label: KEYS.search, group: KEY_GROUPS.anywhere, run: search },
    { keys: "[Shift]+?", label: KEYS.help, group: KEY_GROUPS.anywhere, run: openHelp },
    ...ways.map(({ key, to, label }) => ({
      keys: `g ${key}`,
      label,
      group: KEY_GROUPS.goTo,
      run: () => void router.navigate({ to }),
    })),
  ]);
  switch (useValue(open)) {
    case "palette":
      return (
        <Suspense fallback={<TypedAhead onClose={close} />}>
          <Palette onClose={close} />
        </Suspense>
      );
    case "help":
      return (
        <Dialog title={KEYS.title} onClose={close} isWide>
          <KeyTable />
          <p className="hint">
            {KEYS.offSwitch}{" "}
            <a
              className="link"
              href="/settings/keys"
              onClick={(event) => {
                event.preventDefault();
                close();
                void router.navigate({ to: "/settings/keys" });
              }}
            >
              {NAV.settings}
            </a>.
          </p>
        </Dialog>
      );
    case null:
      return null;
  }
}

/** The search of the present screen where it has one, else that of everything. */
function search(): void {
  const box = document.querySelector<HTMLInputElement>("main input:is([type=search], [role=combobox])");
  if (!box) return openPalette();
  box.focus();
  box.select();
}
