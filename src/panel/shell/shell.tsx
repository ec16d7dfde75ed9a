/** The frame around every screen: mark, ways, who is here, and the banner when the hub is not. */
import { Link } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import type { ReactNode } from "react";
import type { HubView } from "../../protocol/hub_view.ts";
import { letGoAll } from "../live/leases.ts";
import { type Me, signOut } from "../live/session.ts";
import { ROLES } from "../words/words.ts";
import { Banner } from "./banner.tsx";
import { Driving } from "./driving.tsx";
import { HealthAlarms, HealthStrip } from "./health.tsx";
import { useHealthInTitle, useIsCut, useLink } from "./link_state.ts";
import { Mark } from "./mark.tsx";
import { ThemeButton } from "./theme.tsx";

interface Props {
  me: Me;
  title: string;
  /** How the hub is, where a screen shows it. */
  health?: HubView | null;
  children: ReactNode;
}

export function Frame({ me, title, health, children }: Props) {
  const isCut = useIsCut();
  const link = useLink();
  useHealthInTitle(isCut, title);
  return (
    <div className="flex min-h-dvh flex-col" data-cut={isCut}>
      <header className="topbar">
        <Link to="/" className="mr-2 flex items-center gap-2 font-semibold" aria-label="Signalbox, all devices">
          <Mark isClear={!isCut} />
          <span className="max-sm:hidden">Signalbox</span>
        </Link>
        <nav className="main-nav" aria-label="Main">
          <Link to="/" className="nav-link" activeOptions={{ exact: true, includeSearch: false }}>Devices</Link>
          <Link to="/jobs" className="nav-link">Jobs</Link>
          {me.role === "admin" && <Link to="/settings/tokens" className="nav-link">Tokens</Link>}
          {me.role === "admin" && <Link to="/audit" className="nav-link">Audit</Link>}
        </nav>
        <div className="ml-auto flex items-center gap-1">
          {health && !isCut && <HealthStrip health={health} />}
          <span className="mr-2 text-ink3 max-md:hidden" title={ROLES[me.role]}>
            <span className="text-ink2">{me.name}</span>, {me.role}
          </span>
          <ThemeButton />
          <button
            type="button"
            className="button quiet small square"
            aria-label={`Sign out ${me.name}`}
            title="Sign out"
            onClick={() => void letGoAll().then(() => signOut()).catch(() => {})}
          >
            <LogOut size={16} aria-hidden="true" />
          </button>
        </div>
      </header>
      {(isCut || link.phase === "stopped") && <Banner />}
      {health && !isCut && <HealthAlarms health={health} />}
      <Driving />
      {me.insecure && <Insecure />}
      <main className="flex min-h-0 grow flex-col">{children}</main>
    </div>
  );
}

/** [I7] Said once per visit, in one line: it matters, and it is known. */
const Insecure = () => (
  <aside
    className="border-b border-line bg-sunken px-6 py-1 text-small text-ink2 max-sm:px-4"
    aria-label="About this connection"
  >
    This connection is not encrypted (http). Fine on this network if you trust it; use https anywhere else.
  </aside>
);
