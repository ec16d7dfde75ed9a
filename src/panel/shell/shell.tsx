/** What stands around every screen: mark, ways, who is here, how the hub is, and the banner when it is away. */
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
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
import { NAV, SHELL } from "../words/shell.ts";
import { ROLES } from "../words/words.ts";
import { Banner } from "./banner.tsx";
import { Driving } from "./driving.tsx";
import { useFocusOnScreen } from "./focus.ts";
import { HealthAlarms, HealthStrip } from "./health.tsx";
import { WAYS } from "./nav.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { screenTitle } from "./title.ts";

export function Shell() {
  const me = useMe();
  const isCut = useIsCut();
  const link = useLink();
  useHealthKept();
  const view = useValue(health);
  useHealthInTitle(isCut, useValue(screenTitle));
  useFocusOnScreen();
  return (
    <div className="shell" data-cut={isCut}>
      <header className="shell-bar">
        <Link to="/" className="brand" aria-label={NAV.brand}>
          <Mark isClear={!isCut} />
          <span>Signalbox</span>
        </Link>
        <nav className="main-nav" aria-label={NAV.main}>
          {WAYS.filter(({ needs }) => mayAs(me, needs)).map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to} className="nav-link" activeOptions={{ exact: to === "/", includeSearch: false }}>
              <Icon size={16} aria-hidden="true" />
              {label}
            </Link>
          ))}
        </nav>
        <div className="shell-foot">
          {view && !isCut && <HealthStrip health={view} />}
          <Who me={me} />
        </div>
      </header>
      <div className="shell-body">
        {(isCut || link.phase === "stopped") && <Banner />}
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
