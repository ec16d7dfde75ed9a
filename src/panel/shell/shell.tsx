/** What stands around every screen: mark, ways, who is here, how the hub is, and the banner when it is away. */
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Ellipsis, LogOut, Search } from "lucide-react";
import { health, useHealthKept } from "../live/health.ts";
import { letGoAll } from "../live/leases.ts";
import { textsKey, usePreferences } from "../live/preferences.ts";
import { type Me, signOut } from "../live/session.ts";
import { useValue } from "../live/value.ts";
import { useHealthInTitle, useIsCut, useLink } from "../parts/link_state.ts";
import { Mark } from "../parts/mark.tsx";
import { mayAs, useMe } from "../parts/me.ts";
import { ThemeButton } from "../parts/theme.tsx";
import { Toaster } from "../parts/toast.tsx";
import { KEYS, NAV, SHELL } from "../words/shell.ts";
import { ROLES } from "../words/words.ts";
import { Banner } from "./banner.tsx";
import { Driving } from "./driving.tsx";
import { useFocusOnScreen } from "./focus.ts";
import { HealthAlarms, HealthStrip } from "./health.tsx";
import { keysShown } from "./keys.ts";
import { WAYS } from "./nav.ts";
import { Newer } from "./newer.tsx";
import { PauseButton, Paused } from "./pause.tsx";
import { openPalette, Shortcuts } from "./shortcuts.tsx";
import { screenTitle } from "./title.ts";
import { SAY } from "../words/common.ts";

/** On a phone so many ways are at hand; where one more is all there is, that too. */
const AT_HAND = 4;

export function Shell() {
  const me = useMe();
  const isCut = useIsCut();
  const link = useLink();
  useHealthKept();
  const view = useValue(health);
  useHealthInTitle(isCut, useValue(screenTitle));
  useFocusOnScreen();
  const ways = WAYS.filter(({ needs }) => mayAs(me, needs));
  return (
    <div className="shell" data-cut={isCut}>
      <header className="shell-bar">
        <Link to="/" className="brand" aria-label={NAV.brand}>
          <Mark isClear={!isCut} />
          <span>{SAY.brand}</span>
        </Link>
        <button
          type="button"
          className="find"
          title={KEYS.palette}
          aria-keyshortcuts="Control+K Meta+K"
          aria-haspopup="dialog"
          onClick={openPalette}
        >
          <Search size={16} aria-hidden="true" />
          <span className="word">{SHELL.find}</span>
          <span className="keys" aria-hidden="true">
            {keysShown("$mod+k").map((key) => <kbd key={key} className="key">{key}</kbd>)}
          </span>
        </button>
        <nav className="main-nav" aria-label={NAV.main}>
          {ways.map(({ to, label, icon: Icon }, index) => (
            <Link
              key={to}
              to={to}
              className="nav-link"
              data-more={ways.length > AT_HAND + 1 && index >= AT_HAND}
              activeOptions={{ exact: to === "/", includeSearch: false }}
            >
              <Icon size={16} aria-hidden="true" />
              {label}
            </Link>
          ))}
          {ways.length > AT_HAND + 1 && (
            <button type="button" className="nav-link more" aria-haspopup="dialog" onClick={openPalette}>
              <Ellipsis size={16} aria-hidden="true" />
              {SHELL.more}
            </button>
          )}
        </nav>
        <div className="shell-foot">
          {view && !isCut && <HealthStrip health={view} />}
          <Who me={me} />
        </div>
      </header>
      <div className="shell-body">
        {(isCut || link.phase === "stopped") && <Banner />}
        <Paused />
        <Newer />
        {view && !isCut && <HealthAlarms health={view} />}
        <Driving />
        {me.insecure && <Insecure />}
        <main className="flex min-h-0 grow flex-col">
          <Outlet key={useTextsKey()} />
        </main>
      </div>
      <Shortcuts />
      <Toaster />
    </div>
  );
}

/** Another zone or unit draws the screen anew, since its texts are no state; the settings' own look after themselves. */
function useTextsKey(): string {
  const texts = textsKey(usePreferences());
  const isInSettings = useRouterState({ select: ({ matches }) => matches.at(-1)?.fullPath.startsWith("/settings") });
  return isInSettings ? "settings" : texts;
}

const Who = ({ me }: { me: Me }) => (
  <div className="who">
    <span className="name" title={ROLES[me.role]}>
      <span className="text-ink2">{me.name}</span>, {me.role}
    </span>
    <PauseButton />
    <ThemeButton />
    <button
      type="button"
      className="button quiet small square"
      aria-label={SHELL.signOutOf(me.name)}
      title={SHELL.signOut}
      onClick={() => void letGoAll().then(() => signOut()).catch(() => {})}
    >
      <LogOut size={16} aria-hidden="true" />
    </button>
  </div>
);

/** [I7] Said once per visit, in one line: it matters, and it is known. */
const Insecure = () => (
  <aside
    className="border-b border-line bg-sunken px-6 py-1 text-small text-ink2 max-sm:px-4"
    aria-label={SHELL.connection}
  >
    {SHELL.insecure}
  </aside>
);
