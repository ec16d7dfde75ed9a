/** The ways that are always there, in their order. */
import type { LinkProps } from "@tanstack/react-router";
import { BellRing, Cpu, House, ListChecks, type LucideIcon, ScrollText, Send, Settings, Shapes } from "lucide-react";
import type { Role } from "../../protocol/words.ts";
import { NAV } from "../words/shell.ts";

export interface Way {
  to: LinkProps["to"];
  label: string;
  icon: LucideIcon;
  /** Who may go there. */
  needs: Role;
  /** After `g` it leads there. */
  key?: string;
}

export const WAYS: readonly Way[] = [
  { to: "/", label: NAV.home, icon: House, needs: "viewer", key: "h" },
  { to: "/devices", label: NAV.devices, icon: Cpu, needs: "viewer", key: "d" },
  { to: "/events", label: NAV.events, icon: BellRing, needs: "viewer", key: "e" },
  { to: "/commands", label: NAV.commands, icon: Send, needs: "viewer", key: "c" },
  { to: "/jobs", label: NAV.jobs, icon: ListChecks, needs: "viewer", key: "j" },
  { to: "/kinds", label: NAV.kinds, icon: Shapes, needs: "viewer", key: "k" },
  { to: "/audit", label: NAV.audit, icon: ScrollText, needs: "admin", key: "a" },
  { to: "/settings", label: NAV.settings, icon: Settings, needs: "viewer", key: "s" },
];
