/** A device's tabs: links, so that each can be opened in a window of its own. */
import { Link, useLocation } from "@tanstack/react-router";
import { Activity, ChartLine, LayoutDashboard, type LucideIcon, Radio, Settings2 } from "lucide-react";
import { useRef } from "react";
import { type ChartSearch, chartSearch } from "../../chart/view.ts";
import type { Role } from "../../../protocol/words.ts";
import { mayAs, useMe } from "../../parts/me.ts";
import { TABS } from "../../words/device.ts";

interface Tab {
  to: "/devices/$id" | "/devices/$id/charts" | "/devices/$id/commands" | "/devices/$id/live" | "/devices/$id/settings";
  label: string;
  icon: LucideIcon;
  needs: Role;
}

const ALL: readonly Tab[] = [
  { to: "/devices/$id", label: TABS.overview, icon: LayoutDashboard, needs: "viewer" },
  { to: "/devices/$id/charts", label: TABS.charts, icon: ChartLine, needs: "viewer" },
  { to: "/devices/$id/commands", label: TABS.commands, icon: Activity, needs: "viewer" },
  { to: "/devices/$id/live", label: TABS.live, icon: Radio, needs: "viewer" },
  { to: "/devices/$id/settings", label: TABS.settings, icon: Settings2, needs: "admin" },
];

/** They show the same past, so what was chosen in one is there in the other. */
const CHARTED: readonly Tab["to"][] = ["/devices/$id", "/devices/$id/charts"];

/** What the charts showed last: who looks at the commands in between finds it again. */
function useLooked(): ChartSearch {
  const looked = useRef<ChartSearch>({});
  const { pathname, search } = useLocation();
  if (!/\/(commands|live|settings)$/.test(pathname)) looked.current = chartSearch(search as Record<string, unknown>);
  return looked.current;
}

export function Tabs({ id }: { id: string }) {
  const me = useMe();
  const looked = useLooked();
  return (
    <nav className="device-tabs" aria-label={TABS.label}>
      {ALL.filter(({ needs }) => mayAs(me, needs)).map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          params={{ id }}
          search={CHARTED.includes(to) ? looked : {}}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          <Icon size={14} aria-hidden="true" />
          {label}
        </Link>
      ))}
    </nav>
  );
}
