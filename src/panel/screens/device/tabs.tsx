/** A device's tabs: links, so that each can be opened in a window of its own. */
import { Link } from "@tanstack/react-router";
import { Activity, LayoutDashboard, type LucideIcon, Radio, Settings2 } from "lucide-react";
import type { Role } from "../../../protocol/words.ts";
import { mayAs, useMe } from "../../parts/me.ts";
import { TABS } from "../../words/device.ts";

interface Tab {
  to: "/devices/$id" | "/devices/$id/commands" | "/devices/$id/live" | "/devices/$id/settings";
  label: string;
  icon: LucideIcon;
  needs: Role;
}

const ALL: readonly Tab[] = [
  { to: "/devices/$id", label: TABS.overview, icon: LayoutDashboard, needs: "viewer" },
  { to: "/devices/$id/commands", label: TABS.commands, icon: Activity, needs: "viewer" },
  { to: "/devices/$id/live", label: TABS.live, icon: Radio, needs: "viewer" },
  { to: "/devices/$id/settings", label: TABS.settings, icon: Settings2, needs: "admin" },
];

export function Tabs({ id }: { id: string }) {
  const me = useMe();
  return (
    <nav className="tabs" aria-label={TABS.label}>
      {ALL.filter(({ needs }) => mayAs(me, needs)).map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} params={{ id }} activeOptions={{ exact: true, includeSearch: false }}>
          <Icon size={14} aria-hidden="true" />
          {label}
        </Link>
      ))}
    </nav>
  );
}
